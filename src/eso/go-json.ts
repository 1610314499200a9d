/** JSON and numbers as Go writes them, for what External Secrets Operator reads with encoding/json and writes again. */

import { endOfScalar, skipWhitespace, unquoteText } from '../model/secret-text.ts';

/** `float`: numbers went through a float64 (a map[string]any). `literal`: they kept their text (json.Number). */
export type Numbers = 'float' | 'literal';

/** One list or object that is not closed yet, with what is in it so far as Go would write it. */
type Frame =
  | { readonly kind: 'list'; readonly items: string[] }
  | { readonly kind: 'object'; readonly fields: Map<string, string>; name: string | undefined };

/**
 * json.Marshal of json.Unmarshal: keys sorted by their bytes, no spaces, `<`, `>`, `&`, U+2028 and U+2029 escaped. Of two keys of one name the
 * last counts. In one pass without recursion and without JSON.parse on objects: nesting goes to 10,000 levels, and V8 13.6 takes the name
 * `"\u0061"` for a backslash once it has seen an object with that name in its place.
 * @param raw valid JSON
 * @returns undefined where a number is beyond a float64, which encoding/json refuses
 */
export function remarshal(raw: string, numbers: Numbers): string | undefined {
  const open: Frame[] = [];
  let whole = '';
  const add = (text: string): void => {
    const frame = open.at(-1);
    if (frame === undefined) whole = text;
    else if (frame.kind === 'list') frame.items.push(text);
    else if (frame.name !== undefined) {
      frame.fields.set(frame.name, text);
      frame.name = undefined;
    }
  };
  for (let at = skipWhitespace(raw, 0); at < raw.length; at = skipWhitespace(raw, at)) {
    const from = at;
    at = endOfToken(raw, from);
    const frame = open.at(-1);
    switch (raw.charAt(from)) {
      case ',':
      case ':':
        break;
      case '[':
        open.push({ kind: 'list', items: [] });
        break;
      case '{':
        open.push({ kind: 'object', fields: new Map(), name: undefined });
        break;
      case ']':
      case '}':
        open.pop();
        if (frame !== undefined) add(close(frame));
        break;
      case '"': {
        const text = unquoteText(raw.slice(from, at)) ?? '';
        if (frame?.kind === 'object' && frame.name === undefined) frame.name = text;
        else add(marshalText(text));
        break;
      }
      case 't':
      case 'f':
      case 'n':
        add(raw.slice(from, at));
        break;
      default: {
        const number = marshalNumber(raw.slice(from, at), numbers);
        if (number === undefined) return undefined;
        add(number);
      }
    }
  }
  return whole;
}

function endOfToken(raw: string, from: number): number {
  return endOfScalar(raw, from) ?? from + 1;
}

function close(frame: Frame): string {
  if (frame.kind === 'list') return `[${frame.items.join(',')}]`;
  const fields = [...frame.fields].toSorted(([a], [b]) => compareBytes(a, b));
  return `{${fields.map(([name, text]) => `${marshalText(name)}:${text}`).join(',')}}`;
}

function marshalNumber(text: string, numbers: Numbers): string | undefined {
  if (numbers === 'literal') return text;
  const number = Number(text);
  if (!Number.isFinite(number)) return undefined;
  return Object.is(number, -0) ? '-0' : String(number);
}

function marshalText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The order of the UTF-8 bytes, which is that of the code points; that of UTF-16 differs beyond U+FFFF. */
function compareBytes(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.codePointAt(at) === b.codePointAt(at)) at += 1;
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}

/** strconv.FormatFloat(x, 'f', -1, 64): the shortest digits that give the number back, never with an exponent. Undefined beyond a float64. */
export function formatFloat(raw: string): string | undefined {
  const number = Number(raw);
  if (!Number.isFinite(number)) return undefined;
  if (Object.is(number, -0)) return '-0';
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(number)) ?? [];
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
