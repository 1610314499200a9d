/** How text/template evaluates pipelines: commands, whose last argument the pipe gives, operands, fields and variables. */
import { GoError } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { builtins } from './builtins.ts';
import type { Callable } from './call.ts';
import { callableOf, checkCount, checked, constant, constantFor, nilFor, parameterType } from './call.ts';
import { ExecutionFailure } from './execution-failure.ts';
import type { TemplateFunctions } from './go-value.ts';
import type { CommandNode, OperandNode, PipeNode, TellingNode } from './node.ts';
import { renderNode } from './node.ts';
import type { Concrete, Reflected } from './reflected.ts';
import { elementOf, isTrue, typeOf, unboxed } from './reflected.ts';

type Variable = { readonly name: GoString; value: Reflected };

/** The value that comes through the pipe, if one does. */
type Piped = { readonly value: Reflected } | undefined;

export class PipelineEvaluation {
  readonly #functions: TemplateFunctions;
  readonly #missingKey: 'error' | 'default';
  variables: Variable[] = [];
  /** What is evaluated now, which an error tells. */
  node: TellingNode | undefined;

  constructor(functions: TemplateFunctions, missingKey: 'error' | 'default') {
    this.#functions = functions;
    this.#missingKey = missingKey;
  }

  /** Declares its variables, which stay until the caller drops them. */
  pipeline(dot: Reflected, pipe: PipeNode): Concrete | undefined {
    this.node = pipe;
    let piped: Piped;
    let value: Concrete | undefined;
    for (const command of pipe.commands) {
      value = unboxed(this.#command(dot, command, piped));
      piped = { value };
    }
    for (const name of pipe.variables)
      if (pipe.assigns) this.#assign(name, value);
      else this.variables.push({ name, value });
    return value;
  }

  /** Of a range, to its variables: both, or the element to the only one. */
  assignIteration({ variables: names, assigns }: PipeNode, key: Reflected, element: Reflected): void {
    const values = names.length > 1 ? [key, element] : [element];
    names.forEach((name, index) => {
      if (assigns) this.#assign(name, values[index]);
      else {
        const declared = this.variables.at(index - names.length);
        if (declared !== undefined) declared.value = values[index];
      }
    });
  }

  #variable(name: GoString): Variable {
    const variable = this.variables.findLast((declared) => declared.name === name);
    if (variable === undefined) throw new ExecutionFailure('undefined variable: %s', name);
    return variable;
  }

  #assign(name: GoString, value: Reflected): void {
    this.#variable(name).value = value;
  }

  #command(dot: Reflected, command: CommandNode, piped: Piped): Reflected {
    const [first, ...args] = command.operands;
    switch (first.kind) {
      case 'function':
        return this.#function(dot, first, command, args, piped);
      case 'field':
      case 'chain':
      case 'variable':
        return this.#fields(dot, first, args, piped);
      case 'pipe':
        refuseArguments(first, args, piped);
        return this.pipeline(dot, first);
    }
    this.node = first;
    refuseArguments(first, args, piped);
    switch (first.kind) {
      case 'dot':
        return dot;
      case 'nil':
        throw new ExecutionFailure('nil is not a command');
      default:
        return constant(first);
    }
  }

  /** `.a.b`, `$x.a`, `(pipeline).a`: only a method could take arguments, and no value here has one. */
  #fields(
    dot: Reflected,
    node: OperandNode & { readonly kind: 'field' | 'chain' | 'variable' },
    args: readonly OperandNode[],
    piped: Piped,
  ): Reflected {
    this.node = node;
    let receiver = dot;
    if (node.kind === 'variable') {
      receiver = this.#variable(node.name).value;
      if (node.fields.length === 0) refuseArguments(node, args, piped);
    } else if (node.kind === 'chain') {
      receiver = node.of.kind === 'pipe' ? this.pipeline(dot, node.of) : this.#argument(dot, 'reflect.Value', node.of);
    }
    node.fields.forEach((field, index) => {
      const isLast = index === node.fields.length - 1;
      receiver = this.#field(receiver, field, isLast && (args.length > 0 || piped !== undefined));
    });
    return receiver;
  }

  #field(receiver: Reflected, field: GoString, hasArguments: boolean): Reflected {
    if (receiver === undefined) {
      if (this.#missingKey === 'error') throw new ExecutionFailure('nil data; no entry for key %q', field);
      return undefined;
    }
    const type = { said: typeOf(receiver) };
    const concrete = unboxed(receiver);
    if (concrete === undefined) throw new ExecutionFailure('nil pointer evaluating %s.%s', type, field);
    if (concrete.kind !== 'map') throw new ExecutionFailure("can't evaluate field %s in type %s", field, type);
    if (hasArguments) throw new ExecutionFailure('%s is not a method but has arguments', field);
    const element = concrete.entries.get(field);
    if (element !== undefined) return elementOf(concrete, element);
    if (this.#missingKey === 'error') throw new ExecutionFailure('map has no entry for key %q', field);
    return undefined;
  }

  #function(
    dot: Reflected,
    node: OperandNode & { readonly kind: 'function' },
    command: CommandNode | OperandNode,
    args: readonly OperandNode[],
    piped: Piped,
  ): Reflected {
    this.node = node;
    const { name } = node;
    const called = this.#functions.get(name);
    const callable = called === undefined ? builtins.get(name) : callableOf(called);
    if (callable === undefined) throw new ExecutionFailure('%q is not a defined function', name);
    checkCount(name, callable, args.length, piped !== undefined);
    if (called === undefined && (name === 'and' || name === 'or'))
      return this.#connective(dot, name === 'or', args, piped);
    const values = args.map((argument, index) => this.#argument(dot, parameterType(callable, index), argument));
    if (piped !== undefined) values.push(checked(piped.value, parameterType(callable, args.length)));
    if (called === undefined && name === 'call') values.unshift(calleeName(args, piped));
    return this.#call(name, callable, values, command);
  }

  /** `and` and `or` evaluate their arguments until one decides: a false or a true one. */
  #connective(dot: Reflected, decidedBy: boolean, args: readonly OperandNode[], piped: Piped): Reflected {
    let value: Reflected;
    for (const argument of args) {
      value = this.#argument(dot, 'reflect.Value', argument);
      if (isTrue(value) === decidedBy) return value;
    }
    return piped === undefined ? value : piped.value;
  }

  #call(name: GoString, callable: Callable, values: readonly Reflected[], command: TellingNode): Reflected {
    try {
      return callable.call(values);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      this.node = command;
      throw new ExecutionFailure('error calling %s: %w', name, { error: error.text });
    }
  }

  #argument(dot: Reflected, type: string, node: OperandNode): Reflected {
    this.node = node;
    switch (node.kind) {
      case 'dot':
        return checked(dot, type);
      case 'nil':
        return nilFor(type);
      case 'field':
      case 'chain':
      case 'variable':
        return checked(this.#fields(dot, node, [], undefined), type);
      case 'pipe':
        return checked(this.pipeline(dot, node), type);
      case 'function':
        return checked(this.#function(dot, node, node, [], undefined), type);
      default:
        return constantFor(type, node);
    }
  }
}

function refuseArguments(node: OperandNode, args: readonly OperandNode[], piped: Piped): void {
  if (args.length > 0 || piped !== undefined)
    throw new ExecutionFailure("can't give argument to non-function %s", { said: renderNode(node) });
}

/** What `call` takes for the name of what it calls: the argument's text, or what reflect.Value.String makes of a value from the pipe. */
function calleeName([first]: readonly OperandNode[], piped: Piped): Reflected {
  const value = piped?.value;
  if (first !== undefined) return { kind: 'string', value: renderNode(first) };
  if (value?.kind === 'string') return value;
  return { kind: 'string', value: asGoString(`<${value === undefined ? 'invalid' : typeOf(value)} Value>`) };
}
