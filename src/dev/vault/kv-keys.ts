/** What KV v2 keeps, and how a version comes and goes (vault-plugin-secrets-kv 0.25, the release inside Vault 1.21.4). */
import type { Storage } from '../storage.ts';

/** Who did something, as `created_by` and `last_updated_by` show it. */
export type Attribution = {
  readonly actor: string;
  readonly operation: string;
  readonly entity_id?: string;
  readonly client_id: string;
};

/** Times are milliseconds since 1970. */
export type VersionMetadata = {
  readonly createdMs: number;
  readonly deletionMs?: number;
  readonly destroyed: boolean;
  readonly createdBy: Attribution | null;
  readonly deletedBy: Attribution | null;
};

export type KeyMetadata = {
  readonly currentVersion: number;
  readonly oldestVersion: number;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly maxVersions: number;
  readonly casRequired: boolean;
  readonly deleteVersionAfterS: number;
  readonly customMetadata: Readonly<Record<string, string>> | null;
  readonly lastUpdatedBy: Attribution | null;
  /** By version number. */
  readonly versions: Readonly<Record<number, VersionMetadata>>;
};

/** @property deleteVersionAfterS -1: switched off for every key */
export type KvConfig = {
  readonly maxVersions: number;
  readonly casRequired: boolean;
  readonly deleteVersionAfterS: number;
};

const defaultMaxVersions = 10;
const switchedOff = -1;

export class KvKeys {
  readonly #storage: Storage;
  readonly #prefix: string;

  /** @param prefix of everything that this mount keeps, ending in `/` */
  constructor(storage: Storage, prefix: string) {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  config(): KvConfig {
    const kept = this.#storage.get(`${this.#prefix}config`) as KvConfig | undefined;
    return kept ?? { maxVersions: 0, casRequired: false, deleteVersionAfterS: 0 };
  }

  putConfig(config: KvConfig): void {
    this.#storage.put(`${this.#prefix}config`, config);
  }

  metadata(path: string): KeyMetadata | undefined {
    return this.#storage.get(`${this.#prefix}metadata/${path}`) as KeyMetadata | undefined;
  }

  putMetadata(path: string, metadata: KeyMetadata): void {
    this.#storage.put(`${this.#prefix}metadata/${path}`, metadata);
  }

  list(folder: string): readonly string[] {
    return this.#storage.list(`${this.#prefix}metadata/${folder}`);
  }

  /** The JSON of a version's data, as it is read. */
  data(path: string, version: number): string {
    return (
      (this.#storage.get(`${this.#prefix}versions/${path}|${version}`) as { json: string } | undefined)?.json ?? ''
    );
  }

  deleteData(path: string, version: number): void {
    this.#storage.delete(`${this.#prefix}versions/${path}|${version}`);
  }

  deleteKey(path: string): void {
    for (const version of Object.keys(this.metadata(path)?.versions ?? {})) this.deleteData(path, Number(version));
    this.#storage.delete(`${this.#prefix}metadata/${path}`);
  }

  /**
   * One version more; those that are too old go (path_data.go, AddVersion).
   * @param json of the new version's data
   */
  addVersion(path: string, json: string, by: Attribution, nowMs: number): KeyMetadata {
    const config = this.config();
    const before = this.metadata(path) ?? newKey(nowMs);
    const current = before.currentVersion + 1;
    const versions: Record<number, VersionMetadata> = { ...before.versions };
    const deletionMs = deletionTime(nowMs, config, before);
    versions[current] = {
      createdMs: nowMs,
      ...(deletionMs !== undefined && { deletionMs }),
      destroyed: false,
      createdBy: by,
      deletedBy: null,
    };
    // Of the key's limit and the mount's the larger counts: a smaller one on a key changes nothing.
    const maxVersions = Math.max(before.maxVersions, config.maxVersions) || defaultMaxVersions;
    let oldestVersion = before.oldestVersion;
    if (current - oldestVersion >= maxVersions) {
      const lastGone = current - maxVersions;
      for (const version of Object.keys(versions)
        .map(Number)
        .filter((number) => number <= lastGone)) {
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy, made above
        delete versions[version];
        this.deleteData(path, version);
      }
      oldestVersion = lastGone + 1;
    }
    const after = { ...before, currentVersion: current, oldestVersion, updatedMs: nowMs, lastUpdatedBy: by, versions };
    this.#storage.put(`${this.#prefix}versions/${path}|${current}`, { json });
    this.putMetadata(path, after);
    return after;
  }
}

export function newKey(nowMs: number): KeyMetadata {
  return {
    currentVersion: 0,
    oldestVersion: 0,
    createdMs: nowMs,
    updatedMs: nowMs,
    maxVersions: 0,
    casRequired: false,
    deleteVersionAfterS: 0,
    customMetadata: null,
    lastUpdatedBy: null,
    versions: {},
  };
}

/** The shorter of the mount's delete_version_after and the key's, from now (delete_version_after.go). */
export function deletionTime(nowMs: number, config: KvConfig, key: KeyMetadata): number | undefined {
  if (config.deleteVersionAfterS === switchedOff) return undefined;
  const set = [config.deleteVersionAfterS, key.deleteVersionAfterS].filter((seconds) => seconds > 0);
  return set.length === 0 ? undefined : nowMs + Math.min(...set) * 1000;
}

/**
 * Deleted, rather than to be deleted later. Vault compares nanoseconds and says "before now"; here a version that was deleted in this same
 * millisecond is deleted too.
 */
export function isDeleted(version: VersionMetadata, nowMs: number): boolean {
  return version.deletionMs !== undefined && version.deletionMs <= nowMs;
}
