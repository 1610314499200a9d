/** What the lexer asks about characters. */
import type { GoString } from '../go/go-string.ts';
import { isDigit, isLetter } from '../go/letters.ts';
import { formatInteger } from './format-integer.ts';

/** Where the line break is, infinitely far behind the last line. */
export function endOfLine(text: GoString, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? Infinity : end;
}

export function trailingSpace(text: string): number {
  let length = 0;
  while (isSpace(text.charAt(text.length - 1 - length))) length++;
  return length;
}

export function isSpace(unit: string): boolean {
  return unit === ' ' || unit === '\t' || unit === '\r' || unit === '\n';
}

export function isAlphanumeric(code: number): boolean {
  if (code >= 0x80) return isLetter(code) || isDigit(code);
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f
  );
}

/** fmt's %#U, as in `U+002D '-'`. */
export function shown(code: number): string {
  return formatInteger(BigInt(code), true, 'U', { sharp: true }) ?? '';
}
