import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { SecretDefinition } from '../../src/model/configuration.ts';
import type { Secret } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { applyMigration } from '../../src/migrate/apply-migration.ts';
import type { Applied, Migration, MigrationPlan, StoreSide } from '../../src/migrate/migration.ts';
import { isWriting } from '../../src/migrate/migration.ts';
import { planMigration } from '../../src/migrate/plan-migration.ts';
import type { SecretStore } from '../../src/stores/contract.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

function secretsNamed(count: number): readonly Secret[] {
  const secrets = Object.fromEntries(
    Array.from({ length: count }, (_, index): [string, SecretDefinition] => [
      `s${index}`,
      {
        ...{ description: 'd', application: 'shop', vaultPath: `shop/s${index}`, keyVaultName: `shop-s${index}` },
        targets: [{ name: `s${index}` }],
        fields: {
          KEY: { description: 'k', format: 'text' },
          NOTE: { description: 'n', format: 'text', required: false },
        },
      },
    ]),
  );
  return platformOf({ ...soundConfiguration(), secrets }).secrets;
}

function sides(wrap: (store: SecretStore) => SecretStore = (store) => store): {
  vault: StoreSide;
  keyVault: StoreSide;
} {
  const side = (name: string, store: StoreSide['store'], capabilities: StoreSide['capabilities']): StoreSide => ({
    ...{ name, store, capabilities },
    client: wrap(createMemoryStore({ name, capabilities })),
  });
  return {
    vault: side('Vault', 'vault-secret-store', vaultCapabilities),
    keyVault: side('Key Vault', 'azure-keyvault-store', keyVaultCapabilities),
  };
}

function migrationOf(from: StoreSide, to: StoreSide, change: Partial<Migration['options']> = {}): Migration {
  const options = { includeUndeclared: false, overwrite: false, history: false, ...change };
  const undeclaredSecrets = options.includeUndeclared;
  return { from, to, options, undeclaredSecrets, fingerprintKey: new Uint8Array(32), concurrency: 4 };
}

function apply(
  { secrets }: MigrationPlan,
  migration: Migration,
  onApplied: () => void = () => undefined,
): Promise<readonly Applied[]> {
  return applyMigration(secrets.filter(isWriting), migration, onApplied);
}

async function write({ client }: StoreSide, name: string, text: string): Promise<void> {
  const found = await client.read(name);
  const expected = found.kind === 'present' ? found.version : 'absent';
  const { kind } = await client.write(name, new SecretValue(text), { expected });
  assert.equal(kind, 'written');
}
async function textAt({ client }: StoreSide, name: string): Promise<string> {
  const found = await client.read(name);
  return found.kind === 'present' ? found.value.reveal() : found.kind;
}
async function versionsAt({ client }: StoreSide, secrets: readonly Secret[]): Promise<string[]> {
  const found = await Promise.all(secrets.map(({ keyVaultName }) => client.read(keyVaultName)));
  return found.map((one) => (one.kind === 'present' ? one.version : one.kind));
}

const kinds = (all: readonly Applied[]): string[] =>
  all.map(({ planned, outcome }) => `${planned.secret.name} ${outcome.kind}`);

describe('a migration', () => {
  it('moves what is there, verifies it, and has nothing to do after that', async () => {
    const { vault, keyVault } = sides();
    const secrets = secretsNamed(3);
    await write(vault, 'shop/s0', '{"KEY":"a\\n"}');
    await write(vault, 'shop/s1', '{"KEY":"b","NOTE":""}');
    await write(vault, 'shop/unknown', '{"KEY":"c"}');
    const migration = migrationOf(vault, keyVault);
    const plan = await planMigration(secrets, secrets, migration);
    assert.deepEqual(
      plan.secrets.map(({ action }) => action.kind),
      ['create', 'create', 'missing'],
    );
    assert.deepEqual(plan.undeclared, ['shop/unknown']);
    assert.deepEqual(kinds(await apply(plan, migration)), ['s0 written', 's1 written']);
    assert.equal(await textAt(keyVault, 'shop-s0'), '{"KEY":"a\\n"}');

    const again = await planMigration(secrets, secrets, migration);
    assert.deepEqual(
      again.secrets.map(({ action }) => action.kind),
      ['unchanged', 'unchanged', 'missing'],
    );
    const back = await planMigration(secrets, secrets, migrationOf(keyVault, vault));
    assert.deepEqual(
      back.secrets.map(({ action }) => action.kind),
      ['unchanged', 'unchanged', 'missing'],
    );
  });

  it('goes on without the names where it may not list them', async () => {
    const vault: StoreSide = {
      ...sides().vault,
      client: createMemoryStore({ name: 'Vault', capabilities: vaultCapabilities, forbids: (what) => what === 'list' }),
    };
    const plan = await planMigration([], [], migrationOf(vault, sides().keyVault));
    assert.equal(plan.undeclared, undefined);
  });

  it('recovers a deleted name, and what it held stays as an older version', async () => {
    const { vault, keyVault } = sides();
    const secrets = secretsNamed(1);
    await write(vault, 'shop/s0', '{"KEY":"new"}');
    await write(keyVault, 'shop-s0', '{"KEY":"old"}');
    const old = await keyVault.client.read('shop-s0');
    assert.ok(old.kind === 'present');
    await keyVault.client.delete('shop-s0', { expected: old.version });
    const migration = migrationOf(vault, keyVault);
    const plan = await planMigration(secrets, secrets, migration);
    assert.deepEqual(kinds(await apply(plan, migration)), ['s0 written']);
    assert.equal(await textAt(keyVault, 'shop-s0'), '{"KEY":"new"}');
    const before = await keyVault.client.read('shop-s0', { version: old.version });
    assert.equal(before.kind, 'present');
  });

  it('writes nothing over what came after the plan', async () => {
    const { vault, keyVault } = sides();
    const secrets = secretsNamed(2);
    for (const name of ['shop/s0', 'shop/s1']) await write(vault, name, '{"KEY":"a"}');
    const migration = migrationOf(vault, keyVault);
    const plan = await planMigration(secrets, secrets, migration);
    await write(keyVault, 'shop-s0', '{"KEY":"theirs"}');
    await write(keyVault, 'shop-s1', '{"KEY":"a"}');
    const applied = await apply(plan, migration);
    assert.deepEqual(kinds(applied), ['s0 changed meanwhile', 's1 already']);
    assert.equal(await textAt(keyVault, 'shop-s0'), '{"KEY":"theirs"}');
  });

  it('does not copy what changed at the source since the plan', async () => {
    const { vault, keyVault } = sides();
    const secrets = secretsNamed(1);
    await write(vault, 'shop/s0', '{"KEY":"a"}');
    const migration = migrationOf(vault, keyVault);
    const plan = await planMigration(secrets, secrets, migration);
    await write(vault, 'shop/s0', '{"KEY":"b"}');
    const [applied] = await apply(plan, migration);
    assert.deepEqual(applied?.outcome, { kind: 'changed meanwhile', side: 'source' });
    assert.equal(await textAt(keyVault, 'shop-s0'), 'missing');
  });

  it('tells a write that did not arrive as it was sent', async () => {
    const { vault, keyVault } = sides();
    const secrets = secretsNamed(1);
    await write(vault, 'shop/s0', '{"KEY":"a"}');
    const lying: StoreSide = {
      ...keyVault,
      client: {
        ...keyVault.client,
        write: (name, _, options) => keyVault.client.write(name, new SecretValue('{"KEY":"A"}'), options),
      },
    };
    const migration = migrationOf(vault, lying);
    const plan = await planMigration(secrets, secrets, migration);
    const [applied] = await apply(plan, migration);
    assert.equal(applied?.outcome.kind, 'differs');
  });

  it('ends the writes in hand when it is interrupted, and begins no other', async () => {
    const { vault, keyVault } = sides();
    const secrets = secretsNamed(20);
    for (const { vaultPath } of secrets) await write(vault, vaultPath, '{"KEY":"a"}');
    const stop = new AbortController();
    const migration = { ...migrationOf(vault, keyVault), signal: stop.signal };
    const plan = await planMigration(secrets, secrets, migration);
    let told = 0;
    const applied = await apply(plan, migration, () => {
      told += 1;
      if (told === 3) stop.abort();
    });
    const written = applied.filter(({ outcome }) => outcome.kind === 'written').length;
    assert.ok(written >= 3 && written <= 6, `${written} written`);
    assert.equal(applied.filter(({ outcome }) => outcome.kind === 'not reached').length, 20 - written);
  });

  it('ends right whatever fails on the way and whoever writes meanwhile, and writes nothing twice', async () => {
    const secrets = secretsNamed(8);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('before', 'after', 'theirs', 'fine', 'fine', 'fine'), {
          minLength: 60,
          maxLength: 60,
        }),
        async (faults) => {
          let faulty = true;
          let at = 0;
          const { vault, keyVault } = sides();
          const fail = (name: string): never => {
            throw new StoreError({
              ...{ store: 'Key Vault', operation: 'write', secretName: name, retryable: true },
              ...{ because: 'the connection was cut', hint: '' },
            });
          };
          const theirs = new Set<string>();
          const cut: StoreSide = {
            ...keyVault,
            client: {
              ...keyVault.client,
              write: async (name, value, options) => {
                const fault = faulty ? faults[at++] : 'fine';
                if (fault === 'before') fail(name);
                if (fault === 'theirs') {
                  theirs.add(name);
                  await write(keyVault, name, '{"KEY":"theirs"}');
                }
                const outcome = await keyVault.client.write(name, value, options);
                return fault === 'after' ? fail(name) : outcome;
              },
            },
          };
          for (const { vaultPath } of secrets) await write(vault, vaultPath, `{"KEY":"${vaultPath}"}`);
          const migration = migrationOf(vault, cut);
          const run = async (): Promise<void> => {
            const plan = await planMigration(secrets, secrets, migration);
            await apply(plan, migration);
          };
          for (let round = 0; round < 4; round++) await run().catch(() => undefined);
          faulty = false;
          await run();
          for (const { vaultPath, keyVaultName } of secrets)
            assert.equal(
              await textAt(keyVault, keyVaultName),
              theirs.has(keyVaultName) ? '{"KEY":"theirs"}' : `{"KEY":"${vaultPath}"}`,
            );
          const before = await versionsAt(keyVault, secrets);
          await run();
          assert.deepEqual(await versionsAt(keyVault, secrets), before);
        },
      ),
      { numRuns: 100 },
    );
  });
});
