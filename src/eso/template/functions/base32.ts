/** encoding/base32: StdEncoding. */
import { GoError } from '../../go-error.ts';
import type { GoString } from '../../go/go-string.ts';
import { asGoString } from '../../go/go-string.ts';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function encodeBase32(value: GoString): GoString {
  let encoded = '';
  for (let at = 0; at < value.length; at += 5) {
    const block = value.slice(at, at + 5);
    let bits = 0n;
    for (let next = 0; next < 5; next++) bits = (bits << 8n) | BigInt(next < block.length ? block.charCodeAt(next) : 0);
    const length = Math.ceil((block.length * 8) / 5);
    for (let next = 0; next < length; next++) encoded += digits.charAt(Number((bits >> BigInt(35 - 5 * next)) & 31n));
    encoded += '='.repeat(8 - length);
  }
  return asGoString(encoded);
}

/**
 * Line breaks count for nothing wherever they are (and are not counted in what an error names), padding is required.
 * @throws GoError as Go's, which names a place and no character
 */
export function decodeBase32(value: GoString): GoString {
  const text = value.replace(/[\r\n]/g, '');
  let decoded = '';
  let at = 0;
  while (at < text.length) {
    const { found, end, ended } = quantum(text, at);
    at = end;
    const bits = found.reduce((sum, digit, place) => sum | (BigInt(digit) << BigInt(35 - 5 * place)), 0n);
    for (let next = 0; next < Math.floor((found.length * 5) / 8); next++)
      decoded += String.fromCharCode(Number((bits >> BigInt(32 - 8 * next)) & 0xffn));
    // What follows the padding is not looked at, but for the quantum's own length.
    if (ended) break;
  }
  return asGoString(decoded);
}

type Quantum = { readonly found: readonly number[]; readonly end: number; readonly ended: boolean };

function quantum(text: string, start: number): Quantum {
  const found: number[] = [];
  for (let at = start; found.length < 8; at++) {
    if (at === text.length) throw corrupt(at - found.length);
    const character = text.charAt(at);
    const left = text.length - at - 1;
    if (character === '=' && found.length >= 2 && left < 8) {
      checkPadding(text, at, found.length);
      return { found, end: text.length, ended: true };
    }
    const digit = digits.indexOf(character);
    if (digit < 0) throw corrupt(at);
    found.push(digit);
  }
  return { found, end: start + 8, ended: false };
}

function checkPadding(text: string, at: number, found: number): void {
  const left = text.length - at - 1;
  if (left + found < 7) throw corrupt(text.length);
  for (let next = 0; next < 7 - found; next++)
    if (next < left && text.charAt(at + 1 + next) !== '=') throw corrupt(at + next);
  if (found === 3 || found === 6) throw corrupt(at);
}

function corrupt(at: number): GoError {
  return new GoError(`illegal base32 data at input byte ${String(at)}`, 'decoding');
}
