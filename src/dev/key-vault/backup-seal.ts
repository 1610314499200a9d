/**
 * Backups: opaque, encrypted and authenticated by a key that is kept with the secrets, so that a blob shows no value and restores into any vault
 * of the server, which stands for one subscription. The outside is the service's: base64url of a marker and a JWE [rec], here with `dir` and
 * A256GCM (RFC 7516, 7518), where the service wraps its key with RSA.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Storage } from '../storage.ts';
import type { SecretVersion } from './vault-secrets.ts';

/** @property versions oldest first as far as their times tell. @property latest one of them */
export type SecretBackup = {
  readonly name: string;
  readonly latest: string;
  readonly versions: readonly SecretVersion[];
};

export type BackupSeal = {
  close(backup: SecretBackup): string;
  /** @returns undefined for what this server did not make */
  open(blob: string): SecretBackup | undefined;
};

const markerText = 'AzureKeyVaultSecretBackupV1.microsoft.com';
const marker = `${String.fromCharCode(markerText.length)}${markerText}`;
const header = Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url');
/** No vault has a name like it. */
const keyPath = 'key-vault/.backup-key';

export function createBackupSeal(storage: Storage): BackupSeal {
  const key = (): Buffer => {
    const kept = storage.get(keyPath) as { readonly key: string } | undefined;
    if (kept !== undefined) return Buffer.from(kept.key, 'base64');
    const created = randomBytes(32);
    storage.put(keyPath, { key: created.toString('base64') });
    return created;
  };
  return {
    close: (backup) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key(), iv).setAAD(Buffer.from(header));
      const text = Buffer.concat([cipher.update(JSON.stringify(backup)), cipher.final()]);
      const parts = [iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'));
      return Buffer.from(`${marker}${header}..${parts.join('.')}`).toString('base64url');
    },
    open: (blob) => {
      const whole = Buffer.from(blob, 'base64url').toString('latin1');
      if (!whole.startsWith(marker)) return undefined;
      const [head, wrapped, ...rest] = whole.slice(marker.length).split('.');
      if (head !== header || wrapped !== '' || rest.length !== 3) return undefined;
      const [iv, text, tag] = rest.map((part) => Buffer.from(part, 'base64url'));
      if (iv?.length !== 12 || text === undefined || tag?.length !== 16) return undefined;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key(), iv).setAAD(Buffer.from(header)).setAuthTag(tag);
        return JSON.parse(Buffer.concat([decipher.update(text), decipher.final()]).toString()) as SecretBackup;
      } catch {
        return undefined;
      }
    },
  };
}
