/**
 * From a reference to a store that may be used, in the operator's order (secretstore client manager): it exists, is this operator's, allows
 * the namespace, is Ready, and a client can be made for it.
 */
import { GoError, Unpredictable } from '../go-error.ts';
import { quoted } from '../go-text.ts';
import type { World } from '../prediction.ts';
import type { Store, StoreReference } from '../resources.ts';
import { checkAzureClient, isAzureReferent } from './azure-fault.ts';
import type { ClientContext } from './credentials.ts';
import { allowsNamespace } from './store-conditions.ts';
import { checkVaultClient, checkVaultToken, isVaultReferent } from './vault-fault.ts';

export type Usable = {
  readonly store: Store;
  /** What had to be taken for granted. */
  readonly assumed: readonly string[];
};

/** @throws GoError with the operator's text, Unpredictable */
export function findStore(reference: StoreReference | undefined, namespace: string, world: World): Usable {
  const store = getStore(reference ?? { name: '', kind: 'SecretStore' }, namespace, world);
  if (!isManaged(store, world)) throw new GoError('can not reference unmanaged store', 'store-configuration');
  if (!allowsNamespace(store, namespace, world))
    throw new GoError(
      `using cluster store ${quoted(store.metadata.name)} is not allowed from namespace ${quoted(namespace)}: denied by spec.condition`,
      'store-denied',
    );
  const assumed = world.operator.floodGate ? checkReady(store, world) : [];
  checkClient({ store, namespace, world, isTrial: false });
  return { store, assumed };
}

export function isManaged({ spec }: Store, { operator }: World): boolean {
  return spec.controller === '' || spec.controller === operator.controllerClass;
}

/** Any kind but ClusterSecretStore is looked for in the ExternalSecret's namespace. */
function getStore({ name, kind }: StoreReference, namespace: string, world: World): Store {
  const found: Store['kind'] = kind === 'ClusterSecretStore' ? 'ClusterSecretStore' : 'SecretStore';
  // No object has an empty name, so nobody has to look.
  const store = name === '' ? 'absent' : world.store(found, name, found === 'SecretStore' ? namespace : undefined);
  if (store === 'unknown') throw new Unpredictable('store', `${found} ${name} is not known`);
  if (store === 'absent')
    throw new GoError(
      `could not get ${found} ${quoted(name)}, ${found}.external-secrets.io ${quoted(name)} not found`,
      'store-missing',
    );
  return store;
}

/** Where nobody saw the store's status, what its controller can tell without a call decides, and else it is taken to be ready. */
function checkReady(store: Store, world: World): string[] {
  const { kind, metadata, ready } = store;
  const refuse = (): GoError => new GoError(`${kind} ${quoted(metadata.name)} is not ready`, 'store-not-ready');
  if (ready !== undefined) {
    if (ready.status !== 'True') throw refuse();
    return [];
  }
  const { provider } = store.spec;
  if (provider.kind === 'other') throw unread(provider.name);
  if (!isReferent(store)) {
    const context = { store, namespace: metadata.namespace ?? '', world, isTrial: true };
    try {
      checkClient(context);
      if (provider.kind === 'vault') checkVaultToken(context, provider.config);
    } catch (error) {
      throw error instanceof GoError ? refuse() : error;
    }
  }
  return [`${kind} ${metadata.name} is ready`];
}

function isReferent({ kind, spec: { provider } }: Store): boolean {
  if (kind !== 'ClusterSecretStore') return false;
  switch (provider.kind) {
    case 'azurekv':
      return isAzureReferent(provider.config);
    case 'vault':
      return isVaultReferent(provider.config);
    case 'other':
      return false;
  }
}

function checkClient(context: ClientContext): void {
  const { provider } = context.store.spec;
  switch (provider.kind) {
    case 'azurekv':
      checkAzureClient(context, provider.config);
      return;
    case 'vault':
      checkVaultClient(context, provider.config);
      return;
    case 'other':
      throw unread(provider.name);
  }
}

function unread(provider: string): Unpredictable {
  return new Unpredictable('store', `its store is of provider ${provider}, which is not read here`);
}
