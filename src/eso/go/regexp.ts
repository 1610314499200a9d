/** Go's regexp package over GoStrings. */
import type { GoString } from './go-string.ts';
import { asGoString, goString } from './go-string.ts';
import { isDigit, isLetter } from './letters.ts';
import { parseRegexp } from './regexp-parse.ts';
import type { Instruction } from './regexp-program.ts';
import { compileProgram } from './regexp-program.ts';
import type { Subject } from './regexp-run.ts';
import { runProgram, subjectOf } from './regexp-run.ts';
import { runesOf } from './runes.ts';

/** Where the whole match and each group lie, in bytes; undefined where a group took no part. The first is the whole and always there. */
export type Match = readonly [whole: Span, ...groups: (Span | undefined)[]];
export type Span = { readonly start: number; readonly end: number };

/**
 * regexp.Compile.
 * @throws GoError with Go's text (`error parsing regexp: …`); Unpredictable for what is not evaluated here
 */
export function compileRegexp(source: string): GoRegexp {
  return new GoRegexp(source);
}

export class GoRegexp {
  readonly #program: readonly Instruction[];
  readonly #groupNames: readonly string[];
  readonly #isEmpty: boolean;

  constructor(source: string) {
    const { node, groupNames } = parseRegexp(source);
    this.#program = compileProgram(node);
    this.#groupNames = groupNames;
    this.#isEmpty = source === '';
  }

  /** MatchString: anywhere in the text. */
  test(text: GoString): boolean {
    return this.find(text) !== undefined;
  }

  /** FindStringSubmatchIndex: the leftmost match. */
  find(text: GoString): Match | undefined {
    const subject = subjectOf(text);
    const places = runProgram(this.#program, subject, 0);
    return places === undefined ? undefined : this.#match(subject, places);
  }

  /** FindAllStringSubmatchIndex. @param limit none where it is negative */
  findAll(text: GoString, limit = -1): Match[] {
    const subject = subjectOf(text);
    const matches: Match[] = [];
    let endBefore = -1;
    for (let from = 0; from <= subject.codes.length && (limit < 0 || matches.length < limit);) {
      const places = runProgram(this.#program, subject, from);
      if (places === undefined) break;
      const [start = 0, end = 0] = places;
      // An empty match right behind another is none.
      if (end !== from || start !== endBefore) matches.push(this.#match(subject, places));
      from = end === from ? from + 1 : end;
      endBefore = end;
    }
    return matches;
  }

  /** ReplaceAllString: in `template` `$1`, `${1}`, `$name`, `$$`; a name takes all letters, digits and underscores that follow. */
  replaceAll(text: GoString, template: GoString): GoString {
    return this.#replace(text, (match) => this.#expand(template, text, match));
  }

  /** ReplaceAllLiteralString */
  replaceAllLiteral(text: GoString, replacement: GoString): GoString {
    return this.#replace(text, () => replacement);
  }

  /** Split. @param limit how many parts at most; none where it is negative */
  split(text: GoString, limit: number): GoString[] {
    if (limit === 0) return [];
    if (text === '' && !this.#isEmpty) return [text];
    const parts: GoString[] = [];
    let [from, to] = [0, 0];
    for (const [{ start, end }] of this.findAll(text, limit)) {
      if (limit > 0 && parts.length >= limit - 1) break;
      to = start;
      if (end !== 0) parts.push(asGoString(text.slice(from, start)));
      from = end;
    }
    if (to !== text.length) parts.push(asGoString(text.slice(from)));
    return parts;
  }

  #replace(text: GoString, replacement: (match: Match) => string): GoString {
    const subject = subjectOf(text);
    let replaced = '';
    let copied = 0;
    for (let from = 0; from <= subject.codes.length;) {
      const places = runProgram(this.#program, subject, from);
      if (places === undefined) break;
      const match = this.#match(subject, places);
      const [{ start, end }] = match;
      replaced += text.slice(copied, start);
      if (end > copied || start === 0) replaced += replacement(match);
      copied = end;
      from = Math.max(from + 1, places[1] ?? 0);
    }
    return asGoString(replaced + text.slice(copied));
  }

  #match({ offsets }: Subject, places: readonly (number | undefined)[]): Match {
    const span = (group: number): Span | undefined => {
      const [start, end] = [places[2 * group], places[2 * group + 1]];
      return start === undefined || end === undefined
        ? undefined
        : { start: offsets[start] ?? 0, end: offsets[end] ?? 0 };
    };
    return [span(0) ?? { start: 0, end: 0 }, ...this.#groupNames.map((_, index) => span(index + 1))];
  }

  #expand(template: GoString, text: GoString, match: Match): string {
    let expanded = '';
    let rest: string = template;
    for (let dollar = rest.indexOf('$'); dollar >= 0; dollar = rest.indexOf('$')) {
      expanded += rest.slice(0, dollar);
      rest = rest.slice(dollar + 1);
      if (rest.startsWith('$')) {
        expanded += '$';
        rest = rest.slice(1);
        continue;
      }
      const reference = readReference(rest);
      if (reference === undefined) {
        expanded += '$';
        continue;
      }
      const span = this.#group(reference.name, match);
      if (span !== undefined) expanded += text.slice(span.start, span.end);
      rest = rest.slice(reference.length);
    }
    return expanded + rest;
  }

  #group(name: string, match: Match): Span | undefined {
    if (/^(?:0|[1-9]\d{0,8})$/.test(name)) return match[Number(name)];
    return match[this.#groupNames.findIndex((known) => goString(known) === name) + 1 || match.length];
  }
}

/** A group's name behind a dollar, and how many bytes it takes. Undefined where it is none, and the dollar stands for itself. */
function readReference(rest: string): { readonly name: string; readonly length: number } | undefined {
  const inBraces = rest.startsWith('{');
  const start = inBraces ? 1 : 0;
  let end = start;
  for (const { code, at, width } of runesOf(asGoString(rest.slice(start)))) {
    if (!isLetter(code) && !isDigit(code) && code !== 0x5f) break;
    end = start + at + width;
  }
  if (end === start || (inBraces && rest.charAt(end) !== '}')) return undefined;
  return { name: rest.slice(start, end), length: end + (inBraces ? 1 : 0) };
}
