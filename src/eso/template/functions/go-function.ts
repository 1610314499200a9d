/** How the functions of templates are written here: with their Go signature, and what the engine has checked taken out of its wrapping. */
import { SecretValue } from '../../../model/secret-value.ts';
import { GoError, Unpredictable } from '../../go-error.ts';
import type { UnpredictableReason } from '../../go-error.ts';
import type { GoString } from '../../go/go-string.ts';
import { goString, textOf } from '../../go/go-string.ts';
import { OperatorText } from '../../operator-text.ts';
import type { GoParameter, GoValue, IntType, TemplateFunction } from '../go-value.ts';

export type Entries = Map<GoString, GoValue>;

/** What a parameter's type gives: bare values, and interfaces and slices as they are. */
type Bare<P extends string> = P extends 'string'
  ? GoString
  : P extends 'bool'
    ? boolean
    : P extends IntType
      ? bigint
      : P extends 'float64'
        ? number
        : P extends `map[${string}`
          ? Entries
          : GoValue;
type Arguments<P extends readonly GoParameter[]> = P extends readonly [
  infer First extends GoParameter,
  ...infer Others extends readonly GoParameter[],
]
  ? First extends `...${infer Each}`
    ? Bare<Each>[]
    : [Bare<First>, ...Arguments<Others>]
  : [];

export function goFunction<const P extends readonly GoParameter[]>(
  parameters: P,
  call: (...values: Arguments<P>) => GoValue,
): TemplateFunction {
  return {
    parameters,
    call: (...values) => {
      const bare = values.map((value, at) => {
        const parameter = parameters[at] ?? parameters.at(-1) ?? 'interface {}';
        return unwrap(parameter.replace('...', ''), value);
      });
      return call(...(bare as Arguments<P>));
    },
  };
}

function unwrap(parameter: string, value: GoValue): unknown {
  if (parameter === 'interface {}' || parameter.startsWith('[]')) return value;
  if (value.kind === 'map') return value.entries;
  if (value.kind === 'nil' || value.kind === 'slice')
    throw new Unpredictable('template', 'its template gives nil to a function that takes a map');
  return value.value;
}

/** A function that is there, and whose result nobody can tell. */
export function unpredictable(
  reason: UnpredictableReason,
  name: string,
  parameters: readonly GoParameter[],
): [string, TemplateFunction] {
  const call = (): never => {
    throw new Unpredictable(reason, `its template uses ${name}`);
  };
  return [name, { parameters, call }];
}

/** The error or panic of a function. What comes of its arguments is to be marked by `shown`. */
export function failed(...parts: readonly (string | SecretValue)[]): GoError {
  return new GoError(new OperatorText(...parts), 'template');
}

export function shown(value: GoString): SecretValue {
  return new SecretValue(textOf(value));
}

export function string(value: GoString): GoValue {
  return { kind: 'string', value };
}

/** The bytes of a text, each as a text of one. */
export function bytesIn(value: string): string[] {
  return Array.from({ length: value.length }, (_, at) => value.charAt(at));
}

export function text(value: string): GoValue {
  return string(goString(value));
}

export function bool(value: boolean): GoValue {
  return { kind: 'bool', value };
}

/** Wraps as Go's arithmetic does. */
export function int64(value: bigint): GoValue {
  return { kind: 'int', type: 'int64', value: BigInt.asIntN(64, value) };
}

export function int(value: bigint): GoValue {
  return { kind: 'int', type: 'int', value: BigInt.asIntN(64, value) };
}

export function float64(value: number): GoValue {
  return { kind: 'float', type: 'float64', value };
}

export function list(items: readonly GoValue[]): GoValue {
  return { kind: 'slice', type: '[]interface {}', items };
}

export function strings(items: readonly GoString[]): GoValue {
  return { kind: 'slice', type: '[]string', items: items.map(string) };
}

export function map(entries: Entries): GoValue {
  return { kind: 'map', type: 'map[string]interface {}', entries };
}

/** The items of a slice that is nil: it prints as an empty one, and JSON has null for it. Compared by identity. */
const noItems: readonly GoValue[] = Object.freeze([]);

export function nilSlice(type: `[]${string}`): GoValue {
  return { kind: 'slice', type, items: noItems };
}

export function isNilSlice(value: GoValue): boolean {
  return value.kind === 'slice' && value.items === noItems;
}
