/** The syntax of Go's regular expressions (regexp/syntax with its Perl flags). */
import { Unpredictable } from '../go-error.ts';
import type { CharacterSet } from './regexp-class.ts';
import { inAny, inRanges, notIn, posixClasses } from './regexp-class.ts';
import type { Assertion, ParsedRegexp, RegexpNode, Repetition } from './regexp-node.ts';
import { RegexpReader, regexpError, withOptions } from './regexp-reader.ts';

type Flags = { readonly i: boolean; readonly m: boolean; readonly s: boolean; readonly U: boolean };

/** What is inside one pair of parentheses, or in none. */
type Level = {
  readonly alternatives: RegexpNode[][];
  /** Undefined: it is not counted. */
  readonly group: number | undefined;
  /** They are in force again behind it. */
  readonly flagsBefore: Flags;
};

const maxRepeat = 1000;
/** Go allows 1,000, of a measure of its own. */
const maxDepth = 250;
const newline = inRanges([[0x0a, 0x0a]]);

/** @throws GoError as regexp.Compile does; Unpredictable for what is not evaluated here */
export function parseRegexp(source: string): ParsedRegexp {
  return new RegexpParser(source).parse();
}

class RegexpParser {
  readonly #reader: RegexpReader;
  readonly #levels: Level[];
  readonly #groupNames: string[] = [];
  #flags: Flags = { i: false, m: false, s: false, U: false };

  constructor(source: string) {
    this.#reader = new RegexpReader(source.toWellFormed());
    this.#levels = [{ alternatives: [[]], group: undefined, flagsBefore: this.#flags }];
  }

  parse(): ParsedRegexp {
    const reader = this.#reader;
    /** Where the repetition starts that ended just here: another may not follow it. */
    let repetitionFrom: number | undefined;
    while (!reader.isAtEnd) {
      const from = reader.at;
      const repetition = this.#readRepetition();
      if (repetition === undefined) this.#readItem();
      else this.#repeat(repetition, from, repetitionFrom);
      repetitionFrom = repetition === undefined ? undefined : from;
    }
    const [outermost, ...open] = this.#levels;
    if (outermost === undefined || open.length > 0) throw regexpError('missing closing )', reader.source);
    return { node: joined(outermost), groupNames: this.#groupNames };
  }

  get #items(): RegexpNode[] {
    return this.#levels.at(-1)?.alternatives.at(-1) ?? [];
  }

  #add(node: RegexpNode): void {
    this.#items.push(node);
  }

  #addLiteral(code: number): void {
    const set = inRanges([[code, code]]);
    this.#add({ kind: 'character', set: withOptions(set, this.#flags.i, false) });
  }

  #readItem(): void {
    const reader = this.#reader;
    const { m, s } = this.#flags;
    if (reader.take('(')) this.#open();
    else if (reader.take('|')) this.#levels.at(-1)?.alternatives.push([]);
    else if (reader.take(')')) this.#close();
    else if (reader.take('^')) this.#assert(m ? 'line start' : 'text start');
    else if (reader.take('$')) this.#assert(m ? 'line end' : 'text end');
    else if (reader.take('.')) this.#add({ kind: 'character', set: s ? () => true : notIn(newline) });
    else if (reader.startsWith('[')) this.#readClass();
    else if (reader.startsWith('\\')) this.#readEscape();
    else this.#addLiteral(reader.next() ?? 0);
  }

  #assert(assertion: Assertion): void {
    this.#add({ kind: 'assertion', assertion });
  }

  #readEscape(): void {
    const reader = this.#reader;
    if (reader.take('\\A')) this.#assert('text start');
    else if (reader.take('\\z')) this.#assert('text end');
    else if (reader.take('\\b')) this.#assert('word boundary');
    else if (reader.take('\\B')) this.#assert('no word boundary');
    else if (reader.take('\\Q')) {
      const end = reader.source.indexOf('\\E', reader.at);
      const literal = reader.source.slice(reader.at, end < 0 ? undefined : end);
      for (const character of literal) this.#addLiteral(character.codePointAt(0) ?? 0);
      reader.at = end < 0 ? reader.source.length : end + 2;
    } else {
      const set = reader.classEscape(this.#flags.i);
      if (set === undefined) this.#addLiteral(reader.escape());
      else this.#add({ kind: 'character', set });
    }
  }

  /** Behind the parenthesis. */
  #open(): void {
    const reader = this.#reader;
    const from = reader.at - 1;
    const flagsBefore = this.#flags;
    if (!reader.startsWith('?')) this.#pushLevel('', flagsBefore);
    else if (reader.match(/\?P?<(?=.)/suy) !== undefined) {
      const end = reader.source.indexOf('>', from);
      if (end < 0) throw reader.error('invalid named capture', from, reader.source.length);
      const name = reader.source.slice(reader.at, end);
      if (!/^\w+$/.test(name)) throw reader.error('invalid named capture', from, end + 1);
      reader.at = end + 1;
      this.#pushLevel(name, flagsBefore);
    } else if (this.#readFlags(from) === ':') this.#pushLevel(undefined, flagsBefore);
  }

  #pushLevel(name: string | undefined, flagsBefore: Flags): void {
    if (name !== undefined) this.#groupNames.push(name);
    const group = name === undefined ? undefined : this.#groupNames.length;
    if (this.#levels.push({ alternatives: [[]], group, flagsBefore }) > maxDepth)
      throw new Unpredictable('rewrite', 'its regular expression is nested very deeply');
  }

  /** @returns what ends the flags */
  #readFlags(from: number): ':' | ')' {
    const reader = this.#reader;
    reader.at += 1;
    const flags = { ...this.#flags };
    let isOn = true;
    let isComplete = true;
    for (let code = reader.next(); code !== undefined; code = reader.next()) {
      const character = String.fromCodePoint(code);
      if (character === 'i' || character === 'm' || character === 's' || character === 'U') {
        flags[character] = isOn;
        isComplete = true;
      } else if (character === '-' && isOn) isOn = isComplete = false;
      else if ((character === ':' || character === ')') && isComplete) {
        this.#flags = flags;
        return character;
      } else break;
    }
    throw reader.error('invalid or unsupported Perl syntax', from);
  }

  #close(): void {
    const level = this.#levels.pop();
    if (level === undefined || this.#levels.length === 0) throw regexpError('unexpected )', this.#reader.source);
    this.#flags = level.flagsBefore;
    const node = joined(level);
    this.#add(level.group === undefined ? node : { kind: 'group', number: level.group, node });
  }

  #readClass(): void {
    const reader = this.#reader;
    const from = reader.at;
    reader.at += 1;
    const isNegated = reader.take('^');
    const sets: CharacterSet[] = [];
    for (let isFirst = true; isFirst || !reader.startsWith(']'); isFirst = false) sets.push(this.#readClassItem(from));
    reader.at += 1;
    const set = inAny(sets);
    this.#add({ kind: 'character', set: isNegated ? notIn(set) : set });
  }

  #readClassItem(classFrom: number): CharacterSet {
    const reader = this.#reader;
    const from = reader.at;
    const posix = reader.match(/\[:(\^?)(.*?):\]/sy);
    if (posix !== undefined) {
      const set = posixClasses.get(posix[2] ?? '');
      if (set === undefined) throw reader.error('invalid character class range', from);
      return withOptions(set, this.#flags.i, posix[1] === '^');
    }
    const escaped = reader.classEscape(this.#flags.i);
    if (escaped !== undefined) return escaped;
    const low = this.#readClassCharacter(classFrom);
    let high = low;
    if (reader.startsWith('-') && reader.at + 1 < reader.source.length && !reader.startsWith('-]')) {
      reader.at += 1;
      high = this.#readClassCharacter(classFrom);
      if (high < low) throw reader.error('invalid character class range', from);
    }
    return withOptions(inRanges([[low, high]]), this.#flags.i, false);
  }

  #readClassCharacter(classFrom: number): number {
    const reader = this.#reader;
    if (reader.startsWith('\\')) return reader.escape();
    const code = reader.next();
    if (code === undefined) throw reader.error('missing closing ]', classFrom);
    return code;
  }

  /** Undefined where none stands here: braces with anything else in them are themselves. */
  #readRepetition(): Omit<Repetition, 'kind' | 'node' | 'isGreedy'> | undefined {
    const reader = this.#reader;
    if (reader.take('*')) return { min: 0, max: Infinity, isCounted: false };
    if (reader.take('+')) return { min: 1, max: Infinity, isCounted: false };
    if (reader.take('?')) return { min: 0, max: 1, isCounted: false };
    const from = reader.at;
    const braces = reader.match(/\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}/y);
    if (braces === undefined) return undefined;
    const min = Number(braces[1]);
    const max = braces[2] === undefined ? min : braces[3] === undefined ? Infinity : Number(braces[3]);
    if (min > maxRepeat || (max !== Infinity && max > maxRepeat) || min > max)
      throw reader.error('invalid repeat count', from);
    return { min, max, isCounted: true };
  }

  #repeat(
    counts: Omit<Repetition, 'kind' | 'node' | 'isGreedy'>,
    from: number,
    repetitionFrom: number | undefined,
  ): void {
    const reader = this.#reader;
    const isGreedy = reader.take('?') === this.#flags.U;
    if (repetitionFrom !== undefined) throw reader.error('invalid nested repetition operator', repetitionFrom);
    const node = this.#items.pop();
    if (node === undefined) throw reader.error('missing argument to repetition operator', from);
    const repetition: Repetition = { kind: 'repetition', node, ...counts, isGreedy };
    const isLong = counts.isCounted && (counts.min >= 2 || (counts.max >= 2 && counts.max !== Infinity));
    if (isLong && !isWithin(repetition, maxRepeat)) throw reader.error('invalid repeat count', from);
    this.#add(repetition);
  }
}

function joined({ alternatives }: Level): RegexpNode {
  const nodes = alternatives.map((items): RegexpNode => ({ kind: 'sequence', nodes: items }));
  const [only] = nodes;
  return only !== undefined && nodes.length === 1 ? only : { kind: 'alternatives', nodes };
}

/** Whether counted repetitions within each other stay below the limit together. */
function isWithin(node: RegexpNode, limit: number): boolean {
  switch (node.kind) {
    case 'character':
    case 'assertion':
      return true;
    case 'sequence':
    case 'alternatives':
      return node.nodes.every((inner) => isWithin(inner, limit));
    case 'group':
      return isWithin(node.node, limit);
    case 'repetition': {
      if (!node.isCounted) return isWithin(node.node, limit);
      if (node.max === 0) return true;
      const times = node.max === Infinity ? node.min : node.max;
      return times <= limit && isWithin(node.node, times > 0 ? Math.floor(limit / times) : limit);
    }
  }
}
