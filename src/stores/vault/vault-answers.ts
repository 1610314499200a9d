/** What Vault answers, taken apart. Secret data stay raw text; only what cannot be secret goes through JSON.parse. */
import { parseFields } from '../../model/secret-text.ts';
import { respell } from '../json-spelling.ts';
import { nonsense } from './vault-fault.ts';
import { numberOf } from './vault-version.ts';

export type VersionFacts = {
  readonly number: number;
  readonly createdAtMs: number;
  /** Undefined: never. In the future where `delete_version_after` is set: not deleted yet. */
  readonly deletedAtMs: number | undefined;
  readonly destroyed: boolean;
};

/** @property raw the JSON of all fields; undefined where the version is deleted or destroyed, or was written without data */
export type DataAnswer = {
  readonly raw: string | undefined;
  readonly version: VersionFacts;
  readonly tags: Readonly<Record<string, string>>;
};

/** @property newest undefined where the key has metadata and no version. */
export type KeyAnswer = {
  readonly newest: VersionFacts | undefined;
  readonly tags: Readonly<Record<string, string>>;
};

/** The texts of `errors`; none where the body is something else. */
export function parseErrors(text: string): readonly string[] {
  const errors = asRecord(tryParse(text))?.['errors'];
  return Array.isArray(errors) ? errors.filter((one) => typeof one === 'string') : [];
}

/** Members of a JSON object as raw text. @throws {VaultFault} */
function rawMembers(text: string): (name: string) => string | undefined {
  const parsed = parseFields(text);
  if (parsed.kind !== 'fields') throw nonsense('its answer is not JSON as Vault writes it');
  return (name) => parsed.fields.find((field) => field.name === name)?.raw;
}

/** @param text of `GET <mount>/data/<path>`: 200, or 404 with a body. @throws {VaultFault} */
export function parseData(text: string): DataAnswer {
  const outer = rawMembers(text)('data') ?? 'null';
  const member = outer.startsWith('{') ? rawMembers(outer) : () => undefined;
  const metadata = asRecord(tryParse(member('metadata') ?? 'null'));
  if (metadata === undefined) throw nonsense('its answer has no version, as those of KV v2 have');
  const raw = member('data') ?? 'null';
  return {
    raw: raw === 'null' ? undefined : respell(raw),
    version: parseVersion(metadata['version'], metadata),
    tags: parseTags(metadata['custom_metadata']),
  };
}

/** A 404: whether the version is there and deleted, or there is nothing. */
export function hasData(text: string): boolean {
  return asRecord(tryParse(text))?.['data'] !== undefined;
}

/** @param text of `GET <mount>/metadata/<path>`. @throws {VaultFault} */
export function parseKey(text: string): KeyAnswer {
  const data = parseRecord(text);
  const number = data['current_version'];
  const versions = asRecord(data['versions']);
  if (typeof number !== 'number' || versions === undefined) throw nonsense('its answer has no versions');
  const newest = asRecord(versions[String(number)]);
  return {
    newest: newest === undefined ? undefined : parseVersion(number, newest),
    tags: parseTags(data['custom_metadata']),
  };
}

/** @param text likewise. @returns all of them, by number. @throws {VaultFault} */
export function parseVersions(text: string): readonly VersionFacts[] {
  const versions = asRecord(parseRecord(text)['versions']);
  if (versions === undefined) throw nonsense('its answer has no versions');
  const parsed = Object.entries(versions).map(([name, facts]) => parseVersion(numberOf(name), asRecord(facts) ?? {}));
  return parsed.toSorted((one, other) => one.number - other.number);
}

/** @param text of a listing. @returns names; those of folders end in `/` */
export function parseKeys(text: string): readonly string[] {
  const { keys } = parseRecord(text);
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) throw nonsense('its listing has no names');
  return keys;
}

/** `data` of an answer that holds no secret. @throws {VaultFault} */
export function parseRecord(text: string): Readonly<Record<string, unknown>> {
  const data = asRecord(asRecord(tryParse(text))?.['data']);
  if (data === undefined) throw nonsense('its answer is not JSON as Vault writes it');
  return data;
}

/** @param text of a login or a renewal. @throws {VaultFault} */
export function parseAuth(text: string): Readonly<Record<string, unknown>> {
  const auth = asRecord(asRecord(tryParse(text))?.['auth']);
  if (auth === undefined) throw nonsense('its answer to a login has no token');
  return auth;
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function parseVersion(number: unknown, facts: Readonly<Record<string, unknown>>): VersionFacts {
  const createdAtMs = parseTime(facts['created_time']);
  if (typeof number !== 'number' || createdAtMs === undefined) throw nonsense('its answer has no version');
  return {
    number,
    createdAtMs,
    deletedAtMs: parseTime(facts['deletion_time']),
    destroyed: facts['destroyed'] === true,
  };
}

function parseTags(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(asRecord(value) ?? {}).map(([name, tag]) => [name, String(tag)]));
}

/** RFC 3339 with nanoseconds; empty where there is none. */
function parseTime(value: unknown): number | undefined {
  const ms = typeof value === 'string' && value !== '' ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** The error of JSON.parse quotes the text: it goes no further. */
function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
