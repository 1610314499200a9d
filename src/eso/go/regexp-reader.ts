/** The text of a regular expression while it is read, and the errors of Go's regexp/syntax. */
import { GoError, Unpredictable } from '../go-error.ts';
import type { CharacterSet } from './regexp-class.ts';
import { foldCase, notIn, perlClasses, unicodeClass } from './regexp-class.ts';

const namedEscapes: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['v', 0x0b],
]);

export class RegexpReader {
  readonly source: string;
  at = 0;

  constructor(source: string) {
    this.source = source;
  }

  get isAtEnd(): boolean {
    return this.at >= this.source.length;
  }

  startsWith(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  take(text: string): boolean {
    const isThere = this.startsWith(text);
    if (isThere) this.at += text.length;
    return isThere;
  }

  /** Undefined at the end. */
  next(): number | undefined {
    const code = this.source.codePointAt(this.at);
    if (code !== undefined) this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.source) ?? undefined;
    if (found !== undefined) this.at = sticky.lastIndex;
    return found;
  }

  /** @param what an ErrorCode's text. @param from where the expression that is quoted starts; it ends where the reading stands */
  error(what: string, from: number, to = this.at): GoError {
    return regexpError(what, this.source.slice(from, to));
  }

  /** What `\d`, `\pL` and their like stand for. Undefined where it is no class, and nothing is taken then. */
  classEscape(ignoresCase: boolean): CharacterSet | undefined {
    const letter = /^\\([dswDSW])/.exec(this.source.slice(this.at, this.at + 2))?.[1];
    if (letter === undefined)
      return this.startsWith('\\p') || this.startsWith('\\P') ? this.#unicodeEscape(ignoresCase) : undefined;
    this.at += 2;
    const set = perlClasses.get(letter.toLowerCase());
    return set === undefined ? undefined : withOptions(set, ignoresCase, letter < 'a');
  }

  #unicodeEscape(ignoresCase: boolean): CharacterSet {
    const from = this.at;
    const isNegated = this.startsWith('\\P');
    this.at += 2;
    const inBraces = this.take('{');
    if (inBraces && !this.source.includes('}', this.at))
      throw this.error('invalid character class range', from, this.source.length);
    const start = this.at;
    if (inBraces) this.at = this.source.indexOf('}', this.at);
    else this.next();
    const name = this.source.slice(start, this.at);
    if (inBraces) this.at += 1;
    const plain = name.replace(/^\^/, '');
    const set = unicodeClass(canonicalName(plain));
    if (set !== undefined) return withOptions(set, ignoresCase, isNegated !== (plain !== name));
    if (/^.?$/su.test(plain) && plain !== 'C') throw this.error('invalid character class range', from);
    throw new Unpredictable('rewrite', `its regular expression has the class ${this.source.slice(from, this.at)}`);
  }

  /** A backslash and what belongs to it, where it stands for one character. */
  escape(): number {
    const from = this.at;
    this.at += 1;
    if (this.isAtEnd) throw regexpError('trailing backslash at end of expression', '');
    const octal = this.match(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
    if (octal !== undefined) return Number.parseInt(octal[0], 8);
    const code = this.next() ?? 0;
    const letter = String.fromCodePoint(code);
    const named = namedEscapes.get(letter);
    if (named !== undefined) return named;
    if (code < 0x80 && !/[\da-zA-Z]/.test(letter)) return code;
    if (letter === 'x') {
      const hexadecimal = this.#hexadecimal();
      if (hexadecimal !== undefined) return hexadecimal;
    }
    throw this.error('invalid escape sequence', from);
  }

  /** Undefined: the reading stands behind what was wrong. */
  #hexadecimal(): number | undefined {
    if (!this.take('{')) {
      const digits = [this.next(), this.next()].map((code) => String.fromCodePoint(code ?? 0)).join('');
      return /^[\da-fA-F]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
    }
    let value: number | undefined;
    for (let code = this.next(); code !== undefined; code = this.next()) {
      const character = String.fromCodePoint(code);
      if (character === '}') return value;
      if (!/^[\da-fA-F]$/.test(character)) return undefined;
      value = (value ?? 0) * 16 + Number.parseInt(character, 16);
      if (value > 0x10ffff) return undefined;
    }
    return undefined;
  }
}

export function regexpError(what: string, expression: string): GoError {
  return new GoError(`error parsing regexp: ${what}: \`${expression}\``);
}

export function withOptions(set: CharacterSet, ignoresCase: boolean, isNegated: boolean): CharacterSet {
  const folded = ignoresCase ? foldCase(set) : set;
  return isNegated ? notIn(folded) : folded;
}

/** Go 1.25: capitals, spaces, hyphens and underscores do not count. */
function canonicalName(name: string): string {
  const letters = name.replaceAll(/[-_ ]/g, '');
  return letters.slice(0, 1).toUpperCase() + letters.slice(1).toLowerCase();
}
