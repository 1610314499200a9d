/** Which style go.yaml.in/yaml/v2 writes a text in, outside flow collections. */
import type { GoString } from '../go/go-string.ts';
import { runesOf } from '../go/runes.ts';
import { resolveScalar } from './resolve-scalar.ts';
import { notFollowed } from './yaml-node.ts';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

export function styleOf(text: GoString): ScalarStyle {
  const isSpecial = /[^\n -~\x80-\xff]|\xef\xbb\xbf|[\xf0-\xf4]/.test(text) || / \n/.test(text);
  if (text.includes('\n')) return isSpecial || text.endsWith(' ') ? 'double' : 'literal';
  if (text === '' || looksLikeAnother(text)) return 'double';
  if (isSpecial) return 'double';
  return isPlain(text) ? 'plain' : 'single';
}

/** What would be read as a number, a boolean, null or a date, or was in YAML 1.1 (`1:30`). */
function looksLikeAnother(text: GoString): boolean {
  if (/^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$/.test(text)) return isDate(text);
  if (/^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[Tt ]/.test(text)) throw notFollowed();
  return (
    resolveScalar({ kind: 'scalar', value: text, plain: true }).kind !== 'string' ||
    /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(text)
  );
}

function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function isPlain(text: string): boolean {
  return !(
    /^[#,[\]{}&*!|>'"%@`]|^[?:-]( |$)|^(---|\.\.\.)|^ | $/.test(text) ||
    /.:( |$)/.test(text) ||
    / #/.test(text)
  );
}

const named = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
]);

/** On one line. */
export function writeQuoted(text: GoString, style: Exclude<ScalarStyle, 'literal'>): string {
  if (style === 'plain') return text;
  if (style === 'single') return `'${text.replaceAll("'", "''")}'`;
  let written = '';
  for (const { code, at, width } of runesOf(text)) {
    const name = named.get(code);
    if (name !== undefined) written += `\\${name}`;
    else if (code < 0x20) written += `\\x${hex(code, 2)}`;
    else if (code === 0xfeff) written += `\\u${hex(code, 4)}`;
    else if (code > 0xffff) written += `\\U${hex(code, 8)}`;
    else written += text.slice(at, at + width);
  }
  return `"${written}"`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, '0');
}
