/** The SecretStore over Azure Key Vault's secrets: what each operation asks, and what the answers mean to the contract. */
import { checkKeyVaultSecretName, foldKeyVaultName } from '../../model/names.ts';
import { UsageError } from '../../model/problem.ts';
import { SecretValue } from '../../model/secret-value.ts';
import type {
  ListOptions,
  MetadataChange,
  MetadataOutcome,
  ReadOutcome,
  SecretStore,
  StoreOperation,
  Version,
} from '../contract.ts';
import { keyVaultCapabilities } from '../key-vault-capabilities.ts';
import { StoreError } from '../store-error.ts';
import { StoreFault } from '../store-fault.ts';
import { deleteSecret, recoverSecret } from './delete-secret.ts';
import { isVersion } from './key-vault-answers.ts';
import type { Item } from './key-vault-answers.ts';
import { createKeyVaultClient } from './key-vault-client.ts';
import type { KeyVaultClientOptions } from './key-vault-client.ts';
import { doubtful, finalFault, nonsense } from './key-vault-fault.ts';
import { KeyVaultSecrets } from './key-vault-secrets.ts';
import type { KeyVaultSettings } from './key-vault-settings.ts';
import { normaliseVaultUrl } from './key-vault-settings.ts';
import { listVersions } from './list-versions.ts';
import { checkChange, findIgnored, renderChange } from './secret-change.ts';
import type { SettleOptions } from './settle.ts';
import { isManaged, newestOf, onlyNewest, writeSecret } from './write-secret.ts';

export type KeyVaultStore = SecretStore & {
  /** Closes the connections; the store is of no use afterwards. Its tokens end by themselves: Azure revokes none. */
  close(): Promise<void>;
};

/**
 * Connects to nothing yet, and loads the SDK with the first request.
 *
 * @param options for tests: the clock of tokens, and what sends requests
 * @throws {UsageError} where the address cannot be one
 */
export function createKeyVaultStore(
  settings: KeyVaultSettings,
  options: Partial<KeyVaultClientOptions> = {},
): KeyVaultStore {
  const vaultUrl = normaliseVaultUrl(settings.vaultUrl);
  if (vaultUrl === undefined)
    throw new UsageError('The address of the Key Vault is not one', 'Give one like https://myvault.vault.azure.net.');
  const { retries = 5, settleMs = 120_000, onRetry } = settings;
  const store = `Key Vault ${vaultUrl}`;
  const client = createKeyVaultClient({ ...settings, vaultUrl }, { now: Date.now, ...options });
  const secrets = new KeyVaultSecrets(client);
  const settling = (signal: AbortSignal | undefined): SettleOptions => ({ settleMs, signal, onRetry });

  function fail(
    operation: StoreOperation,
    secretName: string | undefined,
    { because, hint, retryable = false }: { because: string; hint: string; retryable?: boolean },
  ): never {
    throw new StoreError({ store, operation, secretName, retryable, because, hint });
  }

  /** Runs an operation on a name that can be one. What goes wrong becomes a StoreError. */
  async function on<Outcome>(
    operation: StoreOperation,
    name: string,
    signal: AbortSignal | undefined,
    run: () => Promise<Outcome>,
  ): Promise<Outcome> {
    signal?.throwIfAborted();
    const problem = checkKeyVaultSecretName(name);
    if (problem !== undefined)
      fail(operation, name, { because: `its name is ${problem}`, hint: 'Rename it in config/secrets.ts.' });
    try {
      return await run();
    } catch (error) {
      if (error instanceof StoreFault) fail(operation, name, error);
      throw error;
    }
  }

  function check(change: MetadataChange): void {
    const problem = checkChange(change);
    if (problem !== undefined) throw finalFault(problem, 'Shorten or remove it: these are limits of Key Vault.');
  }

  /** Key Vault cannot look for a prefix: all pages are read. */
  async function* list<Listed>(
    operation: 'list' | 'listDeleted',
    { prefix = '', signal }: ListOptions,
    choose: (item: Item) => Listed,
  ): AsyncGenerator<Listed> {
    signal?.throwIfAborted();
    const problem = prefix === '' ? undefined : checkKeyVaultSecretName(prefix);
    if (problem !== undefined)
      fail(operation, undefined, { because: `"${prefix}" is ${problem}`, hint: 'Give the beginning of a name.' });
    const folded = foldKeyVaultName(prefix);
    try {
      for await (const item of secrets.list(operation === 'list' ? '/secrets' : '/deletedsecrets', signal))
        if (foldKeyVaultName(item.name).startsWith(folded)) yield choose(item);
    } catch (error) {
      if (error instanceof StoreFault) fail(operation, undefined, error);
      throw error;
    }
  }

  async function read(name: string, version: Version | undefined, signal?: AbortSignal): Promise<ReadOutcome> {
    if (version !== undefined && !isVersion(version)) return { kind: 'missing' };
    const found =
      version === undefined ? await secrets.getNewest(name, signal) : await secrets.get(name, version, signal);
    switch (found.kind) {
      case 'forbidden':
        return found;
      case 'disabled': {
        const [newest, ...others] = found.newest;
        return { kind: 'disabled', version: others.length === 0 ? newest : undefined };
      }
      case 'missing': {
        const deleted = await secrets.getDeleted(name, signal);
        return deleted.kind === 'present' ? { kind: 'deleted', version: deleted.bundle.version } : { kind: 'missing' };
      }
      case 'present': {
        const { bundle } = found;
        if (bundle.value === undefined) throw nonsense('its answer has no value');
        const value = new SecretValue(bundle.value);
        return { kind: 'present', value, version: bundle.version, metadata: bundle.metadata };
      }
    }
  }

  async function writeMetadata(
    name: string,
    change: MetadataChange,
    expected: Version,
    signal?: AbortSignal,
  ): Promise<MetadataOutcome> {
    check(change);
    const found = await secrets.getNewest(name, signal);
    if (found.kind === 'forbidden') return { kind: 'forbidden' };
    if (found.kind === 'missing') return findDeleted(name, signal);
    if (isManaged(found)) return { kind: 'refused', because: 'managed' };
    // A version of its own is named: of several newest ones it may be any.
    if (!newestOf(found).includes(expected))
      return { kind: 'conflict', found: newestOf(found)[0] ?? onlyNewest(found) };
    const body = renderChange(change);
    if (Object.keys(body).length === 0) return { kind: 'written' };
    let changed: Awaited<ReturnType<typeof secrets.patch>>;
    try {
      changed = await secrets.patch(name, expected, JSON.stringify(body), signal);
    } catch (error) {
      throw error instanceof StoreFault && error.effect === 'unknown' ? doubtful(error) : error;
    }
    if (changed.kind === 'forbidden') return { kind: 'forbidden' };
    if (changed.kind !== 'done') return findDeleted(name, signal);
    const ignored = findIgnored(change, changed.bundle.metadata);
    if (ignored === undefined) return { kind: 'written' };
    throw finalFault(
      `its ${ignored} cannot be unset in a version; the rest was written`,
      'Write a new version without it.',
    );
  }

  async function findDeleted(name: string, signal?: AbortSignal): Promise<MetadataOutcome> {
    const deleted = await secrets.getDeleted(name, signal);
    return deleted.kind === 'present' ? { kind: 'deleted', version: deleted.bundle.version } : { kind: 'missing' };
  }

  return {
    name: store,
    kind: 'key-vault',
    capabilities: keyVaultCapabilities,

    list: (listOptions = {}) => list('list', listOptions, ({ name, metadata }) => ({ name, metadata })),

    names: (listOptions = {}) => list('list', listOptions, ({ name }) => name),

    listDeleted: (listOptions = {}) =>
      list('listDeleted', listOptions, ({ name, deletedAtMs }) => ({ name, deletedAtMs })),

    read: (name, { version, signal } = {}) => on('read', name, signal, () => read(name, version, signal)),

    versions: (name, { signal } = {}) => on('versions', name, signal, () => listVersions(secrets, name, signal)),

    write: (name, value, { expected, metadata = {}, signal }) =>
      on('write', name, signal, () => {
        check(metadata);
        return writeSecret(secrets, { name, value, expected, metadata, retries }, settling(signal));
      }),

    writeMetadata: (name, change, { expected, signal }) =>
      on('writeMetadata', name, signal, () => writeMetadata(name, change, expected, signal)),

    delete: (name, { expected, signal }) =>
      on('delete', name, signal, () => deleteSecret(secrets, name, expected, settling(signal))),

    recover: (name, { signal } = {}) =>
      on('recover', name, signal, () => recoverSecret(secrets, name, settling(signal))),

    // Nothing can be asked: Azure tells what one may do only by what it refuses.
    async permissions(_name, { signal } = {}) {
      signal?.throwIfAborted();
      return Promise.resolve({ kind: 'unknown' });
    },

    close() {
      client.close();
      return Promise.resolve();
    },
  };
}
