/** Texts that something on the way might alter: each kind of Unicode, quotes, escapes, control characters, line ends, numbers, large and empty ones. */
import { parseFields, unquoteText } from '../../src/model/secret-text.ts';
import type { CatalogSecret } from './catalog.ts';
import { fieldNames, textProperty } from './catalog.ts';
import type { Random } from './random.ts';

/** In every text that is long enough to be looked for in what a command prints or keeps. */
export const marker = 'kJ4q7Zx';

const parts: readonly string[] = [
  ...['"', "'", '\\', '\\n', '\\u0041', '\\ud800', '\\"', '/', '<script>&amp;', '${A}', '{{ .A }}', '%00%2F', '$(id)'],
  ...['\n', '\r\n', '\r', '\t', '\0', '\u0001', '\b\f\v', '\u001b[31m', '\u007f', '\u0085'],
  ...['\u2028', '\u2029', '\ufeff', '\u200b', '\u202e', '\u00a0', '\ufffd', '\uffff', '\ud7ff', '\ue000'],
  ...['ä', 'a\u0308', 'Å', 'ſ', 'İı', '日本語', 'عربى', 'हिन्दी', '𝔘𝔫𝔦', '👩‍👩‍👧‍👦', '🇩🇪', '\u{10ffff}', '\u{1f9ff}'],
  ...['1.50', '1e21', '007', '-0', '12345678901234567890', 'true', 'null', 'NaN', '[1]', '{"a":1}', '---\n- x: y'],
];

const whole: readonly string[] = [
  ...['1.50', '1e21', '007', '12345678901234567890', 'true', 'false', '{"a":1.0}', '[]', ' ', '\n', '"'],
  ...[
    '\\',
    '\0',
    '\ufeff',
    '\u2028',
    '👍',
    'datum\n',
    '\ndatum',
    ' datum ',
    'datum\r\n',
    '=cmd()',
    '-----BEGIN X-----',
  ],
];

/** @param maxBytes of UTF-8 as JSON @param short also short ones, which nothing can be looked for by */
export function hostileText(random: Random, maxBytes: number, short = true): string {
  const kind = random.next();
  if (kind < 0.2 && short) return random.pick(whole);
  const start = `${marker}${random.below(2 ** 31).toString(36)}`;
  if (kind < 0.35) return start;
  const wanted = kind < 0.95 ? 1 + random.below(12) : 1 + random.below(Math.max(1, maxBytes / 20));
  const pieces = Array.from({ length: wanted }, () => random.pick(parts));
  const text = start + pieces.join(random.chance(0.5) ? '' : 'x');
  // An escape of a control character is the longest that JSON has for one: 6 bytes.
  return Buffer.byteLength(JSON.stringify(text)) <= maxBytes ? text : start;
}

export type Fields = Readonly<Record<string, string>>;

/** What Vault holds for a secret: of a plain text its one property. Optional fields may be empty, or not there. */
export function hostileFields(secret: Pick<CatalogSecret, 'kind'>, random: Random, maxBytes = 4000): Fields {
  if (secret.kind === 'text') return { [textProperty]: hostileText(random, maxBytes) };
  const entries: [string, string][] = [[fieldNames[0], hostileText(random, maxBytes / 2, false)]];
  for (const name of fieldNames.slice(1)) {
    const kind = random.next();
    if (kind < 0.15) continue;
    entries.push([name, kind < 0.3 ? '' : hostileText(random, maxBytes / 8)]);
  }
  return Object.fromEntries(random.chance(0.5) ? entries : entries.toReversed());
}

/** As Key Vault holds it. */
export function keyVaultText(secret: Pick<CatalogSecret, 'kind'>, fields: Fields): string {
  return secret.kind === 'text' ? (fields[textProperty] ?? '') : JSON.stringify(fields);
}

/** The same of what Key Vault holds. @throws where it is no JSON object of texts */
export function fieldsOfText(secret: Pick<CatalogSecret, 'kind'>, text: string): Fields {
  return secret.kind === 'text' ? { [textProperty]: text } : parseTexts(text);
}

/** JSON.parse of Node 24 (V8 13.6) takes the name `"` for `\\` where it has seen an object with that one before: it cannot be the judge. */
export function parseTexts(json: string): Fields {
  const parsed = parseFields(json);
  if (parsed.kind !== 'fields') throw new Error(`it is no JSON object, but ${parsed.found}`);
  const entries = parsed.fields.map(({ name, raw }): [string, string] => {
    const text = unquoteText(raw);
    if (text === undefined) throw new Error(`the field ${name} is no text`);
    return [name, text];
  });
  return Object.fromEntries(entries);
}

export function isSameFields(one: Fields, other: Fields): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
