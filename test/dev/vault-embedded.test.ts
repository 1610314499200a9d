import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault, EmbeddedVaultOptions } from '../../src/dev/vault/embedded-vault.ts';
import { ask, bodyOf } from './vault-client.ts';
import type { Ask } from './vault-client.ts';

async function start(test: TestContext, options?: EmbeddedVaultOptions): Promise<EmbeddedVault> {
  const vault = await createEmbeddedVault(options);
  test.after(() => vault.close());
  return vault;
}

const read: Ask = { method: 'GET', path: 'secret/data/app' };
const write: Ask = { method: 'POST', path: 'secret/data/app', body: { data: { password: 'canary-value' } } };

describe('the embedded Vault', () => {
  it('is ready soon', async (test) => {
    const startMs = performance.now();
    const vault = await start(test);
    assert.equal((await ask(vault, { method: 'GET', path: 'sys/health' })).status, 200);
    test.diagnostic(`ready and answering after ${(performance.now() - startMs).toFixed(1)} ms`);
  });

  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org'])
    it(`refuses to listen on ${host}`, async () =>
      assert.rejects(createEmbeddedVault({ host }), /listens on loopback only/));
  it('listens elsewhere when forced', async (test) => {
    const vault = await start(test, { host: '0.0.0.0', force: true });
    assert.equal((await ask({ ...vault, url: vault.url.replace('0.0.0.0', '127.0.0.1') }, read)).status, 404);
  });
  it('says when its port is taken', async (test) => {
    const port = Number(new URL((await start(test)).url).port);
    await assert.rejects(createEmbeddedVault({ port }), { code: 'EADDRINUSE' });
  });

  it('starts with the mounts, policies and tokens that it is given', async (test) => {
    const vault = await start(test, {
      rootToken: 'root',
      mounts: ['secret', 'team/kv/'],
      policies: { Reader: '{"path":{"team/kv/data/*":{"capabilities":["read"]}}}' },
      tokens: [{ id: 'reader', policies: ['reader'], ttlS: 60 }],
    });
    await ask(vault, { method: 'POST', path: 'team/kv/data/a', body: { data: { a: 1 } }, token: 'root' });
    const asked = [
      { method: 'GET', path: 'team/kv/data/a', token: 'reader' },
      { method: 'GET', path: 'secret/data/a', token: 'reader' },
      { method: 'DELETE', path: 'team/kv/data/a', token: 'reader' },
    ];
    assert.deepEqual(await Promise.all(asked.map(async (one) => (await ask(vault, one)).status)), [200, 403, 403]);
  });
  it('refuses a policy that it would not enforce', async () => {
    const text = (rule: string): string => `path "secret/*" { capabilities = ["read"]\n ${rule} }`;
    for (const rule of ['control_group = { factor = {} }', 'mfa_methods = ["a"]', 'min_wrapping_ttl = "1s"'])
      await assert.rejects(createEmbeddedVault({ policies: { p: text(rule) } }), /does not enforce/);
  });

  it('forgets a token when its time is over', async (test) => {
    let nowMs = 1_800_000_000_000;
    const vault = await start(test, { now: () => nowMs, tokens: [{ id: 't', policies: [], ttlS: 60 }] });
    const lookup = { method: 'GET', path: 'auth/token/lookup-self', token: 't' };
    const ttl = async (): Promise<unknown> => (bodyOf(await ask(vault, lookup))['data'] as { ttl: number }).ttl;
    assert.equal(await ttl(), 60);
    nowMs += 59_000;
    assert.equal(await ttl(), 1);
    await ask(vault, { method: 'POST', path: 'auth/token/renew-self', body: { increment: 10 }, token: 't' });
    assert.equal(await ttl(), 10);
    nowMs += 10_000;
    assert.equal((await ask(vault, lookup)).status, 403);
  });
  it('deletes a version when its time is over, and not before', async (test) => {
    let nowMs = 1_800_000_000_000;
    const vault = await start(test, { now: () => nowMs });
    await ask(vault, { method: 'POST', path: 'secret/metadata/app', body: { delete_version_after: '1h' } });
    await ask(vault, write);
    nowMs += 3_599_999;
    assert.equal((await ask(vault, read)).status, 200);
    nowMs += 1;
    assert.equal((await ask(vault, read)).status, 404);
  });

  it('forgets what a mount kept when it goes', async (test) => {
    const vault = await start(test);
    const steps: Ask[] = [
      { method: 'POST', path: 'sys/auth/approle', body: { type: 'approle' } },
      { method: 'POST', path: 'auth/approle/role/r', body: {} },
      write,
      ...['sys/auth/approle', 'sys/mounts/secret'].map((path) => ({ method: 'DELETE', path })),
      { method: 'POST', path: 'sys/auth/approle', body: { type: 'approle' } },
      { method: 'POST', path: 'sys/mounts/secret', body: { type: 'kv', options: { version: '2' } } },
    ];
    for (const step of steps) assert.ok((await ask(vault, step)).status < 300, step.path);
    for (const path of ['auth/approle/role', 'secret/metadata'])
      assert.equal((await ask(vault, { method: 'LIST', path })).status, 404);
  });
  it('takes the shorter of the mount’s time and the key’s', async (test) => {
    let nowMs = 1_800_000_000_000;
    const vault = await start(test, { now: () => nowMs });
    await ask(vault, { method: 'POST', path: 'secret/config', body: { delete_version_after: '2h' } });
    await ask(vault, { method: 'POST', path: 'secret/metadata/app', body: { delete_version_after: '1h' } });
    await ask(vault, write);
    nowMs += 3_600_000;
    assert.equal((await ask(vault, read)).status, 404);
  });
  it('revokes a token with those that it made', async (test) => {
    const vault = await start(test, {
      policies: { maker: 'path "auth/token/create" { capabilities = ["update"] }' },
      tokens: [{ id: 'parent', policies: ['maker'] }],
    });
    const made = bodyOf(await ask(vault, { method: 'POST', path: 'auth/token/create', body: {}, token: 'parent' }));
    const lookup = {
      method: 'GET',
      path: 'auth/token/lookup-self',
      token: (made['auth'] as { client_token: string }).client_token,
    };
    assert.equal((await ask(vault, lookup)).status, 200);
    await ask(vault, { method: 'POST', path: 'auth/token/revoke-self', token: 'parent' });
    assert.equal((await ask(vault, lookup)).status, 403);
  });
  it('answers nothing while sealed', async (test) => {
    const vault = await start(test);
    vault.seal();
    assert.equal((await ask(vault, read)).status, 503);
    assert.equal((await ask(vault, { method: 'GET', path: 'sys/health' })).status, 503);
    const wrong = { method: 'PUT', path: 'sys/unseal', body: { key: 'wrong' }, token: null };
    assert.equal((await ask(vault, wrong)).status, 400);
    assert.equal((await ask(vault, { ...wrong, body: { key: vault.unsealKey } })).status, 200);
    assert.equal((await ask(vault, read)).status, 404);
  });
  it('refuses to wrap an answer rather than give it unwrapped', async (test) => {
    const vault = await start(test);
    assert.equal((await ask(vault, { ...read, headers: { 'x-vault-wrap-ttl': '60' } })).status, 400);
  });
});

describe('the request log', () => {
  it('says what was asked, and no value or token', async (test) => {
    const vault = await start(test, { rootToken: 'hvs.canary-token-canary-token' });
    await ask(vault, write);
    await ask(vault, { ...write, body: '{"data":{"password":canary-value' });
    await ask(vault, { ...write, body: { data: 'canary-value', options: 'canary-value' } });
    await ask(vault, { ...read, path: 'secret/data/app?version=canary-value' });
    await ask(vault, { method: 'LIST', path: 'secret/metadata' });
    await ask(vault, { method: 'GET', path: 'auth/token/lookup/hvs.canary-token-canary-token' });
    await ask(vault, { method: 'GET', path: 'auth/token/lookup/canary-value' });
    assert.deepEqual(
      vault.requests.map(({ method, operation, path, status }) => `${method} ${operation ?? ''} ${path} ${status}`),
      [
        'POST update secret/data/app 200',
        'POST update secret/data/app 500',
        'POST update secret/data/app 400',
        'GET read secret/data/app 400',
        'LIST list secret/metadata 200',
        'GET read auth/token/lookup/<redacted> 404',
        'GET read auth/token/lookup/<redacted> 404',
      ],
    );
    assert.doesNotMatch(JSON.stringify(vault.requests), /canary/);
  });
  it('errors quote no value', async (test) => {
    const vault = await start(test);
    for (const body of [
      '{"data":{"password":canary-value',
      '{"data":{"a":"canary-value","a":"canary-value"}}',
      '{"data":{"a":"canary-value" 1}}',
      '{"data":{"a":1e400}, "b":"canary-value"}',
      { data: 'canary-value' },
      { data: ['canary-value'] },
      { data: {}, options: { cas: 'canary-value' } },
      ['canary-value'],
    ]) {
      const told = await ask(vault, { ...write, body });
      assert.ok(told.status >= 400);
      assert.doesNotMatch(told.text, /canary|1e400/);
    }
    for (const custom of [
      { a: ['canary-value'] },
      { a: { b: 'canary-value' } },
      { a: `canary-value\u0007` },
      'canary-value',
    ]) {
      const told = await ask(vault, { method: 'POST', path: 'secret/metadata/app', body: { custom_metadata: custom } });
      assert.deepEqual([told.status, /canary/.test(told.text)], [400, false]);
    }
  });
});
