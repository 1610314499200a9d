/** The sets of characters of Go's regular expressions. */
import { isLaterThanGo } from './letters.ts';

/** Of code points; a byte that is not UTF-8 is U+FFFD. */
export type CharacterSet = (code: number) => boolean;

type Range = readonly [from: number, to: number];

const digit: readonly Range[] = [[0x30, 0x39]];
const upper: readonly Range[] = [[0x41, 0x5a]];
const lower: readonly Range[] = [[0x61, 0x7a]];
const alpha = [...upper, ...lower];
const word = [...digit, ...alpha, [0x5f, 0x5f]] as const satisfies readonly Range[];

/** `\d`, `\s` and `\w` are ASCII's alone, and `\s` is without the vertical tab. */
export const perlClasses: ReadonlyMap<string, CharacterSet> = new Map([
  ['d', inRanges(digit)],
  [
    's',
    inRanges([
      [0x09, 0x0a],
      [0x0c, 0x0d],
      [0x20, 0x20],
    ]),
  ],
  ['w', inRanges(word)],
]);

export const posixClasses: ReadonlyMap<string, CharacterSet> = new Map([
  ['alnum', inRanges([...digit, ...alpha])],
  ['alpha', inRanges(alpha)],
  ['ascii', inRanges([[0, 0x7f]])],
  [
    'blank',
    inRanges([
      [0x09, 0x09],
      [0x20, 0x20],
    ]),
  ],
  [
    'cntrl',
    inRanges([
      [0, 0x1f],
      [0x7f, 0x7f],
    ]),
  ],
  ['digit', inRanges(digit)],
  ['graph', inRanges([[0x21, 0x7e]])],
  ['lower', inRanges(lower)],
  ['print', inRanges([[0x20, 0x7e]])],
  [
    'punct',
    inRanges([
      [0x21, 0x2f],
      [0x3a, 0x40],
      [0x5b, 0x60],
      [0x7b, 0x7e],
    ]),
  ],
  [
    'space',
    inRanges([
      [0x09, 0x0d],
      [0x20, 0x20],
    ]),
  ],
  ['upper', inRanges(upper)],
  ['word', inRanges(word)],
  ['xdigit', inRanges([...digit, [0x41, 0x46], [0x61, 0x66]])],
]);

export function inRanges(ranges: readonly Range[]): CharacterSet {
  return (code) => ranges.some(([from, to]) => from <= code && code <= to);
}

export function inAny(sets: readonly CharacterSet[]): CharacterSet {
  return (code) => sets.some((set) => set(code));
}

export function notIn(set: CharacterSet): CharacterSet {
  return (code) => !set(code);
}

/** With everything that differs from a member by its case alone. */
export function foldCase(set: CharacterSet): CharacterSet {
  const known = new Map<number, boolean>();
  return (code) => {
    const answer = known.get(code) ?? caseVariants(code).some(set);
    known.set(code, answer);
    return answer;
  };
}

const categories = /^(?:Any|L[ulmot]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cf])$/;
const scripts =
  /^(?:Arabic|Armenian|Bengali|Common|Cyrillic|Devanagari|Georgian|Greek|Han|Hangul|Hebrew|Hiragana|Katakana|Latin|Thai)$/;

/**
 * `\p{name}`, of the categories and the scripts whose members this Node knows as Go does.
 * @param name as Go's canonicalName has it: a capital first, then small letters, nothing else
 * @returns undefined for others, which Go may know
 */
export function unicodeClass(name: string): CharacterSet | undefined {
  if (name === 'Any') return () => true;
  if (!categories.test(name) && !scripts.test(name)) return undefined;
  const type = new RegExp(`^\\p{${scripts.test(name) ? 'Script=' : ''}${name}}$`, 'u');
  return (code) => type.test(String.fromCodePoint(code)) && !isLaterThanGo(code);
}

/** Pairs that fold to each other since Unicode 15.1. */
const foldedLater: ReadonlySet<number> = new Set([0x390, 0x3b0, 0x1fd3, 0x1fe3, 0xfb05, 0xfb06]);

let cased: string | undefined;

/** All characters that simple case folding takes for the same, this one among them: unicode.SimpleFold, round and round. */
function caseVariants(code: number): readonly number[] {
  if (isLaterThanGo(code) || foldedLater.has(code)) return [code];
  cased ??= allCased();
  const character = String.fromCodePoint(code);
  if (!cased.includes(character)) return [code];
  const found = cased.match(new RegExp(`\\u{${code.toString(16)}}`, 'giu')) ?? [];
  return found.map((variant) => variant.codePointAt(0) ?? code);
}

function allCased(): string {
  const changes = /^[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]$/u;
  let characters = '';
  for (let code = 0; code < 0x20000; code++) {
    const character = String.fromCodePoint(code);
    if (changes.test(character) && !isLaterThanGo(code)) characters += character;
  }
  return characters;
}
