/** How sprig makes numbers of anything: github.com/spf13/cast 1.10.0, with its errors swallowed (they give 0). */
import { Unpredictable } from '../../go-error.ts';
import type { GoString } from '../../go/go-string.ts';
import { parseFloat64 } from '../../go/parse-float.ts';
import type { GoValue } from '../go-value.ts';

const greatest = 2n ** 63n - 1n;
const least = -(2n ** 63n);

export type Parsed =
  | { readonly kind: 'parsed'; readonly value: bigint }
  | { readonly kind: 'syntax' }
  /** @property value the greatest or least that there is */
  | { readonly kind: 'range'; readonly value: bigint };

/** strconv.ParseInt(text, base, 64). @param base 0: of the text's prefix, and underscores between digits are allowed */
export function parseInt64(text: string, base: 0 | 2 | 8 | 10): Parsed {
  const [, sign = '', size = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  const digits = base === 0 ? prefixed(size) : plain(size, base);
  if (digits === undefined) return { kind: 'syntax' };
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  if (value > greatest) return { kind: 'range', value: greatest };
  return value < least ? { kind: 'range', value: least } : { kind: 'parsed', value };
}

const digitsOf = { 2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^[0-9]+$/ };
const prefixOf = { 2: '0b', 8: '0o', 10: '' };

function plain(size: string, base: 2 | 8 | 10): string | undefined {
  return digitsOf[base].test(size) ? prefixOf[base] + size : undefined;
}

/** A Go literal: `0x1f`, `0b1`, `0o17`, `017`, `1_000`. */
function prefixed(size: string): string | undefined {
  if (/^0[xX](_?[0-9a-fA-F])+$|^0[bB](_?[01])+$|^0[oO](_?[0-7])+$/.test(size)) return size.replaceAll('_', '');
  if (/^0(_?[0-7])+$/.test(size)) return `0o${size.slice(1).replaceAll('_', '')}`;
  return /^[0-9](_?[0-9])*$/.test(size) && (size === '0' || !size.startsWith('0'))
    ? size.replaceAll('_', '')
    : undefined;
}

/** cast.ToInt64, and cast.ToInt, which is the same where Go's int has 64 bits. */
export function toInt64(value: GoValue): bigint {
  switch (value.kind) {
    case 'bool':
      return value.value ? 1n : 0n;
    case 'int':
      return BigInt.asIntN(64, value.value);
    case 'float':
      return truncated(value.value);
    case 'string': {
      const parsed = parseInt64(withoutDecimals(value.value), 0);
      return parsed.kind === 'parsed' ? parsed.value : 0n;
    }
    case 'nil':
    case 'slice':
    case 'map':
      return 0n;
  }
}

/** What the processor makes of a float beyond an int64 differs from one to another. */
function truncated(value: number): bigint {
  if (!(Math.abs(value) < 2 ** 63))
    throw new Unpredictable('template', 'its template makes an integer of too large a number');
  return BigInt(Math.trunc(value));
}

function withoutDecimals(text: GoString): string {
  const [, whole] = /^([-+]?[0-9]*)\.[0-9]*$/.exec(text) ?? [];
  if (whole === undefined) return text;
  return whole === '' || whole === '-' || whole === '+' ? `${whole}0` : whole;
}

/** cast.ToFloat64 */
export function toFloat64(value: GoValue): number {
  switch (value.kind) {
    case 'bool':
      return value.value ? 1 : 0;
    case 'int':
      return Number(value.value);
    case 'float':
      return value.value;
    case 'string':
      return finite(parseFloat64(value.value) ?? 0, value.value);
    case 'nil':
    case 'slice':
    case 'map':
      return 0;
  }
}

/** A number beyond a float64 is an error to Go, and `inf` is none. */
function finite(number: number, text: GoString): number {
  return Number.isFinite(number) || /[fn]/i.test(text) ? number : 0;
}
