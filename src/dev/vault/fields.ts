/**
 * The parameters of a request, converted as Vault's sdk/framework converts them (field_data.go, with mapstructure's weak decoding):
 * `"3"` is 3, `"1,2"` is a list, null is the type's zero. What was sent stays raw JSON until a field is asked for, so that no digit is lost.
 */
import { parseFields, quoteText, unquoteText } from '../../model/secret-text.ts';
import { parseDurationSeconds } from './go-duration.ts';

/** Name → the value's JSON, byte for byte. */
export type Fields = ReadonlyMap<string, string>;

/** The message is Vault's own. It may quote a parameter (a number, a name), never what `data` holds. */
export class FieldError extends Error {}

const fail = (name: string, why: string): never => {
  throw new FieldError(`error converting input for field "${name}": ${why}`);
};

export function textField(fields: Fields, name: string): string {
  const raw = fields.get(name) ?? 'null';
  if (raw === 'null') return '';
  if (raw.startsWith('{') || raw.startsWith('['))
    return fail(name, "'' expected type 'string', got unconvertible type");
  return weakText(raw);
}

export function integerField(fields: Fields, name: string): number | undefined {
  const raw = fields.get(name);
  if (raw === undefined) return undefined;
  if (raw.startsWith('[')) {
    const items = listItems(raw).map((item) => weakText(item));
    return fail(
      name,
      `'' expected type 'int', got unconvertible type '[]string', value: '[${items.map(String).join(' ')}]'`,
    );
  }
  const value = weakInteger(raw);
  return value ?? fail(name, `cannot parse '' as int: strconv.ParseInt: parsing "${weakText(raw)}": invalid syntax`);
}

export function booleanField(fields: Fields, name: string): boolean | undefined {
  const raw = fields.get(name);
  if (raw === undefined) return undefined;
  const text = weakText(raw);
  if (raw === 'null' || text === '') return false;
  // strconv.ParseBool
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  return fail(name, `cannot parse '' as bool: strconv.ParseBool: parsing "${text}": invalid syntax`);
}

/** @param sign `signed` for the few fields that take a negative duration */
export function durationField(
  fields: Fields,
  name: string,
  sign: 'signed' | 'unsigned' = 'unsigned',
): number | undefined {
  const raw = fields.get(name);
  if (raw === undefined) return undefined;
  const text = raw === 'null' ? '' : weakText(raw);
  const seconds = parseDurationSeconds(text) ?? fail(name, `time: invalid duration "${text}"`);
  if (seconds < 0 && sign === 'unsigned') return fail(name, `cannot provide negative value '${seconds}'`);
  return seconds;
}

/** @returns null where null was sent, which is not the same as an empty map to everyone who asks */
export function mapField(fields: Fields, name: string): ReadonlyMap<string, string> | null | undefined {
  const raw = fields.get(name);
  if (raw === undefined) return undefined;
  if (raw === 'null') return null;
  const parsed = parseFields(raw);
  if (parsed.kind === 'fields') return new Map(parsed.fields.map((field) => [field.name, field.raw]));
  if (!raw.startsWith('[')) return fail(name, `'' expected a map, got '${goKind(raw)}'`);
  // A list of maps is merged, which is how mapstructure decodes weakly.
  const merged = new Map<string, string>();
  for (const [index, item] of listItems(raw).entries()) {
    const inner = parseFields(item);
    if (inner.kind !== 'fields') return fail(name, `'[${index}]' expected a map, got '${goKind(item)}'`);
    for (const field of inner.fields) merged.set(field.name, field.raw);
  }
  return merged;
}

export function integersField(fields: Fields, name: string): readonly number[] {
  const raw = fields.get(name) ?? 'null';
  if (raw === 'null') return [];
  const items = raw.startsWith('[') ? listItems(raw) : textParts(weakText(raw)).map(quoteText);
  return items.map(
    (item, index) =>
      weakInteger(item) ??
      fail(
        name,
        `1 error(s) decoding:\n\n* cannot parse '[${index}]' as int: strconv.ParseInt: parsing "${weakText(item)}": invalid syntax`,
      ),
  );
}

export function textsField(fields: Fields, name: string): readonly string[] | undefined {
  const raw = fields.get(name);
  if (raw === undefined) return undefined;
  if (raw === 'null') return [];
  return raw.startsWith('[')
    ? listItems(raw)
        .map((item) => weakText(item).trim())
        .filter((item) => item !== '')
    : splitCommas(weakText(raw));
}

/** mapstructure.WeakDecode into an int; undefined where it fails. */
export function weakInteger(raw: string): number | undefined {
  if (raw === 'null') return 0;
  if (raw === 'true' || raw === 'false') return raw === 'true' ? 1 : 0;
  const text = weakText(raw);
  if (text === '') return 0;
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

/** mapstructure.WeakDecode into a string: true is "1". Undefined where it fails. */
export function weakString(raw: string): string | undefined {
  if (raw.startsWith('{') || raw.startsWith('[')) return undefined;
  if (raw === 'null') return '';
  if (raw === 'true' || raw === 'false') return raw === 'true' ? '1' : '0';
  return weakText(raw);
}

function weakText(raw: string): string {
  return unquoteText(raw) ?? raw;
}

/** Untrimmed: `1, 3` is refused. */
function textParts(text: string): string[] {
  return text === '' ? [] : text.split(',');
}

function splitCommas(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The raw items of a JSON list. */
function listItems(raw: string): string[] {
  return (
    JSON.parse(raw, (_key, value: unknown, context?: { readonly source?: string }) =>
      typeof value === 'number' ? new RawNumber(context?.source ?? '') : value,
    ) as unknown[]
  ).map((item) => (item instanceof RawNumber ? item.text : JSON.stringify(item)));
}

class RawNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): number {
    return Number(this.text);
  }
}

/** What reflect.Kind says of a value that came from JSON: a number is a json.Number, which is a string. */
function goKind(raw: string): string {
  return raw === 'true' || raw === 'false' ? 'bool' : 'string';
}
