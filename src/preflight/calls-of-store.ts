/** The operator's calls to one store, as far as they load or cost something there: a token of Azure's is not asked of the vault. */
import type { StoreCalls } from '../eso/calls.ts';
import { totalCalls } from '../eso/calls.ts';
import type { Store } from '../eso/resources.ts';
import type { CallsOfStore } from './plan-calls.ts';

export function callsOfStore(counts: StoreCalls): CallsOfStore {
  const { store, reads, lists, challenges } = counts;
  const isKeyVault = store.spec.provider.kind === 'azurekv';
  return {
    store: labelOf(store),
    isKeyVault,
    reads: reads + lists,
    calls: isKeyVault ? reads + lists + challenges : totalCalls(counts),
  };
}

/** Stores of one vault share its limits. */
function labelOf({ metadata, spec }: Store): string {
  const { provider } = spec;
  switch (provider.kind) {
    case 'vault':
      return `Vault ${provider.config.server}`;
    case 'azurekv':
      return `Key Vault ${URL.parse(provider.config.vaultUrl)?.hostname.split('.')[0] ?? provider.config.vaultUrl}`;
    case 'other':
      return `${provider.name} (${metadata.name})`;
  }
}
