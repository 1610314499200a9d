/** How package fmt prints an integer. */
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { runeBytes } from '../go/runes.ts';
import { isPrintable } from '../go/letters.ts';
import type { FormatFlags } from './padding.ts';
import { pad } from './padding.ts';

const bases = new Map([
  ['v', 10],
  ['d', 10],
  ['b', 2],
  ['o', 8],
  ['O', 8],
  ['x', 16],
  ['X', 16],
]);

/** Undefined where the verb does not suit an integer. */
export function formatInteger(value: bigint, signed: boolean, verb: string, flags: FormatFlags): GoString | undefined {
  if (verb === 'c') return pad(runeBytes(isCodePoint(value) ? Number(value) : 0xfffd), flags);
  if (verb === 'U') return pad(unicode(BigInt.asUintN(64, value), flags), { ...flags, zero: false });
  const base = bases.get(verb);
  if (base === undefined) return undefined;
  return verb === 'v' && flags.sharpV === true && !signed
    ? inBase(value, 16, verb, { ...flags, sharp: true })
    : inBase(value, base, verb, flags);
}

function inBase(value: bigint, base: number, verb: string, flags: FormatFlags): GoString {
  const withSpaces = { ...flags, zero: false };
  if (flags.precision === 0 && value === 0n) return pad('', { ...withSpaces, minus: false });
  const sign = value < 0n ? '-' : flags.plus === true ? '+' : flags.space === true ? ' ' : '';
  const digits = (value < 0n ? -value : value).toString(base).padStart(leastDigits(sign, flags), '0');
  const number = prefix(digits, base, verb, flags) + digits;
  return pad(sign + (verb === 'X' ? number.toUpperCase() : number), withSpaces);
}

/** Two flags ask for zeros: a precision, and with none given a width that is filled with zeros. */
function leastDigits(sign: string, { precision, zero, minus, width }: FormatFlags): number {
  if (precision !== undefined) return precision;
  return zero === true && minus !== true && width !== undefined ? width - sign.length : 0;
}

function prefix(digits: string, base: number, verb: string, { sharp }: FormatFlags): string {
  const octal = verb === 'O' ? '0o' : '';
  if (sharp !== true) return octal;
  if (base === 2) return '0b';
  if (base === 16) return '0x';
  return octal + (base === 8 && !digits.startsWith('0') ? '0' : '');
}

function unicode(value: bigint, { precision = 0, sharp }: FormatFlags): string {
  const hex = value.toString(16).toUpperCase().padStart(Math.max(4, precision), '0');
  const shown =
    sharp === true && value <= 0x10ffffn && isPrintable(Number(value)) ? ` '${runeBytes(Number(value))}'` : '';
  return asGoString(`U+${hex}${shown}`);
}

function isCodePoint(value: bigint): boolean {
  return value >= 0n && value <= 0x10ffffn;
}
