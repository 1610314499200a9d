import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { originOf } from '../../src/migrate/carry-metadata.ts';
import type { StoreSide } from '../../src/migrate/migration.ts';
import { planMigration } from '../../src/migrate/plan-migration.ts';

import {
  actions,
  apply,
  changed,
  filled,
  migrationOf,
  move,
  outcomes,
  put,
  secretsNamed,
  stores,
  textAt,
} from './failing-stores.ts';

describe('others who write meanwhile', () => {
  /** Compares, and then writes, as Key Vault does. */
  const slow = (side: StoreSide, meanwhile: string): StoreSide =>
    changed(side, (client) => ({
      write: async (name, value, options) => {
        const newest = await client.read(name).then((found) => (found.kind === 'present' ? found.version : 'absent'));
        if (newest !== options.expected) return { kind: 'conflict', found: newest };
        if (meanwhile !== '') await put(side, name, meanwhile);
        const found = await client.read(name);
        return client.write(name, value, { ...options, expected: found.kind === 'present' ? found.version : 'absent' });
      },
    }));

  for (const before of ['', '{"KEY":"old"}'])
    it(`are told where ours came after theirs, and ${before === '' ? 'nothing' : 'an older one'} was there`, async () => {
      const options = { includeUndeclared: false, overwrite: true, history: false };
      for (const [meanwhile, kind] of [
        ['{"KEY":"theirs"}', 'changed meanwhile'],
        ['{"KEY":"a"}', 'written'],
        ['', 'written'],
      ] as const) {
        const { secrets, vault, keyVault } = await filled(1);
        if (before !== '') await put(keyVault, 'shop-s0', before);
        const { applied } = await move(secrets, migrationOf(vault, slow(keyVault, meanwhile), { options }));
        assert.deepEqual(outcomes(applied), [kind]);
        assert.equal(await textAt(keyVault, 'shop-s0'), '{"KEY":"a"}');
        const [outcome] = applied.map((one) => one.outcome);
        if (outcome?.kind !== 'changed meanwhile') continue;
        assert.ok(outcome.overtaken !== undefined);
        const kept = await keyVault.client.read('shop-s0', { version: outcome.overtaken });
        assert.equal(kept.kind === 'present' && kept.value.reveal(), meanwhile);
      }
    });
});

describe('a copy that is the same', () => {
  const versionsAt = async ({ client }: StoreSide, name: string): Promise<number> => {
    const listed = await client.versions(name);
    return listed.kind === 'present' ? listed.versions.length : 0;
  };
  const tagsAt = async ({ client }: StoreSide, name: string): Promise<Readonly<Record<string, string>>> => {
    const found = await client.read(name);
    assert.ok(found.kind === 'present');
    return found.metadata.tags;
  };

  for (const way of ['to Key Vault', 'to Vault'])
    it(`${way}: gets the note of its origin renewed, and keeps its version and its other tags`, async () => {
      const [secrets, { vault, keyVault }] = [secretsNamed(1), stores()];
      const [from, to, at, there] =
        way === 'to Vault'
          ? ([keyVault, vault, 'shop-s0', 'shop/s0'] as const)
          : ([vault, keyVault, 'shop/s0', 'shop-s0'] as const);
      await put(from, at, '{"KEY":"a"}');
      const migration = migrationOf(from, to);
      await move(secrets, migration);
      const { client } = to;
      const copy = await client.read(there);
      assert.ok(copy.kind === 'present');
      const tags = { ...copy.metadata.tags, team: 'shop' };
      await client.writeMetadata(there, { tags }, { expected: copy.version });
      await put(from, at, '{"KEY":"a"}');
      const plan = await planMigration(secrets, secrets, migration);
      assert.deepEqual(plan.secrets[0]?.action, { kind: 'unchanged', note: copy.version });
      assert.deepEqual(outcomes(await apply(plan, migration)), ['already']);
      const source = await from.client.read(at);
      assert.ok(source.kind === 'present');
      const origin = { store: from.name, name: at, version: source.version };
      assert.deepEqual(originOf({ tags: await tagsAt(to, there) }), origin);
      assert.deepEqual([(await tagsAt(to, there))['team'], await versionsAt(to, there)], ['shop', 1]);
      assert.deepEqual((await move(secrets, migration)).applied, []);

      await put(from, at, '{"KEY":"a"}');
      const second = await planMigration(secrets, secrets, migration);
      await put(to, there, '{"KEY":"theirs"}');
      assert.deepEqual(outcomes(await apply(second, migration)), ['changed meanwhile']);
    });

  it('gets one where a run was ended before its tags, if tags are written after versions there', async () => {
    const { secrets, vault, keyVault } = await filled(1);
    await put(keyVault, 'shop-s0', '{"KEY":"a"}');
    const none = await move(secrets, migrationOf(vault, keyVault));
    assert.deepEqual([actions(none.plan), none.applied], [['unchanged'], []]);
    const { applied } = await move(secrets, migrationOf(keyVault, vault));
    assert.deepEqual([outcomes(applied), await versionsAt(vault, 'shop/s0')], [['already'], 1]);
    assert.equal(originOf({ tags: await tagsAt(vault, 'shop/s0') })?.name, 'shop-s0');
  });
});
