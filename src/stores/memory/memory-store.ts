/** A store that lives as long as the program: for `npm start` and for tests. It behaves as its capabilities say, limits and losses included. */
import { randomBytes } from 'node:crypto';
import { checkKeyVaultSecretName, checkVaultPath, foldKeyVaultName } from '../../model/names.ts';
import { parseFields, renderFields } from '../../model/secret-text.ts';
import { SecretValue } from '../../model/secret-value.ts';
import type {
  Cancellable,
  DeletedSecret,
  ListedVersion,
  ListOptions,
  MetadataChange,
  SecretMetadata,
  SecretStore,
  StoreCapabilities,
  StoreOperation,
  Version,
} from '../contract.ts';
import { StoreError } from '../store-error.ts';
import { findChange } from '../json-spelling.ts';

export type MemoryStoreOptions = {
  readonly name: string;
  /** `vaultCapabilities`, `keyVaultCapabilities`, or one of these with something changed. */
  readonly capabilities: StoreCapabilities;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** How many secrets a page of a listing has. Default: 25, as in Key Vault. */
  readonly pageSize?: number;
  /** What is answered with `forbidden`. A listing that is forbidden throws. */
  readonly forbids?: (operation: StoreOperation, name: string | undefined) => boolean;
};

type StoredVersion = {
  readonly version: Version;
  readonly value: SecretValue;
  metadata: SecretMetadata;
  deletedAtMs: number | undefined;
};
type Stored = { readonly name: string; readonly versions: StoredVersion[] };
type Found = { readonly stored: Stored; readonly newest: StoredVersion };

export function createMemoryStore(options: MemoryStoreOptions): SecretStore {
  const { name: store, capabilities, now = Date.now, pageSize = 25, forbids = () => false } = options;
  const secrets = new Map<string, Stored>();
  const fold = (name: string): string => (capabilities.foldsCase ? foldKeyVaultName(name) : name);

  function fail(operation: StoreOperation, secretName: string | undefined, because: string, hint: string): never {
    throw new StoreError({ store, operation, secretName, retryable: false, because, hint });
  }

  /** Everything that happens before a call looks at the secrets; afterwards nothing waits, so a guarded write is atomic. */
  async function begin(
    operation: StoreOperation,
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<'forbidden' | undefined> {
    await turn(signal);
    const problem = (capabilities.folders ? checkVaultPath : checkKeyVaultSecretName)(name);
    if (problem !== undefined) fail(operation, name, `its name is ${problem}`, 'Rename it in config/secrets.ts.');
    return forbids(operation, name) ? 'forbidden' : undefined;
  }

  function find(name: string): Found | undefined {
    const stored = secrets.get(fold(name));
    const newest = stored?.versions.at(-1);
    return stored === undefined || newest === undefined ? undefined : { stored, newest };
  }

  function checkMetadata(operation: StoreOperation, name: string, change: MetadataChange): void {
    for (const attribute of ['enabled', 'contentType', 'expiresAtMs'] as const)
      if (change[attribute] !== undefined && !capabilities.attributes.includes(attribute))
        fail(operation, name, `it has no ${attribute}`, 'Leave it out for this store.');
    const tags = Object.entries(change.tags ?? {});
    if (tags.length > capabilities.maxTags)
      fail(operation, name, `it has more than ${capabilities.maxTags} tags`, 'Remove some.');
    if (tags.flat().some((text) => text.length > capabilities.maxTagLength))
      fail(operation, name, `a tag is longer than ${capabilities.maxTagLength} characters`, 'Shorten it.');
  }

  /** A store of maps gives the fields back in its own order: Vault's answers come from a Go map, sorted. */
  function normalise(value: SecretValue): SecretValue | undefined {
    if (capabilities.holds === 'text') return value;
    const parsed = parseFields(value.reveal());
    if (parsed.kind === 'not-an-object') return undefined;
    return new SecretValue(renderFields(parsed.fields.toSorted((a, b) => (a.name < b.name ? -1 : 1))));
  }

  function nextVersion(newest: StoredVersion | undefined): Version {
    const text = capabilities.numberedVersions
      ? String(Number(newest?.version ?? '0') + 1)
      : randomBytes(16).toString('hex');
    return text as Version;
  }

  function newMetadata(change: MetadataChange, earlier: SecretMetadata | undefined): SecretMetadata {
    const atMs = now();
    return {
      createdAtMs: atMs,
      updatedAtMs: atMs,
      enabled: change.enabled ?? true,
      contentType: change.contentType,
      expiresAtMs: change.expiresAtMs,
      tags: { ...(change.tags ?? (capabilities.tagsOf === 'secret' ? earlier?.tags : undefined)) },
      managed: false,
    };
  }

  /** A page at a time: what is written or deleted between two pages may or may not show. */
  async function* pages(
    operation: StoreOperation,
    wanted: (found: Found) => boolean,
    { prefix = '', signal }: ListOptions,
  ): AsyncGenerator<Found> {
    const keys = [...secrets.keys()].filter((key) => key.startsWith(fold(prefix))).toSorted();
    for (let start = 0; start === 0 || start < keys.length; start += pageSize) {
      await turn(signal);
      if (forbids(operation, undefined))
        fail(operation, undefined, 'it is not allowed', 'Ask for the permission to list.');
      for (const key of keys.slice(start, start + pageSize)) {
        const found = find(key);
        if (found !== undefined && wanted(found)) yield found;
      }
    }
  }

  return {
    name: store,
    kind: 'memory',
    capabilities,

    async *list(listOptions = {}) {
      for await (const { stored, newest } of pages('list', isPresent, listOptions))
        yield { name: stored.name, metadata: newest.metadata };
    },

    async *names(listOptions = {}) {
      const shows = (found: Found): boolean => isPresent(found) || capabilities.deletes === 'version';
      for await (const { stored } of pages('list', shows, listOptions)) yield stored.name;
    },

    async *listDeleted(listOptions = {}): AsyncGenerator<DeletedSecret> {
      for await (const { stored, newest } of pages('listDeleted', (found) => !isPresent(found), listOptions))
        yield { name: stored.name, deletedAtMs: newest.deletedAtMs ?? 0 };
    },

    async read(name, { version, signal } = {}) {
      if ((await begin('read', name, signal)) !== undefined) return { kind: 'forbidden' };
      const found = find(name);
      if (found === undefined) return { kind: 'missing' };
      const wanted =
        version === undefined ? found.newest : found.stored.versions.find((one) => one.version === version);
      if (capabilities.deletes === 'secret' && !isPresent(found))
        return { kind: 'deleted', version: found.newest.version };
      if (wanted === undefined) return { kind: 'missing' };
      if (wanted.deletedAtMs !== undefined) return { kind: 'deleted', version: wanted.version };
      if (!wanted.metadata.enabled) return { kind: 'disabled', version: wanted.version };
      return { kind: 'present', value: wanted.value, version: wanted.version, metadata: wanted.metadata };
    },

    async versions(name, { signal }: Cancellable = {}) {
      if ((await begin('versions', name, signal)) !== undefined) return { kind: 'forbidden' };
      const found = find(name);
      if (found === undefined) return { kind: 'missing' };
      if (capabilities.deletes === 'secret' && !isPresent(found))
        return { kind: 'deleted', version: found.newest.version };
      return { kind: 'present', versions: found.stored.versions.map(listVersion) };
    },

    async write(name, value, { expected, metadata = {}, signal }) {
      if ((await begin('write', name, signal)) !== undefined) return { kind: 'forbidden' };
      checkMetadata('write', name, metadata);
      const kept = normalise(value);
      if (kept === undefined) return { kind: 'refused', because: 'not a JSON object' };
      const change = capabilities.keepsDigits ? undefined : findChange(kept.reveal());
      if (change !== undefined) fail('write', name, `it holds ${change}`, 'Make it a text: put it in quotes.');
      if (Buffer.byteLength(kept.reveal()) > capabilities.maxValueBytes)
        return { kind: 'refused', because: 'too large' };
      const found = find(name);
      if (found !== undefined && !isPresent(found) && (capabilities.deletes === 'secret' || expected === 'absent'))
        return { kind: 'deleted', version: found.newest.version };
      const current = found?.newest.version ?? 'absent';
      if (current !== expected) return { kind: 'conflict', found: current };
      const version = nextVersion(found?.newest);
      const stored = found?.stored ?? { name, versions: [] };
      stored.versions.push({
        version,
        value: kept,
        metadata: newMetadata(metadata, found?.newest.metadata),
        deletedAtMs: undefined,
      });
      stored.versions.splice(0, Math.max(0, stored.versions.length - capabilities.keptVersions));
      secrets.set(fold(name), stored);
      return { kind: 'written', version };
    },

    async writeMetadata(name, change, { expected, signal }) {
      if ((await begin('writeMetadata', name, signal)) !== undefined) return { kind: 'forbidden' };
      checkMetadata('writeMetadata', name, change);
      const found = find(name);
      if (found === undefined) return { kind: 'missing' };
      const { newest } = found;
      if (!isPresent(found)) return { kind: 'deleted', version: newest.version };
      if (newest.version !== expected) return { kind: 'conflict', found: newest.version };
      const { tags, ...attributes } = change;
      newest.metadata = {
        ...newest.metadata,
        ...attributes,
        tags: { ...(tags ?? newest.metadata.tags) },
        updatedAtMs: now(),
      };
      return { kind: 'written' };
    },

    async delete(name, { expected, signal }) {
      if ((await begin('delete', name, signal)) !== undefined) return { kind: 'forbidden' };
      const found = find(name);
      if (found === undefined) return { kind: 'missing' };
      const { newest } = found;
      if (!isPresent(found)) return { kind: 'deleted' };
      if (newest.version !== expected) return { kind: 'conflict', found: newest.version };
      newest.deletedAtMs = now();
      return { kind: 'deleted' };
    },

    async recover(name, { signal }: Cancellable = {}) {
      if ((await begin('recover', name, signal)) !== undefined) return { kind: 'forbidden' };
      const found = find(name);
      if (found === undefined) return { kind: 'missing' };
      const { newest } = found;
      if (isPresent(found)) return { kind: 'present', version: newest.version };
      newest.deletedAtMs = undefined;
      return { kind: 'recovered', version: newest.version };
    },

    async permissions(name, { signal }: Cancellable = {}) {
      await turn(signal);
      if (!capabilities.tellsPermissions) return { kind: 'unknown' };
      return { kind: 'known', allowed: new Set(operations.filter((operation) => !forbids(operation, name))) };
    },
  };
}

const operations = ['list', 'read', 'versions', 'write', 'writeMetadata', 'delete', 'listDeleted', 'recover'] as const;

function listVersion({ version, metadata, deletedAtMs }: StoredVersion): ListedVersion {
  const state = deletedAtMs !== undefined ? 'deleted' : metadata.enabled ? 'kept' : 'disabled';
  return { version, createdAtMs: metadata.createdAtMs, state };
}

function isPresent({ newest }: Found): boolean {
  return newest.deletedAtMs === undefined;
}

/** Lets others run, as a call over the network would. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await Promise.resolve();
  signal?.throwIfAborted();
}
