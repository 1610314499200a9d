/** sprig's arithmetic: int64, and decimals with 16 digits after the point in a division. */
import { Unpredictable } from '../../go-error.ts';
import type { GoValue, TemplateFunction } from '../go-value.ts';
import { parseInt64, toFloat64, toInt64 } from './conversions.ts';
import { failed, float64, goFunction, int, int64 } from './go-function.ts';
import { printed } from './printing.ts';

const any = 'interface {}';

function divisor(value: GoValue): bigint {
  const number = toInt64(value);
  if (number === 0n) throw failed('runtime error: integer divide by zero');
  return number;
}

function chosen(isBetter: (one: bigint, other: bigint) => boolean): TemplateFunction {
  return goFunction([any, `...${any}`], (first, ...others) =>
    int64(others.map(toInt64).reduce((best, next) => (isBetter(next, best) ? next : best), toInt64(first))),
  );
}

/** coefficient × 10^exponent, as github.com/shopspring/decimal has it. */
type Decimal = { readonly coefficient: bigint; readonly exponent: number };

function decimalOf(value: GoValue): Decimal {
  const number = toFloat64(value);
  if (!Number.isFinite(number))
    throw failed(`Cannot create a Decimal from ${Number.isNaN(number) ? 'NaN' : number > 0 ? '+Inf' : '-Inf'}`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(number)) ?? [];
  return { coefficient: BigInt(`${sign}${whole}${fraction}`), exponent: Number(exponent) - fraction.length };
}

function floatOf({ coefficient, exponent }: Decimal): GoValue {
  return float64(Number(`${String(coefficient)}e${exponent}`));
}

function power(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

function plus(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const coefficient = a.coefficient * power(a.exponent - exponent) + b.coefficient * power(b.exponent - exponent);
  return { coefficient, exponent };
}

function minus(a: Decimal, b: Decimal): Decimal {
  return plus(a, { coefficient: -b.coefficient, exponent: b.exponent });
}

function times(a: Decimal, b: Decimal): Decimal {
  return { coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent };
}

/** To 16 digits after the point, a half away from zero. */
function by(a: Decimal, b: Decimal): Decimal {
  if (b.coefficient === 0n) throw failed('decimal division by 0');
  const shift = a.exponent - b.exponent + 16;
  const dividend = a.coefficient * power(Math.max(shift, 0));
  const divisor = b.coefficient * power(Math.max(-shift, 0));
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const size = (number: bigint): bigint => (number < 0n ? -number : number);
  const away = size(remainder) * 2n >= size(divisor) ? (dividend < 0n === divisor < 0n ? 1n : -1n) : 0n;
  return { coefficient: quotient + away, exponent: -16 };
}

function decimals(operation: (a: Decimal, b: Decimal) => Decimal): TemplateFunction {
  return goFunction([any, `...${any}`], (first, ...others) =>
    floatOf(others.map(decimalOf).reduce(operation, decimalOf(first))),
  );
}

const zero: GoValue = float64(0);
const one: GoValue = float64(1);

/** math.Max and math.Min: unlike JavaScript's, an infinity wins over NaN. */
function furthest(infinity: number, pick: (a: number, b: number) => number): TemplateFunction {
  return goFunction([any, `...${any}`], (first, ...others) =>
    float64(
      others
        .map(toFloat64)
        .reduce((a, b) => (a === infinity || b === infinity ? infinity : pick(a, b)), toFloat64(first)),
    ),
  );
}

const round = goFunction([any, 'int', '...float64'], (value, places, threshold = 0.5) => {
  if (places > 22n || places < -22n) throw new Unpredictable('template', 'its template rounds to too many places');
  const scale = places < 0n ? 1 / 10 ** Number(-places) : 10 ** Number(places);
  const scaled = scale * toFloat64(value);
  // The fraction that Go compares keeps the sign; an infinity has none (NaN).
  const fraction = Number.isFinite(scaled) ? scaled - Math.trunc(scaled) : NaN;
  return float64((fraction >= threshold ? Math.ceil(scaled) : Math.floor(scaled)) / scale);
});

export const mathFunctions: readonly [string, TemplateFunction][] = [
  ['add1', goFunction([any], (value) => int64(toInt64(value) + 1n))],
  ['add', goFunction([`...${any}`], (...values) => int64(values.map(toInt64).reduce((sum, value) => sum + value, 0n)))],
  ['sub', goFunction([any, any], (a, b) => int64(toInt64(a) - toInt64(b)))],
  ['div', goFunction([any, any], (a, b) => int64(toInt64(a) / divisor(b)))],
  ['mod', goFunction([any, any], (a, b) => int64(toInt64(a) % divisor(b)))],
  [
    'mul',
    goFunction([any, `...${any}`], (first, ...others) =>
      int64(others.map(toInt64).reduce((product, value) => BigInt.asIntN(64, product * value), toInt64(first))),
    ),
  ],
  ['max', chosen((a, b) => a > b)],
  ['biggest', chosen((a, b) => a > b)],
  ['min', chosen((a, b) => a < b)],
  ['add1f', goFunction([any], (value) => floatOf(plus(decimalOf(value), decimalOf(one))))],
  ['addf', goFunction([`...${any}`], (...values) => floatOf(values.map(decimalOf).reduce(plus, decimalOf(zero))))],
  ['subf', decimals(minus)],
  ['mulf', decimals(times)],
  ['divf', decimals(by)],
  ['maxf', furthest(Infinity, Math.max)],
  ['minf', furthest(-Infinity, Math.min)],
  ['floor', goFunction([any], (value) => float64(Math.floor(toFloat64(value))))],
  ['ceil', goFunction([any], (value) => float64(Math.ceil(toFloat64(value))))],
  ['round', round],
  ['int', goFunction([any], (value) => int(toInt64(value)))],
  ['int64', goFunction([any], (value) => int64(toInt64(value)))],
  ['float64', goFunction([any], (value) => float64(toFloat64(value)))],
  [
    'atoi',
    goFunction(['string'], (value) => {
      const parsed = parseInt64(value, 10);
      return int(parsed.kind === 'syntax' ? 0n : parsed.value);
    }),
  ],
  [
    'toDecimal',
    goFunction([any], (value) => {
      const parsed = parseInt64(printed(value), 8);
      return int64(parsed.kind === 'parsed' ? parsed.value : 0n);
    }),
  ],
];
