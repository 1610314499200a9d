/** Metadata as they are sent, and their limits: checked here, before anything is. */
import { isDeepStrictEqual } from 'node:util';
import type { MetadataChange, SecretMetadata } from '../contract.ts';
import { keyVaultCapabilities } from '../key-vault-capabilities.ts';

const maxContentTypeLength = 255;

/** What is wrong with them, in words that fit after a colon; undefined where nothing is. */
export function checkChange({ contentType = '', expiresAtMs = 0, tags = {} }: MetadataChange): string | undefined {
  const { maxTags, maxTagLength } = keyVaultCapabilities;
  const all = Object.entries(tags);
  if (all.length > maxTags) return `it has more than ${maxTags} tags`;
  if (all.some(([name]) => name === '')) return "a tag's name is empty";
  if (all.flat().some((text) => text.length > maxTagLength)) return `a tag is longer than ${maxTagLength} characters`;
  if (contentType.length > maxContentTypeLength)
    return `its content type is longer than ${maxContentTypeLength} characters`;
  if (![contentType, ...all.flat()].every((text) => text.isWellFormed())) return 'a tag holds half a surrogate pair';
  if (!Number.isSafeInteger(expiresAtMs) || expiresAtMs < 0) return 'its expiry is not a time since 1970';
  return undefined;
}

/** The members of a request's body. What is undefined in a change is null there, which unsets it. */
export function renderChange(change: MetadataChange): Readonly<Record<string, unknown>> {
  const { enabled, contentType, expiresAtMs, tags } = change;
  const attributes = {
    ...(enabled === undefined ? {} : { enabled }),
    // Whole seconds, and not one too late.
    ...('expiresAtMs' in change ? { exp: expiresAtMs === undefined ? null : Math.floor(expiresAtMs / 1000) } : {}),
  };
  return {
    ...('contentType' in change ? { contentType: contentType ?? null } : {}),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** Of a new version, nothing has to be unset. */
export function withoutUndefined(change: MetadataChange): MetadataChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

/** What of it Key Vault did not do, though it answered that it had. */
export function findIgnored(
  change: MetadataChange,
  { expiresAtMs, contentType = '' }: SecretMetadata,
): string | undefined {
  if ('expiresAtMs' in change && change.expiresAtMs === undefined && expiresAtMs !== undefined) return 'expiry';
  if ('contentType' in change && change.contentType === undefined && contentType !== '') return 'content type';
  return undefined;
}

/** Whether a version could be the one that was sent. */
export function isSameMetadata(change: MetadataChange, there: SecretMetadata): boolean {
  const expiresAtMs = change.expiresAtMs === undefined ? undefined : Math.floor(change.expiresAtMs / 1000) * 1000;
  return (
    (change.enabled ?? true) === there.enabled &&
    (change.contentType ?? '') === (there.contentType ?? '') &&
    expiresAtMs === there.expiresAtMs &&
    isDeepStrictEqual({ ...change.tags }, { ...there.tags })
  );
}
