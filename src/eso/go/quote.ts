/** strconv.Quote and its kin. */
import type { GoString } from './go-string.ts';
import { goString } from './go-string.ts';
import { isPrintable } from './letters.ts';
import { runeAt } from './runes.ts';

const named = new Map([
  [0x07, '\\a'],
  [0x08, '\\b'],
  [0x0c, '\\f'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x09, '\\t'],
  [0x0b, '\\v'],
  [0x5c, '\\\\'],
]);

/** strconv.Quote, which is fmt's `%q`; with `asciiOnly` strconv.QuoteToASCII, which is `%+q`. */
export function quote(text: GoString, asciiOnly = false): GoString {
  let quoted = '';
  for (let at = 0; at < text.length;) {
    const { code, width } = runeAt(text, at);
    if (code === 0xfffd && width === 1) quoted += escapedByte(text.charCodeAt(at));
    else quoted += code === 0x22 ? '\\"' : escaped(code, asciiOnly);
    at += width;
  }
  return goString(`"${quoted}"`);
}

/** strconv.QuoteRune, which is `%q` of an integer that is a code point; others are U+FFFD. */
export function quoteRune(code: number, asciiOnly = false): GoString {
  const isCharacter = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return goString(`'${escapedInQuotes(isCharacter ? code : 0xfffd, asciiOnly)}'`);
}

/** `%#q`: in backquotes where that is possible. */
export function quoteRaw(text: GoString, asciiOnly = false): GoString {
  return canBackquote(text) ? (goString('`').concat(text, '`') as GoString) : quote(text, asciiOnly);
}

/** What encoding/json writes between single quotes for a byte that it did not expect: the code point of that number. */
export function quoteCharacter(byte: number): string {
  return escapedInQuotes(byte, false);
}

function escapedInQuotes(code: number, asciiOnly: boolean): string {
  return code === 0x27 ? "\\'" : escaped(code, asciiOnly);
}

function escaped(code: number, asciiOnly: boolean): string {
  const name = named.get(code);
  if (name !== undefined) return name;
  if (asciiOnly ? code >= 0x20 && code < 0x7f : isPrintable(code)) return String.fromCodePoint(code);
  if (code < 0x20 || code === 0x7f) return escapedByte(code);
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function escapedByte(byte: number): string {
  return `\\x${hex(byte, 2)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

function canBackquote(text: GoString): boolean {
  for (let at = 0; at < text.length;) {
    const { code, width } = runeAt(text, at);
    if (
      width > 1 ? code === 0xfeff : code === 0xfffd || (code < 0x20 && code !== 0x09) || code === 0x60 || code === 0x7f
    )
      return false;
    at += width;
  }
  return true;
}
