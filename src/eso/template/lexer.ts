/** The lexer of text/template (Go 1.26). */
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { quote } from '../go/quote.ts';
import { runeAt } from '../go/runes.ts';
import { endOfLine, isAlphanumeric, isSpace, shown, trailingSpace } from './characters.ts';
import type { Token, TokenKind } from './token.ts';

export type Delimiters = readonly [left: GoString, right: GoString];

const keywords = new Set('. block break continue define else end if range nil template with'.split(' '));
const single = new Map<string, TokenKind>([
  ['=', 'assign'],
  ['|', 'pipe'],
  ['(', '('],
  [')', ')'],
]);

export class Lexer {
  #input: GoString;
  readonly #left: GoString;
  readonly #right: GoString;
  #at = 0;
  #start = 0;
  #insideAction = false;
  #parentheses = 0;
  #line = 1;
  #lineEnd: number;

  constructor(input: GoString, [left, right]: Delimiters) {
    this.#input = input;
    this.#left = left;
    this.#right = right;
    this.#lineEnd = endOfLine(input, 0);
  }

  next(): Token {
    return this.#insideAction ? this.#action() : this.#text();
  }

  #token(kind: TokenKind): Token {
    const text = asGoString(this.#input.slice(this.#start, this.#at));
    const token = { kind, text, at: this.#start, line: this.#lineOf(this.#start) };
    this.#start = this.#at;
    return token;
  }

  /** Nothing is read after an error. */
  #error(text: string): Token {
    const token = { kind: 'error', text: asGoString(text), at: this.#start, line: this.#lineOf(this.#start) } as const;
    this.#input = asGoString('');
    this.#at = 0;
    this.#start = 0;
    return token;
  }

  /** Asked in the order of the text, but for what follows an error. */
  #lineOf(position: number): number {
    for (; this.#lineEnd < position; this.#line++) this.#lineEnd = endOfLine(this.#input, this.#lineEnd + 1);
    return this.#line;
  }

  #text(): Token {
    for (;;) {
      const action = this.#input.indexOf(this.#left, this.#at);
      if (action === -1) {
        this.#at = this.#input.length;
        return this.#token(this.#at > this.#start ? 'text' : 'end-of-text');
      }
      if (action > this.#at) {
        const text = this.#input.slice(this.#at, action);
        this.#at = this.#trimmedAt(action + this.#left.length) ? action - trailingSpace(text) : action;
        const token = this.#token('text');
        this.#at = this.#start = action;
        if (token.text !== '') return token;
      }
      const opened = this.#open();
      if (opened !== undefined) return opened;
    }
  }

  /** The left delimiter; undefined after a comment. */
  #open(): Token | undefined {
    this.#at += this.#left.length;
    const inner = this.#at + (this.#trimmedAt(this.#at) ? 2 : 0);
    if (this.#input.startsWith('/*', inner)) {
      this.#at = this.#start = inner;
      return this.#comment();
    }
    const token = this.#token('left');
    this.#at = this.#start = inner;
    this.#insideAction = true;
    this.#parentheses = 0;
    return token;
  }

  #comment(): Token | undefined {
    const end = this.#input.indexOf('*/', this.#at + 2);
    if (end === -1) return this.#error('unclosed comment');
    this.#at = end + 2;
    const right = this.#rightAt(this.#at);
    if (right === undefined) return this.#error('comment ends before closing delimiter');
    this.#pass(right);
    return undefined;
  }

  /** Behind the right delimiter, and behind the space that its marker trims. */
  #pass(right: 'plain' | 'trimming'): void {
    this.#at += (right === 'trimming' ? 2 : 0) + this.#right.length;
    if (right === 'trimming') while (isSpace(this.#input.charAt(this.#at))) this.#at++;
    this.#start = this.#at;
  }

  #rightAt(at: number): 'plain' | 'trimming' | undefined {
    const marked = isSpace(this.#input.charAt(at)) && this.#input.charAt(at + 1) === '-';
    if (marked && this.#input.startsWith(this.#right, at + 2)) return 'trimming';
    return this.#input.startsWith(this.#right, at) ? 'plain' : undefined;
  }

  #trimmedAt(at: number): boolean {
    return this.#input.charAt(at) === '-' && isSpace(this.#input.charAt(at + 1));
  }

  #action(): Token {
    const right = this.#rightAt(this.#at);
    if (right !== undefined) return this.#parentheses === 0 ? this.#close(right) : this.#error('unclosed left paren');
    if (this.#at >= this.#input.length) return this.#error('unclosed action');
    const first = this.#input.charAt(this.#at);
    if (isSpace(first)) return this.#space();
    if (isDigitOrSign(first) || (first === '.' && /^\d?$/.test(this.#input.charAt(this.#at + 1))))
      return this.#number();
    if (isAlphanumeric(this.#rune())) return this.#word('identifier');
    this.#at++;
    switch (first) {
      case ':':
        if (this.#input.charAt(this.#at) !== '=') return this.#error('expected :=');
        this.#at++;
        return this.#token('declare');
      case '"':
        return this.#quoted('"', 'string', 'unterminated quoted string');
      case "'":
        return this.#quoted("'", 'character', 'unterminated character constant');
      case '`':
        return this.#rawString();
      case '$':
        return this.#atTerminator() ? this.#token('variable') : this.#word('variable');
      case '.':
        return this.#atTerminator() ? this.#token('keyword') : this.#word('field');
      case '(':
        this.#parentheses++;
        break;
      case ')':
        if (--this.#parentheses < 0) return this.#error('unexpected right paren');
    }
    const kind = single.get(first);
    if (kind !== undefined) return this.#token(kind);
    if (/[ -~]/.test(first)) return this.#token('other');
    this.#at--;
    return this.#error(`unrecognized character in action: ${shown(this.#rune())}`);
  }

  #close(right: 'plain' | 'trimming'): Token {
    if (right === 'trimming') this.#start += 2;
    const end = this.#start + this.#right.length;
    const token = {
      kind: 'right',
      text: asGoString(this.#input.slice(this.#start, end)),
      at: this.#start,
      line: this.#lineOf(this.#start),
    } as const;
    this.#pass(right);
    this.#insideAction = false;
    return token;
  }

  /** The last space of a run may belong to a trimming right delimiter. */
  #space(): Token {
    while (isSpace(this.#input.charAt(this.#at))) this.#at++;
    if (this.#rightAt(this.#at - 1) === 'trimming') {
      this.#at--;
      if (this.#at === this.#start) return this.#close('trimming');
    }
    return this.#token('space');
  }

  /** The rune at hand, -1 at the end. */
  #rune(): number {
    if (this.#at >= this.#input.length) return -1;
    const unit = this.#input.charCodeAt(this.#at);
    return unit < 0x80 ? unit : runeAt(this.#input, this.#at).code;
  }

  #passRune(): void {
    this.#at += this.#input.charCodeAt(this.#at) < 0x80 ? 1 : runeAt(this.#input, this.#at).width;
  }

  #word(kind: 'identifier' | 'variable' | 'field'): Token {
    while (isAlphanumeric(this.#rune())) this.#passRune();
    if (!this.#atTerminator()) return this.#error(`bad character ${shown(this.#rune())}`);
    const token = this.#token(kind);
    if (kind !== 'identifier') return token;
    if (keywords.has(token.text)) return { ...token, kind: 'keyword' };
    return token.text === 'true' || token.text === 'false' ? { ...token, kind: 'bool' } : token;
  }

  #atTerminator(): boolean {
    const next = this.#input.charAt(this.#at);
    return next === '' || ' \t\r\n.,|:)('.includes(next) || this.#input.startsWith(this.#right, this.#at);
  }

  #quoted(mark: string, kind: TokenKind, unterminated: string): Token {
    for (;;) {
      const next = this.#input.charAt(this.#at++);
      if (next === mark) return this.#token(kind);
      const escaped = next === '\\' ? this.#input.charAt(this.#at++) : next;
      if (escaped === '' || escaped === '\n') return this.#error(unterminated);
    }
  }

  #rawString(): Token {
    const end = this.#input.indexOf('`', this.#at);
    if (end === -1) return this.#error('unterminated raw quoted string');
    this.#at = end + 1;
    return this.#token('raw-string');
  }

  /** Not a perfect one, as in Go: what is wrong still is found when the number is read. */
  #number(): Token {
    if (!this.#oneNumber()) return this.#badNumber();
    if (!/[-+]/.test(this.#input.charAt(this.#at))) return this.#token('number');
    return this.#oneNumber() && this.#input.charAt(this.#at - 1) === 'i' ? this.#token('complex') : this.#badNumber();
  }

  #badNumber(): Token {
    return this.#error(`bad number syntax: ${quote(asGoString(this.#input.slice(this.#start, this.#at)))}`);
  }

  #oneNumber(): boolean {
    const number =
      /[-+]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][-+]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][-+]?[\d_]*)?)i?/y;
    number.lastIndex = this.#at;
    number.exec(this.#input);
    this.#at = number.lastIndex;
    const next = this.#rune();
    if (!isAlphanumeric(next)) return true;
    this.#passRune();
    return false;
  }
}

function isDigitOrSign(unit: string): boolean {
  return (unit >= '0' && unit <= '9') || unit === '-' || unit === '+';
}
