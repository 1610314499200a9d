/** What only a real Vault can tell: its roundings, its policies, its logins, its refusals. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { SecretValue } from '../../src/model/secret-value.ts';
import { findChange } from '../../src/stores/json-spelling.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';
import type { VaultStore } from '../../src/stores/vault/vault-store.ts';
import { collect } from '../contract/store-case.ts';

export type RealVault = {
  readonly address: () => string;
  readonly rootToken: () => string;
  /** To be closed at the end. */
  readonly keep: (store: VaultStore) => void;
  /** As root. */
  readonly post: (path: string, body: object) => Promise<unknown>;
};

export function testRealVault(real: RealVault): void {
  const withToken = (token: string, mount = 'secret'): VaultStore => {
    const auth = { kind: 'token', token: new SecretValue(token) } as const;
    const store = createVaultStore({ address: real.address(), mount, auth });
    real.keep(store);
    return store;
  };
  const token = async (body: object): Promise<string> =>
    ((await real.post('auth/token/create', body)) as { auth: { client_token: string } }).auth.client_token;
  const value = new SecretValue('{"a":"example"}');

  it('rounds exactly the numbers that findChange tells', async () => {
    const raw = async (numbers: string): Promise<string> => {
      await real.post('secret/data/numbers', JSON.parse('{"data":{}}') as object);
      const headers = { 'X-Vault-Token': real.rootToken() };
      const url = `${real.address()}/v1/secret/data/numbers`;
      await fetch(url, { method: 'POST', headers, body: `{"data":{"v":${numbers}}}` });
      return /"v":(.*?)\},"metadata/.exec(await (await fetch(url, { headers })).text())?.[1] ?? 'none';
    };
    const fixed = [
      '-0',
      '0',
      '1.50',
      '1e21',
      '1e+21',
      '1E-7',
      '1e-7',
      '0.0000001',
      '0.000001',
      '12345678901234567890.10',
    ];
    const generated = fc
      .sample(fc.double({ noNaN: true, noDefaultInfinity: true }), 50)
      .map((double) => String(double));
    for (const number of [...fixed, ...generated])
      assert.equal((await raw(number)) === number, findChange(number) === undefined, number);
  });

  it('refuses to write a number whose digits would be lost', async () => {
    const store = withToken(real.rootToken());
    const write = store.write('rounded', new SecretValue('{"n":12345678901234567890}'), { expected: 'absent' });
    await assert.rejects(write, { name: 'StoreError', retryable: false, message: /other digits/ });
    assert.deepEqual(await store.read('rounded'), { kind: 'missing' });
  });

  it('finds every name that it has written, as it was written', async () => {
    const store = withToken(real.rootToken());
    const segment = fc
      .string({
        unit: fc.constantFrom(...Array.from('aB9 %?#&+;=:@!$()*,~"\\<>[]{}|^`é日🔑.-_')),
        minLength: 1,
        maxLength: 12,
      })
      .filter((text) => text !== '.' && text !== '..');
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 4 }), async (segments) => {
        const name = `names/${segments.join('/')}`;
        const outcome = await store.write(name, value, { expected: 'absent' });
        assert.ok(outcome.kind === 'written' || seen.has(name), JSON.stringify(outcome));
        seen.add(name);
        assert.equal((await store.read(name)).kind, 'present');
      }),
      { numRuns: 60 },
    );
    const listed = (await collect(store.list({ prefix: 'names/' }))).map(({ name }) => name);
    assert.deepEqual(listed.toSorted(), [...seen].toSorted());
  });

  it('tells what a policy allows, and what it does not', async () => {
    const rules = {
      'secret/data/app/*': ['read', 'create', 'update'],
      'secret/metadata/app/*': ['read', 'list'],
      'secret/delete/app/*': ['update'],
    };
    const path = Object.fromEntries(Object.entries(rules).map(([name, capabilities]) => [name, { capabilities }]));
    await real.post('sys/policies/acl/app', { policy: JSON.stringify({ path }) });
    const store = withToken(await token({ policies: ['app'], ttl: '1h' }));
    const permissions = await store.permissions('app/one');
    assert.ok(permissions.kind === 'known');
    assert.deepEqual([...permissions.allowed].toSorted(), [
      'delete',
      'list',
      'listDeleted',
      'read',
      'versions',
      'write',
    ]);
    const outcome = await store.write('app/one', value, { expected: 'absent' });
    assert.ok(outcome.kind === 'written');
    const expected = outcome.version;
    assert.equal((await store.read('app/one')).kind, 'present');
    assert.deepEqual(await store.writeMetadata('app/one', { tags: { a: 'b' } }, { expected }), { kind: 'forbidden' });
    assert.deepEqual(await store.delete('app/one', { expected }), { kind: 'deleted' });
    assert.deepEqual(await store.recover('app/one'), { kind: 'forbidden' });
    assert.equal((await store.versions('app/one')).kind, 'present');
    assert.deepEqual(await store.versions('other/one'), { kind: 'forbidden' });
    assert.deepEqual(await store.read('other/one'), { kind: 'forbidden' });
    assert.deepEqual(await store.write('other/one', value, { expected: 'absent' }), { kind: 'forbidden' });
    await assert.rejects(collect(store.list()), { name: 'StoreError', operation: 'list' });
    await assert.rejects(store.write('app/two', value, { expected: 'absent', metadata: { tags: { a: 'b' } } }), {
      message: /version 1 was written, its tags were not/,
    });
    assert.deepEqual(await withToken(await token({ policies: ['app'] }), 'nothing').read('a'), { kind: 'forbidden' });
  });

  it('tells a wrong token and an expired one from a lack of rights', async () => {
    const refused = { name: 'StoreError', message: /does not know the token/, hint: /VAULT_TOKEN/ };
    await assert.rejects(withToken('hvs.wrong').read('a'), refused);
    const store = withToken(await token({ policies: ['app'], ttl: '1s' }));
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await assert.rejects(store.read('app/one'), refused);
  });

  it('refuses KV v1, another engine, a wrong mount and a part of a path', async () => {
    await real.post('sys/mounts/old', { type: 'kv', options: { version: '1' } });
    await real.post('sys/mounts/team/kv', { type: 'kv', options: { version: '2' } });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const write = (mount: string): Promise<unknown> =>
      withToken(real.rootToken(), mount).write('a', value, { expected: 'absent' });
    await assert.rejects(write('old'), { message: /KV v1 mount/, hint: /enable-versioning old/ });
    await assert.rejects(write('sys'), { message: /not a KV store/ });
    await assert.rejects(write('nothing'), { message: /nothing is mounted at nothing\// });
    await assert.rejects(write('secret/app'), { message: /the mount is secret, and not secret\/app/ });
    assert.equal(((await write('team/kv')) as { kind: string }).kind, 'written');
  });

  it('says deleted of what is destroyed, and cannot recover it', async () => {
    const store = withToken(real.rootToken());
    const outcome = await store.write('destroyed', value, { expected: 'absent' });
    assert.ok(outcome.kind === 'written');
    await real.post('secret/destroy/destroyed', { versions: [1] });
    assert.deepEqual(await store.read('destroyed'), { kind: 'deleted', version: outcome.version });
    assert.deepEqual(await store.recover('destroyed'), { kind: 'missing' });
    const versions = await store.versions('destroyed');
    assert.ok(versions.kind === 'present');
    assert.deepEqual(
      versions.versions.map(({ version, state }) => [version, state]),
      [['1', 'destroyed']],
    );
    assert.ok(!(await collect(store.listDeleted())).some(({ name }) => name === 'destroyed'));
    assert.equal((await store.write('destroyed', value, { expected: outcome.version })).kind, 'written');
  });

  it('takes a version with an end in the future for present', async () => {
    await real.post('secret/metadata/ending', { delete_version_after: '1h' });
    const store = withToken(real.rootToken());
    assert.deepEqual(await store.read('ending'), { kind: 'missing' });
    assert.ok(!(await collect(store.list())).some(({ name }) => name === 'ending'));
    await store.write('ending', value, { expected: 'absent' });
    assert.equal((await store.read('ending')).kind, 'present');
    assert.ok((await collect(store.list())).some(({ name }) => name === 'ending'));
  });

  it('tells JSON that Vault does not take without quoting it', async () => {
    const store = withToken(real.rootToken());
    for (const text of [`{"a":${'['.repeat(400)}${']'.repeat(400)}}`, '{"a":{"canary":1,"canary":2}}'])
      await assert.rejects(store.write('nested', new SecretValue(text), { expected: 'absent' }), (error: Error) => {
        assert.match(error.message, /does not take this JSON/);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
  });
}
