/** What the embedded servers hold, seen and changed from inside, without a request: what a test says of them depends on no client. */
import type { EmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import type { SecretHeader, SecretVersion } from '../../src/dev/key-vault/vault-secrets.ts';
import { keyOf } from '../../src/dev/key-vault/vault-secrets.ts';
import type { Storage } from '../../src/dev/storage.ts';
import { KvKeys } from '../../src/dev/vault/kv-keys.ts';
import { storagePrefix } from '../../src/dev/vault/mounts.ts';
import type { MountEntry } from '../../src/dev/vault/mounts.ts';
import type { CatalogSecret } from './catalog.ts';
import { fieldsOfText, keyVaultText, parseTexts } from './hostile-values.ts';
import type { Fields } from './hostile-values.ts';

/** @property id of the version, as the command reports it */
export type HeldVersion = { readonly id: string; readonly fields: Fields };

export type InsideStore = {
  /** Oldest first; none where there is no such secret. */
  versions(secret: CatalogSecret): readonly HeldVersion[];
  tags(secret: CatalogSecret): Readonly<Record<string, string>>;
  /** A new version, as somebody else would write it. @returns its id */
  write(secret: CatalogSecret, fields: Fields, tags?: Readonly<Record<string, string>>): string;
  /** The secret's name in the path of a logged request; undefined where it is about none. */
  nameIn(path: string): string | undefined;
};

export type InsideVault = InsideStore & {
  /** With all versions and its metadata. */
  remove(secret: CatalogSecret): void;
};

const somebody = { actor: 'somebody', operation: 'create', client_id: '' };

export function insideVault(storage: Storage): InsideVault {
  const keys = new KvKeys(storage, kvPrefix(storage));
  return {
    versions: ({ vaultPath }) =>
      Object.keys(keys.metadata(vaultPath)?.versions ?? {}).map((number) => ({
        id: number,
        fields: parseTexts(keys.data(vaultPath, Number(number))),
      })),
    tags: ({ vaultPath }) => keys.metadata(vaultPath)?.customMetadata ?? {},
    write: ({ vaultPath }, fields, tags) => {
      const after = keys.addVersion(vaultPath, JSON.stringify(fields), somebody, Date.now());
      if (tags !== undefined) keys.putMetadata(vaultPath, { ...after, customMetadata: tags });
      return String(after.currentVersion);
    },
    remove: ({ vaultPath }) => keys.deleteKey(vaultPath),
    nameIn: (path) => /^secret\/(?:data|metadata)\/(.+[^/])$/.exec(path)?.[1],
  };
}

function kvPrefix(storage: Storage): string {
  const { entries } = storage.get('core/mounts') as { readonly entries: readonly MountEntry[] };
  const found = entries.find(({ path }) => path === 'secret/');
  if (found === undefined) throw new Error('there is no mount secret/');
  return storagePrefix(found);
}

/** @param vault its name */
export function insideKeyVault(azure: EmbeddedAzure, storage: Storage, vault: string): InsideStore {
  const prefix = `key-vault/${vault}/`;
  const newest = (header: SecretHeader, version: string): SecretVersion =>
    storage.get(`${prefix}versions/${header.incarnation}/${version}`) as SecretVersion;
  const headerOf = ({ keyVaultName }: CatalogSecret): SecretHeader | undefined =>
    storage.get(`${prefix}secrets/${keyOf(keyVaultName)}`) as SecretHeader | undefined;
  return {
    versions: (secret) => {
      const header = headerOf(secret);
      const chain: HeldVersion[] = [];
      for (let id = header?.latest; header !== undefined && id !== undefined;) {
        const { value, previous } = newest(header, id);
        chain.unshift({ id, fields: fieldsOfText(secret, value) });
        id = previous;
      }
      return chain;
    },
    tags: (secret) => {
      const header = headerOf(secret);
      return header === undefined ? {} : (newest(header, header.latest).tags ?? {});
    },
    write: (secret, fields, tags = {}) =>
      azure.admin(vault).set(secret.keyVaultName, { value: keyVaultText(secret, fields), tags }),
    nameIn: (path) => /^[^/]+\/secrets\/([^/]+)(?:\/[^/]*)?$/.exec(path)?.[1],
  };
}
