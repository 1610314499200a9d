/**
 * Go's unicode.ToUpper, ToLower and ToTitle: one character for one, where JavaScript follows the special cases of some languages. Held for the
 * Latin, Greek and Cyrillic scripts and their neighbours (below U+0590), and for what has no case.
 */
import { Unpredictable } from '../../go-error.ts';
import type { GoString } from '../../go/go-string.ts';
import { asGoString, goString } from '../../go/go-string.ts';
import { isLaterThanGo } from '../../go/letters.ts';
import { runeBytes, runesOf } from '../../go/runes.ts';

const ascii = /^[\0-\x7f]*$/;

export type Casing = 'upper' | 'lower' | 'title';

export function convertCase(value: GoString, casing: 'upper' | 'lower'): GoString {
  if (ascii.test(value)) return goString(casing === 'upper' ? value.toUpperCase() : value.toLowerCase());
  return mapRunes(value, (code) => convertRune(code, casing));
}

/** What is not UTF-8 becomes U+FFFD, as it does in Go's strings.Map and []rune. */
export function mapRunes(value: GoString, convert: (code: number, at: number) => number): GoString {
  let mapped = '';
  for (const { code, at } of runesOf(value)) mapped += runeBytes(convert(code, at));
  return asGoString(mapped);
}

const titles = new Map([
  [0x1c4, 0x1c5],
  [0x1c5, 0x1c5],
  [0x1c6, 0x1c5],
  [0x1c7, 0x1c8],
  [0x1c8, 0x1c8],
  [0x1c9, 0x1c8],
  [0x1ca, 0x1cb],
  [0x1cb, 0x1cb],
  [0x1cc, 0x1cb],
  [0x1f1, 0x1f2],
  [0x1f2, 0x1f2],
  [0x1f3, 0x1f2],
]);

export function convertRune(code: number, casing: Casing): number {
  const character = String.fromCodePoint(code);
  if (casing === 'title') {
    const title = titles.get(code);
    if (title !== undefined) return title;
  }
  // The one whose lower case is two characters in JavaScript.
  if (code === 0x130 && casing === 'lower') return 0x69;
  const converted = casing === 'lower' ? character.toLowerCase() : character.toUpperCase();
  if (converted === character) return code;
  if (code >= 0x590)
    throw new Unpredictable('template', 'its template changes the case of a script that is not followed here');
  const [first, ...others] = converted;
  const other = first?.codePointAt(0) ?? code;
  // Go knows neither of two characters for one nor of letters that were added since.
  return others.length > 0 || isLaterThanGo(other) ? code : other;
}

/** unicode.IsSpace */
export function isSpace(code: number): boolean {
  return (
    (code >= 0x09 && code <= 0x0d) ||
    [0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000].includes(code) ||
    (code >= 0x2000 && code <= 0x200a)
  );
}

/** U+FEFF is no space in Go, unlike in JavaScript. */
const spaces =
  '(?:[\\t-\\r ]|\\xc2[\\x85\\xa0]|\\xe1\\x9a\\x80|\\xe2\\x80[\\x80-\\x8a\\xa8\\xa9\\xaf]|\\xe2\\x81\\x9f|\\xe3\\x80\\x80)';
const leading = new RegExp(`^${spaces}+`);

/** strings.TrimSpace */
export function trimSpace(value: GoString): GoString {
  const start = leading.exec(value)?.[0].length ?? 0;
  let end = value.length;
  // From the end by hand: a regular expression anchored there takes quadratic time.
  for (let width = spaceBefore(value, end); width > 0 && end > start; width = spaceBefore(value, end)) end -= width;
  return asGoString(value.slice(start, end));
}

const single = new RegExp(`^${spaces}$`);

function spaceBefore(value: GoString, end: number): number {
  return [1, 2, 3].find((width) => width <= end && single.test(value.slice(end - width, end))) ?? 0;
}

/** strings.Title: a letter that follows a separator, which digits and underscores are not. */
export function titleCase(value: GoString): GoString {
  let previous = 0x20;
  return mapRunes(value, (code) => {
    const begins = isSeparator(previous);
    previous = code;
    return begins ? convertRune(code, 'title') : code;
  });
}

function isSeparator(code: number): boolean {
  if (code < 0x80) return !/[0-9A-Za-z_]/.test(String.fromCharCode(code));
  return !/[\p{L}\p{Nd}]/u.test(String.fromCodePoint(code)) && isSpace(code);
}
