import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import type { Version, SecretStore } from '../../src/stores/contract.ts';
import type { StoreSide } from '../../src/migrate/migration.ts';
import { held, killed, nameAt, noted, planned, put, readOnly, run, stores, ways } from './history-stores.ts';

for (const [way, sidesOf] of Object.entries(ways))
  describe(`--history ${way}`, () => {
    it('carries every version in its order, each with a note of its own origin', async () => {
      const [from, to] = sidesOf(stores());
      const versions: Version[] = [];
      for (const note of ['a', 'b', '', 'a', 'd']) versions.push(await put(from, noted(note)));
      const { action, older, left } = await planned(from, to);
      assert.deepEqual([action.kind, older, left], ['create', versions.slice(0, -1), []]);
      assert.equal(await run(from, to), 'create written');
      const expected = ['a', 'b', '', 'a', 'd'].map((note, index) => [noted(note), versions[index]]);
      assert.deepEqual(await held(to), expected);
    });

    it('is continued where it was ended, writes nothing twice, and then nothing more', async () => {
      const end = fc.constantFrom('before', 'after', 'without tags');
      const runs = fc.record({ count: fc.integer({ min: 1, max: 7 }), at: fc.integer({ min: 1, max: 7 }), end });
      await fc.assert(
        fc.asyncProperty(runs, fc.boolean(), fc.boolean(), async ({ count, at, end: when }, first, second) => {
          const [from, to] = sidesOf(stores());
          // Tags that belong to a version are written with it. Of the very first one nothing would tell whose it is.
          fc.pre(at <= count && !(when === 'without tags' && (to.capabilities.tagsOf === 'version' || at === 1)));
          const versions: Version[] = [];
          for (let index = 0; index < count; index++) versions.push(await put(from, noted(`n${index}`)));
          assert.match(await run(from, killed(to, at, when), first), /^create failed$/);
          const there = when === 'before' ? at - 1 : at;
          assert.equal((await held(to)).length, there);
          const now = there === 0 ? 'create written' : there < count ? 'append written' : 'unchanged';
          assert.equal(
            await run(from, to, second),
            when === 'without tags' && now === 'unchanged' ? `${now} already` : now,
          );
          const all = versions.map((version, index) => [noted(`n${index}`), version]);
          const found = await held(to);
          assert.deepEqual(
            found.map(([text]) => text),
            all.map(([text]) => text),
          );
          assert.deepEqual(found.at(-1), all.at(-1));
          if (when !== 'without tags') assert.deepEqual(found, all);
          assert.equal(await run(from, readOnly(to), first), 'unchanged');
        }),
        { numRuns: 150 },
      );
    });

    it('follows what comes to the source after it; without it, tells which version the target holds', async () => {
      const [from, to] = sidesOf(stores());
      const copied = await put(from, noted('a'));
      assert.equal(await run(from, to), 'create written');
      const versions = [copied, await put(from, noted('b')), await put(from, noted('c'))];
      const { action, older } = await planned(from, to, false);
      assert.deepEqual([action.kind === 'conflict' && action.copyOf, older], [copied, []]);
      assert.deepEqual((await planned(from, to)).older, versions.slice(1, 2));
      assert.equal(await run(from, to), 'append written');
      const origins = (await held(to)).map(([, origin]) => origin);
      assert.deepEqual(origins, versions);
    });

    it('never goes on after what is no copy', async () => {
      const origin = fc.record({
        store: fc.constantFrom('ours', 'Vault http://elsewhere'),
        name: fc.constantFrom('ours', 'shop/other'),
        version: fc.oneof(fc.nat({ max: 3 }), fc.constantFrom('99', '')),
      });
      await fc.assert(
        fc.asyncProperty(fc.option(origin), fc.string(), async (told, theirs) => {
          fc.pre(!['a', 'b', 'c', 'd'].includes(theirs));
          const [from, to] = sidesOf(stores());
          const versions: Version[] = [];
          for (const note of ['a', 'b', 'c', 'd']) versions.push(await put(from, noted(note)));
          const tags = told && {
            'lockstep-from-store': told.store === 'ours' ? from.name : told.store,
            'lockstep-from-name': told.name === 'ours' ? nameAt(from) : told.name,
            'lockstep-from-version': typeof told.version === 'string' ? told.version : String(versions[told.version]),
          };
          await put(to, noted(theirs), tags ? { tags } : {});
          const { action, older } = await planned(from, to);
          assert.ok(action.kind === 'conflict');
          assert.deepEqual([action.copyOf, older], [undefined, []]);
        }),
      );
    });
  });

describe('--history, and what cannot go along', () => {
  it('names versions that are disabled or no JSON object in Key Vault', async () => {
    const { vault, keyVault } = stores();
    const disabled = await put(keyVault, noted('a'));
    await keyVault.client.writeMetadata('shop-payment', { enabled: false }, { expected: disabled });
    const text = await put(keyVault, 'no object');
    for (const note of ['c', 'd']) await put(keyVault, noted(note));
    assert.deepEqual((await planned(keyVault, vault)).left, [
      `version ${disabled}: disabled`,
      `version ${text}: not a JSON object`,
    ]);
    assert.equal(await run(keyVault, vault), 'create written');
    assert.deepEqual(
      (await held(vault)).map(([one]) => one),
      [noted('c'), noted('d')],
    );
    assert.equal(await run(keyVault, vault), 'unchanged');
  });

  it('is none of a copy from elsewhere, even of the same content', async () => {
    const { vault, keyVault } = stores();
    for (const note of ['a', 'b']) await put(vault, noted(note));
    const tags = { 'lockstep-from-name': 'shop/payment', 'lockstep-from-version': '1' };
    await put(keyVault, noted('a'), { tags: { ...tags, 'lockstep-from-store': 'Vault http://elsewhere' } });
    assert.equal(await run(vault, keyVault), 'conflict');
  });

  it('names versions that are deleted, destroyed or too large in Vault', async () => {
    const { vault, keyVault } = stores();
    const deleted = await put(vault, noted('a'));
    await vault.client.delete('shop/payment', { expected: deleted });
    const large = 'x'.repeat(keyVaultCapabilities.maxValueBytes);
    for (const note of ['b', large, 'c', 'd']) await put(vault, noted(note));
    const destroying: SecretStore['versions'] = async (name) => {
      const listed = await vault.client.versions(name);
      if (listed.kind !== 'present') return listed;
      const shown = listed.versions.map((one) => (one.version === '2' ? { ...one, state: 'destroyed' as const } : one));
      return { kind: 'present', versions: shown };
    };
    const from: StoreSide = { ...vault, client: { ...vault.client, versions: destroying } };
    assert.deepEqual((await planned(from, keyVault)).left, [
      'version 1: deleted',
      'version 2: destroyed',
      'version 3: too large',
    ]);
    assert.equal(await run(from, keyVault), 'create written');
    assert.deepEqual(await held(keyVault), [
      [noted('c'), '4'],
      [noted('d'), '5'],
    ]);
  });
});
