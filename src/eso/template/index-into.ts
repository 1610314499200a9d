/** index and slice of text/template. Numbers in their errors may come of a value. */
import { SecretValue } from '../../model/secret-value.ts';
import { GoError, Unpredictable } from '../go-error.ts';
import { asGoString } from '../go/go-string.ts';
import type { OperatorTextPart } from '../operator-text.ts';
import { OperatorText } from '../operator-text.ts';
import type { Concrete, Reflected } from './reflected.ts';
import { elementOf, elementType, typeOf, unboxed, zeroOf } from './reflected.ts';

export function indexInto(item: Reflected, indexes: readonly Reflected[]): Reflected {
  if (unboxed(item) === undefined) throw failure('index of untyped nil');
  let at = item;
  for (const index of indexes) {
    const container = unboxed(at);
    if (container === undefined) throw failure('index of nil pointer');
    at = element(container, unboxed(index));
  }
  return at;
}

function element(container: Concrete, index: Concrete | undefined): Reflected {
  switch (container.kind) {
    case 'string': {
      const position = positionIn(index, container.value.length);
      if (position === container.value.length) throw failure('reflect: string index out of range');
      return { kind: 'int', type: 'uint8', value: BigInt(container.value.charCodeAt(position)) };
    }
    case 'slice': {
      const found = container.items[positionIn(index, container.items.length)];
      if (found === undefined) throw failure('reflect: slice index out of range');
      return elementOf(container, found);
    }
    case 'map': {
      if (index === undefined) throw failure('value is nil; should be of type string');
      if (index.kind !== 'string') throw failure(`value has type ${typeOf(index)}; should be string`);
      const found = container.entries.get(index.value);
      return found === undefined ? zeroOf(elementType(container.type)) : elementOf(container, found);
    }
    default:
      throw failure(`can't index item of type ${typeOf(container)}`);
  }
}

/** At most the length itself. An interface that is still wrapped, which index unwraps and slice does not, is no number. */
function positionIn(index: Reflected, length: number): number {
  if (index === undefined) throw failure('cannot index slice/array with nil');
  if (index.kind !== 'int') throw failure(`cannot index slice/array with type ${typeOf(index)}`);
  const position = BigInt.asIntN(64, index.value);
  if (position < 0n || position > BigInt(length))
    throw failure('index out of range: ', new SecretValue(String(position)));
  return Number(position);
}

export function sliceOf(item: Reflected, indexes: readonly Reflected[]): Reflected {
  const sliced = unboxed(item);
  if (sliced === undefined) throw failure('slice of untyped nil');
  if (indexes.length > 3) throw failure(`too many slice indexes: ${indexes.length}`);
  if (sliced.kind === 'string') {
    if (indexes.length === 3) throw failure('cannot 3-index slice a string');
    const [from, to] = bounds(indexes, sliced.value.length);
    return { kind: 'string', value: asGoString(sliced.value.slice(from, to)) };
  }
  if (sliced.kind !== 'slice') throw failure(`can't slice item of type ${typeOf(sliced)}`);
  refuseCapacity(indexes, sliced.items.length);
  const [from, to] = bounds(indexes, sliced.items.length);
  return { ...sliced, items: sliced.items.slice(from, to) };
}

function bounds(indexes: readonly Reflected[], length: number): [from: number, to: number] {
  const [from = 0, to = length, capacity] = indexes.map((index) => positionIn(index, length));
  if (from > to) throw invalidBounds(from, to);
  if (capacity !== undefined && to > capacity) throw invalidBounds(to, capacity);
  return [from, to];
}

function invalidBounds(lower: number, upper: number): GoError {
  return failure('invalid slice index: ', new SecretValue(String(lower)), ' > ', new SecretValue(String(upper)));
}

/** Go takes indexes up to the capacity, which depends on how the slice came to be. */
function refuseCapacity(indexes: readonly Reflected[], length: number): void {
  for (const index of indexes) {
    if (index?.kind === 'int' && index.value > BigInt(length) && index.value < 1n << 63n)
      throw new Unpredictable('template', 'its template slices beyond the end of a list');
  }
}

function failure(...parts: readonly OperatorTextPart[]): GoError {
  return new GoError(new OperatorText(...parts), 'template');
}
