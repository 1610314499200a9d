/** The Secrets and ServiceAccounts that a store's credentials come from, as the operator resolves them (esutils/resolvers). */
import { GoError } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { quoted } from '../go-text.ts';
import type { Known, World } from '../prediction.ts';
import type { SecretKeyReference, ServiceAccountReference, Store } from '../resources.ts';

/** For whom a store's client is made: an ExternalSecret's namespace, or the store's own when its controller tries it. */
export type ClientContext = {
  readonly store: Store;
  readonly namespace: string;
  readonly world: World;
  /** By the store's controller: of an error only that there is one will be seen. */
  readonly isTrial: boolean;
};

/** A reference's own namespace counts in a ClusterSecretStore alone. */
function namespaceOf(context: ClientContext, reference: { readonly namespace?: string }): string {
  const { store, namespace } = context;
  return store.kind === 'ClusterSecretStore' ? (reference.namespace ?? namespace) : namespace;
}

/**
 * @returns undefined where nobody looked
 * @throws GoError where the Secret or its key is known to be absent
 */
export function secretKeyRef(context: ClientContext, reference: SecretKeyReference): GoString | undefined {
  const { name = '', key = '' } = reference;
  const namespace = namespaceOf(context, reference);
  const secret = context.world.secret(namespace, name);
  if (secret === 'unknown') return undefined;
  if (secret === 'absent')
    throw new GoError(
      `cannot get Kubernetes secret ${quoted(name)} from namespace ${quoted(namespace)}: secrets ${quoted(name)} not found`,
      'store-configuration',
    );
  const value = secret.data.get(key);
  if (value === undefined) throw new GoError(`cannot find secret data for key: ${quoted(key)}`, 'store-configuration');
  return value.reveal();
}

/** @throws GoError where it is known to be absent */
export function serviceAccount(
  context: ClientContext,
  reference: ServiceAccountReference,
): Exclude<Known<{ readonly annotations: Readonly<Record<string, string>> }>, 'absent'> {
  const found = context.world.serviceAccount(namespaceOf(context, reference), reference.name);
  if (found === 'absent')
    throw new GoError(`ServiceAccount ${quoted(reference.name)} not found`, 'store-configuration');
  return found;
}
