/** What sprig takes for empty, and what Go takes for equal. */
import type { GoValue } from '../go-value.ts';
import { isNilSlice } from './go-function.ts';
import { typeOf } from './printing.ts';

export function isEmpty(value: GoValue): boolean {
  switch (value.kind) {
    case 'nil':
      return true;
    case 'bool':
      return !value.value;
    case 'int':
      return value.value === 0n;
    case 'float':
      return value.value === 0;
    case 'string':
      return value.value === '';
    case 'slice':
      return value.items.length === 0;
    case 'map':
      return value.entries.size === 0;
  }
}

/** reflect.DeepEqual: of one type to begin with, so that an int is no int64; NaN is not itself. */
export function deepEqual(a: GoValue, b: GoValue): boolean {
  if (typeOf(a) !== typeOf(b)) return false;
  if (a.kind === 'nil' || b.kind === 'nil') return true;
  if (a.kind === 'slice' && b.kind === 'slice')
    return (
      isNilSlice(a) === isNilSlice(b) &&
      a.items.length === b.items.length &&
      a.items.every((item, at) => {
        const other = b.items[at];
        return other !== undefined && deepEqual(item, other);
      })
    );
  if (a.kind === 'map' && b.kind === 'map')
    return (
      a.entries === b.entries ||
      (a.entries.size === b.entries.size &&
        [...a.entries].every(([key, item]) => {
          const other = b.entries.get(key);
          return other !== undefined && deepEqual(item, other);
        }))
    );
  return 'value' in a && 'value' in b && a.value === b.value;
}
