/** html, js and urlquery of text/template. */
import { isPrintable } from '../go/letters.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { runesOf } from '../go/runes.ts';

const inHtml = new Map([
  ['\0', '\xef\xbf\xbd'],
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

export function escapeHtml(text: GoString): GoString {
  return asGoString(text.replaceAll(/[\0"'&<>]/g, (unit) => inHtml.get(unit) ?? unit));
}

export function escapeJs(text: GoString): GoString {
  let escaped = '';
  for (const { code, at, width } of runesOf(text)) {
    const bytes = text.slice(at, at + width);
    if (code < 0x80) escaped += escapeAsciiJs(bytes, code);
    else escaped += isPrintable(code) ? bytes : `\\u${hex(code, 4)}`;
  }
  return asGoString(escaped);
}

function escapeAsciiJs(unit: string, code: number): string {
  if (/[\\'"]/.test(unit)) return `\\${unit}`;
  return /[<>&=]/.test(unit) || code < 0x20 ? `\\u${hex(code, 4)}` : unit;
}

/** net/url.QueryEscape. */
export function escapeQuery(text: GoString): GoString {
  const escaped = text.replaceAll(/[^\w.~-]/g, (unit) => (unit === ' ' ? '+' : `%${hex(unit.charCodeAt(0), 2)}`));
  return asGoString(escaped);
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, '0');
}
