/** Tokens with some given back, and the errors that tell where the reading stands: at the line of the token that was read last. */
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { quote } from '../go/quote.ts';
import type { Lexer } from './lexer.ts';
import { truncate } from './padding.ts';
import type { Token, TokenKind } from './token.ts';
import type { SaidOperand } from './template-error.ts';
import { templateError } from './template-error.ts';

export class TokenReader {
  /** Of the whole text, which errors tell also inside `define`. */
  readonly templateName: GoString;
  readonly lexer: Lexer;
  /** Given back, the next one last. */
  readonly #pending: Token[] = [];
  #line = 0;
  /** The line where the action that is being read begins; 0 outside. */
  actionLine = 0;

  constructor(templateName: GoString, lexer: Lexer) {
    this.templateName = templateName;
    this.lexer = lexer;
  }

  next(): Token {
    const pending = this.#pending.pop();
    if (pending !== undefined) return pending;
    const token = this.lexer.next();
    this.#line = token.line;
    return token;
  }

  giveBack(token: Token, behindIt?: Token): void {
    if (behindIt !== undefined) this.#pending.push(behindIt);
    this.#pending.push(token);
  }

  peek(): Token {
    const pending = this.#pending.at(-1);
    if (pending !== undefined) return pending;
    const token = this.next();
    this.#pending.push(token);
    return token;
  }

  nextNonSpace(): Token {
    for (;;) {
      const token = this.next();
      if (token.kind !== 'space') return token;
    }
  }

  /** The spaces before it are gone. */
  peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.giveBack(token);
    return token;
  }

  expect(kind: TokenKind, context: string): Token {
    const token = this.nextNonSpace();
    if (token.kind !== kind) throw this.unexpected(token, context);
    return token;
  }

  failure(format: string, ...operands: readonly SaidOperand[]): Error {
    return templateError({ place: `${this.templateName}:${this.#line}` }, format, operands);
  }

  unexpected(token: Token, context: string): Error {
    if (token.kind !== 'error') return this.failure('unexpected %s in %s', { said: shown(token) }, asGoString(context));
    let extra = '';
    if (this.actionLine !== 0 && this.actionLine !== token.line) {
      const started = ` started at ${this.templateName}:${this.actionLine}`;
      extra = token.text.endsWith(' action') ? started : ` in action${started}`;
    }
    return this.failure('%s%s', { said: token.text }, asGoString(extra));
  }
}

function shown({ kind, text }: Token): string {
  if (kind === 'end-of-text') return 'EOF';
  if (kind === 'keyword') return `<${text}>`;
  return text.length > 10 ? `${quote(truncate(text, { precision: 10 }))}...` : quote(text);
}
