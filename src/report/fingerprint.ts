/**
 * Shows that two values are the same without showing either: 8 base32 characters (RFC 4648) of an HMAC-SHA256 over name and value.
 * The key lives for one run, so a fingerprint can be looked up nowhere; the name in it hides that two secrets share a value.
 * For people: programs compare whole values (SecretValue.equals).
 */
import { createHmac } from 'node:crypto';
import type { SecretValue } from '../model/secret-value.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * @param key at least 32 random bytes, made for this run
 * @param name the logical name, the same in every store
 * @param values in an order that does not depend on the store
 */
export function fingerprint(key: Uint8Array, name: string, values: readonly (SecretValue | string)[]): string {
  // JSON keeps the parts apart: no two lists of texts are written alike.
  const parts = [name, ...values.map((value) => (typeof value === 'string' ? value : value.reveal()))];
  const digest = createHmac('sha256', key).update(JSON.stringify(parts)).digest();
  let bits = digest.readUIntBE(0, 5);
  let text = '';
  for (let index = 0; index < 8; index++) {
    text = alphabet.charAt(bits % 32) + text;
    bits = Math.floor(bits / 32);
  }
  return text;
}
