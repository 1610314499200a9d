/** eq, ne, lt, le, gt and ge of text/template: basic kinds only, ints with ints whatever their sign, nothing else mixed. */
import { SecretValue } from '../../model/secret-value.ts';
import { GoError, Unpredictable } from '../go-error.ts';
import { asGoString } from '../go/go-string.ts';
import { shownText } from '../go/runes.ts';
import { OperatorText } from '../operator-text.ts';
import { formatValue, plain } from './format-value.ts';
import type { Concrete, Reflected } from './reflected.ts';
import { typeOf, unboxed } from './reflected.ts';

type Basic = Exclude<Concrete, { readonly kind: 'slice' | 'map' }>;

export function isEqualToAny(first: Reflected, others: readonly Reflected[]): boolean {
  if (others.length === 0) throw new GoError('missing argument for comparison', 'template');
  const one = unboxed(first);
  return others.some((other) => isEqual(one, unboxed(other)));
}

function isEqual(one: Concrete | undefined, other: Concrete | undefined): boolean {
  if (one === undefined || other === undefined) return isNil(one) && isNil(other);
  if (isBasic(one) && isBasic(other) && comparisonKind(one) === comparisonKind(other)) return one.value === other.value;
  if (isBasic(one) || isBasic(other)) {
    if (one.kind === 'int' && other.kind === 'int') return one.value === other.value;
    throw incompatible(one, other);
  }
  if (one.kind !== other.kind)
    throw new GoError(
      new OperatorText(
        'non-comparable types ',
        printed(one, 's'),
        `: ${typeOf(one)}, ${typeOf(other)}: `,
        printed(other, 'v'),
      ),
      'template',
    );
  if (isNil(one) || isNil(other)) return isNil(one) === isNil(other);
  throw new GoError(new OperatorText('non-comparable type ', printed(other, 's'), `: ${typeOf(other)}`), 'template');
}

/** A slice or a map that is empty may be a nil one, which compares with nil. */
function isNil(value: Concrete | undefined): boolean {
  if (value === undefined) return true;
  if (value.kind === 'slice' ? value.items.length === 0 : value.kind === 'map' && value.entries.size === 0)
    throw new Unpredictable('template', `its template compares an empty ${value.kind}`);
  return false;
}

function printed(value: Concrete, verb: string): SecretValue {
  return new SecretValue(shownText(asGoString(formatValue(value, verb, plain))));
}

export function isLess(first: Reflected, second: Reflected): boolean {
  const [one, other] = [ordered(first), ordered(second)];
  if (one.kind === 'int' && other.kind === 'int') return one.value < other.value;
  if (comparisonKind(one) !== comparisonKind(other)) throw incompatible(one, other);
  if (one.kind === 'bool') throw invalidType();
  return one.value < other.value;
}

export function isLessOrEqual(one: Reflected, other: Reflected): boolean {
  return isLess(one, other) || isEqualToAny(one, [other]);
}

function ordered(value: Reflected): Basic {
  const concrete = unboxed(value);
  if (concrete === undefined || !isBasic(concrete)) throw invalidType();
  return concrete;
}

function isBasic(value: Concrete): value is Basic {
  return value.kind !== 'slice' && value.kind !== 'map';
}

function comparisonKind(value: Basic): string {
  return value.kind === 'int' && value.type.startsWith('u') ? 'uint' : value.kind;
}

function incompatible(one: Concrete, other: Concrete): GoError {
  return new GoError(`incompatible types for comparison: ${typeOf(one)} and ${typeOf(other)}`, 'template');
}

function invalidType(): GoError {
  return new GoError('invalid type for comparison', 'template');
}
