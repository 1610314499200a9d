import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import type { PlannedSecret, StoreSide } from '../../src/migrate/migration.ts';
import { moveSecrets } from '../../src/migrate/apply-migration.ts';
import { planMigration } from '../../src/migrate/plan-migration.ts';
import { StoreError } from '../../src/stores/store-error.ts';

import {
  actions,
  apply,
  changed,
  failing,
  filled,
  migrationOf,
  move,
  notReached,
  outcomes,
  put,
  textAt,
} from './failing-stores.ts';

describe('a store that fails', () => {
  it('for one secret is told, and the rest goes on', async () => {
    const { secrets, vault, keyVault } = await filled(4);
    const from = failing(vault, (name) => name === 'shop/s1');
    const migration = migrationOf(from, keyVault, { concurrency: 4 });
    const plan = await planMigration(secrets, secrets, migration);
    const failed = 'failed: Vault: could not read "shop/s1": no answer';
    assert.deepEqual(actions(plan), ['create', failed, 'create', 'create']);
    const second = migrationOf(
      failing(vault, (name) => name === 'shop/s2'),
      keyVault,
    );
    const told = ['written', failed.replace('s1', 's2'), 'written'];
    assert.deepEqual(outcomes(await apply(plan, second)), told);
  });

  it('for every secret is one error, few or many, and nothing is written', async () => {
    for (const count of [1, 9, 10, 50]) {
      const { secrets, vault, keyVault } = await filled(count);
      const from = failing(vault, () => true);
      await assert.rejects(planMigration(secrets, secrets, migrationOf(from, keyVault)), StoreError);
      await assert.rejects(move(secrets, migrationOf(from, keyVault)), StoreError);
    }
    const { secrets, vault, keyVault } = await filled(12);
    const plan = await planMigration(secrets, secrets, migrationOf(vault, keyVault));
    await assert.rejects(
      apply(
        plan,
        migrationOf(
          failing(vault, () => true),
          keyVault,
        ),
      ),
      StoreError,
    );
    assert.equal(await textAt(keyVault, 'shop-s0'), 'missing');
  });

  it('from some moment on is asked a few times more, and what it was not asked for is told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 39 }), fc.boolean(), async (sound, planning) => {
        const { secrets, vault, keyVault } = await filled(40);
        let reads = 0;
        const from = failing(vault, (_, at) => ((reads = at + 1), at >= sound));
        const plan = await planMigration(secrets, secrets, migrationOf(planning ? from : vault, keyVault));
        const told = planning ? actions(plan) : outcomes(await apply(plan, migrationOf(from, keyVault)));
        const asked = Math.min(40, sound + 10);
        assert.equal(reads, asked);
        assert.ok(told.slice(0, sound).every((kind) => kind === (planning ? 'create' : 'written')));
        assert.ok(told.slice(sound, asked).every((kind) => kind.startsWith('failed: Vault: could not read')));
        assert.deepEqual(
          told.slice(asked),
          Array.from({ length: 40 - asked }, () => notReached),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('lets what is no answer of a store through', async () => {
    const { secrets, vault, keyVault } = await filled(3);
    const mistake = (name: string): boolean => {
      if (name === 'shop/s1') throw new RangeError('a mistake');
      return false;
    };
    const broken = failing(vault, mistake);
    await assert.rejects(planMigration(secrets, secrets, migrationOf(broken, keyVault)), RangeError);
  });
});

describe('in one pass', () => {
  it('reads the source once for each, and the target only where it has the name', async () => {
    const { secrets, vault, keyVault } = await filled(30);
    await put(keyVault, 'shop-s29', '{"KEY":"theirs"}');
    const reads = { Vault: new Map<string, number>(), 'Key Vault': new Map<string, number>() };
    const counted = (side: StoreSide): StoreSide =>
      changed(side, (client) => ({
        read: async (name, options) => {
          const of = reads[side.name as keyof typeof reads];
          of.set(name, (of.get(name) ?? 0) + 1);
          await setTimeout(1);
          return client.read(name, options);
        },
      }));
    const { plan, applied } = await move(secrets, migrationOf(counted(vault), counted(keyVault)));
    assert.deepEqual(new Set(actions(plan).slice(0, 29)), new Set(['create']));
    assert.deepEqual([actions(plan).at(-1), applied.length], ['conflict', 29]);
    assert.deepEqual(
      [...reads.Vault.values()],
      Array.from({ length: 30 }, () => 1),
    );
    // Once after each write; before it only until the listing has ended.
    const [read, late] = [[...reads['Key Vault'].values()], reads['Key Vault'].get('shop-s28')];
    assert.ok(read.reduce((sum, one) => sum + one) <= 32, String(read));
    assert.deepEqual([late, reads['Key Vault'].get('shop-s29')], [1, 1]);
  });

  it('writes nothing over a name that was made after the listing', async () => {
    const { secrets, vault, keyVault } = await filled(30);
    const from = changed(vault, (client) => ({
      read: async (name, options) => {
        await setTimeout(1);
        if (name === 'shop/s28') await put(keyVault, 'shop-s28', '{"KEY":"theirs"}');
        if (name === 'shop/s29') await put(keyVault, 'shop-s29', '{"KEY":"a"}');
        return client.read(name, options);
      },
    }));
    const { applied } = await move(secrets, migrationOf(from, keyVault));
    assert.deepEqual(outcomes(applied).slice(-2), ['changed meanwhile', 'already']);
    assert.equal(await textAt(keyVault, 'shop-s28'), '{"KEY":"theirs"}');
  });

  it('writes only what it may, and plans the rest', async () => {
    const { secrets, vault, keyVault } = await filled(3);
    await put(keyVault, 'shop-s1', '{"KEY":"theirs"}');
    const options = { includeUndeclared: false, overwrite: true, history: false };
    const adds = ({ action }: PlannedSecret): boolean => action.kind !== 'update';
    const { plan, applied } = await move(secrets, migrationOf(vault, keyVault, { options }), adds);
    assert.deepEqual(
      [actions(plan), outcomes(applied)],
      [
        ['create', 'update', 'create'],
        ['written', 'written'],
      ],
    );
    assert.equal(await textAt(keyVault, 'shop-s1'), '{"KEY":"theirs"}');
  });

  it('interrupted, writes what is planned and tells the rest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 8 }), async (at, concurrency) => {
        const { secrets, vault, keyVault } = await filled(20);
        const stop = new AbortController();
        let told = 0;
        const migration = migrationOf(vault, keyVault, { concurrency, signal: stop.signal });
        const { plan, applied } = await move(secrets, migration, undefined, () => {
          if (++told === at) stop.abort();
        });
        const created = plan.secrets.filter(({ action }) => action.kind === 'create');
        assert.ok(created.length >= at && created.length < at + concurrency, `${created.length} of ${at}`);
        const reached = new Set(created);
        for (const { planned, outcome } of applied)
          assert.equal(outcome.kind, reached.has(planned) ? 'written' : 'not reached');
        assert.deepEqual([applied.length, new Set(applied.map(({ planned }) => planned)).size], [20, 20]);
        for (const { action } of plan.secrets.filter((one) => !reached.has(one)))
          assert.equal(action.kind === 'failed' && action.because, 'not reached: it was interrupted');
        for (const planned of plan.secrets)
          assert.equal(await textAt(keyVault, planned.to.name), reached.has(planned) ? '{"KEY":"a"}' : 'missing');
      }),
      { numRuns: 40 },
    );
  });
});

describe('in one pass, of too many to be told', () => {
  it('keeps what is not as it should be, and adds up the others', async () => {
    const { vault, keyVault, secrets } = await filled(6);
    await put(keyVault, 'shop-s1', '{"KEY":"theirs"}');
    await put(keyVault, 'shop-s2', '{"KEY":"a"}');
    const told: string[] = [];
    const move = async (): ReturnType<typeof moveSecrets> =>
      moveSecrets(secrets, secrets, migrationOf(vault, keyVault), () => true, {
        onApplied: ({ planned }) => told.push(planned.to.name),
        addsUp: true,
      });
    const { plan, applied } = await move();
    assert.deepEqual(actions(plan), ['conflict']);
    assert.deepEqual(applied, []);
    assert.deepEqual(plan.totals, { written: 4, already: 0, unchanged: 1, targets: 5, keys: 5 });
    assert.deepEqual(told.toSorted(), ['shop-s0', 'shop-s3', 'shop-s4', 'shop-s5']);
    const again = await move();
    assert.deepEqual(again.plan.totals, { written: 0, already: 0, unchanged: 5, targets: 5, keys: 5 });
  });

  it('keeps those of which there is something to tell', async () => {
    const { vault, keyVault, secrets } = await filled(3);
    await put(vault, 'shop/s1', '{"KEY":"your-key"}');
    const { plan, applied } = await moveSecrets(secrets, secrets, migrationOf(vault, keyVault), () => true, {
      onApplied: () => undefined,
      addsUp: true,
    });
    assert.deepEqual(actions(plan), ['create']);
    assert.deepEqual(
      applied.map(({ outcome }) => outcome.kind),
      ['written'],
    );
    assert.equal(plan.totals?.written, 2);
  });
});
