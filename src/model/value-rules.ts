/**
 * Whether what a store holds for a secret is what the catalog declares: nothing required is missing, nothing is a placeholder, every field has
 * its format. Findings name fields and never say what a value is.
 */
import type { FieldFormat } from './configuration.ts';
import type { Field, Secret } from './platform.ts';
import type { SecretValue } from './secret-value.ts';

export type ValueFinding = {
  /** The field's name; of a plain text its name in Vault. */
  readonly field: string;
  /** `missing` and `empty` are of required fields only. */
  readonly kind: 'missing' | 'empty' | 'placeholder' | 'malformed';
  /** What is wrong, to be read behind the field's name: `is not a URL`. */
  readonly message: string;
};

/** @param values of the fields that are there; of a plain text one, under the name of its field in Vault */
export function checkValues(
  { content }: Pick<Secret, 'content'>,
  values: ReadonlyMap<string, SecretValue>,
): ValueFinding[] {
  const fields: readonly Field[] =
    content.kind === 'fields' ? content.fields : [{ ...content.field, name: content.vaultProperty, required: true }];
  const textOf = (name: string): string | undefined => values.get(name)?.reveal();
  return fields.flatMap((field): ValueFinding[] => {
    const text = textOf(field.name);
    if (text === undefined || text === '') {
      const because = requiredBecause(field, textOf);
      if (because === undefined) return [];
      const kind = text === undefined ? 'missing' : 'empty';
      return [{ field: field.name, kind, message: `is ${kind}, and required${because}` }];
    }
    if (isPlaceholder(text))
      return [{ field: field.name, kind: 'placeholder', message: 'is a placeholder, not a value' }];
    const wrong = checkFormat(field.format, text);
    return wrong === undefined ? [] : [{ field: field.name, kind: 'malformed', message: wrong }];
  });
}

/** @returns undefined where it is not required */
function requiredBecause({ required }: Field, textOf: (name: string) => string | undefined): string | undefined {
  if (typeof required === 'boolean') return required ? '' : undefined;
  const decisive = textOf(required.whenField);
  // A word of the catalog's own list, so it may be told.
  return decisive !== undefined && required.is.includes(decisive)
    ? `: ${required.whenField} is ${decisive}`
    : undefined;
}

/** What people write where a value is to come: `your-key`, `<token>`, `changeme`, `xxxx`, and the fake values that `npm start` seeds. */
const placeholders: readonly RegExp[] = [
  /^(?:your|my|the|enter|insert|put|add)[-_ ][\w .-]*$/i,
  /^(?:change|replace|fill|set)[-_ ]?(?:me|this|it|in|with)\b[\w .-]*$/i,
  /^<[^<>]*>$/,
  /^\$?\{[\w .-]*\}$|^\{\{[^{}]*\}\}$/,
  /^(?:x{3,}|\.{3}|-{2,}|\*{3,}|\?{2,}|_{3,})$/i,
  /^(?:todo|tbd|tba|fixme|none|null|nil|undefined|n\/a|placeholder|dummy|secret|password|token|key|value)$/i,
  /^example-[\w-]+$/i,
  /^(?:https?:\/\/)?(?:[\w-]+\.)*example\.(?:com|org|net)(?:[:/].*)?$/i,
];

export function isPlaceholder(text: string): boolean {
  const trimmed = text.trim();
  return placeholders.some((pattern) => pattern.test(trimmed));
}

/** @returns what is wrong, to be read behind a name; undefined where nothing is */
export function checkFormat(format: FieldFormat, text: string): string | undefined {
  if (typeof format === 'object')
    return format.oneOf.includes(text) ? undefined : `is none of ${format.oneOf.join(', ')}`;
  switch (format) {
    case 'text':
      return undefined;
    case 'token':
      return /\s/.test(text) ? 'holds white space, such as a line break at its end' : undefined;
    case 'url':
      return isUrl(text) ? undefined : 'is not a URL, such as https://host/path';
    case 'email':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? undefined : 'is not an e-mail address';
    case 'boolean':
      return text === 'true' || text === 'false' ? undefined : 'is neither true nor false';
    case 'integer':
      return /^-?\d+$/.test(text) ? undefined : 'is not a whole number';
    case 'guid':
      return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) ? undefined : 'is not a GUID';
    case 'pem':
      return /^-----BEGIN ([A-Z0-9 ]+)-----\r?\n[\s\S]*\r?\n-----END \1-----\s*$/.test(text)
        ? undefined
        : 'is not PEM: it has no BEGIN and END lines that belong together';
    case 'json':
      return isJson(text) ? undefined : 'is not JSON';
  }
}

/** As nearly all are written; labels that begin with a digit, which may be meant for an address, are for URL to judge. */
const plainUrl =
  /^https?:\/\/(?:[a-z](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,4})?(?:\/[\w./-]*)?$/;

function isUrl(text: string): boolean {
  if (plainUrl.test(text)) return true;
  if (/\s/.test(text)) return false;
  const url = URL.parse(text);
  // Databases and queues have schemes of their own: postgres://, amqps://
  return url !== null && url.hostname !== '' && text.includes('://');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Whatever it says may quote the value.
    return false;
  }
}
