/** encoding/base64: StdEncoding and URLEncoding, both with padding. */
import { Buffer } from 'node:buffer';
import { GoError } from '../go-error.ts';
import type { GoString } from './go-string.ts';
import { asGoString, bytesOf } from './go-string.ts';

export type Base64Alphabet = 'standard' | 'url';

const digits = {
  standard: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
};

export function encodeBase64(value: GoString, alphabet: Base64Alphabet): GoString {
  const encoded = Buffer.from(bytesOf(value)).toString('base64');
  return asGoString(alphabet === 'standard' ? encoded : encoded.replaceAll('+', '-').replaceAll('/', '_'));
}

/**
 * Encoding.DecodeString: line breaks count for nothing wherever they are, padding is required, bits behind the last byte may be set.
 * @throws GoError as Go's, which names a place and no character
 */
export function decodeBase64(text: GoString, alphabet: Base64Alphabet): GoString {
  let decoded = '';
  for (let at = 0; at < text.length;) {
    const quantum = decodeQuantum(text, at, digits[alphabet]);
    decoded += quantum.bytes;
    at = quantum.end;
  }
  return asGoString(decoded);
}

/** Four digits, or fewer and padding, with which the text has to end. */
function decodeQuantum(
  text: GoString,
  start: number,
  alphabet: string,
): { readonly bytes: string; readonly end: number } {
  const found: number[] = [];
  let at = start;
  while (found.length < 4) {
    if (at === text.length) {
      if (found.length === 0) return { bytes: '', end: at };
      throw corrupt(at - found.length);
    }
    const character = text.charAt(at);
    const digit = alphabet.indexOf(character);
    at += 1;
    if (digit >= 0) found.push(digit);
    else if (character === '=') {
      if (found.length < 2) throw corrupt(at - 1);
      if (found.length === 2) {
        at = skipLineBreaks(text, at);
        if (at === text.length) throw corrupt(at);
        if (text.charAt(at) !== '=') throw corrupt(at - 1);
        at += 1;
      }
      at = skipLineBreaks(text, at);
      if (at < text.length) throw corrupt(at);
      break;
    } else if (character !== '\n' && character !== '\r') throw corrupt(at - 1);
  }
  const [first = 0, second = 0, third = 0, fourth = 0] = found;
  const bits = (first << 18) | (second << 12) | (third << 6) | fourth;
  const bytes = String.fromCharCode(bits >> 16, (bits >> 8) & 0xff, bits & 0xff);
  return { bytes: bytes.slice(0, found.length - 1), end: at };
}

function skipLineBreaks(text: GoString, from: number): number {
  let at = from;
  while (text.charAt(at) === '\n' || text.charAt(at) === '\r') at += 1;
  return at;
}

function corrupt(at: number): GoError {
  return new GoError(`illegal base64 data at input byte ${String(at)}`, 'decoding');
}
