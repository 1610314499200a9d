/** The paths of gjson 1.18: one component is taken at a time, and differently within an object and within a list. */
import { Unpredictable } from '../go-error.ts';
import { asGoString } from '../go/go-string.ts';
import { runesOf } from '../go/runes.ts';

export type Component = {
  readonly part: string;
  /** What is behind the dot; undefined: this is the last component. */
  readonly rest: string | undefined;
  /** What is behind a pipe, or behind a dot that begins a modifier or a multipath, which counts as one. */
  readonly pipe: string | undefined;
};
export type ObjectComponent = Component & { readonly hasWildcard: boolean };
export type ListComponent = Component & {
  /** A `#` is somewhere in it. */
  readonly hasHash: boolean;
  /** `#.` and a path: of every element. */
  readonly ofEach: string | undefined;
};

const modifiers = /^@(?:pretty|ugly|reverse|this|flatten|join|valid|keys|values|tostr|fromstr|group|dig)(?:$|[.|:])/;
const literals = /^!(?:[{["+\-0-9]|(?:true|false|null|nan|inf)(?:$|[.|]))/i;

export function objectComponent(path: string): ObjectComponent {
  let part = '';
  let hasWildcard = false;
  for (let at = 0; at < path.length; at++) {
    const character = path.charAt(at);
    if (character === '|') return { part, rest: undefined, pipe: path.slice(at + 1), hasWildcard };
    if (character === '.') return { part, ...behindDot(path.slice(at + 1)), hasWildcard };
    if (character === '\\') {
      // A wildcard that is escaped loses its backslash, and is one again where another makes a pattern of the component.
      at += 1;
      part += path.charAt(at);
      continue;
    }
    if (character === '*' || character === '?') hasWildcard = true;
    part += character;
  }
  return { part, rest: undefined, pipe: undefined, hasWildcard };
}

/** @throws Unpredictable for queries */
export function listComponent(path: string): ListComponent {
  if (/^#[([]/.test(path)) throw beyond('queries the elements of a list: #(…)');
  const ofEach = path.startsWith('#.') ? path.slice(2) : undefined;
  const end = /[|.]/.exec(path)?.index ?? path.length;
  const part = path.slice(0, end);
  const hasHash = part.includes('#');
  const behind = path.slice(end + 1);
  if (end === path.length) return { part, rest: undefined, pipe: undefined, hasHash, ofEach };
  if (path.charAt(end) === '|') return { part, rest: undefined, pipe: behind, hasHash, ofEach };
  return { part, ...(hasHash ? { rest: behind, pipe: undefined } : behindDot(behind)), hasHash, ofEach };
}

function behindDot(behind: string): { readonly rest: string | undefined; readonly pipe: string | undefined } {
  return /^[[{]/.test(behind) || modifiers.test(behind)
    ? { rest: undefined, pipe: behind }
    : { rest: behind, pipe: undefined };
}

/**
 * @returns the path without a multipath's brackets that turn out to be none
 * @throws Unpredictable for modifiers, literals and multipaths
 */
export function plainPath(path: string): string {
  if (path.length < 2) return path;
  if (modifiers.test(path)) throw beyond('has a modifier: @…');
  if (literals.test(path)) throw beyond('has a literal: !…');
  return path.startsWith('[') || path.startsWith('{') ? behindBrackets(path) : path;
}

/** Brackets that are not closed take the whole path with them, and what stands behind those that are is a path by itself. */
function behindBrackets(path: string): string {
  let depth = 0;
  for (let at = 0; at < path.length; at++) {
    const character = path.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '"') at = endOfQuotes(path, at);
    else if ('[({'.includes(character)) depth += 1;
    else if ('])}'.includes(character)) {
      depth -= 1;
      if (depth > 0) continue;
      const behind = path.slice(at + 1);
      if (/^(?:$|[.|])/.test(behind)) throw beyond('is a multipath: {…} or […]');
      return behind;
    }
  }
  return '';
}

function endOfQuotes(path: string, from: number): number {
  let at = from + 1;
  while (at < path.length && path.charAt(at) !== '"') at += path.charAt(at) === '\\' ? 2 : 1;
  return at;
}

/**
 * Splits a path of every element at its first pipe, which then is asked of the whole list. A `.#` takes the character behind it along,
 * even where that is the pipe.
 * @throws Unpredictable for queries and multipaths
 */
export function splitAtPipe(path: string): { readonly path: string; readonly pipe: string | undefined } {
  if (!path.includes('|')) return { path, pipe: undefined };
  if (path.startsWith('{') || /\.#[([]/.test(path)) throw beyond('combines a query or a multipath with a pipe');
  for (let at = 0; at < path.length; at++) {
    const character = path.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '.') {
      if (at === path.length - 1) break;
      if (path.charAt(at + 1) === '#') at += 2;
    } else if (character === '|') return { path: path.slice(0, at), pipe: path.slice(at + 1) };
  }
  return { path, pipe: undefined };
}

/** gjson's `match`: `*` any number of characters, `?` one, `\` before either. */
export function matches(text: string, pattern: string): boolean {
  const characters = [...characterCodes(text)];
  const terms = patternTerms(pattern);
  if (terms === undefined) return false;
  // gjson gives up, and finds no match, after a number of steps that this many stars cannot reach.
  if (terms.filter((term) => term === '*').length > 3) throw beyond('has more than three wildcards in a component');
  let [at, term, star, retry] = [0, 0, -1, 0];
  while (at < characters.length) {
    if (terms[term] === '*') {
      star = term;
      retry = at;
      term += 1;
    } else if (terms[term] === '?' || terms[term] === characters[at]) {
      at += 1;
      term += 1;
    } else if (star >= 0) {
      retry += 1;
      at = retry;
      term = star + 1;
    } else return false;
  }
  return terms.slice(term).every((left) => left === '*');
}

type Term = '*' | '?' | number;

/** Undefined where the pattern ends in a backslash, and so matches nothing. */
function patternTerms(pattern: string): readonly Term[] | undefined {
  const codes = [...characterCodes(pattern)];
  const terms: Term[] = [];
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at];
    if (code === undefined) break;
    if (code !== 0x5c) terms.push(code === 0x2a ? '*' : code === 0x3f ? '?' : code);
    else {
      at += 1;
      const escaped = codes[at];
      if (escaped === undefined) return undefined;
      terms.push(escaped);
    }
  }
  return terms.filter((term, index) => term !== '*' || terms[index - 1] !== '*');
}

function* characterCodes(text: string): Generator<number, void> {
  for (const { code } of runesOf(asGoString(text))) yield code;
}

function beyond(what: string): Unpredictable {
  return new Unpredictable('query', `its property ${what}`);
}
