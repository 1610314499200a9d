/** What the functions of the real operator gave: recorded by test/eso/oracle/functions. */
import { readFileSync } from 'node:fs';
import { GoError, Unpredictable } from '../../../../src/eso/go-error.ts';
import type { GoString } from '../../../../src/eso/go/go-string.ts';
import { textOf } from '../../../../src/eso/go/go-string.ts';
import { isNilSlice, nilSlice } from '../../../../src/eso/template/functions/go-function.ts';
import type { GoValue, TemplateFunction } from '../../../../src/eso/template/go-value.ts';

/** null, true, "text" (a character for each byte), [type, number], [type, items or null], [type, entries]. */
export type Written =
  null | boolean | string | readonly [string, string | null | readonly Written[] | Readonly<Record<string, Written>>];
export type Answer = {
  readonly f: string;
  readonly a: readonly Written[];
  readonly r?: readonly [Written];
  readonly e?: string;
};
export type Document = { readonly y: string; readonly m?: Readonly<Record<string, string>>; readonly e?: string };

type Line =
  | Answer
  | Document
  | { readonly signatures: Readonly<Record<string, string>> }
  | { readonly casing: Readonly<Record<'upper' | 'lower' | 'title', string>> };

const lines = readFileSync(new URL('answers.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

export const recorded = {
  signatures: lines.find((line) => 'signatures' in line)?.signatures ?? {},
  casing: lines.find((line) => 'casing' in line)?.casing ?? { upper: '', lower: '', title: '' },
  answers: lines.filter((line) => 'f' in line),
  documents: lines.filter((line) => 'y' in line),
};

export function read(written: Written): GoValue {
  if (written === null) return { kind: 'nil' };
  if (typeof written === 'boolean') return { kind: 'bool', value: written };
  if (typeof written === 'string') return { kind: 'string', value: written as GoString };
  const [type, content] = written;
  if (type.startsWith('float'))
    return { kind: 'float', type: type as 'float64', value: Number((content as string).replace('Inf', 'Infinity')) };
  if (typeof content === 'string') return { kind: 'int', type: type as 'int', value: BigInt(content) };
  const list = type as `[]${string}`;
  if (content === null) return nilSlice(list);
  if (Array.isArray(content)) return { kind: 'slice', type: list, items: (content as readonly Written[]).map(read) };
  const entries = Object.entries(content).map(([key, value]) => [key as GoString, read(value)] as const);
  return { kind: 'map', type: type as 'map[string]string', entries: new Map(entries) };
}

/** As the oracle writes values, with the keys of maps sorted. */
export function write(value: GoValue): Written {
  switch (value.kind) {
    case 'nil':
      return null;
    case 'bool':
    case 'string':
      return value.value;
    case 'int':
      return [value.type, String(value.value)];
    case 'float':
      return [value.type, Object.is(value.value, -0) ? '-0' : String(value.value)];
    case 'slice':
      return [value.type, isNilSlice(value) ? null : value.items.map(write)];
    case 'map':
      return [
        value.type,
        Object.fromEntries(
          [...value.entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, write(item)]),
        ),
      ];
  }
}

/** `unpredictable`, or what came out, in a form that can be compared. */
export function outcomeOf(give: () => GoValue): string {
  try {
    return JSON.stringify(write(give()));
  } catch (error) {
    if (error instanceof GoError) return `error ${error.text.reveal()}`;
    if (error instanceof Unpredictable) return 'unpredictable';
    throw error;
  }
}

export function expectedOf({ r, e }: Pick<Answer, 'r' | 'e'>): string {
  return r === undefined ? `error ${textOf((e ?? '') as GoString)}` : JSON.stringify(write(read(r[0])));
}

export function called(made: TemplateFunction | undefined, { a }: Answer): string {
  if (made === undefined) return 'no such function';
  return outcomeOf(() => made.call(...a.map(read)));
}
