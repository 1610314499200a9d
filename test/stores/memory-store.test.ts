import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { SecretValue } from '../../src/model/secret-value.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { collect } from '../contract/store-case.ts';
import { describeStore } from '../contract/store-contract.ts';

for (const [title, capabilities] of [
  ['memory like Vault', vaultCapabilities],
  ['memory like Key Vault', keyVaultCapabilities],
] as const)
  describeStore(title, capabilities, () => Promise.resolve(createMemoryStore({ name: title, capabilities })));

describe('a store in memory', () => {
  it('like Vault keeps a map: sorted, the last of two fields', async () => {
    const store = createMemoryStore({ name: 'memory', capabilities: vaultCapabilities });
    await store.write('a', new SecretValue('{"B": 1, "A": "x", "B": 1.5}'), { expected: 'absent' });
    const read = await store.read('a');
    assert.ok(read.kind === 'present');
    assert.equal(read.value.reveal(), '{"A":"x","B":1.5}');
  });

  it('forbids what it is told to, and never calls it missing', async () => {
    for (const capabilities of [vaultCapabilities, keyVaultCapabilities]) {
      const store = createMemoryStore({ name: 'memory', capabilities, forbids: (_operation, name) => name !== 'open' });
      const value = new SecretValue('{}');
      const expected = 'absent' as const;
      const version = await store.write('open', value, { expected });
      assert.ok(version.kind === 'written');
      const forbidden = { kind: 'forbidden' };
      assert.deepEqual(await store.read('shut'), forbidden);
      assert.deepEqual(await store.versions('shut'), forbidden);
      assert.deepEqual(await store.write('shut', value, { expected }), forbidden);
      assert.deepEqual(await store.writeMetadata('shut', {}, { expected: version.version }), forbidden);
      assert.deepEqual(await store.delete('shut', { expected: version.version }), forbidden);
      assert.deepEqual(await store.recover('shut'), forbidden);
      await assert.rejects(collect(store.list()), {
        name: 'StoreError',
        operation: 'list',
        secretName: undefined,
      });
      await assert.rejects(collect(store.listDeleted()), { name: 'StoreError', operation: 'listDeleted' });
      const permissions = await store.permissions('shut');
      if (permissions.kind === 'known') assert.equal(permissions.allowed.size, 0);
    }
  });

  it('takes its times from the clock that it is given', async () => {
    let nowMs = 1000;
    const store = createMemoryStore({ name: 'memory', capabilities: keyVaultCapabilities, now: () => nowMs });
    const outcome = await store.write('a', new SecretValue('example'), { expected: 'absent' });
    assert.ok(outcome.kind === 'written');
    nowMs = 2000;
    await store.writeMetadata('a', { contentType: 'text/plain' }, { expected: outcome.version });
    const [listed] = await collect(store.list());
    assert.deepEqual(listed?.metadata, {
      createdAtMs: 1000,
      updatedAtMs: 2000,
      enabled: true,
      contentType: 'text/plain',
      expiresAtMs: undefined,
      tags: {},
      managed: false,
    });
    nowMs = 3000;
    await store.delete('a', { expected: outcome.version });
    assert.deepEqual(await collect(store.listDeleted()), [{ name: 'a', deletedAtMs: 3000 }]);
  });

  it('refuses more or longer tags than it has room for', async () => {
    const store = createMemoryStore({ name: 'memory', capabilities: keyVaultCapabilities });
    const write = (tags: Record<string, string>): Promise<unknown> =>
      store.write('a', new SecretValue('example'), { expected: 'absent', metadata: { tags } });
    const many = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [String(index), 'x']));
    await assert.rejects(write(many), { message: 'memory: could not write "a": it has more than 15 tags' });
    await assert.rejects(write({ tag: 'x'.repeat(257) }), { message: /longer than 256 characters/ });
  });

  it('shows no value when it is inspected, nor in what it returns', async () => {
    for (const capabilities of [vaultCapabilities, keyVaultCapabilities]) {
      const store = createMemoryStore({ name: 'memory', capabilities });
      await store.write('a', new SecretValue('{"TOKEN":"example-canary"}'), { expected: 'absent' });
      const seen = [store, await store.read('a'), await collect(store.list())];
      assert.doesNotMatch(inspect(seen, { depth: Infinity, showHidden: true }), /canary/);
      assert.doesNotMatch(JSON.stringify(seen), /canary/);
    }
  });
});
