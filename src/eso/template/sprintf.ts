/** fmt.Sprintf, fmt.Sprint and fmt.Sprintln. */
import { Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { runeAt, runeBytes } from '../go/runes.ts';
import { formatValue, maximumLength, plain, tooLong } from './format-value.ts';
import type { GoValue } from './go-value.ts';
import type { FormatFlags } from './padding.ts';
import { typeOf } from './reflected.ts';

type Flags = { -readonly [flag in keyof FormatFlags]: FormatFlags[flag] };

type Speaking = ReadonlyMap<GoValue, 'error' | 'value' | 'other'>;

/**
 * Also fmt.Errorf, whose operands are not all plain values: those in `speaking` are given as the texts that they print as (errors, types),
 * or as the value that a reflect.Value holds; where Go would print one otherwise, it cannot be told.
 */
export function sprintf(format: GoString, values: readonly GoValue[], speaking?: Speaking): GoString {
  return new Formatting(format, values, speaking).run();
}

/** Spaces between operands when neither is a string. */
export function sprint(values: readonly GoValue[]): GoString {
  let text = '';
  values.forEach((value, index) => {
    if (index > 0 && value.kind !== 'string' && values[index - 1]?.kind !== 'string') text += ' ';
    text += formatValue(value, 'v', plain);
  });
  return within(text);
}

export function sprintln(values: readonly GoValue[]): GoString {
  return within(values.map((value) => formatValue(value, 'v', plain)).join(' ') + '\n');
}

function within(text: string): GoString {
  if (text.length > maximumLength) throw tooLong();
  return asGoString(text);
}

/** A width or precision of more is none. */
const largest = 1_000_000;

class Formatting {
  readonly #format: GoString;
  readonly #values: readonly GoValue[];
  readonly #speaking: Speaking | undefined;
  #text = '';
  #at = 0;
  #next = 0;
  /** Whether an explicit index was seen: extra operands are not told then. */
  #reordered = false;
  #goodIndex = true;
  /** Whether the last thing read was an explicit index. */
  #afterIndex = false;

  constructor(format: GoString, values: readonly GoValue[], speaking: Speaking | undefined) {
    this.#format = format;
    this.#values = values;
    this.#speaking = speaking;
  }

  run(): GoString {
    for (;;) {
      const percent = this.#format.indexOf('%', this.#at);
      this.#text += this.#format.slice(this.#at, percent === -1 ? undefined : percent);
      if (percent === -1) break;
      this.#at = percent + 1;
      if (!this.#directive()) break;
      if (this.#text.length > maximumLength) throw tooLong();
    }
    if (!this.#reordered && this.#next < this.#values.length) this.#extra();
    return within(this.#text);
  }

  /** False at the end of the format. */
  #directive(): boolean {
    this.#goodIndex = true;
    const flags = this.#flags();
    this.#index();
    this.#width(flags);
    this.#precision(flags);
    if (!this.#afterIndex) this.#index();
    if (this.#at >= this.#format.length) {
      this.#text += '%!(NOVERB)';
      return false;
    }
    const rune = runeAt(this.#format, this.#at);
    this.#at += rune.width;
    this.#operand(runeBytes(rune.code), flags);
    return true;
  }

  #operand(verb: string, flags: Flags): void {
    const value = this.#values[this.#next];
    if (verb === '%') this.#text += '%';
    else if (!this.#goodIndex) this.#text += `%!${verb}(BADINDEX)`;
    else if (value === undefined) this.#text += `%!${verb}(MISSING)`;
    else {
      this.#text += this.#formatted(value, verb, verb === 'v' || verb === 'w' ? ofVerbV(flags) : flags);
      this.#next++;
    }
  }

  #formatted(value: GoValue, verb: string, flags: FormatFlags): GoString {
    const speaking = this.#speaking?.get(value);
    if (speaking === undefined) return formatValue(value, verb, flags);
    if (speaking === 'value' ? verb === 'T' : !speaks(speaking, verb) || flags.sharpV === true) throw opaque();
    if (speaking === 'value') return formatValue(value, verb, flags);
    return formatValue(value, verb === 'w' ? 'v' : verb, flags);
  }

  #flags(): Flags {
    const flags: Flags = {};
    for (; ; this.#at++) {
      const name = flagNames.get(this.#format.charAt(this.#at));
      if (name === undefined) return flags;
      flags[name] = true;
    }
  }

  #width(flags: Flags): void {
    if (this.#format.charAt(this.#at) === '*') {
      this.#at++;
      const width = this.#integerOperand();
      if (width === undefined) this.#text += '%!(BADWIDTH)';
      else {
        flags.width = Math.abs(width);
        if (width < 0) Object.assign(flags, { minus: true, zero: false });
      }
      this.#afterIndex = false;
      return;
    }
    const width = this.#number();
    if (width === undefined) return;
    flags.width = width;
    if (this.#afterIndex) this.#goodIndex = false;
  }

  #precision(flags: Flags): void {
    if (this.#at + 1 >= this.#format.length || this.#format.charAt(this.#at) !== '.') return;
    this.#at++;
    if (this.#afterIndex) this.#goodIndex = false;
    this.#index();
    if (this.#format.charAt(this.#at) !== '*') {
      flags.precision = this.#number() ?? 0;
      return;
    }
    this.#at++;
    const precision = this.#integerOperand();
    if (precision !== undefined && precision >= 0) flags.precision = precision;
    else this.#text += '%!(BADPREC)';
    this.#afterIndex = false;
  }

  /** A number that is too large leads to the end of the format. */
  #number(): number | undefined {
    const digits = /^\d*/.exec(this.#format.slice(this.#at))?.[0] ?? '';
    const number = parsedNumber(digits);
    this.#at = digits !== '' && number === undefined ? this.#format.length : this.#at + digits.length;
    return number;
  }

  #integerOperand(): number | undefined {
    const value = this.#values[this.#next];
    if (value === undefined) return undefined;
    this.#next++;
    return value.kind === 'int' && value.value <= largest && value.value >= -largest ? Number(value.value) : undefined;
  }

  /** `[3]`. */
  #index(): void {
    this.#afterIndex = false;
    if (this.#format.charAt(this.#at) !== '[') return;
    this.#reordered = true;
    const end = this.#format.indexOf(']', this.#at + 1);
    const digits = end === -1 ? '' : this.#format.slice(this.#at + 1, end);
    this.#at = end === -1 || this.#format.length - this.#at < 3 ? this.#at + 1 : end + 1;
    const index = /^\d+$/.test(digits) ? parsedNumber(digits) : undefined;
    this.#afterIndex = index !== undefined;
    if (index === undefined || index < 1 || index > this.#values.length) this.#goodIndex = false;
    else this.#next = index - 1;
  }

  #extra(): void {
    const extra = this.#values.slice(this.#next).map((value) => {
      if (this.#speaking?.has(value) === true) throw opaque();
      return value.kind === 'nil' ? '<nil>' : `${typeOf(value)}=${formatValue(value, 'v', plain)}`;
    });
    this.#text += `%!(EXTRA ${extra.join(', ')})`;
  }
}

/** Too large: what comes before the last digit is more than the largest already. */
function parsedNumber(digits: string): number | undefined {
  return digits === '' || Number(digits.slice(0, -1)) > largest ? undefined : Number(digits);
}

const flagNames = new Map<string, 'sharp' | 'zero' | 'plus' | 'minus' | 'space'>([
  ['#', 'sharp'],
  ['0', 'zero'],
  ['+', 'plus'],
  ['-', 'minus'],
  [' ', 'space'],
]);

/** `%#v` and `%+v` are verbs of their own rather than flags. */
function ofVerbV({ sharp, plus: _plus, ...flags }: FormatFlags): FormatFlags {
  return { ...flags, ...(sharp === true && { sharpV: true }) };
}

function speaks(speaking: 'error' | 'other', verb: string): boolean {
  return 'vsxXq'.includes(verb) || (speaking === 'error' && verb === 'w');
}

function opaque(): Unpredictable {
  return new Unpredictable('template', "its template's text, which is the name in the error too, holds a %");
}
