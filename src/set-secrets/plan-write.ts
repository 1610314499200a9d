/** What is to be written of a secret, from what is there and what was given. Pure. */
import { valuesSeen } from '../eso/values-seen.ts';
import type { Secret } from '../model/platform.ts';
import type { SecretValue } from '../model/secret-value.ts';
import type { MetadataChange, SecretMetadata, StoreCapabilities } from '../stores/contract.ts';
import type { Values } from './lacking-fields.ts';
import { missingFields } from './lacking-fields.ts';
import { findFields, isSomething, mergeFields, realChanges } from './merge-fields.ts';
import type { OpenedSecret } from './open-secret.ts';

export type PlannedWrite =
  | {
      readonly kind: 'write';
      readonly value: SecretValue;
      readonly metadata: MetadataChange;
      /** Without those that are there already. */
      readonly changes: Values;
      /** Fields whose values are replaced: somebody may want them back. */
      readonly replaces: readonly string[];
    }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly because: 'too large' }
  /** Applications that receive it now would not any more. */
  | { readonly kind: 'refused'; readonly because: 'would break'; readonly names: readonly string[] };

export function planWrite(
  secret: Secret,
  { base, metadata, values }: OpenedSecret,
  given: Values,
  capabilities: StoreCapabilities,
): PlannedWrite {
  const place = { content: secret.content, holds: capabilities.holds };
  const changes = realChanges(place, base, given);
  const value = changes.size === 0 ? undefined : mergeFields(place, base, changes);
  if (value === undefined) return { kind: 'unchanged' };
  if (Buffer.byteLength(value.reveal()) > capabilities.maxValueBytes) return { kind: 'refused', because: 'too large' };
  const missing = missingFields(secret, valuesSeen(secret, value));
  // A secret that is whole, such as one for another provider, is not made into one that is not.
  if (base !== undefined && missing.length > 0 && missingFields(secret, values).length === 0)
    return { kind: 'refused', because: 'would break', names: missing };
  const found = findFields(place, base, changes.keys());
  return {
    ...{ kind: 'write', value, changes },
    metadata: capabilities.tagsOf === 'version' ? newMetadata(secret, metadata, capabilities) : {},
    replaces: [...changes.keys()].filter((name) => isSomething(found.get(name))),
  };
}

function newMetadata(
  { content }: Secret,
  before: SecretMetadata | undefined,
  { attributes }: StoreCapabilities,
): MetadataChange {
  const contentType = before?.contentType ?? (content.kind === 'fields' ? 'application/json' : undefined);
  const expiresAtMs = before?.expiresAtMs;
  return {
    tags: withoutProvenance(before?.tags ?? {}) ?? before?.tags ?? {},
    ...(contentType !== undefined && attributes.includes('contentType') && { contentType }),
    ...(expiresAtMs !== undefined && attributes.includes('expiresAtMs') && { expiresAtMs }),
  };
}

/** What is written by hand is no copy any more (src/migrate/carry-metadata.ts). @returns undefined where no tag says that it is one */
export function withoutProvenance(tags: SecretMetadata['tags']): SecretMetadata['tags'] | undefined {
  const kept = Object.entries(tags).filter(([name]) => !name.startsWith('lockstep-from-'));
  return kept.length === Object.keys(tags).length ? undefined : Object.fromEntries(kept);
}
