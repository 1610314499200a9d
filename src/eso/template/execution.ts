/** text/template's execution of a parsed template (Go 1.26): the same output, and the same errors at the same nodes. */
import { Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import type { Invocation } from './endless-recursion.ts';
import { lastOfEndless, maximumDepth } from './endless-recursion.ts';
import { ExecutionFailure } from './execution-failure.ts';
import { maximumLength, tooLong } from './format-value.ts';
import type { TemplateFunctions } from './go-value.ts';
import type { BranchNode, ListNode, PipeNode, StatementNode, TellingNode } from './node.ts';
import { renderNode } from './node.ts';
import type { ParsedTemplate } from './parse-template.ts';
import { PipelineEvaluation } from './pipeline-evaluation.ts';
import type { Concrete, Reflected } from './reflected.ts';
import { elementOf, int, isTrue, sortedEntries } from './reflected.ts';
import { sprint } from './sprintf.ts';
import { templateError } from './template-error.ts';

type Jump = 'break' | 'continue' | undefined;
type TemplateNode = StatementNode & { readonly kind: 'template' };

/** Of lists of statements. Go has no bound of its own but for templates. */
const maximumNesting = 600;
const maximumSteps = 1_000_000;
const dollar = asGoString('$');

export class Execution {
  readonly #parsed: ParsedTemplate;
  readonly #pipelines: PipelineEvaluation;
  /** Of those within each other, the one that is executed. */
  #templateName: GoString;
  readonly #invocations: Invocation[] = [];
  readonly #output: string[] = [];
  #length = 0;
  #nesting = 0;
  #steps = 0;

  constructor(parsed: ParsedTemplate, functions: TemplateFunctions, missingKey: 'error' | 'default') {
    this.#parsed = parsed;
    this.#templateName = parsed.name;
    this.#pipelines = new PipelineEvaluation(functions, missingKey);
  }

  /** @throws GoError, Unpredictable */
  run(data: Concrete): GoString {
    const root = this.#parsed.definitions.get(this.#parsed.name);
    if (root === undefined) throw new Error('a parsed template that has no tree');
    this.#pipelines.variables.push({ name: dollar, value: data });
    try {
      this.#list(data, root);
    } catch (error) {
      throw error instanceof ExecutionFailure ? this.#placed(error, this.#pipelines.node) : error;
    }
    return asGoString(this.#output.join(''));
  }

  #placed({ format, operands }: ExecutionFailure, node: TellingNode | undefined): Error {
    if (node === undefined) return templateError({ place: this.#parsed.name }, format, operands);
    const before = this.#parsed.text.slice(0, node.at);
    const line = before.split('\n').length;
    const column = node.at - (before.lastIndexOf('\n') + 1);
    const executing = { name: this.#templateName, node: renderNode(node) };
    return templateError({ place: `${this.#parsed.name}:${line}:${column}`, executing }, format, operands);
  }

  #write(text: GoString): void {
    this.#length += text.length;
    if (this.#length > maximumLength) throw tooLong();
    this.#output.push(text);
  }

  #list(dot: Reflected, { nodes }: ListNode): Jump {
    if (++this.#nesting > maximumNesting)
      throw new Unpredictable('template', 'its template executes templates too deeply within each other');
    this.#step();
    for (const node of nodes) {
      const jump = this.#statement(dot, node);
      if (jump !== undefined) {
        this.#nesting--;
        return jump;
      }
    }
    this.#nesting--;
    return undefined;
  }

  #step(): void {
    if (++this.#steps > maximumSteps) throw new Unpredictable('template', 'its template takes too many steps');
  }

  #statement(dot: Reflected, node: StatementNode): Jump {
    this.#step();
    this.#pipelines.node = node;
    switch (node.kind) {
      case 'text':
        this.#write(node.text);
        return undefined;
      case 'action': {
        const value = this.#pipelines.pipeline(dot, node.pipe);
        if (node.pipe.variables.length === 0) this.#print(node, value);
        return undefined;
      }
      case 'if':
      case 'with':
        return this.#choose(dot, node);
      case 'range':
        this.#range(dot, node);
        return undefined;
      case 'template':
        this.#template(dot, node);
        return undefined;
      case 'break':
      case 'continue':
        return node.kind;
    }
  }

  #print(node: StatementNode, value: Concrete | undefined): void {
    this.#pipelines.node = node;
    if (value === undefined) this.#write(asGoString('<no value>'));
    else if (value.kind === 'string') this.#write(value.value);
    else this.#write(sprint([value]));
  }

  #choose(dot: Reflected, { kind, pipe, list, otherwise }: BranchNode): Jump {
    const scope = this.#pipelines.variables.length;
    const value = this.#pipelines.pipeline(dot, pipe);
    const chosen = isTrue(value) ? list : otherwise;
    const inner = kind === 'with' && chosen === list ? value : dot;
    const jump = chosen === undefined ? undefined : this.#list(inner, chosen);
    this.#pipelines.variables.length = scope;
    return jump;
  }

  #range(dot: Reflected, node: BranchNode): void {
    const { variables } = this.#pipelines;
    const scope = variables.length;
    const value = this.#pipelines.pipeline(dot, node.pipe);
    const inner = variables.length;
    let isEmpty = true;
    for (const [key, element] of iterated(value, node.pipe)) {
      isEmpty = false;
      this.#pipelines.assignIteration(node.pipe, key, element);
      const jump = this.#list(element, node.list);
      variables.length = inner;
      if (jump === 'break') break;
    }
    if (isEmpty && node.otherwise !== undefined) this.#list(dot, node.otherwise);
    variables.length = scope;
  }

  #template(dot: Reflected, node: TemplateNode): void {
    const root = this.#parsed.definitions.get(node.name);
    if (root === undefined) throw new ExecutionFailure('template %q not defined', node.name);
    const value = node.pipe === undefined ? undefined : this.#pipelines.pipeline(dot, node.pipe);
    const outer = { name: this.#templateName, variables: this.#pipelines.variables };
    this.#invocations.push({ node, within: outer.name, value });
    this.#refuseEndlessRecursion();
    this.#templateName = node.name;
    this.#pipelines.variables = [{ name: dollar, value }];
    this.#list(value, root);
    this.#invocations.pop();
    this.#templateName = outer.name;
    this.#pipelines.variables = outer.variables;
  }

  #refuseEndlessRecursion(): void {
    const last = lastOfEndless(this.#invocations, this.#parsed.text);
    if (last === undefined) return;
    this.#templateName = last.within;
    this.#pipelines.node = last.node;
    throw new ExecutionFailure('exceeded maximum template depth (%v)', maximumDepth);
  }
}

/** Keys and elements. What was there at the beginning: a map may be changed meanwhile. */
function* iterated(
  value: Concrete | undefined,
  pipe: PipeNode,
): Generator<readonly [key: Reflected, element: Reflected], void> {
  if (value === undefined) return;
  switch (value.kind) {
    case 'slice':
      for (const [index, item] of value.items.entries()) yield [int(index), elementOf(value, item)];
      return;
    case 'map':
      for (const [key, element] of sortedEntries(value))
        yield [{ kind: 'string', value: key }, elementOf(value, element)];
      return;
    case 'int':
      if (pipe.variables.length > 1)
        throw new ExecutionFailure("can't use %v to iterate over more than one variable", { secret: value });
      for (let number = 0n; number < value.value; number++) yield [undefined, { ...value, value: number }];
      return;
    default:
      throw new ExecutionFailure("range can't iterate over %v", { secret: value });
  }
}
