/** Which provider reads for a store, bound to it. */
import { Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import type { World } from '../prediction.ts';
import type { ProviderRequest } from '../provider.ts';
import type { Find, RemoteReference, Store } from '../resources.ts';
import { keyVault } from './key-vault.ts';
import type { ProviderClient, ReadContext, SecretMap } from './provider-client.ts';
import { vault } from './vault.ts';

export type BoundProvider = {
  readonly requests: (
    entry: { readonly reference: RemoteReference } | { readonly find: Find },
  ) => readonly ProviderRequest[];
  readonly getSecret: (reference: RemoteReference) => GoString;
  readonly getSecretMap: (reference: RemoteReference) => SecretMap;
  readonly getAllSecrets: (find: Find) => SecretMap;
};

/**
 * @param read of a request that `requests` named
 * @throws Unpredictable for a provider that is not read here
 */
export function providerOf(
  store: Store,
  namespace: string,
  world: World,
  read: ReadContext<unknown>['read'],
): BoundProvider {
  const { provider } = store.spec;
  switch (provider.kind) {
    case 'azurekv':
      return bind(keyVault, { store, config: provider.config, namespace, world, read });
    case 'vault':
      return bind(vault, { store, config: provider.config, namespace, world, read });
    case 'other':
      throw new Unpredictable('store', `provider ${provider.name} is not read here`);
  }
}

function bind<Config>(client: ProviderClient<Config>, context: ReadContext<Config>): BoundProvider {
  return {
    requests: (entry) => client.requests(context.store, context.config, entry),
    getSecret: (reference) => client.getSecret(context, reference),
    getSecretMap: (reference) => client.getSecretMap(context, reference),
    getAllSecrets: (find) => client.getAllSecrets(context, find),
  };
}
