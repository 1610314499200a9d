/** What stands between a template's delimiters: pipelines, commands, operands. */
import { Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import type { CommandNode, OperandNode, PipeNode } from './node.ts';
import { renderNode } from './node.ts';
import { parseCharacter, parseNumber } from './number-literal.ts';
import { SyntaxFailure } from './syntax-failure.ts';
import type { Token, TokenKind } from './token.ts';
import type { TokenReader } from './token-reader.ts';
import { unquote } from './unquote.ts';

/** Go takes 10,000 and ends with an error. */
const maximumParentheses = 200;

/** The operands that cannot stand after a pipe. */
const notExecutable = new Set<OperandNode['kind']>(['bool', 'dot', 'nil', 'number', 'string']);
const operandTokens = new Set<TokenKind>([
  'bool',
  'character',
  'complex',
  'field',
  'identifier',
  'number',
  'raw-string',
  'string',
  'variable',
  '(',
]);

export class PipelineParser {
  readonly #reader: TokenReader;
  readonly #isFunction: (name: GoString) => boolean;
  #variables: GoString[] = [asGoString('$')];
  #parentheses = 0;

  constructor(reader: TokenReader, isFunction: (name: GoString) => boolean) {
    this.#reader = reader;
    this.#isFunction = isFunction;
  }

  /** What is declared from here on ends with `leave`. */
  scope(): number {
    return this.#variables.length;
  }

  leave(scope: number): void {
    this.#variables.length = scope;
  }

  pipeline(context: string, end: TokenKind): PipeNode {
    const { at } = this.#reader.peekNonSpace();
    const { variables, assigns } = this.#declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#reader.nextNonSpace();
      if (token.kind === end) break;
      if (!operandTokens.has(token.kind) && !isDotOrNil(token)) throw this.#reader.unexpected(token, context);
      this.#reader.giveBack(token);
      commands.push(this.#command());
    }
    if (commands.length === 0) throw this.#reader.failure('missing value for %s', asGoString(context));
    const wrong = commands.findIndex(({ operands: [first] }, index) => index > 0 && notExecutable.has(first.kind));
    if (wrong !== -1) throw this.#reader.failure('non executable command in pipeline stage %d', wrong + 1);
    return { kind: 'pipe', at, variables, assigns, commands };
  }

  #declarations(context: string): Pick<PipeNode, 'variables' | 'assigns'> {
    const variables: GoString[] = [];
    for (;;) {
      const variable = this.#reader.peekNonSpace();
      if (variable.kind !== 'variable') return { variables, assigns: false };
      this.#reader.next();
      const after = this.#reader.peek();
      const next = this.#reader.peekNonSpace();
      if (next.kind === 'assign' || next.kind === 'declare') {
        this.#reader.nextNonSpace();
        this.#declare(variables, variable);
        return { variables, assigns: next.kind === 'assign' };
      }
      if (next.kind === 'other' && next.text === ',') {
        this.#reader.nextNonSpace();
        this.#declare(variables, variable);
        if (context !== 'range' || variables.length > 1)
          throw this.#reader.failure('too many declarations in %s', asGoString(context));
        if (!['variable', 'right', ')'].includes(this.#reader.peekNonSpace().kind))
          throw this.#reader.failure('range can only initialize variables');
        continue;
      }
      // Whether a space follows decides whether what comes next is an operand of its own.
      if (after.kind === 'space') this.#reader.giveBack(variable, after);
      else this.#reader.giveBack(variable);
      return { variables, assigns: false };
    }
  }

  #declare(variables: GoString[], { text }: Token): void {
    variables.push(text);
    this.#variables.push(text);
  }

  /** Reads the pipe behind it, and leaves the right delimiter. */
  #command(): CommandNode {
    const { at } = this.#reader.peekNonSpace();
    const operands: OperandNode[] = [];
    for (;;) {
      this.#reader.peekNonSpace();
      const operand = this.#operand();
      if (operand !== undefined) operands.push(operand);
      const token = this.#reader.next();
      if (token.kind === 'space') continue;
      if (token.kind === 'right' || token.kind === ')') this.#reader.giveBack(token);
      else if (token.kind !== 'pipe') throw this.#reader.unexpected(token, 'operand');
      break;
    }
    const [first, ...others] = operands;
    if (first === undefined) throw this.#reader.failure('empty command');
    return { kind: 'command', at, operands: [first, ...others] };
  }

  #operand(): OperandNode | undefined {
    const node = this.#term();
    if (node === undefined || this.#reader.peek().kind !== 'field') return node;
    const { at } = this.#reader.peek();
    const names: GoString[] = [];
    while (this.#reader.peek().kind === 'field') names.push(nameOf(this.#reader.next()));
    switch (node.kind) {
      case 'field':
        return { ...node, at, fields: [...node.fields, ...names] };
      case 'variable':
        return { ...node, at, fields: [...node.fields, ...names] };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        throw this.#reader.failure('unexpected . after term %q', renderNode(node));
      default: {
        const [first = asGoString(''), ...others] = names;
        return { kind: 'chain', at, of: node, fields: [first, ...others] };
      }
    }
  }

  #term(): OperandNode | undefined {
    const token = this.#reader.nextNonSpace();
    const { at, text } = token;
    switch (token.kind) {
      case 'identifier':
        if (!this.#isFunction(text)) throw this.#reader.failure('function %q not defined', text);
        return { kind: 'function', at, name: text };
      case 'keyword':
        if (isDotOrNil(token)) return { kind: text === '.' ? 'dot' : 'nil', at };
        break;
      case 'variable':
        if (!this.#variables.includes(text)) throw this.#reader.failure('undefined variable %q', text);
        return { kind: 'variable', at, name: text, fields: [] };
      case 'field':
        return { kind: 'field', at, fields: [nameOf(token)] };
      case 'bool':
        return { kind: 'bool', at, value: text === 'true' };
      case 'character':
      case 'complex':
      case 'number':
        return { kind: 'number', at, text, number: this.#literal(token) };
      case 'string':
      case 'raw-string':
        return { kind: 'string', at, quoted: text, value: this.#orFailure(() => unquote(text)) };
      case '(':
        return this.#parenthesized();
    }
    this.#reader.giveBack(token);
    return undefined;
  }

  #literal({ kind, text }: Token): ReturnType<typeof parseNumber> {
    if (kind === 'complex') throw new Unpredictable('template', 'its template has a complex number');
    return this.#orFailure(() => (kind === 'character' ? parseCharacter(text) : parseNumber(text)));
  }

  #parenthesized(): PipeNode {
    if (++this.#parentheses > maximumParentheses)
      throw new Unpredictable('template', 'its template has too many parentheses inside each other');
    const pipe = this.pipeline('parenthesized pipeline', ')');
    this.#parentheses--;
    return pipe;
  }

  #orFailure<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw error instanceof SyntaxFailure ? this.#reader.failure('%s', { said: error.said }) : error;
    }
  }
}

function isDotOrNil({ kind, text }: Token): boolean {
  return kind === 'keyword' && (text === '.' || text === 'nil');
}

/** Without the dot. */
function nameOf({ text }: Token): GoString {
  return asGoString(text.slice(1));
}
