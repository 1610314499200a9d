/** Values that were given, held against the catalog before any of them goes anywhere. Pure. Nothing that is told quotes a value. */
import type { Secret } from '../model/platform.ts';
import { parseFields, unquoteText } from '../model/secret-text.ts';
import { SecretValue } from '../model/secret-value.ts';
import { checkFormat, isPlaceholder } from '../model/value-rules.ts';
import type { Field } from '../model/platform.ts';
import type { Values } from './lacking-fields.ts';
import { fieldsOf } from './lacking-fields.ts';

/** @returns what is wrong with it, to be read behind the field's name; undefined where nothing is */
export function checkValue({ format }: Pick<Field, 'format'>, value: SecretValue): string | undefined {
  const text = value.reveal();
  if (text === '') return 'is empty';
  if (!text.isWellFormed()) return 'holds half a surrogate pair, which no store keeps';
  if (isPlaceholder(text)) return 'is a placeholder, not a value';
  return checkFormat(format, text);
}

/** What a person should know of a value that is right, to be read behind the field's name. */
export function remarkOn({ format }: Pick<Field, 'format'>, value: SecretValue): string | undefined {
  // A PEM ends in one by its own rules, and to a reader of JSON it is nothing.
  if (format !== 'text' || !/[\r\n]$/.test(value.reveal())) return undefined;
  return "ends in a line break, which stays part of it (to have none: printf '%s', or an editor that adds none)";
}

export type ParsedValues =
  | { readonly kind: 'values'; readonly values: Values }
  /** @property problems a line each */
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

/**
 * Of `--values`: a JSON object of texts. Names that the catalog does not know are counted and not told: where names and values
 * were confused they are values.
 */
export function parseValues(secret: Secret, text: string): ParsedValues {
  const parsed = parseFields(text);
  if (parsed.kind === 'not-an-object')
    return { kind: 'wrong', problems: [`it holds ${parsed.found}, and not a JSON object of fields`] };
  const known = fieldsOf(secret).map(({ name }) => name);
  const problems: string[] = [];
  const values = new Map<string, SecretValue>();
  for (const { name, raw } of parsed.fields) {
    if (!known.includes(name)) continue;
    const value = unquoteText(raw);
    if (value === undefined) problems.push(`${name} is not a text: put it in double quotes, numbers and true as well`);
    else values.set(name, new SecretValue(value));
  }
  const unknown = parsed.fields.filter(({ name }) => !known.includes(name)).length;
  if (unknown > 0)
    problems.push(
      `${unknown === 1 ? 'a field is' : `${unknown} fields are`} not in the catalog; ${secret.name} has ${known.join(', ')}`,
    );
  if (parsed.fields.length === 0) problems.push('it holds no field');
  return problems.length > 0 ? { kind: 'wrong', problems } : { kind: 'values', values };
}
