/**
 * What a template's execution holds, as Go's reflection shows it to text/template: besides values, an interface {} that is still wrapped (an
 * element of `[]interface {}` or `map[string]interface {}`), whose type errors name, and nothing at all, a reflect.Value that is not valid.
 */
import { Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import type { GoValue } from './go-value.ts';

export type Concrete = Exclude<GoValue, { readonly kind: 'nil' }>;
export type Boxed = { readonly kind: 'interface'; readonly value: GoValue };
/** Undefined: nothing, printed as `<no value>`. */
export type Reflected = Concrete | Boxed | undefined;

/** As reflect.Type prints it; `[]byte` is `[]uint8`. */
export function typeOf(value: Concrete | Boxed): string {
  switch (value.kind) {
    case 'interface':
      return 'interface {}';
    case 'bool':
    case 'string':
      return value.kind;
    default:
      return typeName(value.type);
  }
}

export function typeName(type: string): string {
  if (!/byte|any/.test(type)) return type;
  return type.replaceAll(/\bbyte\b/g, 'uint8').replaceAll(/\bany\b/g, 'interface {}');
}

/** The type of what a slice or a map holds. */
export function elementType(type: string): string {
  return typeName(type.replace(/^(\[\]|map\[string\])/, ''));
}

export function elementOf(container: Concrete & { readonly kind: 'slice' | 'map' }, element: GoValue): Reflected {
  if (elementType(container.type) === 'interface {}') return { kind: 'interface', value: element };
  return element.kind === 'nil' ? undefined : element;
}

/** What is in it; nothing for a nil interface. */
export function unboxed(value: Reflected): Concrete | undefined {
  if (value?.kind !== 'interface') return value;
  return value.value.kind === 'nil' ? undefined : value.value;
}

/** What a function returned: nil can only be an interface that holds nothing. */
export function reflected(value: GoValue): Reflected {
  return value.kind === 'nil' ? { kind: 'interface', value } : value;
}

/** template.IsTrue. */
export function isTrue(value: Reflected): boolean {
  const concrete = unboxed(value);
  switch (concrete?.kind) {
    case undefined:
      return false;
    case 'bool':
      return concrete.value;
    case 'int':
      return concrete.value !== 0n;
    case 'float':
      return concrete.value !== 0;
    case 'string':
      return concrete.value !== '';
    case 'slice':
      return concrete.items.length > 0;
    case 'map':
      return concrete.entries.size > 0;
  }
}

export function int(value: number | bigint): Concrete {
  return { kind: 'int', type: 'int', value: BigInt(value) };
}

/** The zero value of a type. A nil slice or map is not told apart from an empty one here, though Go's functions do. */
export function zeroOf(type: string): Reflected {
  if (type === 'interface {}') return { kind: 'interface', value: { kind: 'nil' } };
  if (type === 'string') return { kind: 'string', value: '' as GoString };
  if (type === 'bool') return { kind: 'bool', value: false };
  throw new Unpredictable('template', `its template uses a nil ${type}`);
}

export function sortedEntries(map: { readonly entries: ReadonlyMap<GoString, GoValue> }): [GoString, GoValue][] {
  return [...map.entries].sort(([one], [other]) => (one < other ? -1 : 1));
}
