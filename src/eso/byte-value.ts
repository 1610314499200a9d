/** What becomes of a decoded JSON value where the operator wants bytes (esutils GetByteValue). */
import { formatFloat } from './go/format-float.ts';
import type { GoString } from './go/go-string.ts';
import { asGoString } from './go/go-string.ts';
import { marshal } from './go/marshal.ts';
import type { GoValue } from './template/go-value.ts';

/** Texts and numbers as they are, null is empty, lists and objects are JSON again. Of what `unmarshal` gives. */
export function byteValue(value: GoValue): GoString {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'nil':
      return asGoString('');
    case 'float':
      return formatFloat(value.value, 'f', -1);
    case 'bool':
    case 'int':
      return asGoString(String(value.value));
    case 'slice':
    case 'map':
      return marshal(value);
  }
}
