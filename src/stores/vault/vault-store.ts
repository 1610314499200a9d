/** The SecretStore over HashiCorp Vault's KV v2 (and OpenBao's): what each operation asks, and what the answers mean to the contract. */
import { checkVaultPath } from '../../model/names.ts';
import { UsageError } from '../../model/problem.ts';
import { SecretValue } from '../../model/secret-value.ts';
import type {
  DeletedSecret,
  ListedSecret,
  ListOptions,
  MetadataChange,
  SecretMetadata,
  SecretStore,
  StoreOperation,
  WriteOutcome,
} from '../contract.ts';
import { StoreError } from '../store-error.ts';
import { untilAborted } from '../retry.ts';
import type { VersionFacts } from './vault-answers.ts';
import { vaultCapabilities } from '../vault-capabilities.ts';
import { createVaultClient } from './vault-client.ts';
import { VaultFault } from './vault-fault.ts';
import { refusal, VaultKeys } from './vault-keys.ts';
import { listKeys, listNames } from './vault-listing.ts';
import type { ListingOptions } from './vault-listing.ts';
import { checkMount } from './vault-mount.ts';
import { encodePath } from './vault-path.ts';
import { readPermissions } from './vault-permissions.ts';
import type { VaultSession } from './vault-session.ts';
import type { VaultSettings } from './vault-settings.ts';
import { normaliseAddress } from './vault-settings.ts';
import { checkTags, isSameTags, writeTags } from './vault-tags.ts';
import { numberOf, versionOf } from './vault-version.ts';
import { writeSecret } from './write-secret.ts';

export type VaultStore = SecretStore & {
  /** Revokes the token of a login (never one that was given) and closes the connections. Never throws; the store is of no use afterwards. */
  close(): ReturnType<VaultSession['close']>;
};

/**
 * Connects to nothing yet. The first operation asks whether the mount is KV v2.
 *
 * @param now milliseconds since 1970, for the lifetime of tokens
 * @throws {UsageError} where the address or the mount cannot be one
 */
export function createVaultStore(settings: VaultSettings, now: () => number = Date.now): VaultStore {
  const address = normaliseAddress(settings.address);
  const mount = (settings.mount ?? 'secret').replace(/^\/+|\/+$/g, '');
  if (address === undefined)
    throw new UsageError('The address of Vault is not one', 'Give one like https://vault.example.com:8200.');
  if (checkVaultPath(`a/${mount}`) !== undefined)
    throw new UsageError(`"${mount}" cannot be a mount of Vault`, 'Give one like secret or team/kv.');
  const { namespace = '', concurrency = 8, retries = 2, onRetry } = settings;
  const store = [`Vault ${address}`, ...(namespace === '' ? [] : [`namespace ${namespace}`])].join(', ');
  const client = createVaultClient({ ...settings, address }, now);
  const keys = new VaultKeys(client, mount);

  function fail(
    operation: StoreOperation,
    secretName: string | undefined,
    { because, hint, retryable = false }: { because: string; hint: string; retryable?: boolean },
  ): never {
    throw new StoreError({ store, operation, secretName, retryable, because, hint });
  }

  let mountState: Promise<'open' | 'closed'> | undefined;

  /** Shared by all operations. Only what cannot change is remembered: a policy may be given meanwhile. */
  async function openMount(signal: AbortSignal | undefined): Promise<'open' | 'closed'> {
    signal?.throwIfAborted();
    mountState ??= checkMount(client, mount).then(
      (state) => {
        if (state === 'closed') mountState = undefined;
        return state;
      },
      (error: unknown) => {
        mountState = undefined;
        throw error;
      },
    );
    mountState.catch(() => undefined);
    return untilAborted(mountState, signal);
  }

  /** Runs an operation on a name that can be one, in a mount that is one. What goes wrong becomes a StoreError. */
  async function on<Outcome>(
    operation: StoreOperation,
    name: string,
    signal: AbortSignal | undefined,
    run: () => Promise<Outcome | ForbiddenOutcome>,
  ): Promise<Outcome | ForbiddenOutcome> {
    signal?.throwIfAborted();
    const problem = checkName(name);
    if (problem !== undefined)
      fail(operation, name, { because: `its name is ${problem}`, hint: 'Rename it in config/secrets.ts.' });
    try {
      return (await openMount(signal)) === 'closed' ? forbidden : await run();
    } catch (error) {
      if (error instanceof VaultFault) fail(operation, name, error);
      throw error;
    }
  }

  function checkChange(operation: StoreOperation, name: string, change: MetadataChange): void {
    for (const attribute of ['enabled', 'contentType', 'expiresAtMs'] as const)
      if (change[attribute] !== undefined)
        fail(operation, name, { because: `it has no ${attribute}`, hint: 'Leave it out for this store.' });
    const problem = checkTags(change.tags ?? {});
    if (problem !== undefined) fail(operation, name, { because: problem, hint: 'Shorten or remove tags.' });
  }

  async function* list<Listed, Item>(
    operation: StoreOperation,
    { prefix = '', signal }: ListOptions,
    listing: (keys: VaultKeys, options: ListingOptions) => AsyncGenerator<Listed>,
    choose: (listed: Listed) => Item | undefined,
  ): AsyncGenerator<Item> {
    const end = prefix.lastIndexOf('/');
    const problem = end === -1 ? undefined : checkName(prefix.slice(0, end));
    if (problem !== undefined)
      fail(operation, undefined, { because: `"${prefix}" is ${problem}`, hint: 'Give a folder that ends in "/".' });
    try {
      if ((await openMount(signal)) === 'closed')
        fail(operation, undefined, {
          because: 'it is not allowed',
          hint: `Ask for a policy with "list" and "read" on ${mount}/metadata/*, and check the mount.`,
        });
      for await (const listed of listing(keys, { prefix, concurrency, signal })) {
        const item = choose(listed);
        if (item !== undefined) yield item;
      }
    } catch (error) {
      if (error instanceof VaultFault) fail(operation, undefined, error);
      throw error;
    }
  }

  return {
    name: store,
    kind: 'vault',
    capabilities: vaultCapabilities,

    list: (options = {}) =>
      list('list', options, listKeys, ({ name, key }): ListedSecret | undefined =>
        key.kind === 'present' ? { name, metadata: metadataOf(key.newest, key.tags) } : undefined,
      ),

    names: (options = {}) => list('list', options, listNames, (name: string) => name),

    // What is destroyed is left out: nothing can recover it.
    listDeleted: (options = {}) =>
      list('listDeleted', options, listKeys, ({ name, key }): DeletedSecret | undefined =>
        key.kind === 'deleted' ? { name, deletedAtMs: key.newest.deletedAtMs ?? 0 } : undefined,
      ),

    read: (name, { version, signal } = {}) =>
      on('read', name, signal, async () => {
        const number = version === undefined ? undefined : numberOf(version);
        if (version !== undefined && number === undefined) return { kind: 'missing' };
        const found = await keys.readData(name, number, signal);
        if (found.kind === 'deleted') return { kind: 'deleted', version: versionOf(found.version) };
        if (found.kind !== 'present') return found;
        const metadata = metadataOf(found.version, found.tags);
        return { kind: 'present', value: new SecretValue(found.raw), version: versionOf(found.version), metadata };
      }),

    versions: (name, { signal } = {}) => on('versions', name, signal, () => keys.readVersions(name, signal)),

    write: (name, value, { expected, metadata = {}, signal }) =>
      on<WriteOutcome>('write', name, signal, () => {
        checkChange('write', name, metadata);
        return writeSecret(keys, { name, value, expected, tags: metadata.tags, retries, onRetry }, signal);
      }),

    writeMetadata: (name, change, { expected, signal }) =>
      on('writeMetadata', name, signal, async () => {
        checkChange('writeMetadata', name, change);
        const found = await keys.readKey(name, signal);
        if (found.kind === 'missing' || found.kind === 'forbidden') return { kind: found.kind };
        const newest = versionOf(found.newest);
        if (found.kind !== 'present') return { kind: 'deleted', version: newest };
        if (newest !== expected) return { kind: 'conflict', found: newest };
        if (change.tags === undefined || isSameTags(change.tags, found.tags)) return { kind: 'written' };
        return { kind: await writeTags(keys, name, change.tags, signal) };
      }),

    delete: (name, { expected, signal }) =>
      on('delete', name, signal, async () => {
        const found = await keys.readKey(name, signal);
        if (found.kind === 'missing' || found.kind === 'forbidden') return { kind: found.kind };
        if (found.kind !== 'present') return { kind: 'deleted' };
        const newest = versionOf(found.newest);
        if (newest !== expected) return { kind: 'conflict', found: newest };
        return { kind: (await change('delete', name, found.newest, signal)) ? 'deleted' : 'forbidden' };
      }),

    recover: (name, { signal } = {}) =>
      on('recover', name, signal, async () => {
        const found = await keys.readKey(name, signal);
        if (found.kind === 'forbidden') return forbidden;
        if (found.kind === 'missing' || found.kind === 'destroyed') return { kind: 'missing' };
        const version = versionOf(found.newest);
        if (found.kind === 'present') return { kind: 'present', version };
        return (await change('undelete', name, found.newest, signal)) ? { kind: 'recovered', version } : forbidden;
      }),

    async permissions(name, { signal } = {}) {
      signal?.throwIfAborted();
      try {
        return await readPermissions(client, mount, name, signal);
      } catch (error) {
        if (error instanceof VaultFault) fail('read', name, error);
        throw error;
      }
    },

    close: () => client.close(),
  };

  /** By number, so that a version that is made meanwhile is left alone. @returns false where it is not allowed */
  async function change(
    what: 'delete' | 'undelete',
    name: string,
    { number }: VersionFacts,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const answer = await keys.post(`${what}/${encodePath(name)}`, `{"versions":[${number}]}`, true, signal);
    if (answer === 'forbidden') return false;
    if (answer.status !== 204 && answer.status !== 200) throw refusal(answer);
    return true;
  }
}

function checkName(name: string): string | undefined {
  return checkVaultPath(name) ?? (name.isWellFormed() ? undefined : 'not a Vault path: it is not valid Unicode');
}

type ForbiddenOutcome = { readonly kind: 'forbidden' };
const forbidden: ForbiddenOutcome = { kind: 'forbidden' };

/** KV v2 does not tell when tags changed: a version's own time is both. */
function metadataOf({ createdAtMs }: VersionFacts, tags: SecretMetadata['tags']): SecretMetadata {
  return {
    createdAtMs,
    updatedAtMs: createdAtMs,
    enabled: true,
    contentType: undefined,
    expiresAtMs: undefined,
    tags,
    managed: false,
  };
}
