/**
 * What a secret's value in one store becomes in the other, so that every application receives the same bytes as before. Texts, booleans, null,
 * and whatever the operator reads alike from both stores stay what they are. What it would read otherwise (numbers that Vault rounds, nested
 * JSON that Vault spells anew) becomes the text that the applications receive now.
 */
import { formatFloat, remarshal } from '../eso/go-json.ts';
import type { Secret } from '../model/platform.ts';
import type { SecretField } from '../model/secret-text.ts';
import { parseFields, quoteText, renderFields, unquoteText } from '../model/secret-text.ts';
import { SecretValue } from '../model/secret-value.ts';
import type { StoreCapabilities } from '../stores/contract.ts';

type Holds = StoreCapabilities['holds'];

export type TranslateOptions = {
  readonly from: Holds;
  readonly to: Holds;
  /** Fields that the catalog does not know go along. */
  readonly includeUndeclared: boolean;
};

export type Translation =
  | {
      readonly kind: 'translated';
      readonly value: SecretValue;
      /** Fields that stay behind. */
      readonly left: readonly string[];
      /** Fields that were no texts and become such. */
      readonly asText: readonly string[];
    }
  | {
      readonly kind: 'blocked';
      /** `number too large`: the operator cannot read it where it is. */
      readonly because: 'not a JSON object' | 'field missing' | 'number too large';
      /** The field that it is about. */
      readonly field?: string;
    };

export function translate(
  { content }: Pick<Secret, 'content'>,
  value: SecretValue,
  options: TranslateOptions,
): Translation {
  const { from, to, includeUndeclared } = options;
  if (content.kind === 'text') return translateText(content.vaultProperty, value, options);
  const parsed = parseFields(value.reveal());
  if (parsed.kind === 'not-an-object') return { kind: 'blocked', because: 'not a JSON object' };
  const declared = new Set(content.fields.map(({ name }) => name));
  const carried: SecretField[] = [];
  const left: string[] = [];
  const asText: string[] = [];
  for (const { name, raw } of parsed.fields) {
    if (!declared.has(name) && !includeUndeclared) {
      left.push(name);
      continue;
    }
    const seen = seenThrough(from, raw);
    if (seen === undefined) return { kind: 'blocked', because: 'number too large', field: name };
    const staysSame = isText(raw) || seenThrough(to, raw) === seen;
    if (!staysSame) asText.push(name);
    carried.push({ name, raw: staysSame ? raw : quoteText(seen) });
  }
  return { kind: 'translated', value: new SecretValue(renderFields(carried)), left, asText };
}

function translateText(property: string, value: SecretValue, { from, to }: TranslateOptions): Translation {
  if (from === 'text') {
    const text = value.reveal();
    const translated = to === 'text' ? text : renderFields([{ name: property, raw: quoteText(text) }]);
    return { kind: 'translated', value: new SecretValue(translated), left: [], asText: [] };
  }
  const parsed = parseFields(value.reveal());
  if (parsed.kind === 'not-an-object') return { kind: 'blocked', because: 'not a JSON object' };
  const field = parsed.fields.find(({ name }) => name === property);
  if (field === undefined) return { kind: 'blocked', because: 'field missing', field: property };
  // A property keeps a number's digits, where an extract makes a double of it.
  const text = textOf(field.raw) ?? remarshal(field.raw, 'literal') ?? '';
  return {
    kind: 'translated',
    value: new SecretValue(to === 'text' ? text : renderFields([{ name: property, raw: quoteText(text) }])),
    left: parsed.fields.filter(({ name }) => name !== property).map(({ name }) => name),
    asText: isText(field.raw) ? [] : [property],
  };
}

function isText(raw: string): boolean {
  return raw.startsWith('"');
}

/** A text as it is, null as nothing, and what has one spelling only. */
function textOf(raw: string): string | undefined {
  if (raw === 'null') return '';
  return raw === 'true' || raw === 'false' ? raw : unquoteText(raw);
}

/** What an extract of the operator makes of one field (src/eso/remote-secret.ts). Undefined where it refuses the whole secret. */
function seenThrough(holds: Holds, raw: string): string | undefined {
  const text = textOf(raw);
  if (text !== undefined) return text;
  if (holds === 'text') return raw;
  return raw.startsWith('{') || raw.startsWith('[') ? remarshal(raw, 'float') : formatFloat(raw);
}
