/** JSON and numbers as Go writes them, for what External Secrets Operator reads with encoding/json and writes again. */

/** `float`: numbers went through a float64 (a map[string]any). `literal`: they kept their text (json.Number). */
export type Numbers = 'float' | 'literal';

class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * json.Marshal of json.Unmarshal: keys sorted by their bytes, no spaces, `<`, `>`, `&`, U+2028 and U+2029 escaped.
 * @param raw valid JSON
 * @returns undefined where a number is beyond a float64, which encoding/json refuses
 */
export function remarshal(raw: string, numbers: Numbers): string | undefined {
  const seen = { beyond: false };
  const value: unknown = JSON.parse(raw, (_key, parsed: unknown, context?: { readonly source?: string }) => {
    if (typeof parsed !== 'number') return parsed;
    if (numbers === 'float' && !Number.isFinite(parsed)) seen.beyond = true;
    return new NumberText(
      numbers === 'literal' ? (context?.source ?? '') : Object.is(parsed, -0) ? '-0' : String(parsed),
    );
  });
  return seen.beyond ? undefined : marshal(value);
}

function marshal(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (typeof value === 'string') return marshalText(value);
  if (Array.isArray(value)) return `[${value.map(marshal).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => compareBytes(a, b));
  return `{${entries.map(([key, of]) => `${marshalText(key)}:${marshal(of)}`).join(',')}}`;
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
