/** Two stores that hold one secret, and what happens to its versions. */
import assert from 'node:assert/strict';
import { remoteKey } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { applyMigration, moveSecrets } from '../../src/migrate/apply-migration.ts';
import { originOf } from '../../src/migrate/carry-metadata.ts';
import type { Migration, PlannedSecret, StoreSide } from '../../src/migrate/migration.ts';
import { isWriting } from '../../src/migrate/migration.ts';
import { planMigration } from '../../src/migrate/plan-migration.ts';
import type { MetadataChange, SecretStore, Version } from '../../src/stores/contract.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

export type Stores = { readonly vault: StoreSide; readonly keyVault: StoreSide };

export const { secrets } = platformOf(soundConfiguration());
export const [payment] = secrets;
assert.ok(payment);
export const nameAt = ({ store }: Pick<StoreSide, 'store'>): string => remoteKey({ ...payment, store });
export const noted = (note: string): string => `{"NOTE":${JSON.stringify(note)},"PROVIDER":"bank"}`;

export function stores(): Stores {
  let clock = 1_700_000_000_000;
  const now = (): number => (clock += 1000);
  const side = (name: string, store: StoreSide['store'], capabilities: StoreSide['capabilities']): StoreSide => ({
    ...{ name, store, capabilities },
    client: createMemoryStore({ name, capabilities, now }),
  });
  return {
    vault: side('Vault', 'vault-secret-store', vaultCapabilities),
    keyVault: side('Key Vault', 'azure-keyvault-store', keyVaultCapabilities),
  };
}

export const ways = {
  'to Key Vault': ({ vault, keyVault }: Stores) => [vault, keyVault] as const,
  'to Vault': ({ vault, keyVault }: Stores) => [keyVault, vault] as const,
};

export function migrationOf(from: StoreSide, to: StoreSide, history = true): Migration {
  const options = { includeUndeclared: false, overwrite: false, history };
  return { from, to, options, fingerprintKey: new Uint8Array(32), concurrency: 4 };
}

export async function planned(from: StoreSide, to: StoreSide, history = true): Promise<PlannedSecret> {
  const [one] = (await planMigration(secrets, secrets, migrationOf(from, to, history))).secrets;
  assert.ok(one);
  return one;
}

/** @returns `append written`: what was to be done, and what came of it */
export async function run(from: StoreSide, to: StoreSide, inOnePass = false): Promise<string> {
  const migration = migrationOf(from, to);
  const onApplied = (): void => undefined;
  const { plan, applied } = inOnePass
    ? await moveSecrets(secrets, secrets, migration, () => true, { onApplied })
    : await planMigration(secrets, secrets, migration).then(async (planned) => ({
        plan: planned,
        applied: await applyMigration(planned.secrets.filter(isWriting), migration, onApplied),
      }));
  return [plan.secrets[0]?.action.kind, ...applied.map(({ outcome }) => outcome.kind)].join(' ');
}

export async function put(side: StoreSide, text: string, metadata: MetadataChange = {}): Promise<Version> {
  const found = await side.client.read(nameAt(side));
  const expected = found.kind === 'missing' || found.kind === 'forbidden' ? 'absent' : found.version;
  assert.ok(expected !== undefined);
  const written = await side.client.write(nameAt(side), new SecretValue(text), { expected, metadata });
  assert.ok(written.kind === 'written');
  return written.version;
}

/** Every version that can be read, oldest first, with the version that it says it is a copy of. */
export async function held({
  client,
  ...side
}: StoreSide): Promise<(readonly [text: string, origin: string | undefined])[]> {
  const listed = await client.versions(nameAt(side));
  if (listed.kind !== 'present') return [];
  const found = await Promise.all(listed.versions.map(({ version }) => client.read(nameAt(side), { version })));
  return found.flatMap((one) =>
    one.kind === 'present' ? [[one.value.reveal(), originOf(one.metadata)?.version] as const] : [],
  );
}

/** Of a process that is killed with its `at`th write: nothing is heard of it after that. */
export function killed(side: StoreSide, at: number, when: 'before' | 'after' | 'without tags'): StoreSide {
  let writes = 0;
  const die = (operation: 'read' | 'write'): never => {
    const told = { because: 'killed', hint: '', retryable: false };
    throw new StoreError({ store: side.name, operation, secretName: undefined, ...told });
  };
  const client: SecretStore = {
    ...side.client,
    read: (...args) => (writes >= at ? die('read') : side.client.read(...args)),
    write: async (name, value, options) => {
      writes += 1;
      if (writes > at || (writes === at && when === 'before')) return die('write');
      const { metadata: _, ...bare } = options;
      const isBare = writes === at && when === 'without tags';
      const outcome = await side.client.write(name, value, isBare ? bare : options);
      return writes === at ? die('write') : outcome;
    },
  };
  return { ...side, client };
}

/** One that may only be read. */
export function readOnly(side: StoreSide): StoreSide {
  const write = (): never => assert.fail('it is written to');
  return { ...side, client: { ...side.client, write, writeMetadata: write, recover: write } };
}
