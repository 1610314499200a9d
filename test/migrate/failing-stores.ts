/** Two stores, and what goes wrong with them. */
import assert from 'node:assert/strict';
import type { SecretDefinition } from '../../src/model/configuration.ts';
import type { Secret } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { applyMigration, moveSecrets } from '../../src/migrate/apply-migration.ts';
import type { Applied, Migration, MigrationPlan, PlannedSecret, StoreSide } from '../../src/migrate/migration.ts';
import { isWriting } from '../../src/migrate/migration.ts';
import type { MetadataChange, SecretStore, StoreOperation } from '../../src/stores/contract.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

export function secretsNamed(count: number): readonly Secret[] {
  const secrets = Array.from({ length: count }, (_, index): [string, SecretDefinition] => [
    `s${index}`,
    {
      ...{ description: 'd', application: 'shop', vaultPath: `shop/s${index}`, keyVaultName: `shop-s${index}` },
      ...{ targets: [{ name: `s${index}` }], fields: { KEY: { description: 'k', format: 'text' } } },
    },
  ]);
  return platformOf({ ...soundConfiguration(), secrets: Object.fromEntries(secrets) }).secrets;
}

export function stores(): { readonly vault: StoreSide; readonly keyVault: StoreSide } {
  const side = (name: string, store: StoreSide['store'], capabilities: StoreSide['capabilities']): StoreSide => ({
    ...{ name, store, capabilities },
    client: createMemoryStore({ name, capabilities }),
  });
  return {
    vault: side('Vault', 'vault-secret-store', vaultCapabilities),
    keyVault: side('Key Vault', 'azure-keyvault-store', keyVaultCapabilities),
  };
}

/** The same store, some of its calls done otherwise. */
export function changed(side: StoreSide, change: (client: SecretStore) => Partial<SecretStore>): StoreSide {
  return { ...side, client: { ...side.client, ...change(side.client) } };
}

export function fail(operation: StoreOperation, secretName: string | undefined): never {
  const told = { because: 'no answer', hint: 'Look.', retryable: true };
  throw new StoreError({ store: 'Vault', operation, secretName, ...told });
}

/** @param fails for each read, in their order, whether it fails */
export function failing(side: StoreSide, fails: (name: string, at: number) => boolean): StoreSide {
  let at = 0;
  return changed(side, (client) => ({
    read: async (name, options) => (fails(name, at++) ? fail('read', name) : client.read(name, options)),
  }));
}

export function migrationOf(from: StoreSide, to: StoreSide, change: Partial<Migration> = {}): Migration {
  const options = { includeUndeclared: false, overwrite: false, history: false };
  return { from, to, options, fingerprintKey: new Uint8Array(32), concurrency: 1, ...change };
}

export async function put(
  { client }: StoreSide,
  name: string,
  text: string,
  metadata: MetadataChange = {},
): Promise<void> {
  const found = await client.read(name);
  const expected = found.kind === 'present' ? found.version : 'absent';
  const { kind } = await client.write(name, new SecretValue(text), { expected, metadata });
  assert.equal(kind, 'written');
}

export async function textAt({ client }: StoreSide, name: string): Promise<string> {
  const found = await client.read(name);
  return found.kind === 'present' ? found.value.reveal() : found.kind;
}

export async function filled(
  count: number,
): Promise<ReturnType<typeof stores> & { readonly secrets: readonly Secret[] }> {
  const [secrets, both] = [secretsNamed(count), stores()];
  for (const { vaultPath } of secrets) await put(both.vault, vaultPath, '{"KEY":"a"}');
  return { secrets, ...both };
}

export const move = (
  secrets: readonly Secret[],
  migration: Migration,
  mayWrite: (planned: PlannedSecret) => boolean = () => true,
  onApplied: (applied: Applied) => void = () => undefined,
): ReturnType<typeof moveSecrets> => moveSecrets(secrets, secrets, migration, mayWrite, { onApplied });
export const apply = ({ secrets }: MigrationPlan, migration: Migration): Promise<readonly Applied[]> =>
  applyMigration(secrets.filter(isWriting), migration, () => undefined);
export const actions = ({ secrets }: MigrationPlan): string[] =>
  secrets.map(({ action }) => (action.kind === 'failed' ? `failed: ${action.because}` : action.kind));
export const outcomes = (applied: readonly Applied[]): string[] =>
  applied.map(({ outcome }) => (outcome.kind === 'failed' ? `failed: ${outcome.because}` : outcome.kind));

export const notReached = 'failed: not reached: the store did not answer any more';
