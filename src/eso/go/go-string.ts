/**
 * Texts as Go has them: bytes. A GoString holds one byte in each of its UTF-16 units (0 to 255), so that its length, its slices and its order
 * are those of Go, and bytes that are not UTF-8 (a Base64 value that was decoded) survive. V8 keeps such strings at one byte a character.
 */
import { Buffer } from 'node:buffer';

declare const goStringBrand: unique symbol;
/** Compared by `<` it sorts as Go sorts strings. Made by the functions of this file alone; slices and concatenations stay what they are. */
export type GoString = string & { readonly [goStringBrand]: true };

const ASCII = /^[\0-\x7f]*$/;

/** The UTF-8 bytes of a text; half a surrogate pair becomes U+FFFD. */
export function goString(text: string): GoString {
  return (ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')) as GoString;
}

export function goStringOfBytes(bytes: Uint8Array): GoString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1') as GoString;
}

/** What is not UTF-8 becomes U+FFFD. */
export function textOf(value: GoString): string {
  return ASCII.test(value) ? value : Buffer.from(value, 'latin1').toString('utf8');
}

export function bytesOf(value: GoString): Uint8Array {
  return Buffer.from(value, 'latin1');
}

/** What was sliced off or put together from GoStrings, which the compiler takes for a plain string. */
export function asGoString(units: string): GoString {
  return units as GoString;
}
