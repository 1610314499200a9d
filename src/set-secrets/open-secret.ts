/** What a store holds of a secret now, and on which condition it may be written. */
import { valuesSeen } from '../eso/values-seen.ts';
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import { parseFields } from '../model/secret-text.ts';
import type { SecretValue } from '../model/secret-value.ts';
import type { ReadOutcome, SecretMetadata, SecretStore, Version } from '../stores/contract.ts';
import type { Values } from './lacking-fields.ts';

/** Why it cannot be written. */
export type Closed = 'deleted' | 'disabled' | 'forbidden' | 'managed' | 'not a JSON object';

export type OpenedSecret = {
  readonly kind: 'open';
  /** Undefined where nothing is. */
  readonly base: SecretValue | undefined;
  readonly expected: Version | 'absent';
  readonly metadata: SecretMetadata | undefined;
  /** The fields as the operator sees them. */
  readonly values: Values;
};

export type Opened = OpenedSecret | { readonly kind: 'closed'; readonly because: Closed };

/**
 * @param secret with the store that is meant
 * @param options.recover one that is deleted is recovered first, with what it held
 * @throws {StoreError}
 */
export async function openSecret(
  secret: Secret,
  client: SecretStore,
  { recover }: { readonly recover: boolean },
): Promise<Opened> {
  const remote = remoteKey(secret);
  const found = await client.read(remote);
  if (found.kind !== 'deleted' || !recover) return opened(secret, found, client);
  const recovered = await client.recover(remote);
  switch (recovered.kind) {
    case 'recovered':
    case 'present':
      return opened(secret, await client.read(remote), client);
    case 'missing':
      // Purged or destroyed: where only a version went, the next one comes after it.
      return empty(client.capabilities.deletes === 'version' ? found.version : 'absent');
    case 'forbidden':
      return { kind: 'closed', because: 'forbidden' };
    case 'refused':
      return { kind: 'closed', because: 'managed' };
  }
}

function opened(secret: Secret, found: ReadOutcome, { capabilities }: SecretStore): Opened {
  if (found.kind === 'missing') return empty('absent');
  if (found.kind !== 'present') return { kind: 'closed', because: found.kind };
  const { value, version, metadata } = found;
  if (metadata.managed) return { kind: 'closed', because: 'managed' };
  const isBare = secret.content.kind === 'text' && capabilities.holds === 'text';
  if (!isBare && parseFields(value.reveal()).kind !== 'fields') return { kind: 'closed', because: 'not a JSON object' };
  return { kind: 'open', base: value, expected: version, metadata, values: valuesSeen(secret, value) };
}

function empty(expected: OpenedSecret['expected']): OpenedSecret {
  return { kind: 'open', base: undefined, expected, metadata: undefined, values: new Map() };
}
