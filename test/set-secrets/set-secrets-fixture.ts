/** A secret of the shop in a store that lives as long as the test. */
import assert from 'node:assert/strict';
import type { SecretDefinition } from '../../src/model/configuration.ts';
import type { Secret } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { OpenedSecret } from '../../src/set-secrets/open-secret.ts';
import { openSecret } from '../../src/set-secrets/open-secret.ts';
import type { MetadataChange, SecretStore } from '../../src/stores/contract.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

export function secretOf(change: object = {}, store: Secret['store'] = 'vault-secret-store'): Secret {
  const configuration = soundConfiguration();
  const payment = { ...configuration.secrets['payment'], ...change } as SecretDefinition;
  const [secret] = platformOf({ ...configuration, secrets: { payment } }).secrets;
  assert.ok(secret);
  return { ...secret, store };
}

/** A plain text. */
export function textSecretOf(store: Secret['store'], text: object = { format: 'token' }): Secret {
  return secretOf({ fields: undefined, text, targets: [{ name: 'p', key: 'K' }] }, store);
}

export function valuesOf(fields: Readonly<Record<string, string>>): Map<string, SecretValue> {
  return new Map(Object.entries(fields).map(([name, text]) => [name, new SecretValue(text)]));
}

export async function write(client: SecretStore, name: string, text: string, metadata?: MetadataChange): Promise<void> {
  const found = await client.read(name);
  const expected = found.kind === 'present' ? found.version : 'absent';
  const written = await client.write(name, new SecretValue(text), { expected, ...(metadata && { metadata }) });
  assert.equal(written.kind, 'written');
}

export async function textAt(client: SecretStore, name: string): Promise<string> {
  const found = await client.read(name);
  return found.kind === 'present' ? found.value.reveal() : found.kind;
}

export async function open(secret: Secret, client: SecretStore): Promise<OpenedSecret> {
  const opened = await openSecret(secret, client, { recover: false });
  assert.ok(opened.kind === 'open');
  return opened;
}
