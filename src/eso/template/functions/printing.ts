/** fmt's `%v` and `%T`, and what sprig makes of it. */
import type { GoString } from '../../go/go-string.ts';
import { asGoString } from '../../go/go-string.ts';
import { formatValue, plain } from '../format-value.ts';
import type { GoValue } from '../go-value.ts';
import { typeOf as concreteType } from '../reflected.ts';
import { string } from './go-function.ts';

/** fmt.Sprintf("%v", value) */
export function printed(value: GoValue): GoString {
  return formatValue(value, 'v', plain);
}

/** sprig's strval: bytes are a text. */
export function textual(value: GoValue): GoString {
  if (typeOf(value) === '[]uint8' && value.kind === 'slice')
    return asGoString(
      value.items.map((item) => String.fromCharCode(item.kind === 'int' ? Number(item.value) : 0)).join(''),
    );
  return printed(value);
}

/** sprig's strslice: nil is left out of lists; what is no list is a list of one. */
export function texts(value: GoValue): GoString[] {
  if (value.kind === 'nil') return [];
  if (value.kind === 'slice') return value.items.filter((item) => item.kind !== 'nil').map(textual);
  return [textual(value)];
}

/** fmt.Sprintf("%T", value) */
export function typeOf(value: GoValue): string {
  return value.kind === 'nil' ? '<nil>' : concreteType(value);
}

/** reflect.ValueOf(value).Kind().String() */
export function kindOf(value: GoValue): string {
  if (value.kind === 'nil') return 'invalid';
  return value.kind === 'int' || value.kind === 'float' ? value.type : value.kind;
}

export function joined(separator: GoString, value: GoValue): GoValue {
  return string(asGoString(texts(value).join(separator)));
}
