/** The parser of text/template (Go 1.26): the same trees, and the same errors at the same lines. */
import { Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString, textOf } from '../go/go-string.ts';
import type { Delimiters } from './lexer.ts';
import { Lexer } from './lexer.ts';
import type { BranchNode, ListNode, PipeNode, StatementNode } from './node.ts';
import { PipelineParser } from './parse-pipeline.ts';
import { SyntaxFailure } from './syntax-failure.ts';
import type { Token } from './token.ts';
import { TokenReader } from './token-reader.ts';
import { unquote } from './unquote.ts';

export type ParsedTemplate = {
  readonly name: GoString;
  readonly text: GoString;
  /** By name: those that the text defines, and the text itself. */
  readonly definitions: ReadonlyMap<GoString, ListNode>;
};

/** Go has no bound but its memory. */
const maximumNesting = 500;

/** @throws GoError, Unpredictable */
export function parseTemplate(
  name: GoString,
  text: GoString,
  delimiters: Delimiters,
  isFunction: (name: GoString) => boolean,
): ParsedTemplate {
  const definitions = new Map<GoString, ListNode>();
  const reader = new TokenReader(name, new Lexer(text, delimiters));
  new TreeParser(reader, isFunction, definitions).wholeText();
  return { name, text, definitions };
}

/** What ends a list of statements. */
type Ending = { readonly kind: 'end' | 'else'; readonly at: number };

/** Of the text, or of one `define` or `block` in it, which sees none of the variables around it. */
class TreeParser {
  readonly #reader: TokenReader;
  readonly #isFunction: (name: GoString) => boolean;
  readonly #definitions: Map<GoString, ListNode>;
  readonly #pipelines: PipelineParser;
  #ranges = 0;
  #nesting = 0;

  constructor(
    reader: TokenReader,
    isFunction: (name: GoString) => boolean,
    definitions: Map<GoString, ListNode>,
    nesting = 0,
  ) {
    this.#reader = reader;
    this.#isFunction = isFunction;
    this.#definitions = definitions;
    this.#pipelines = new PipelineParser(reader, isFunction);
    this.#nesting = nesting;
  }

  wholeText(): void {
    const reader = this.#reader;
    const { at } = reader.peek();
    const nodes: StatementNode[] = [];
    while (reader.peek().kind !== 'end-of-text') {
      if (reader.peek().kind === 'left') {
        const left = reader.next();
        const first = reader.nextNonSpace();
        if (isKeyword(first, 'define')) {
          this.#nested().#definition();
          continue;
        }
        reader.giveBack(left, first);
      }
      const node = this.#statement();
      if (isEnding(node)) throw reader.failure('unexpected %s', { said: `{{${node.kind}}}` });
      nodes.push(node);
    }
    this.#define(reader.templateName, { kind: 'list', at, nodes });
  }

  #nested(): TreeParser {
    const reader = new TokenReader(this.#reader.templateName, this.#reader.lexer);
    return new TreeParser(reader, this.#isFunction, this.#definitions, this.#nesting + 1);
  }

  #definition(): void {
    const token = this.#reader.nextNonSpace();
    if (token.kind !== 'string' && token.kind !== 'raw-string') throw this.#reader.unexpected(token, 'define clause');
    const name = this.#unquoted(token);
    this.#reader.expect('right', 'define clause');
    this.#body(name, 'define clause');
  }

  #body(name: GoString, context: string): void {
    const [list, ending] = this.#list();
    if (ending.kind === 'else')
      throw this.#reader.failure('unexpected %s in %s', { said: '{{else}}' }, asGoString(context));
    this.#define(name, list);
  }

  /** The first one of a name that is not empty is the only one. */
  #define(name: GoString, list: ListNode): void {
    const former = this.#definitions.get(name);
    if (former === undefined || isEmpty(former)) this.#definitions.set(name, list);
    else if (!isEmpty(list)) throw this.#reader.failure('template: multiple definition of template %q', name);
  }

  #list(): [ListNode, Ending] {
    const { at } = this.#reader.peekNonSpace();
    const nodes: StatementNode[] = [];
    while (this.#reader.peekNonSpace().kind !== 'end-of-text') {
      const node = this.#statement();
      if (isEnding(node)) return [{ kind: 'list', at, nodes }, node];
      nodes.push(node);
    }
    throw this.#reader.failure('unexpected EOF');
  }

  #statement(): StatementNode | Ending {
    const token = this.#reader.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', at: token.at, text: token.text };
    if (token.kind !== 'left') throw this.#reader.unexpected(token, 'input');
    this.#reader.actionLine = token.line;
    const action = this.#action();
    this.#reader.actionLine = 0;
    return action;
  }

  #action(): StatementNode | Ending {
    const token = this.#reader.nextNonSpace();
    switch (token.kind === 'keyword' ? token.text : '') {
      case 'block':
        return this.#block();
      case 'break':
      case 'continue':
        return this.#jump(token.text as string as 'break' | 'continue', token.at);
      case 'else':
        return this.#else();
      case 'end':
        return { kind: 'end', at: this.#reader.expect('right', 'end').at };
      case 'if':
      case 'range':
      case 'with':
        return this.#branch(token.text as string as BranchNode['kind']);
      case 'template':
        return this.#template();
    }
    this.#reader.giveBack(token);
    return { kind: 'action', at: token.at, pipe: this.#pipelines.pipeline('command', 'right') };
  }

  #jump(kind: 'break' | 'continue', at: number): StatementNode {
    this.#reader.expect('right', `{{${kind}}}`);
    if (this.#ranges === 0) throw this.#reader.failure(`{{${kind}}} outside {{range}}`);
    return { kind, at };
  }

  /** `else if` and `else with` leave their second word to be read: they open a branch inside this one. */
  #else(): Ending {
    const next = this.#reader.peekNonSpace();
    if (isKeyword(next, 'if') || isKeyword(next, 'with')) return { kind: 'else', at: next.at };
    return { kind: 'else', at: this.#reader.expect('right', 'else').at };
  }

  #branch(kind: BranchNode['kind']): BranchNode {
    if (++this.#nesting > maximumNesting) throw new Unpredictable('template', 'its template is nested too deeply');
    const scope = this.#pipelines.scope();
    const pipe: PipeNode = this.#pipelines.pipeline(kind, 'right');
    if (kind === 'range') this.#ranges++;
    const [list, ending] = this.#list();
    if (kind === 'range') this.#ranges--;
    const otherwise = ending.kind === 'else' ? this.#otherwise(kind, ending.at) : undefined;
    this.#pipelines.leave(scope);
    this.#nesting--;
    return { kind, at: pipe.at, pipe, list, otherwise };
  }

  #otherwise(kind: BranchNode['kind'], at: number): ListNode {
    if (kind !== 'range' && isKeyword(this.#reader.peek(), kind)) {
      this.#reader.next();
      return { kind: 'list', at, nodes: [this.#branch(kind)] };
    }
    const [list, ending] = this.#list();
    if (ending.kind === 'else') throw this.#reader.failure('expected end; found %s', { said: '{{else}}' });
    return list;
  }

  #block(): StatementNode {
    const token = this.#reader.nextNonSpace();
    const name = this.#templateName(token, 'block clause');
    const pipe = this.#pipelines.pipeline('block clause', 'right');
    this.#nested().#body(name, 'block clause');
    return { kind: 'template', at: token.at, name, pipe };
  }

  #template(): StatementNode {
    const token = this.#reader.nextNonSpace();
    const name = this.#templateName(token, 'template clause');
    const next = this.#reader.nextNonSpace();
    if (next.kind === 'right') return { kind: 'template', at: token.at, name, pipe: undefined };
    this.#reader.giveBack(next);
    return { kind: 'template', at: token.at, name, pipe: this.#pipelines.pipeline('template clause', 'right') };
  }

  #templateName(token: Token, context: string): GoString {
    if (token.kind !== 'string' && token.kind !== 'raw-string') throw this.#reader.unexpected(token, context);
    return this.#unquoted(token);
  }

  #unquoted(token: Token): GoString {
    try {
      return unquote(token.text);
    } catch (error) {
      throw error instanceof SyntaxFailure ? this.#reader.failure('%s', { said: error.said }) : error;
    }
  }
}

function isKeyword(token: Token, word: string): boolean {
  return token.kind === 'keyword' && token.text === word;
}

function isEnding(node: StatementNode | Ending): node is Ending {
  return node.kind === 'end' || node.kind === 'else';
}

/** Of all but white space. */
function isEmpty({ nodes }: ListNode): boolean {
  return nodes.every((node) => node.kind === 'text' && asTrimmed(node.text) === '');
}

/** unicode.IsSpace beyond ASCII too. */
function asTrimmed(text: GoString): string {
  return textOf(text).replaceAll(/[\t\n\v\f\r \u0085\p{Z}]+/gu, '');
}
