/** strconv.ParseFloat. */

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const hexadecimal = /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)$/;
/** An underscore stands between two digits, or between the prefix and a digit. */
const misplacedUnderscore = { decimal: /(?<!\d)_|_(?!\d)/, hexadecimal: /(?<![\da-fA-FxX])_|_(?![\da-fA-F])/ };

/**
 * strconv.ParseFloat(text, 64).
 * @returns ±Infinity for what is out of range (and for `inf`); undefined for what Go calls invalid syntax
 */
export function parseFloat64(text: string): number | undefined {
  const special = /^([+-]?)(inf(?:inity)?)$/i.exec(text);
  if (special !== null) return special[1] === '-' ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (misplacedUnderscore[/^[+-]?0x/i.test(text) ? 'hexadecimal' : 'decimal'].test(text)) return undefined;
  const plain = text.replaceAll('_', '');
  if (decimal.test(plain)) return Number(plain);
  const [, sign, whole = '', fraction = '', exponent = ''] = hexadecimal.exec(plain) ?? [];
  if (whole + fraction === '') return undefined;
  const size = scale(BigInt(`0x${whole}${fraction}`), Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -size : size;
}

/** mantissa × 2^exponent, rounded once and to the even. */
function scale(mantissa: bigint, exponent: number): number {
  const bits = mantissa.toString(2).length;
  if (mantissa === 0n) return 0;
  if (bits + exponent > 1024) return Infinity;
  if (bits + exponent < -1080) return 0;
  // What is beyond the last bit of a double only counts as something or nothing.
  const excess = Math.max(bits - 53, -1074 - exponent);
  if (excess <= 0) return Number(mantissa) * 2 ** Math.max(exponent, -1000) * 2 ** Math.min(exponent + 1000, 0);
  const half = 1n << BigInt(excess - 1);
  const kept = mantissa >> BigInt(excess);
  const rest = mantissa - (kept << BigInt(excess));
  const rounded = rest > half || (rest === half && kept % 2n === 1n) ? kept + 1n : kept;
  const scaled = exponent + excess;
  return Number(rounded) * 2 ** Math.max(scaled, -1000) * 2 ** Math.min(scaled + 1000, 0);
}
