/** Numbers in a template: one literal stands for every type that can hold it, as Go's constants do. */
import { Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { parseFloat64 } from '../go/parse-float.ts';
import { quote } from '../go/quote.ts';
import { SyntaxFailure } from './syntax-failure.ts';
import { unquoteCharacter } from './unquote.ts';

/** Undefined where it is not exactly a number of that type. */
export type NumberLiteral = {
  readonly int: bigint | undefined;
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
};

const misplacedUnderscore = /(?<![\da-z])_|_(?![\da-f])/i;
const leastInt = -(1n << 63n);
const firstTooLargeInt = 1n << 63n;
const firstTooLargeUint = 1n << 64n;

export function parseCharacter(text: GoString): NumberLiteral {
  const { code, rest } = unquoteCharacter(asGoString(text.slice(1)), "'");
  if (rest !== "'") throw new SyntaxFailure(`malformed character constant: ${text}`);
  return { int: BigInt(code), uint: BigInt(code), float: code };
}

/** @throws SyntaxFailure, and Unpredictable for imaginary numbers */
export function parseNumber(text: GoString): NumberLiteral {
  if (text.endsWith('i') && Number.isFinite(parseFloat64(text.slice(0, -1))))
    throw new Unpredictable('template', 'its template has an imaginary number');
  const integer = parseInteger(text);
  const int = integer !== undefined && integer >= leastInt && integer < firstTooLargeInt ? integer : undefined;
  const hasSign = /^[-+]/.test(text);
  const uint =
    integer !== undefined && (!hasSign || integer === 0n) && integer < firstTooLargeUint ? integer : undefined;
  if (int !== undefined || uint !== undefined) return { int, uint, float: Number(int ?? uint) };
  const float = parseFloat64(text);
  if (float === undefined || !Number.isFinite(float)) throw new SyntaxFailure(`illegal number syntax: ${quote(text)}`);
  if (!/[.eEpP]/.test(text)) throw new SyntaxFailure(`integer overflow: ${quote(text)}`);
  return { ...integral(float), float };
}

/** `1e3` is an int as well. */
function integral(float: number): Pick<NumberLiteral, 'int' | 'uint'> {
  if (!Number.isInteger(float)) return { int: undefined, uint: undefined };
  const value = BigInt(float);
  return {
    int: value >= leastInt && value < firstTooLargeInt ? value : undefined,
    uint: value >= 0n && value < firstTooLargeUint ? value : undefined,
  };
}

/** strconv.ParseInt with base 0, of any size. A plus is not for ParseUint, which the caller minds. */
function parseInteger(text: string): bigint | undefined {
  const [, sign = '', number = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (misplacedUnderscore.test(number) || (/^0./.test(number) && /^0_?[89]/.test(number))) return undefined;
  const digits = number.replaceAll('_', '').toLowerCase();
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  if (!/^(?:0x[\da-f]+|0o[0-7]+|0b[01]+|0|[1-9]\d*)$/.test(octal)) return undefined;
  return sign === '-' ? -BigInt(octal) : BigInt(octal);
}
