/** strconv.FormatFloat. */
import type { GoString } from './go-string.ts';
import { asGoString } from './go-string.ts';

export type FloatFormat = 'e' | 'f' | 'g' | 'E' | 'G';

/** 0.d₁d₂… × 10^point, as few digits as there are: zero has none. */
type Decimal = { readonly digits: string; readonly point: number };

/**
 * strconv.FormatFloat(value, format, precision, 64).
 * @param precision -1: as many digits as are needed to get the number back
 */
export function formatFloat(value: number, format: FloatFormat, precision: number): GoString {
  return render(value, format, precision, (size) => parseDecimal(String(size)));
}

/** strconv.FormatFloat(value, format, precision, 32), which needs fewer digits. */
export function formatFloat32(value: number, format: FloatFormat, precision: number): GoString {
  return render(value, format, precision, (size) => {
    const exact = exactDecimal(size);
    for (let fractionDigits = 0; ; fractionDigits++) {
      const rounded = round(exact, 'e', fractionDigits);
      if (Math.fround(Number(exponential(rounded, 'e', fractionDigits))) === size) return rounded;
    }
  });
}

function render(value: number, format: FloatFormat, precision: number, shortest: (size: number) => Decimal): GoString {
  if (Number.isNaN(value)) return asGoString('NaN');
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (size === Infinity) return asGoString(sign === '' ? '+Inf' : '-Inf');
  const decimal = precision < 0 ? shortest(size) : round(exactDecimal(size), format, precision);
  return asGoString(sign + layOut(decimal, format, precision));
}

function layOut(decimal: Decimal, format: FloatFormat, precision: number): string {
  const { digits, point } = decimal;
  switch (format) {
    case 'f':
      return fixed(decimal, precision < 0 ? Math.max(digits.length - point, 0) : precision);
    case 'e':
    case 'E':
      return exponential(decimal, format, precision < 0 ? Math.max(digits.length - 1, 0) : precision);
    case 'g':
    case 'G': {
      const wanted = precision < 0 ? digits.length : Math.max(precision, 1);
      const whole = wanted > digits.length && digits.length >= point ? digits.length : wanted;
      // Where the digits are those that are needed, Go decides by a precision of 6.
      if (point - 1 < -4 || point - 1 >= (precision < 0 ? 6 : whole))
        return exponential(decimal, format === 'g' ? 'e' : 'E', Math.min(wanted, digits.length) - 1);
      return fixed(decimal, Math.max((wanted > point ? digits.length : wanted) - point, 0));
    }
  }
}

function fixed({ digits, point }: Decimal, fractionDigits: number): string {
  const whole = point <= 0 ? '0' : digits.slice(0, point).padEnd(point, '0');
  const fraction = '0'.repeat(Math.max(-point, 0)) + digits.slice(Math.max(point, 0));
  return fractionDigits === 0 ? whole : `${whole}.${fraction.slice(0, fractionDigits).padEnd(fractionDigits, '0')}`;
}

function exponential({ digits, point }: Decimal, letter: string, fractionDigits: number): string {
  const exponent = digits === '' ? 0 : point - 1;
  const fraction = fractionDigits > 0 ? `.${digits.slice(1, fractionDigits + 1).padEnd(fractionDigits, '0')}` : '';
  const sign = exponent < 0 ? '-' : '+';
  return `${digits.charAt(0) || '0'}${fraction}${letter}${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Of a number as JavaScript prints it. */
function parseDecimal(text: string): Decimal {
  const [, whole = '', fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? [];
  return normalise(whole + fraction, whole.length + Number(exponent));
}

function normalise(digits: string, point: number): Decimal {
  const significant = digits.replace(/^0+/, '');
  const trimmed = significant.replace(/0+$/, '');
  return trimmed === ''
    ? { digits: '', point: 0 }
    : { digits: trimmed, point: point - digits.length + significant.length };
}

/** All the digits of a double, of which there may be 767. */
function exactDecimal(size: number): Decimal {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, size);
  const exponentBits = bits.getUint16(0) >> 4;
  const fraction = bits.getBigUint64(0) & 0xfffffffffffffn;
  const mantissa = exponentBits === 0 ? fraction : fraction | (1n << 52n);
  const exponent = Math.max(exponentBits, 1) - 1075;
  if (exponent >= 0) {
    const digits = String(mantissa << BigInt(exponent));
    return normalise(digits, digits.length);
  }
  const digits = String(mantissa * 5n ** BigInt(-exponent));
  return normalise(digits, digits.length + exponent);
}

/** Halves to the even digit. */
function round(decimal: Decimal, format: FloatFormat, precision: number): Decimal {
  const { digits, point } = decimal;
  const kept =
    format === 'f' ? point + precision : format === 'g' || format === 'G' ? Math.max(precision, 1) : precision + 1;
  if (kept >= digits.length) return decimal;
  if (kept < 0) return { digits: '', point: 0 };
  const next = digits.charAt(kept);
  const isHalf = next === '5' && digits.length === kept + 1;
  const isUp = isHalf ? Number(digits.charAt(kept - 1)) % 2 === 1 : next >= '5';
  const head = digits.slice(0, kept);
  if (!isUp) return normalise(head, point);
  const raised = String(BigInt(`0${head}`) + 1n).padStart(kept, '0');
  return normalise(raised, point + raised.length - kept);
}
