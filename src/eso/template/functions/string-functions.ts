/** sprig's functions of texts. They count bytes. */
import { Unpredictable } from '../../go-error.ts';
import type { GoString } from '../../go/go-string.ts';
import { asGoString, goString } from '../../go/go-string.ts';
import { quote } from '../../go/quote.ts';
import type { GoValue, TemplateFunction } from '../go-value.ts';
import { convertCase, titleCase, trimSpace } from './casing.ts';
import type { Entries } from './go-function.ts';
import { bool, failed, goFunction, string, text } from './go-function.ts';
import { printed, textual } from './printing.ts';
import { characters, replace, split } from './split.ts';
import { abbreviate, camelCase, initials, joinWords, swapCase, untitle, withoutSpace, wrap } from './words.ts';

const any = 'interface {}';
const mostBytes = 64 * 1024 * 1024;

function ofText(name: string, change: (value: GoString) => GoString): [string, TemplateFunction] {
  return [name, goFunction(['string'], (value) => string(change(value)))];
}

function repeat(value: GoString, count: bigint): GoString {
  if (count < 0n) throw failed('strings: negative Repeat count');
  if (count * BigInt(value.length) > mostBytes)
    throw new Unpredictable('template', 'its template repeats a text too often');
  return asGoString(value.repeat(value === '' ? 0 : Number(count)));
}

function indent(spaces: bigint, value: GoString): string {
  const pad = repeat(goString(' '), spaces);
  return pad + value.replaceAll('\n', `\n${pad}`);
}

const outOfRange = 'runtime error: slice bounds out of range';

/** A negative start, and a negative or too great an end, are the text's own ends. */
function substring(start: bigint, end: bigint, value: GoString): GoString {
  const length = BigInt(value.length);
  if (start < 0n) {
    if (end < 0n) throw failed(`${outOfRange} [:${String(end)}]`);
    if (end > length) throw failed(`${outOfRange} [:${String(end)}] with length ${String(length)}`);
    return asGoString(value.slice(0, Number(end)));
  }
  const toEnd = end < 0n || end > length;
  const to = toEnd ? length : end;
  if (start > to) throw failed(`${outOfRange} [${String(start)}:${String(to)}]`);
  return asGoString(value.slice(Number(start), Number(to)));
}

function truncate(count: bigint, value: GoString): GoString {
  const length = BigInt(value.length);
  if (count < 0n && length + count > 0n) return asGoString(value.slice(Number(length + count)));
  return count >= 0n && length > count ? asGoString(value.slice(0, Number(count))) : value;
}

function trimAll(cutset: GoString, value: GoString): GoString {
  const cut = new Set<string>(characters(cutset));
  const all = characters(value);
  const start = all.findIndex((character) => !cut.has(character));
  if (start < 0) return asGoString('');
  return asGoString(all.slice(start, all.findLastIndex((character) => !cut.has(character)) + 1).join(''));
}

function numbered(parts: readonly GoString[]): GoValue {
  const entries: Entries = new Map(parts.map((part, at) => [goString(`_${at}`), string(part)]));
  return { kind: 'map', type: 'map[string]string', entries };
}

/** A width of pieces of text, which nothing is as long as. */
function clamped(count: bigint): number {
  return Number(count > 2n ** 40n ? 2n ** 40n : count < -1n ? -1n : count);
}

const present = (value: GoValue): boolean => value.kind !== 'nil';
const trims = goFunction(['string', 'string'], (cutset, value) => string(trimAll(cutset, value)));

export const stringFunctions: readonly [string, TemplateFunction][] = [
  ['hello', goFunction([], () => text('Hello!'))],
  ofText('trim', trimSpace),
  ofText('upper', (value) => convertCase(value, 'upper')),
  ofText('lower', (value) => convertCase(value, 'lower')),
  ofText('title', titleCase),
  ofText('untitle', untitle),
  ofText('nospace', withoutSpace),
  ofText('initials', initials),
  ofText('swapcase', swapCase),
  ofText('snakecase', (value) => joinWords(value, '_', 'snakecase')),
  ofText('kebabcase', (value) => joinWords(value, '-', 'kebabcase')),
  ofText('camelcase', camelCase),
  ['trimAll', trims],
  ['trimall', trims],
  [
    'trimSuffix',
    goFunction(['string', 'string'], (suffix, value) =>
      string(value.endsWith(suffix) ? asGoString(value.slice(0, value.length - suffix.length)) : value),
    ),
  ],
  [
    'trimPrefix',
    goFunction(['string', 'string'], (prefix, value) =>
      string(value.startsWith(prefix) ? asGoString(value.slice(prefix.length)) : value),
    ),
  ],
  ['contains', goFunction(['string', 'string'], (part, value) => bool(value.includes(part)))],
  ['hasPrefix', goFunction(['string', 'string'], (prefix, value) => bool(value.startsWith(prefix)))],
  ['hasSuffix', goFunction(['string', 'string'], (suffix, value) => bool(value.endsWith(suffix)))],
  ['repeat', goFunction(['int', 'string'], (count, value) => string(repeat(value, count)))],
  ['replace', goFunction(['string', 'string', 'string'], (old, by, value) => string(replace(value, old, by)))],
  ['substr', goFunction(['int', 'int', 'string'], (start, end, value) => string(substring(start, end, value)))],
  ['trunc', goFunction(['int', 'string'], (count, value) => string(truncate(count, value)))],
  [
    'abbrev',
    goFunction(['int', 'string'], (width, value) => string(width < 4n ? value : abbreviate(value, 0, clamped(width)))),
  ],
  [
    'abbrevboth',
    goFunction(['int', 'int', 'string'], (left, right, value) =>
      string(right < 4n || (left > 0n && right < 7n) ? value : abbreviate(value, clamped(left), clamped(right))),
    ),
  ],
  ['wrap', goFunction(['int', 'string'], (width, value) => string(wrap(value, clamped(width), '', false)))],
  [
    'wrapWith',
    goFunction(['int', 'string', 'string'], (width, newline, value) =>
      string(wrap(value, clamped(width), newline, true)),
    ),
  ],
  ['indent', goFunction(['int', 'string'], (spaces, value) => string(asGoString(indent(spaces, value))))],
  ['nindent', goFunction(['int', 'string'], (spaces, value) => string(asGoString(`\n${indent(spaces, value)}`)))],
  [
    'quote',
    goFunction([`...${any}`], (...values) =>
      string(
        asGoString(
          values
            .filter(present)
            .map((value) => quote(textual(value)))
            .join(' '),
        ),
      ),
    ),
  ],
  [
    'squote',
    goFunction([`...${any}`], (...values) =>
      string(
        asGoString(
          values
            .filter(present)
            .map((value) => `'${printed(value)}'`)
            .join(' '),
        ),
      ),
    ),
  ],
  ['cat', goFunction([`...${any}`], (...values) => string(asGoString(values.filter(present).map(printed).join(' '))))],
  ['toString', goFunction([any], (value) => string(textual(value)))],
  ['plural', goFunction(['string', 'string', 'int'], (one, many, count) => string(count === 1n ? one : many))],
  ['split', goFunction(['string', 'string'], (separator, value) => numbered(split(value, separator)))],
  [
    'splitn',
    goFunction(['string', 'int', 'string'], (separator, count, value) =>
      numbered(split(value, separator, clamped(count))),
    ),
  ],
];
