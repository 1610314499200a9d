/**
 * How an entry of the state lies in the file. Its name is an HMAC, for names hold tokens (`token/id/…`); name and value together are encrypted
 * with AES-256-GCM under a nonce of its own, and bound to the row that they are in, so that rows cannot change places.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export const stateKeyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const algorithm = 'aes-256-gcm';

export type Row = { readonly name: Uint8Array; readonly sealed: Uint8Array };

export class EntryCipher {
  readonly #nameKey: Uint8Array;
  readonly #valueKey: Uint8Array;

  /** @param key 32 random bytes */
  constructor(key: Uint8Array) {
    this.#nameKey = deriveKey(key, 'names');
    this.#valueKey = deriveKey(key, 'values');
  }

  nameOf(key: string): Buffer {
    return createHmac('sha256', this.#nameKey).update(key).digest();
  }

  seal(key: string, value: unknown): Row {
    const name = this.nameOf(key);
    // Random nonces of 96 bits are safe for 2^32 entries under one key (NIST SP 800-38D): over two weeks of writing without a pause.
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#valueKey, nonce, { authTagLength: tagBytes });
    cipher.setAAD(name);
    const encrypted = [cipher.update(JSON.stringify([key, value]), 'utf8'), cipher.final()];
    return { name, sealed: Buffer.concat([nonce, ...encrypted, cipher.getAuthTag()]) };
  }

  /** @returns undefined where this key did not seal the row, or not as this row */
  open({ name, sealed }: Row): { readonly key: string; readonly value: unknown } | undefined {
    if (sealed.length < nonceBytes + tagBytes) return undefined;
    try {
      const nonce = sealed.subarray(0, nonceBytes);
      const decipher = createDecipheriv(algorithm, this.#valueKey, nonce, { authTagLength: tagBytes });
      decipher.setAAD(name);
      decipher.setAuthTag(sealed.subarray(-tagBytes));
      const text = Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
      const [key, value] = JSON.parse(text.toString('utf8')) as [string, unknown];
      return { key, value };
    } catch {
      return undefined;
    }
  }
}

function deriveKey(key: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, '', `lockstep development state: ${purpose}`, 32));
}
