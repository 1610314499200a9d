/** How package fmt prints one operand with one verb. Texts are made at most as long as a template's output may be. */
import { Unpredictable } from '../go-error.ts';
import { formatFloat, formatFloat32 } from '../go/format-float.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { quote, quoteRaw, quoteRune } from '../go/quote.ts';
import { formatInteger } from './format-integer.ts';
import type { GoValue } from './go-value.ts';
import type { FormatFlags } from './padding.ts';
import { pad, truncate } from './padding.ts';
import type { Concrete } from './reflected.ts';
import { elementType, sortedEntries, typeOf } from './reflected.ts';

/** A map may hold itself by way of `set`. Go would end then, without an error. */
const maximumNesting = 200;
export const maximumLength = 16 * 1024 * 1024;

/** fmt's `%v` with no flags. */
export const plain: FormatFlags = {};

/** `verb` is one character, `%!verb(type=value)` where it does not suit the value. */
export function formatValue(value: GoValue, verb: string, flags: FormatFlags): GoString {
  if (value.kind === 'nil') return verb === 'v' || verb === 'T' ? pad('<nil>', flags) : asGoString(`%!${verb}(<nil>)`);
  if (verb === 'T') return pad(truncate(typeOf(value), flags), flags);
  if (value.kind !== 'slice' && value.kind !== 'map') return formatScalar(value, verb, flags);
  if (verb === 'p' || verb === 'w')
    throw new Unpredictable('template', `its template prints a ${value.kind} with %${verb}`);
  if (value.kind === 'slice' && typeOf(value) === '[]uint8' && (verb === 'v' || verb === 'd'))
    return formatList(value.items, verb, flags, '[]byte', 0);
  return formatNested(value, verb, flags, 0);
}

function formatNested(value: GoValue, verb: string, flags: FormatFlags, depth: number): GoString {
  if (depth > maximumNesting)
    throw new Unpredictable('template', 'its template prints a value that is nested too deeply');
  switch (value.kind) {
    case 'nil':
      return asGoString(flags.sharpV === true ? 'interface {}(nil)' : '<nil>');
    case 'slice':
      if (elementType(value.type) === 'uint8' && 'sqxX'.includes(verb))
        return formatText(bytesIn(value.items), verb, flags);
      return formatList(value.items, verb, flags, typeOf(value), depth);
    case 'map': {
      const sharp = flags.sharpV === true;
      const entries = sortedEntries(value).map(
        ([key, element]) =>
          `${formatNested({ kind: 'string', value: key }, verb, flags, depth + 1)}:${formatNested(element, verb, flags, depth + 1)}`,
      );
      return joined(entries, sharp ? `${typeOf(value)}{` : 'map[', sharp);
    }
    default:
      return formatScalar(value, verb, flags);
  }
}

function formatList(
  items: readonly GoValue[],
  verb: string,
  flags: FormatFlags,
  type: string,
  depth: number,
): GoString {
  const sharp = flags.sharpV === true;
  const texts: string[] = [];
  let length = 0;
  for (const item of items) {
    const text = formatNested(item, verb, flags, depth + 1);
    length += text.length;
    if (length > maximumLength) throw tooLong();
    texts.push(text);
  }
  return joined(texts, sharp ? `${type}{` : '[', sharp);
}

function joined(texts: readonly string[], before: string, sharp: boolean): GoString {
  const text = asGoString(before + texts.join(sharp ? ', ' : ' ') + (sharp ? '}' : ']'));
  if (text.length > maximumLength) throw tooLong();
  return text;
}

export function tooLong(): Unpredictable {
  return new Unpredictable('template', 'its template makes a text of more than 16 MiB');
}

type Scalar = Exclude<Concrete, { readonly kind: 'slice' | 'map' }>;

function formatScalar(value: Scalar, verb: string, flags: FormatFlags): GoString {
  const formatted = formatSuitably(value, verb, flags);
  return formatted ?? asGoString(`%!${verb}(${typeOf(value)}=${formatSuitably(value, 'v', flags) ?? ''})`);
}

/** Undefined where the verb does not suit the value. */
function formatSuitably(value: Scalar, verb: string, flags: FormatFlags): GoString | undefined {
  switch (value.kind) {
    case 'bool':
      return verb === 't' || verb === 'v' ? pad(String(value.value), flags) : undefined;
    case 'string':
      return 'vsxXq'.includes(verb) ? formatText(value.value, verb, flags) : undefined;
    case 'int':
      return verb === 'q'
        ? pad(quoteRune(codePoint(value.value), flags.plus), flags)
        : formatInteger(value.value, !value.type.startsWith('u'), verb, flags);
    case 'float':
      return formatNumber(value, verb, flags);
  }
}

/** What is no code point, and what is out of every range, is U+FFFD. */
function codePoint(value: bigint): number {
  return value >= 0n && value <= 0x10ffffn ? Number(value) : 0xfffd;
}

function bytesIn(items: readonly GoValue[]): GoString {
  let text = '';
  for (const item of items) if (item.kind === 'int') text += String.fromCharCode(Number(item.value));
  return asGoString(text);
}

function formatText(text: GoString, verb: string, flags: FormatFlags): GoString {
  switch (verb) {
    case 'x':
    case 'X':
      return formatHex(text, verb === 'X', flags);
    case 'q':
      return formatQuoted(truncate(text, flags), flags);
    default:
      return flags.sharpV === true && verb === 'v'
        ? formatQuoted(truncate(text, flags), flags)
        : pad(truncate(text, flags), flags);
  }
}

function formatQuoted(text: GoString, flags: FormatFlags): GoString {
  return pad(flags.sharp === true ? quoteRaw(text, flags.plus) : quote(text, flags.plus), flags);
}

function formatHex(text: GoString, upper: boolean, flags: FormatFlags): GoString {
  const bytes = text.slice(0, flags.precision ?? text.length);
  if (bytes === '') return pad('', flags);
  const digits = Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'));
  const prefix = flags.sharp === true ? '0x' : '';
  const hex = prefix + digits.join(flags.space === true ? ` ${prefix}` : '');
  return pad(upper ? hex.toUpperCase() : hex, flags);
}

const floatFormats = new Map([
  ['v', 'g'],
  ['g', 'g'],
  ['G', 'G'],
  ['e', 'e'],
  ['E', 'E'],
  ['f', 'f'],
  ['F', 'f'],
] as const);

function formatNumber(
  { value, type }: Scalar & { readonly kind: 'float' },
  verb: string,
  flags: FormatFlags,
): GoString | undefined {
  if ('bxX'.includes(verb)) throw new Unpredictable('template', `its template prints a float with %${verb}`);
  const format = floatFormats.get(verb as 'v');
  if (format === undefined) return undefined;

  const precision = flags.precision ?? ('gG'.includes(format) ? -1 : 6);
  const text = (type === 'float32' ? formatFloat32 : formatFloat)(value, format, precision);
  const [lead, digits] = /^[-+]/.test(text) ? [text.charAt(0), text.slice(1)] : ['+', text];
  const sign = lead === '+' && flags.space === true && flags.plus !== true ? ' ' : lead;
  const signAsked = flags.plus === true || flags.space === true;
  if (!Number.isFinite(value))
    return pad((Number.isNaN(value) && !signAsked ? '' : sign) + digits, { ...flags, zero: false });
  const shownSign = sign === '+' && !signAsked ? '' : sign;
  const number = flags.sharp === true ? withPoint(digits, 'gG'.includes(format) ? precision : undefined) : digits;
  if (shownSign !== '' && flags.zero === true && flags.minus !== true)
    return asGoString(shownSign + number.padStart((flags.width ?? 0) - 1, '0'));
  return pad(shownSign + number, flags);
}

/** `#`: a decimal point always, and for %g the zeros up to the precision (6 unless given). */
function withPoint(text: string, precision: number | undefined): string {
  const [mantissa = '', exponent] = text.split(/(?=e)/i);
  const significant = mantissa.replace('.', '').replace(/^0+/, '').length;
  const missing =
    precision === undefined ? 0 : (precision === -1 ? 6 : precision) - significant - (mantissa === '0' ? 1 : 0);
  return `${mantissa}${mantissa.includes('.') ? '' : '.'}${'0'.repeat(Math.max(0, missing))}${exponent ?? ''}`;
}
