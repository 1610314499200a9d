import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyMigration } from '../../src/migrate/apply-migration.ts';
import { isWriting } from '../../src/migrate/migration.ts';
import { planMigration } from '../../src/migrate/plan-migration.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { held, killed, migrationOf, noted, put, run, secrets, stores, ways } from './history-stores.ts';

describe('--history, where it was ended', () => {
  it('does not take an older version that others wrote for the newest', async () => {
    const { vault, keyVault } = stores();
    for (const note of ['a', 'b']) await put(vault, noted(note));
    const migration = migrationOf(vault, keyVault);
    const plan = await planMigration(secrets, secrets, migration);
    await put(keyVault, noted('a'));
    const [applied] = await applyMigration(plan.secrets.filter(isWriting), migration, () => undefined);
    assert.equal(applied?.outcome.kind, 'changed meanwhile');
  });

  for (const [way, sidesOf] of Object.entries(ways))
    it(`goes on after the first of two versions that are the same, ${way}`, async () => {
      const [from, to] = sidesOf(stores());
      for (const note of ['a', 'b', 'a']) await put(from, noted(note));
      await run(from, killed(to, 1, 'after'));
      assert.equal(await run(from, to), 'append written');
      assert.deepEqual(
        (await held(to)).map(([text]) => text),
        ['a', 'b', 'a'].map(noted),
      );
    });

  for (const inOnePass of [true, false])
    it(`goes on after a first version without tags, ${inOnePass ? 'in one pass' : 'planned first'}`, async () => {
      const { vault, keyVault } = stores();
      for (const note of ['a', 'b', 'c']) await put(keyVault, noted(note));
      await run(keyVault, killed(vault, 1, 'without tags'), inOnePass);
      assert.equal(await run(keyVault, vault, inOnePass), 'append written');
      assert.equal((await held(vault)).length, 3);
    });
});

describe('names that cannot be one', () => {
  for (const mayList of [true, false])
    it(`do not keep the others, where the target ${mayList ? 'is' : 'may not be'} listed`, async () => {
      const { vault, keyVault } = stores();
      const write = (name: string): Promise<unknown> =>
        vault.client.write(name, new SecretValue('{"a":"b"}'), { expected: 'absent' });
      for (let index = 0; index < 11; index++) await write(`a${index}${'x'.repeat(130)}`);
      await write('fine');
      const forbids = (what: string): boolean => !mayList && (what === 'list' || what === 'listDeleted');
      const client = createMemoryStore({ name: 'Key Vault', capabilities: keyVaultCapabilities, forbids });
      const migration = { ...migrationOf(vault, { ...keyVault, client }, false), undeclaredSecrets: true };
      const plan = await planMigration([], [], migration);
      assert.deepEqual(
        plan.secrets.map(({ action }) => action.kind),
        [...Array.from({ length: 11 }, () => 'blocked'), 'create'],
      );
    });
});
