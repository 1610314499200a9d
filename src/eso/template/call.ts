/** The arguments of a function as text/template checks them: a value must be assignable to the parameter, and only constants are converted. */
import type { GoString } from '../go/go-string.ts';
import { ExecutionFailure } from './execution-failure.ts';
import type { GoValue, TemplateFunction } from './go-value.ts';
import type { OperandNode } from './node.ts';
import { renderNode } from './node.ts';
import type { Concrete, Reflected } from './reflected.ts';
import { reflected, typeName, typeOf, zeroOf } from './reflected.ts';
import { Unpredictable } from '../go-error.ts';

/** `reflect.Value` takes anything as it is: the builtins have it. */
export type Callable = {
  readonly parameters: readonly string[];
  /** The type of each further argument. */
  readonly rest?: string;
  readonly call: (values: readonly Reflected[]) => Reflected;
};

const callables = new WeakMap<TemplateFunction, Callable>();

export function callableOf(called: TemplateFunction): Callable {
  const known = callables.get(called);
  if (known !== undefined) return known;
  const parameters = called.parameters.map(typeName);
  const variadic = parameters.at(-1)?.startsWith('...') === true ? parameters.pop()?.slice(3) : undefined;
  const callable: Callable = {
    parameters,
    ...(variadic !== undefined && { rest: variadic }),
    call: (values) => reflected(called.call(...values.map(plainValue))),
  };
  callables.set(called, callable);
  return callable;
}

export function plainValue(value: Reflected): GoValue {
  if (value === undefined) return { kind: 'nil' };
  return value.kind === 'interface' ? value.value : value;
}

/** The type of the parameter that takes the argument of that number. */
export function parameterType({ parameters, rest }: Callable, index: number): string {
  return parameters[index] ?? rest ?? 'interface {}';
}

export function checkCount(name: GoString, { parameters, rest }: Callable, given: number, fromPipe: boolean): void {
  const all = given + (fromPipe ? 1 : 0);
  const wanted = parameters.length;
  if (rest === undefined ? all === wanted : all >= wanted) return;
  throw rest === undefined
    ? new ExecutionFailure('wrong number of args for %s: want %d got %d', name, wanted, all)
    : new ExecutionFailure('wrong number of args for %s: want at least %d got %d', name, wanted, given);
}

/** A value that was computed. */
export function checked(value: Reflected, type: string): Reflected {
  if (type === 'reflect.Value') return value;
  if (value === undefined) {
    if (canBeNil(type)) return zeroOf(type);
    throw new ExecutionFailure('invalid value; expected %s', { said: type });
  }
  if (type === 'interface {}' || typeOf(value) === type) return value;
  const inner = value.kind === 'interface' && value.value.kind !== 'nil' ? value.value : value;
  if (typeOf(inner) === type) return inner;
  throw new ExecutionFailure('wrong type for value; expected %s; got %s', { said: type }, { said: typeOf(inner) });
}

export function nilFor(type: string): Reflected {
  if (type === 'reflect.Value') return undefined;
  if (canBeNil(type)) return zeroOf(type);
  throw new ExecutionFailure('cannot assign nil to %s', { said: type });
}

function canBeNil(type: string): boolean {
  return type === 'interface {}' || type.startsWith('[]') || type.startsWith('map[');
}

type Literal = OperandNode & { readonly kind: 'bool' | 'number' | 'string' };

/** A literal, which becomes a value of the parameter's type. */
export function constantFor(type: string, node: Literal): Reflected {
  if (type === 'reflect.Value' || type === 'interface {}') return constant(node);
  if (type === 'bool') {
    if (node.kind === 'bool') return { kind: 'bool', value: node.value };
    throw expected('bool', node);
  }
  if (type === 'string') {
    if (node.kind === 'string') return { kind: 'string', value: node.value };
    throw expected('string', node);
  }
  const number = node.kind === 'number' ? node.number : undefined;
  const integer = /^(u?)int(\d*)$/.exec(type);
  if (integer !== null) {
    const [, unsigned, bits = ''] = integer;
    const value = unsigned === 'u' ? number?.uint : number?.int;
    if (value === undefined) throw expected(unsigned === 'u' ? 'unsigned integer' : 'integer', node);
    const size = bits === '' ? 64 : Number(bits);
    const wrapped = unsigned === 'u' ? BigInt.asUintN(size, value) : BigInt.asIntN(size, value);
    return { kind: 'int', type: type as (Concrete & { kind: 'int' })['type'], value: wrapped };
  }
  if (type === 'float64' || type === 'float32') {
    if (number?.float === undefined) throw expected('float', node);
    return { kind: 'float', type, value: type === 'float32' ? Math.fround(number.float) : number.float };
  }
  if (canBeNil(type))
    throw new ExecutionFailure("can't handle %s for arg of type %s", { said: renderNode(node) }, { said: type });
  throw new Unpredictable('template', `its template gives a constant to a parameter of type ${type}`);
}

function expected(what: string, node: Literal): ExecutionFailure {
  return new ExecutionFailure(`expected ${what}; found %s`, { said: renderNode(node) });
}

/** A literal where no type is asked for: of a number, its syntax tells the type. */
export function constant(node: Literal): Reflected {
  if (node.kind === 'bool') return { kind: 'bool', value: node.value };
  if (node.kind === 'string') return { kind: 'string', value: node.value };
  const { int, float } = node.number;
  if (float !== undefined && isFloatSyntax(node.text)) return { kind: 'float', type: 'float64', value: float };
  if (int === undefined) throw new ExecutionFailure('%s overflows int', node.text);
  return { kind: 'int', type: 'int', value: int };
}

function isFloatSyntax(text: GoString): boolean {
  if (text.startsWith("'") || /^0[xX][^pP]+$/.test(text)) return false;
  return /[.eEpP]/.test(text);
}
