/** What Key Vault answers, taken apart. Times are whole seconds, read as they are: the SDK's models lose those that are 0. */
import type { DeletedSecret, SecretMetadata, Version } from '../contract.ts';
import { asRecord, nonsense } from './key-vault-fault.ts';

export type Bundle = {
  readonly name: string;
  readonly version: Version;
  /** It is a secret. Undefined in answers that have none (an update, a deleted secret). */
  readonly value: string | undefined;
  readonly metadata: SecretMetadata;
  /** Such as `Recoverable+Purgeable`; `Purgeable` where a deleted secret would be gone. */
  readonly recoveryLevel: string | undefined;
  /** Only of a deletion: whether the secret can be recovered. */
  readonly isRecoverable: boolean;
};

export type Page<Item> = {
  readonly items: readonly Item[];
  /** The query of the next page, without api-version; undefined where this is the last. */
  readonly next: string | undefined;
};

export type Item = {
  readonly name: string;
  /** In lists of versions. */
  readonly version: Version | undefined;
  readonly metadata: SecretMetadata;
  readonly deletedAtMs: DeletedSecret['deletedAtMs'];
};

/** What no version of Key Vault looks like must not become a part of a path: `versions`, `..` */
export function isVersion(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}

/** @param text of a single secret. @throws {StoreFault} */
export function parseBundle(text: string): Bundle {
  const facts = parseObject(text);
  const { name, version } = parseId(facts['id']);
  if (version === undefined) throw nonsense('its answer names no version');
  const { value } = facts;
  if (value !== undefined && value !== null && typeof value !== 'string')
    throw nonsense('its answer has a value that is not a text');
  const recoveryLevel = asRecord(facts['attributes'])?.['recoveryLevel'];
  return {
    name,
    version,
    value: value ?? undefined,
    metadata: parseMetadata(facts),
    recoveryLevel: typeof recoveryLevel === 'string' ? recoveryLevel : undefined,
    isRecoverable: typeof facts['recoveryId'] === 'string',
  };
}

/** @param path of the listing: a next page is one of the same. @throws {StoreFault} */
export function parsePage(text: string, path: string): Page<Item> {
  const { value, nextLink } = parseObject(text);
  // Null, and no items, are pages too: where there is a link, they are not the last.
  if (value !== undefined && value !== null && !Array.isArray(value)) throw nonsense('its listing has no items');
  const items = ((value ?? []) as unknown[]).map((one): Item => {
    const facts = asRecord(one);
    if (facts === undefined) throw nonsense('its listing has an item that is none');
    return {
      ...parseId(facts['id']),
      metadata: parseMetadata(facts),
      deletedAtMs: parseSeconds(facts['deletedDate']) ?? 0,
    };
  });
  return { items, next: typeof nextLink === 'string' && nextLink !== '' ? parseNextLink(nextLink, path) : undefined };
}

/**
 * Its query alone. Behind a proxy or a port-forward the link leads to another host, where the SDK would send the token; and what it leads to
 * must be the listing that was asked for.
 */
function parseNextLink(link: string, path: string): string {
  const url = URL.parse(link);
  if (
    url?.pathname
      .replaceAll(/\/{2,}/g, '/')
      .replace(/\/$/, '')
      .toLowerCase() !== path.toLowerCase()
  )
    throw nonsense('its listing goes on somewhere else');
  return url.search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !part.startsWith('api-version='))
    .join('&');
}

/** `https://{vault}/secrets/{name}[/{version}]`, of deleted secrets too. */
function parseId(id: unknown): { readonly name: string; readonly version: Version | undefined } {
  const text = typeof id === 'string' ? id : '';
  // As nearly all are, which need not be taken apart by URL.
  const plain = /^https:\/\/[\w.:-]+\/(?:deleted)?secrets\/([\w-]+)(?:\/(\w+))?$/.exec(text);
  if (plain?.[1] !== undefined) return { name: plain[1], version: plain[2] as Version | undefined };
  const [collection, name, version, ...rest] =
    URL.parse(text)
      ?.pathname.split('/')
      .filter((part) => part !== '') ?? [];
  if ((collection !== 'secrets' && collection !== 'deletedsecrets') || name === undefined || rest.length > 0)
    throw nonsense('its answer names no secret');
  return { name, version: version as Version | undefined };
}

function parseMetadata(facts: Readonly<Record<string, unknown>>): SecretMetadata {
  const attributes = asRecord(facts['attributes']) ?? {};
  const contentType = facts['contentType'];
  const createdAtMs = parseSeconds(attributes['created']) ?? 0;
  return {
    createdAtMs,
    updatedAtMs: parseSeconds(attributes['updated']) ?? createdAtMs,
    enabled: attributes['enabled'] !== false,
    contentType: typeof contentType === 'string' ? contentType : undefined,
    expiresAtMs: parseSeconds(attributes['exp']),
    tags: parseTags(facts['tags']),
    managed: facts['managed'] === true,
  };
}

function parseTags(tags: unknown): SecretMetadata['tags'] {
  const record = asRecord(tags);
  if (record === undefined) return {};
  return Object.fromEntries(Object.entries(record).map(([name, tag]) => [name, typeof tag === 'string' ? tag : '']));
}

function parseSeconds(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value * 1000 : undefined;
}

/** The error of JSON.parse quotes the text: it goes no further. */
function parseObject(text: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw nonsense('its answer is not JSON');
  }
  const facts = asRecord(parsed);
  if (facts === undefined) throw nonsense('its answer is not JSON as Key Vault writes it');
  return facts;
}
