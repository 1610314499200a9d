import type { GoValue } from '../template/go-value.ts';
import type { GoString } from './go-string.ts';

/** Go's json.Number, a string type: what a number is where it keeps its text. `marshal` writes it as a number. */
export type JsonNumber = { readonly kind: 'string'; readonly value: GoString; readonly type: 'json.Number' };

export function isJsonNumber(value: GoValue): value is JsonNumber {
  return value.kind === 'string' && 'type' in value;
}
