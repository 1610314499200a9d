/** Texts in JSON as encoding/json reads and writes them. */
import type { GoString } from './go-string.ts';
import { asGoString } from './go-string.ts';
import { runeBytes, runesOf, validUtf8 } from './runes.ts';

const escapeSequence = /\\(?:u([dD][89abAB]..)\\u([dD][c-fC-F]..)|u(....)|(.))/gs;
const named: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** @param raw valid, with its quotes. Half a surrogate pair and each byte that is not UTF-8 become U+FFFD. */
export function unquoteJson(raw: GoString): GoString {
  const text = validUtf8(asGoString(raw.slice(1, -1)));
  if (!text.includes('\\')) return text;
  return asGoString(
    text.replace(escapeSequence, (_, high?: string, low?: string, unit?: string, letter?: string) => {
      if (high !== undefined && low !== undefined)
        return runeBytes((Number.parseInt(high, 16) - 0xd800) * 0x400 + (Number.parseInt(low, 16) - 0xdc00) + 0x10000);
      if (unit !== undefined) return runeBytes(Number.parseInt(unit, 16));
      return named[letter ?? ''] ?? letter ?? '';
    }),
  );
}

/** What is below a space, quotes and backslashes; U+2028 and U+2029. */
const unsafe = /[^ !#-[\]-\uffff]|\xe2\x80[\xa8\xa9]/g;
const unsafeInHtml = /[^ !#-%'-;=?-[\]-\uffff]|\xe2\x80[\xa8\xa9]/g;
const short: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\xe2\x80\xa8': '\\u2028',
  '\xe2\x80\xa9': '\\u2029',
};

/** A byte that is not UTF-8 becomes the escape of U+FFFD, where U+FFFD itself stays as it is. */
export function quoteJson(text: GoString, escapeHtml: boolean): GoString {
  const escaped = escapeInvalid(text).replace(
    escapeHtml ? unsafeInHtml : unsafe,
    (found) => short[found] ?? `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return asGoString(`"${escaped.replaceAll(notUtf8, '\\ufffd')}"`);
}

/** Stands for one byte that is not UTF-8; beyond a byte, so that no GoString holds it. */
const notUtf8 = '\uffff';

function escapeInvalid(text: GoString): string {
  if (validUtf8(text) === text) return text;
  let marked = '';
  for (const { at, code, width } of runesOf(text))
    marked += code === 0xfffd && width === 1 ? notUtf8 : text.slice(at, at + width);
  return marked;
}
