/** What one request each finds out about a secret, or changes. Named are the data actions of Azure RBAC (Microsoft.KeyVault/vaults/secrets/…) that it needs. */
import { foldKeyVaultName } from '../../model/names.ts';
import type { Version } from '../contract.ts';
import { StoreFault } from '../store-fault.ts';
import type { Bundle, Item } from './key-vault-answers.ts';
import { isVersion, parseBundle, parsePage } from './key-vault-answers.ts';
import type { KeyVaultAnswer, KeyVaultCall, KeyVaultClient } from './key-vault-client.ts';
import { finalFault, nonsense } from './key-vault-fault.ts';

export type SecretFound =
  | { readonly kind: 'present'; readonly bundle: Bundle }
  /** @property newest the version that is disabled; several where they were made in the same second, none where it is not known */
  | { readonly kind: 'disabled'; readonly newest: readonly Version[]; readonly managed: boolean }
  | { readonly kind: 'missing' }
  | { readonly kind: 'forbidden' };

export type VersionItem = Item & { readonly version: Version };

export type DeletedFound = Extract<SecretFound, { kind: 'present' | 'missing' | 'forbidden' }>;

/** @property kind `busy`: it is being deleted or recovered; in a moment it is not */
export type Changed =
  | { readonly kind: 'done'; readonly bundle: Bundle }
  | { readonly kind: 'busy' }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'missing'; readonly attempts: number }
  | { readonly kind: 'too large' }
  | { readonly kind: 'forbidden' };

/** The secrets of one vault. Names are checked already. @throws {StoreFault} from every function; `signal.reason` where the caller gave up */
export class KeyVaultSecrets {
  readonly #client: KeyVaultClient;

  constructor(client: KeyVaultClient) {
    this.#client = client;
  }

  /** Needs getSecret. @param version default: the newest */
  async get(name: string, version: Version | undefined, signal: AbortSignal | undefined): Promise<SecretFound> {
    // With the slash at its end it is the newest: so ask all SDKs.
    const answer = await this.#get(`/secrets/${name}/${version ?? ''}`, signal);
    if (answer.status === 200) return { kind: 'present', bundle: parseBundle(answer.text) };
    if (answer.status === 403 && answer.codes.includes('SecretDisabled'))
      return { kind: 'disabled', newest: version === undefined ? [] : [version], managed: false };
    if (answer.status === 403) return { kind: 'forbidden' };
    if (answer.status === 404) return { kind: 'missing' };
    throw refusal(answer);
  }

  /**
   * Needs getSecret, and where the newest version is disabled readMetadata. A list could not tell it: it has no order, and seconds for times.
   */
  async getNewest(name: string, signal: AbortSignal | undefined): Promise<SecretFound> {
    const found = await this.get(name, undefined, signal);
    if (found.kind !== 'disabled') return found;
    const listed = await this.listVersions(name, signal);
    const versions = listed === 'forbidden' ? [] : listed;
    const latestMs = Math.max(...versions.map(({ metadata }) => metadata.createdAtMs));
    const newest = versions.filter(({ metadata }) => metadata.createdAtMs === latestMs);
    return {
      kind: 'disabled',
      newest: newest.map(({ version }) => version),
      managed: newest.some(({ metadata }) => metadata.managed),
    };
  }

  /** Needs readMetadata (of an access policy: list). @returns in no order, each once; none where the secret is deleted or missing */
  async listVersions(name: string, signal: AbortSignal | undefined): Promise<readonly VersionItem[] | 'forbidden'> {
    const byVersion = new Map<Version, VersionItem>();
    try {
      for await (const item of this.list(`/secrets/${name}/versions`, signal)) {
        const { version } = item;
        if (version === undefined || !isVersion(version) || foldKeyVaultName(item.name) !== foldKeyVaultName(name))
          throw nonsense('its listing has what is no version of this secret');
        byVersion.set(version, { ...item, version });
      }
    } catch (error) {
      if (error instanceof ListingForbidden) return 'forbidden';
      throw error;
    }
    return [...byVersion.values()];
  }

  /** Needs getSecret (of an access policy: get). */
  async getDeleted(name: string, signal: AbortSignal | undefined): Promise<DeletedFound> {
    const answer = await this.#get(`/deletedsecrets/${name}`, signal);
    if (answer.status === 200) return { kind: 'present', bundle: parseBundle(answer.text) };
    if (answer.status === 403) return { kind: 'forbidden' };
    if (answer.status === 404) return { kind: 'missing' };
    throw refusal(answer);
  }

  /** Needs setSecret. It makes a version each time it is sent: never sent again unseen. */
  put(name: string, body: string, signal: AbortSignal | undefined): Promise<Changed> {
    return this.#change({ method: 'PUT', path: `/secrets/${name}`, body, repeatable: false }, signal);
  }

  /** Needs update (of an access policy: set). */
  patch(name: string, version: Version, body: string, signal: AbortSignal | undefined): Promise<Changed> {
    return this.#change({ method: 'PATCH', path: `/secrets/${name}/${version}`, body, repeatable: true }, signal);
  }

  /** Needs delete. */
  delete(name: string, signal: AbortSignal | undefined): Promise<Changed> {
    return this.#change({ method: 'DELETE', path: `/secrets/${name}`, repeatable: true }, signal);
  }

  /** Needs recover. */
  recover(name: string, signal: AbortSignal | undefined): Promise<Changed> {
    return this.#change({ method: 'POST', path: `/deletedsecrets/${name}/recover`, repeatable: true }, signal);
  }

  /** Needs readMetadata. @param path such as `/secrets`. @throws {ListingForbidden} */
  async *list(path: string, signal: AbortSignal | undefined): AsyncGenerator<Item> {
    let query: string | undefined = 'maxresults=25';
    const seen = new Set<string>();
    while (query !== undefined) {
      if (seen.has(query)) throw nonsense('its listing goes in a circle');
      seen.add(query);
      const answer = await this.#get(path, signal, query);
      if (answer.status === 403) throw new ListingForbidden();
      if (answer.status === 404 && path.endsWith('/versions')) return;
      if (answer.status !== 200) throw refusal(answer);
      const { items, next } = parsePage(answer.text, path);
      for (const item of items) {
        yield item;
        signal?.throwIfAborted();
      }
      query = next;
    }
  }

  #get(path: string, signal: AbortSignal | undefined, query = ''): Promise<KeyVaultAnswer> {
    return this.#client.call({ method: 'GET', path, query, repeatable: true }, signal);
  }

  async #change(call: KeyVaultCall, signal: AbortSignal | undefined): Promise<Changed> {
    const answer = await this.#client.call(call, signal);
    const { status, codes, attempts } = answer;
    if (status === 200) return { kind: 'done', bundle: parseBundle(answer.text) };
    if (status === 403) return { kind: 'forbidden' };
    if (status === 404) return { kind: 'missing', attempts };
    if (status === 413) return { kind: 'too large' };
    if (codes.includes('ObjectIsDeletedButRecoverable')) return { kind: 'deleted' };
    if (codes.includes('ObjectIsBeingDeleted') || codes.includes('ObjectIsBeingRecovered')) return { kind: 'busy' };
    throw refusal(answer);
  }
}

class ListingForbidden extends StoreFault {
  constructor() {
    super({
      because: 'it is not allowed',
      hint: 'Ask for the role Key Vault Secrets User (or Reader) on this vault; in an access policy for "list".',
      retryable: false,
      effect: 'none',
    });
  }
}

/** What Key Vault says to a change that none of its documented codes tells. */
function refusal({ status }: KeyVaultAnswer): StoreFault {
  if (status !== 409) return nonsense(`Key Vault answered with status ${status}`);
  return finalFault(
    'Key Vault refuses it because of the state that it is in (409)',
    'Look at it: az keyvault secret show, or az keyvault secret show-deleted',
  );
}
