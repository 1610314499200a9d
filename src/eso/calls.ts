/**
 * How many calls the operator makes to a store, and to what issues its tokens, at one refresh that succeeds. But for a token of
 * Vault it keeps nothing from one refresh to the next, and reads a key as often as it is named. Counted on release 0.20.4, at one extract: Vault
 * with Kubernetes auth 4, with the token cache 2, Key Vault with a workload identity 3, with useAzureSDK 5.
 */
import { GoError, Unpredictable } from './go-error.ts';
import type { Entry } from './predict/entries.ts';
import { entriesOf } from './predict/entries.ts';
import type { World } from './prediction.ts';
import type { ProviderAnswer, ProviderRequest } from './provider.ts';
import { providerOf } from './providers/provider-of.ts';
import type { AzureProvider, ExternalSecret, Store, VaultProvider } from './resources.ts';
import { findStore } from './stores/find-store.ts';

export type StoreCalls = {
  readonly store: Store;
  /** Of secrets, certificates, keys and metadata. */
  readonly reads: number;
  readonly lists: number;
  /** Reads of Key Vault without a token, that are answered by how to get one. */
  readonly challenges: number;
  readonly logins: number;
  /** Before a login to Azure. */
  readonly discoveries: number;
  readonly tokenLookups: number;
  readonly tokenRevocations: number;
  /** False where nobody has read what a `find` finds: then there are more. */
  readonly isComplete: boolean;
};

type Counts = { -readonly [K in Exclude<keyof StoreCalls, 'store'>]: StoreCalls[K] };

/** The client of a provider that is open, and what it has authenticated for. */
type OpenClient = { readonly store: Store; readonly counts: Counts; readonly challenged: Set<string> };

/** In the order of their first use. Entries from the first one that cannot be read are not counted. */
export function callsPerRefresh(externalSecret: ExternalSecret, world: World): StoreCalls[] {
  const { metadata, spec } = externalSecret;
  const counted = new Map<Store, Counts>();
  // One client of each provider at a time: going to another store of it and back logs in again.
  const open = new Map<string, OpenClient>();
  try {
    for (const entry of entriesOf(spec)) {
      if (entry.kind === 'nothing' || entry.kind === 'generator') continue;
      const { store } = findStore(entry.store, metadata.namespace, world);
      const { provider } = store.spec;
      const counts = counted.get(store) ?? noCalls();
      counted.set(store, counts);
      let client = open.get(provider.kind);
      if (client?.store !== store) {
        client = { store, counts, challenged: new Set() };
        open.set(provider.kind, client);
        if (provider.kind === 'vault') authenticateToVault(counts, provider.config, world);
      }
      count(client, entry, metadata.namespace, world);
    }
  } catch (error) {
    if (!(error instanceof GoError || error instanceof Unpredictable)) throw error;
  }
  return [...counted].map(([store, counts]) => ({ store, ...counts }));
}

/** All of one store's, for a sum. */
export function totalCalls(calls: StoreCalls): number {
  const { reads, lists, challenges, logins, discoveries, tokenLookups, tokenRevocations } = calls;
  return reads + lists + challenges + logins + discoveries + tokenLookups + tokenRevocations;
}

function noCalls(): Counts {
  return {
    reads: 0,
    lists: 0,
    challenges: 0,
    logins: 0,
    discoveries: 0,
    tokenLookups: 0,
    tokenRevocations: 0,
    isComplete: true,
  };
}

/**
 * A token that a login gave is looked up and revoked at the end, or with the cache looked up only, but for a login once in its lifetime; one of a
 * Secret is used as it is.
 */
function authenticateToVault(counts: Counts, { auth }: VaultProvider, { operator }: World): void {
  if (auth === undefined || auth.tokenSecretRef !== undefined) return;
  counts.tokenLookups += 1;
  if (operator.vaultTokenCache) return;
  counts.logins += 1;
  counts.tokenRevocations += 1;
}

function count(
  client: OpenClient,
  entry: Extract<Entry, { kind: 'find' | 'extract' | 'data' }>,
  namespace: string,
  world: World,
): void {
  const { store, counts } = client;
  const { provider } = store.spec;
  if (entry.kind === 'find') {
    const [request] = providerOf(store, namespace, world, unanswered).requests({ find: entry.find });
    if (provider.kind === 'azurekv') authenticateToAzure(client, provider.config, 'secret');
    if (request !== undefined) countFind(counts, request, world.read(request), entry.find.name !== undefined);
    return;
  }
  const reference = entry.kind === 'data' ? entry.entry.remoteRef : entry.reference;
  if (provider.kind === 'azurekv') {
    const [first = '', second] = reference.key.split('/');
    authenticateToAzure(client, provider.config, second === undefined ? 'secret' : first);
    // The tags of an extract are read again after the value.
    counts.reads += entry.kind === 'extract' && reference.metadataPolicy === 'Fetch' ? 2 : 1;
  } else counts.reads += 1;
}

/** With useAzureSDK secrets, keys and certificates have a client each, and share what the token service was asked. */
function authenticateToAzure({ counts, challenged }: OpenClient, config: AzureProvider, type: string): void {
  const isFirst = challenged.size === 0;
  if (config.useAzureSDK && !challenged.has(type)) counts.challenges += 1;
  challenged.add(type);
  if (!isFirst) return;
  counts.logins += 1;
  if (config.authType === 'ManagedIdentity') return;
  if (config.useAzureSDK) counts.discoveries += 2;
  else if (config.authType === 'WorkloadIdentity') counts.discoveries += 1;
}

const keyVaultPageSize = 25;

function countFind(
  counts: Counts,
  request: ProviderRequest,
  answer: ProviderAnswer | undefined,
  isByName: boolean,
): void {
  if (answer?.kind !== 'list') {
    counts.lists += 1;
    counts.isComplete = false;
    return;
  }
  const { secrets } = answer;
  switch (request.kind) {
    case 'key-vault-secrets':
      counts.lists += Math.max(1, Math.ceil(secrets.length / keyVaultPageSize));
      counts.reads += secrets.filter(({ name, tags = {}, enabled }) => enabled && request.match(name, tags)).length;
      return;
    case 'vault-secrets': {
      counts.lists += 1 + foldersOf(secrets.map(({ name }) => name)).size;
      counts.reads += secrets.filter(({ name }) => request.match(name)).length;
      if (!isByName) counts.reads += secrets.length;
      return;
    }
    default:
      throw new Error(`not a list: ${request.kind}`);
  }
}

function foldersOf(names: readonly string[]): Set<string> {
  return new Set(
    names.flatMap((name) => {
      const parts = name.split('/').slice(0, -1);
      return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    }),
  );
}

function unanswered(): never {
  throw new Error('no answer is needed to count calls');
}
