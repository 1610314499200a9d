/** The bodies of PUT, PATCH and restore. No refusal quotes anything of a body. */
import { isUtf8 } from 'node:buffer';
import { parseFields } from '../../model/secret-text.ts';
import { invalidBody, invalidProperty } from './key-vault-errors.ts';
import type { KeyVaultError } from './key-vault-reply.ts';

/** Name → JSON of the value; null is the same as nothing, as for .NET's nullable properties. */
export type BodyFields = ReadonlyMap<string, string>;

/** What PUT and PATCH can say of a version; times are seconds since 1970. */
export type SecretProperties = {
  readonly contentType?: string;
  readonly enabled?: boolean;
  readonly nbf?: number;
  readonly exp?: number;
  readonly tags?: Readonly<Record<string, string>>;
};

const maxValueBytes = 25 * 1024;
const maxContentTypeLength = 255;
const maxTags = 15;
/** As documented since 2023; it was 256 before. */
const maxTagLength = 512;
/** What .NET's DateTimeOffset can hold, from 0001-01-01 to 9999-12-31. */
const times = { min: -62_135_596_800, max: 253_402_300_799 };

/** Half a surrogate pair is refused, as .NET's reader does: it has no UTF-8, so that it could not be given back. */
export function parseBody(body: Buffer): BodyFields | KeyVaultError {
  if (!isUtf8(body)) return invalidBody;
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  if (hasHalfPair(text)) return invalidBody;
  return readObject(text) ?? invalidBody;
}

export function isError(read: object | string): read is KeyVaultError {
  return typeof read === 'object' && 'status' in read;
}

/** A text may be empty; that the service takes an empty one is [mem]. */
export function readValue(fields: BodyFields): { readonly value: string } | KeyVaultError {
  const value = readText(fields.get('value'));
  if (value === undefined || Buffer.byteLength(value) > maxValueBytes) return invalidProperty;
  return { value };
}

export function readBlob(fields: BodyFields): string | undefined {
  return readText(fields.get('value'));
}

export function readProperties(fields: BodyFields): SecretProperties | KeyVaultError {
  const contentType = fields.has('contentType') ? readText(fields.get('contentType')) : '';
  if (contentType === undefined || contentType.length > maxContentTypeLength) return invalidProperty;
  const tags = readTags(fields.get('tags'));
  const attributes = readAttributes(fields.get('attributes'));
  if (tags === undefined || attributes === undefined) return invalidProperty;
  return { ...(fields.has('contentType') && { contentType }), ...attributes, ...tags };
}

function readTags(raw: string | undefined): Pick<SecretProperties, 'tags'> | undefined {
  if (raw === undefined) return {};
  const fields = readObject(raw, true);
  if (fields === undefined || fields.size > maxTags) return undefined;
  const tags: [string, string][] = [];
  for (const [name, text] of fields) {
    const value = readText(text);
    if (name === '' || name.length > maxTagLength || value === undefined || value.length > maxTagLength)
      return undefined;
    tags.push([name, value]);
  }
  return { tags: Object.fromEntries(tags) };
}

function readAttributes(raw: string | undefined): Pick<SecretProperties, 'enabled' | 'nbf' | 'exp'> | undefined {
  if (raw === undefined) return {};
  const fields = readObject(raw);
  if (fields === undefined) return undefined;
  const [enabled, nbf, exp] = [fields.get('enabled'), readTime(fields.get('nbf')), readTime(fields.get('exp'))];
  if (enabled !== undefined && enabled !== 'true' && enabled !== 'false') return undefined;
  if (nbf === 'invalid' || exp === 'invalid') return undefined;
  return {
    ...(enabled !== undefined && { enabled: enabled === 'true' }),
    ...(nbf !== undefined && { nbf }),
    ...(exp !== undefined && { exp }),
  };
}

/** Seconds before 1970 are taken: what the JavaScript SDK makes of a date after 2038 arrives as one. */
function readTime(raw: string | undefined): number | 'invalid' | undefined {
  if (raw === undefined) return undefined;
  const seconds = /^-?\d{1,15}$/.test(raw) ? Number(raw) : NaN;
  return seconds >= times.min && seconds <= times.max ? seconds : 'invalid';
}

/** JSON.parse is exact for a text. */
function readText(raw: string | undefined): string | undefined {
  return raw?.startsWith('"') === true ? (JSON.parse(raw) as string) : undefined;
}

function readObject(text: string, keepsNull = false): Map<string, string> | undefined {
  const parsed = parseFields(text);
  if (parsed.kind !== 'fields') return undefined;
  const fields = new Map(parsed.fields.map(({ name, raw }) => [name, raw]));
  if (!keepsNull) for (const [name, raw] of fields) if (raw === 'null') fields.delete(name);
  return fields;
}

function hasHalfPair(text: string): boolean {
  if (!text.includes('\\u')) return false;
  for (const [part] of text.matchAll(/(?:\\u[dD][89a-fA-F][0-9a-fA-F]{2})+|\\./gs))
    if (part.length > 2 && !(JSON.parse(`"${part}"`) as string).isWellFormed()) return true;
  return false;
}
