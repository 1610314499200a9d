/**
 * The secrets of one vault, as they are kept. A secret is a header (`secrets/<NAME>`) and its versions (`versions/<incarnation>/<version>`).
 *
 * The header decides: a version is put before the header that names it, and a header is deleted before its versions. After a crash between two
 * puts a secret has its old latest version and at most one version more than was acknowledged; versions of an incarnation that no header
 * names are never seen again, so that a new secret does not get the versions of one that was purged.
 */
import { deleteBelow } from '../storage.ts';
import type { Storage } from '../storage.ts';
import { SortedKeys } from './sorted-keys.ts';

/**
 * @property name as it was first written: names have no case, and keep theirs
 * @property latest the version that a request without one means
 * @property deletedAtMs only while it is deleted
 * @property recoveredAtMs when it was last recovered
 */
export type SecretHeader = {
  readonly name: string;
  readonly incarnation: string;
  readonly latest: string;
  readonly managed?: true;
  readonly deletedAtMs?: number;
  readonly recoveredAtMs?: number;
};

/** Times are seconds since 1970. @property previous the version that was the latest before */
export type SecretVersion = {
  readonly version: string;
  readonly value: string;
  readonly contentType?: string;
  readonly enabled: boolean;
  readonly nbf?: number;
  readonly exp?: number;
  readonly created: number;
  readonly updated: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly kid?: string;
  readonly previous?: string;
};

/** Both moves take a while: `deleting` is not yet among the deleted, `recovering` not yet among the others. */
export type SecretState = 'live' | 'recovering' | 'deleting' | 'deleted';

export type Found = { readonly state: SecretState; readonly secret: SecretHeader };

export type SecretLags = {
  readonly retentionMs: number;
  readonly deletionLagMs: number;
  readonly recoveryLagMs: number;
};

export class VaultSecrets {
  readonly #storage: Storage;
  readonly #prefix: string;
  readonly #lags: SecretLags;
  /** What is on the list of secrets, and on the one of deleted secrets: derived from the headers, which are the truth. */
  live = new SortedKeys([]);
  deleted = new SortedKeys([]);
  readonly #versions = new Map<string, SortedKeys>();

  /** @param prefix ending in `/` */
  constructor(storage: Storage, prefix: string, lags: SecretLags) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.#lags = lags;
    this.reload();
  }

  /** After changes of the storage that were taken back. */
  reload(): void {
    this.#versions.clear();
    const keys = this.#storage.list(`${this.#prefix}secrets/`);
    const isDeleted = (key: string): boolean => this.#header(key)?.deletedAtMs !== undefined;
    this.live = new SortedKeys(keys.filter((key) => !isDeleted(key)));
    this.deleted = new SortedKeys(keys.filter(isDeleted));
  }

  /** A secret whose time has run out is purged by whoever looks at it first. @param key of `keyOf` */
  find(key: string, nowMs: number): Found | undefined {
    const secret = this.#header(key);
    if (secret === undefined) return undefined;
    const { retentionMs, deletionLagMs, recoveryLagMs } = this.#lags;
    const { deletedAtMs, recoveredAtMs } = secret;
    if (deletedAtMs === undefined) {
      const recovering = recoveredAtMs !== undefined && nowMs < recoveredAtMs + recoveryLagMs;
      return { state: recovering ? 'recovering' : 'live', secret };
    }
    if (nowMs >= deletedAtMs + retentionMs) {
      this.purge(secret);
      return undefined;
    }
    return { state: nowMs < deletedAtMs + deletionLagMs ? 'deleting' : 'deleted', secret };
  }

  version({ incarnation }: SecretHeader, version: string): SecretVersion | undefined {
    return this.#storage.get(this.#versionKey(incarnation, version)) as SecretVersion | undefined;
  }

  latest(secret: SecretHeader): SecretVersion {
    const latest = this.version(secret, secret.latest);
    if (latest === undefined) throw new Error(`the secret ${secret.name} has lost its latest version`);
    return latest;
  }

  versions({ incarnation }: SecretHeader): SortedKeys {
    let versions = this.#versions.get(incarnation);
    if (versions === undefined) {
      versions = new SortedKeys(this.#storage.list(`${this.#prefix}versions/${incarnation}/`));
      this.#versions.set(incarnation, versions);
    }
    return versions;
  }

  putVersion({ incarnation }: SecretHeader, version: SecretVersion): void {
    this.#storage.put(this.#versionKey(incarnation, version.version), version);
    this.#versions.get(incarnation)?.add(version.version);
  }

  putHeader(secret: SecretHeader): void {
    const key = keyOf(secret.name);
    this.#storage.put(`${this.#prefix}secrets/${key}`, secret);
    const [to, from] = secret.deletedAtMs === undefined ? [this.live, this.deleted] : [this.deleted, this.live];
    to.add(key);
    from.delete(key);
  }

  purge({ name, incarnation }: SecretHeader): void {
    const key = keyOf(name);
    this.#storage.delete(`${this.#prefix}secrets/${key}`);
    this.live.delete(key);
    this.deleted.delete(key);
    this.#versions.delete(incarnation);
    deleteBelow(this.#storage, `${this.#prefix}versions/${incarnation}/`);
  }

  #header(key: string): SecretHeader | undefined {
    return this.#storage.get(`${this.#prefix}secrets/${key}`) as SecretHeader | undefined;
  }

  #versionKey(incarnation: string, version: string): string {
    return `${this.#prefix}versions/${incarnation}/${version}`;
  }
}

/** The service lists by names in upper case, as the tokens of its pages show [rec]. */
export function keyOf(name: string): string {
  return name.toUpperCase();
}
