import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { Version } from '../../src/stores/contract.ts';
import type { VaultStore } from '../../src/stores/vault/vault-store.ts';
import { collect } from '../contract/store-case.ts';
import { canary, created, errors, failure, scriptVault, written } from './scripted-vault.ts';
import type { Answer } from './scripted-vault.ts';

const value = new SecretValue(`{"a":"${canary}"}`);
const version3 = '3' as Version;

describe('tags', () => {
  const tags = { owner: 'example' };

  it('follow the version, and are not sent where they are there', async () => {
    await using vault = await scriptVault(({ line, body }) => {
      if (line === 'POST secret/data/a') return written(4, body.includes('"cas":3') ? null : tags);
      return line === 'POST secret/metadata/a' ? { status: 204 } : undefined;
    });
    const store = vault.open();
    await store.write('a', value, { expected: version3, metadata: { tags } });
    assert.deepEqual(JSON.parse(vault.asked[1]?.body ?? ''), { custom_metadata: tags });
    await store.write('a', value, { expected: '4' as Version, metadata: { tags } });
    assert.equal(vault.asked.length, 3);
  });

  for (const answer of [
    errors(403, 'permission denied'),
    errors(503, 'Vault is sealed'),
    { cut: 'at once' } as const,
    errors(400),
  ])
    it(`that do not follow are told: ${JSON.stringify(answer)}`, async () => {
      await using vault = await scriptVault(({ line }) => {
        if (line === 'POST secret/data/a') return written(4);
        return line === 'POST secret/metadata/a' ? answer : undefined;
      });
      const error = await failure(vault.open().write('a', value, { expected: version3, metadata: { tags } }));
      assert.match(error.message, /version 4 was written, its tags were (perhaps )?not: /);
      assert.match(error.hint, /expecting version 4/);
    });

  it('are written though the caller gives up between the two', async () => {
    const controller = new AbortController();
    await using vault = await scriptVault(({ line }) => {
      if (line === 'POST secret/data/a') return written(4);
      if (line !== 'POST secret/metadata/a') return undefined;
      controller.abort(new Error('enough'));
      return { status: 204, delayMs: 20 };
    });
    const options = { expected: version3, metadata: { tags }, signal: controller.signal };
    assert.deepEqual(await vault.open().write('a', value, options), { kind: 'written', version: '4' });
  });

  it('that Vault would refuse are refused before anything is written', async () => {
    await using vault = await scriptVault(() => undefined);
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [String(index), 'x']));
    for (const wrong of [
      many,
      { ['x'.repeat(129)]: '' },
      { a: 'x'.repeat(513) },
      { a: '\u0007' },
      { '': 'a' },
      { a: '' },
    ])
      await failure(vault.open().write('a', value, { expected: version3, metadata: { tags: wrong } }));
    assert.equal(vault.asked.length, 0);
  });
});

describe('a change that is answered by nothing', () => {
  const key = (deletion: string): Answer => ({
    body: { data: { current_version: 3, versions: { 3: { created_time: created, deletion_time: deletion } } } },
  });
  const changes: readonly (readonly [
    title: string,
    deletion: string,
    change: (store: VaultStore) => Promise<object>,
  ])[] = [
    ['delete', '', (store) => store.delete('a', { expected: version3 })],
    ['recover', created, (store) => store.recover('a')],
    ['writeMetadata', '', (store) => store.writeMetadata('a', { tags: { a: 'b' } }, { expected: version3 })],
  ];
  for (const [title, deletion, change] of changes)
    it(`is not taken for one that was not made: ${title}`, async () => {
      await using vault = await scriptVault(({ line }) =>
        line === 'GET secret/metadata/a' ? key(deletion) : line.startsWith('POST') ? { cut: 'at once' } : undefined,
      );
      assert.match((await failure(change(vault.open()))).message, /it is not known whether it was written/);
      assert.deepEqual(vault.asked.filter(({ line }) => line.startsWith('POST')).length, 3);
    });

  it('is not tried on what is destroyed', async () => {
    const destroyed = { created_time: created, deletion_time: created, destroyed: true };
    await using vault = await scriptVault(({ line }) => {
      if (line === 'GET secret/metadata/?list=true') return { body: { data: { keys: ['a'] } } };
      return line.startsWith('POST')
        ? { status: 204 }
        : line === 'GET secret/metadata/a'
          ? { body: { data: { current_version: 3, versions: { 3: destroyed } } } }
          : undefined;
    });
    const store = vault.open();
    assert.deepEqual(await store.recover('a'), { kind: 'missing' });
    assert.deepEqual(await store.delete('a', { expected: version3 }), { kind: 'deleted' });
    assert.deepEqual([...(await collect(store.list())), ...(await collect(store.listDeleted()))], []);
    assert.ok(!vault.asked.some(({ line }) => line.startsWith('POST')));
  });

  it('is by number, so that a version that is made meanwhile stays', async () => {
    await using vault = await scriptVault(({ line }) =>
      line === 'GET secret/metadata/a' ? key('') : line === 'POST secret/delete/a' ? { status: 204 } : undefined,
    );
    assert.deepEqual(await vault.open().delete('a', { expected: version3 }), { kind: 'deleted' });
    assert.equal(vault.asked.at(-1)?.body, '{"versions":[3]}');
  });

  it('takes a time of deletion in the future for none, by the clock of Vault', async () => {
    const date = { Date: 'Fri, 02 Jan 2026 03:04:05 GMT' };
    for (const [deletion, kind] of [
      ['2026-01-02T03:04:05.9Z', 'deleted'],
      ['2026-01-02T03:04:07Z', 'conflict'],
    ] as const) {
      await using vault = await scriptVault(({ line }) =>
        line === 'GET secret/metadata/a' ? { ...key(deletion), headers: date } : undefined,
      );
      assert.equal((await vault.open().delete('a', { expected: '2' as Version })).kind, kind);
    }
  });
});
