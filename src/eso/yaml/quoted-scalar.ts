/** Scalars in quotes, of YAML 1.1 as go.yaml.in/yaml/v2 has it: those on one line, and folded ones. */
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { runeBytes } from '../go/runes.ts';
import { notFollowed, scannerError } from './yaml-node.ts';

export type Quoted = { readonly value: GoString; readonly end: number };

const escapes = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\xc2\x85'],
  ['_', '\xc2\xa0'],
  ['L', '\xe2\x80\xa8'],
  ['P', '\xe2\x80\xa9'],
]);
const digitsOf = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** @param text that begins with the quote @param line where that is, from 0 @returns undefined where the text ends before the scalar */
export function readQuoted(text: string, line: number): Quoted | undefined {
  const quote = text.charAt(0);
  const simple = (quote === '"' ? /^"([^"\\\n]*)"/ : /^'([^'\n]*)'(?!')/).exec(text);
  if (simple !== null) return { value: asGoString(simple[1] ?? ''), end: simple[0].length };
  let value = '';
  for (let at = 1; at < text.length;) {
    const character = text.charAt(at);
    if (character === quote) {
      if (quote === '"' || text.charAt(at + 1) !== quote) return { value: asGoString(value), end: at + 1 };
      value += quote;
      at += 2;
    } else if (character === '\\' && quote === '"') {
      if (at + 1 === text.length) return undefined;
      const escape = readEscape(text, at, line + countBreaks(text, at));
      value += escape.value;
      at = escape.end;
    } else if (character === '\n' || (/[ \t]/.test(character) && /^[ \t]*\n/.test(text.slice(at)))) {
      const fold = readFold(text, at);
      value += fold.value;
      at = fold.end;
    } else {
      value += character;
      at += 1;
    }
  }
  return undefined;
}

function countBreaks(text: string, end: number): number {
  return text.slice(0, end).split('\n').length - 1;
}

/** Blanks around line breaks go; one break is a space, and of several the first goes. */
function readFold(text: string, at: number): { readonly value: string; readonly end: number } {
  const [gap = ''] = /^[ \t]*(?:\n[ \t]*)+/.exec(text.slice(at)) ?? [];
  const lines = gap.split('\n');
  const after = text.slice(at + gap.length);
  // Tabs that indent, and what looks like the end of the document, are errors.
  if (
    lines.slice(1).some((line) => line.includes('\t')) ||
    (lines.at(-1) === '' && /^(---|\.\.\.)([ \t\n]|$)/.test(after))
  )
    throw notFollowed();
  return { value: lines.length === 2 ? ' ' : '\n'.repeat(lines.length - 2), end: at + gap.length };
}

function readEscape(text: string, at: number, line: number): { readonly value: string; readonly end: number } {
  const letter = text.charAt(at + 1);
  if (letter === '\n') {
    const [gap = ''] = /^(?:[ \t]*\n)*[ \t]*/.exec(text.slice(at + 2)) ?? [];
    if (/[\n\t]/.test(gap)) throw notFollowed();
    return { value: '', end: at + 2 + gap.length };
  }
  const named = escapes.get(letter);
  if (named !== undefined) return { value: named, end: at + 2 };
  const digits = digitsOf.get(letter);
  if (digits === undefined) throw scannerError(line, 'found unknown escape character');
  const code = text.slice(at + 2, at + 2 + digits);
  if (!/^[0-9a-fA-F]+$/.test(code) || code.length < digits)
    throw scannerError(line, 'did not find expected hexdecimal number');
  const number = Number.parseInt(code, 16);
  if ((number >= 0xd800 && number <= 0xdfff) || number > 0x10ffff)
    throw scannerError(line, 'found invalid Unicode character escape code');
  return { value: runeBytes(number), end: at + 2 + digits };
}
