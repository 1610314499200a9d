/** Writes fields into a secret, only while it is what was read; and reads back what was written. */
import { valuesSeen } from '../eso/values-seen.ts';
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import type { SecretValue } from '../model/secret-value.ts';
import type { SecretStore, Version } from '../stores/contract.ts';
import type { Values } from './lacking-fields.ts';
import { findFields, isSameValue, realChanges } from './merge-fields.ts';
import type { Closed, OpenedSecret } from './open-secret.ts';
import { openSecret } from './open-secret.ts';
import type { PlannedWrite } from './plan-write.ts';
import { planWrite, withoutProvenance } from './plan-write.ts';

export type Written =
  /** @property values of all its fields, as they were read back; `notes` what else a person should know, a line each */
  | { readonly kind: 'written'; readonly version: Version; readonly values: Values; readonly notes: readonly string[] }
  /** All of it is there already. */
  | { readonly kind: 'unchanged'; readonly values: Values }
  /** Somebody else wrote one of these fields. */
  | { readonly kind: 'changed meanwhile' }
  /** It was not read back as it was written. */
  | { readonly kind: 'differs' }
  | {
      readonly kind: 'refused';
      readonly because: Closed | 'too large' | 'would break';
      readonly names: readonly string[];
    };

/** Others who write at the same time make each try a new one; so many in a row are no accident. */
const TRIES = 4;

/**
 * Where another writer came first and left these fields alone, what it wrote is kept and these are put into it.
 *
 * @param opened what was read, and shown to whoever confirmed the changes
 * @throws {StoreError}
 */
export async function writeFields(
  secret: Secret,
  client: SecretStore,
  opened: OpenedSecret,
  given: Values,
): Promise<Written> {
  const place = { content: secret.content, holds: client.capabilities.holds };
  const confirmed = findFields(place, opened.base, given.keys());
  // Behind a version that is gone for good nothing can be read, and nothing but its number can be compared.
  const isBehindDeleted = opened.base === undefined && opened.expected !== 'absent';
  for (let count = 0; count < TRIES; count++) {
    // Read anew: what was shown may be minutes old, and in Vault a deletion is no new version that a write would stumble over.
    const now = isBehindDeleted ? opened : await openSecret(secret, client, { recover: false });
    if (now.kind === 'closed') return refused(now.because);
    const found = findFields(place, now.base, given.keys());
    const isTouched = [...found].some(([name, raw]) => raw !== confirmed.get(name));
    if (isTouched && realChanges(place, now.base, given).size > 0) return { kind: 'changed meanwhile' };
    const planned = planWrite(secret, now, given, client.capabilities);
    if (planned.kind === 'unchanged') return { kind: 'unchanged', values: now.values };
    if (planned.kind === 'refused') return refused(planned.because, 'names' in planned ? planned.names : []);
    const { value, metadata } = planned;
    const written = await client.write(remoteKey(secret), value, { expected: now.expected, metadata });
    if (written.kind === 'written') return await readBack(secret, client, planned, written.version);
    if (written.kind === 'refused' || written.kind === 'forbidden')
      return refused(written.kind === 'forbidden' ? 'forbidden' : written.because);
  }
  return { kind: 'changed meanwhile' };
}

function refused(
  because: Extract<Written, { kind: 'refused' }>['because'],
  names: readonly string[] = [],
): Extract<Written, { kind: 'refused' }> {
  return { kind: 'refused', because, names };
}

async function readBack(
  secret: Secret,
  client: SecretStore,
  { value, changes }: Extract<PlannedWrite, { kind: 'write' }>,
  version: Version,
): Promise<Written> {
  const place = { content: secret.content, holds: client.capabilities.holds };
  const isThere = (there: SecretValue): boolean => realChanges(place, there, changes).size === 0;
  const found = await client.read(remoteKey(secret));
  if (found.kind !== 'present') return { kind: 'changed meanwhile' };
  // Another one may have come after ours already, and have kept it.
  if (found.version !== version && !isThere(found.value)) return { kind: 'changed meanwhile' };
  if (found.version === version && !isSameValue(place, value, found.value)) return { kind: 'differs' };
  const notes: string[] = [];
  const tags = client.capabilities.tagsOf === 'secret' ? withoutProvenance(found.metadata.tags) : undefined;
  if (tags !== undefined && found.version === version) {
    const { kind } = await client.writeMetadata(remoteKey(secret), { tags }, { expected: version });
    if (kind !== 'written') notes.push('its tags still call it a copy of the other store: they could not be changed');
  }
  return { kind: 'written', version, values: valuesSeen(secret, found.value), notes };
}
