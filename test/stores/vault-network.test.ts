import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { SecretValue } from '../../src/model/secret-value.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';
import { collect } from '../contract/store-case.ts';
import { created, errors, failure, present, scriptVault, written } from './scripted-vault.ts';

describe('how Vault is reached', () => {
  it('nothing listens: told at once, with what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const error = await failure(storeAt(`http://127.0.0.1:${port}`).read('a'));
    assert.match(error.message, /nothing listens at/);
    assert.match(error.hint, /VAULT_ADDR/);
    assert.ok(error.retryable);
  });

  it('no such host', async () => {
    const error = await failure(storeAt('http://vault.invalid:8200').read('a'));
    assert.match(error.message, /no host of that name|cannot be reached/);
  });

  it('https where there is no TLS, and something that is not HTTP', async () => {
    await using vault = await scriptVault(() => undefined);
    assert.match((await failure(storeAt(vault.url.replace('http', 'https')).read('a'))).hint, /http:\/\//);
    const server = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('example-canary\r\n\r\n'),
    );
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    assert.match((await failure(storeAt(`http://127.0.0.1:${port}`).read('a'))).message, /does not speak HTTP/);
    await new Promise((resolve) => server.close(resolve));
  });

  it('follows a redirect on the same host, token and all', async () => {
    await using vault = await scriptVault(({ line }) => {
      if (line === 'GET secret/data/a') return { status: 307, headers: { Location: '/v1/secret/data/b' } };
      return line === 'GET secret/data/b' ? { body: present(1) } : undefined;
    });
    assert.equal((await vault.open().read('a')).kind, 'present');
    assert.deepEqual(
      vault.asked.map(({ headers }) => headers['x-vault-token']),
      ['example-token', 'example-token'],
    );
  });

  it('sends no token to another host, and ends a circle', async () => {
    await using other = await scriptVault(() => ({ body: present(1) }));
    await using vault = await scriptVault(({ line }) => {
      if (line.endsWith('/a')) return { status: 307, headers: { Location: `${other.url}/v1/secret/data/a` } };
      return line.endsWith('/circle') ? { status: 307, headers: { Location: '/v1/secret/data/circle' } } : undefined;
    });
    const error = await failure(vault.open().read('a'));
    assert.match(error.message, /another host/);
    assert.equal(other.asked.length, 0);
    assert.match((await failure(vault.open().read('circle'))).message, /in a circle/);
  });

  it('follows no redirect that would make a write a read', async () => {
    await using vault = await scriptVault(({ line }) =>
      line.startsWith('POST') ? { status: 302, headers: { Location: '/v1/secret/data/b' } } : undefined,
    );
    const write = vault.open().write('a', new SecretValue('{}'), { expected: 'absent' });
    assert.match((await failure(write)).message, /cannot be followed \(302\)/);
  });

  it('sends the namespace, and keeps a path in front of /v1', async () => {
    await using vault = await scriptVault(() => ({ body: present(1) }));
    await vault.open({ namespace: 'team/a', mount: 'team kv' }).permissions('a');
    assert.equal(vault.asked[0]?.headers['x-vault-namespace'], 'team/a');
    await vault.open({ address: `${vault.url}/proxy/` }).permissions('a');
    assert.equal(vault.asked[1]?.line, 'POST /proxysys/capabilities-self');
  });

  it('gives up in the middle of a body, with the reason of the caller', async () => {
    const controller = new AbortController();
    await using vault = await scriptVault(({ line }) => {
      if (!line.endsWith('/a')) return undefined;
      setTimeout(() => controller.abort(new Error('enough')), 50);
      return { body: present(1), hang: 'in the body' };
    });
    await assert.rejects(vault.open({ retries: 0 }).read('a', { signal: controller.signal }), { message: 'enough' });
    assert.equal(vault.asked.length, 1);
  });

  it('refuses settings that cannot be right', () => {
    for (const wrong of [
      { address: 'vault:8200' },
      { address: 'http://user:secret@vault' },
      { mount: 'a/../b' },
      { mount: '' },
    ])
      assert.throws(
        () =>
          createVaultStore({ address: 'http://vault', auth: { kind: 'token', token: new SecretValue('') }, ...wrong }),
        {
          name: 'UsageError',
        },
      );
  });
});

describe('the rights on a mount', () => {
  const value = new SecretValue('{}');

  it('where there are none, nothing is sent that KV v1 would take for a write', async () => {
    let closed = true;
    await using vault = await scriptVault(({ line }) => {
      if (closed)
        return errors(403, "preflight capability check returned 403, please ensure client's policies grant access");
      return line.startsWith('POST secret/data') ? written(1) : undefined;
    });
    const store = vault.open();
    assert.deepEqual(await store.write('a', value, { expected: 'absent' }), { kind: 'forbidden' });
    assert.deepEqual(
      vault.asked.map(({ line }) => line),
      ['GET secret/config'],
    );
    await assert.rejects(collect(store.list()), { message: /could not list secrets: it is not allowed/ });
    closed = false;
    assert.equal((await store.write('a', value, { expected: 'absent' })).kind, 'written');
  });

  it('where only its configuration may be read, it is known by that', async () => {
    await using vault = await scriptVault(({ line }) => {
      if (line.startsWith('GET sys/')) return errors(403, 'permission denied');
      if (line === 'GET secret/config') return { body: { data: { max_versions: 0, cas_required: false } } };
      return line.startsWith('POST secret/data') ? written(1) : undefined;
    });
    assert.equal((await vault.open().write('a', value, { expected: 'absent' })).kind, 'written');
  });

  const mounts: readonly (readonly [facts: object | undefined, message: RegExp, hint: RegExp])[] = [
    [{ type: 'kv', path: 'secret/', options: { version: '1' } }, /KV v1 mount/, /enable-versioning secret/],
    [{ type: 'kv', path: 'secret/', options: null }, /KV v1 mount/, /enable-versioning secret/],
    [{ type: 'system', path: 'secret/', options: null }, /not a KV store/, /vault secrets list/],
    [{ type: 'kv', path: 'sec/', options: { version: '2' } }, /the mount is sec, and not secret/, /alone/],
    [undefined, /nothing is mounted at secret\//, /vault secrets enable -path=secret kv-v2/],
  ];
  for (const [facts, message, hint] of mounts)
    it(`do not matter where it is not KV v2: ${JSON.stringify(facts)}`, async () => {
      await using vault = await scriptVault(({ line }) => {
        if (!line.startsWith('GET sys/')) return errors(404, 'no handler for route "secret/config".');
        return facts === undefined ? errors(403, 'preflight capability check returned 403') : { body: { data: facts } };
      });
      const error = await failure(vault.open().write('a', value, { expected: 'absent' }));
      assert.match(error.message, message);
      assert.match(error.hint, hint);
      assert.ok(!vault.asked.some(({ line }) => line.startsWith('POST')));
    });

  it('are asked for, and unknown where that is not allowed', async () => {
    const own = {
      'secret/data/a/b': ['create', 'read'],
      'secret/metadata/a/': ['list'],
      'secret/undelete/a/b': ['deny', 'update'],
    };
    await using vault = await scriptVault(({ headers, line }) => {
      if (line !== 'POST sys/capabilities-self') return undefined;
      return headers['x-vault-namespace'] === undefined
        ? { body: { ...own, data: own } }
        : errors(403, 'permission denied');
    });
    const permissions = await vault.open().permissions('a/b');
    assert.deepEqual(permissions, { kind: 'known', allowed: new Set(['read']) });
    assert.deepEqual(await vault.open({ namespace: 'team' }).permissions('a/b'), { kind: 'unknown' });
  });

  it('and capabilities are those that the store in memory plays', () => {
    assert.deepEqual(vaultCapabilities, vaultCapabilities);
  });
});

describe('names and listings', () => {
  it('sends no request for a name with .., however it is written', async () => {
    await using vault = await scriptVault(() => undefined);
    for (const name of ['..', 'a/../b', '../sys/mounts', 'a/..', 'a//b', 'a\u0000b', 'a\ud800'])
      assert.match((await failure(vault.open().read(name))).message, /its name is/);
    for (const prefix of ['../', 'a/../b/', '/', 'a//'])
      assert.match((await failure(collect(vault.open().list({ prefix })))).message, /not a Vault path|empty/);
    await vault.open().read('a/%2e%2e/b ?#;é');
    assert.deepEqual(
      vault.asked.map(({ line }) => line),
      ['GET secret/data/a/%252e%252e/b%20%3F%23%3B%C3%A9'],
    );
  });

  it('never shows what it may not see as missing', async () => {
    await using vault = await scriptVault(({ line }) => {
      if (line === 'GET secret/metadata/?list=true') return { body: { data: { keys: ['a', 'b/'] } } };
      if (line === 'GET secret/metadata/a') return errors(404);
      if (line.startsWith('GET sys/')) return undefined;
      return errors(403, 'permission denied');
    });
    const error = await failure(collect(vault.open().list()));
    assert.match(error.message, /could not list secrets: it may not list metadata\/b\//);
    assert.equal(error.operation, 'list');
  });

  it('lists what starts with the prefix, and looks at nothing else', async () => {
    await using vault = await scriptVault(({ line }) => {
      if (line === 'GET secret/metadata/x/?list=true') return { body: { data: { keys: ['ab', 'b', 'ac/'] } } };
      if (line === 'GET secret/metadata/x/ac/?list=true') return { body: { data: { keys: ['d'] } } };
      const versions = { 2: { created_time: created } };
      return line.startsWith('GET secret/metadata') ? { body: { data: { current_version: 2, versions } } } : undefined;
    });
    const names = (await collect(vault.open().list({ prefix: 'x/a' }))).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), ['x/ab', 'x/ac/d']);
    assert.equal(vault.asked.length, 4);
  });

  it('asks for no more than it was told to at once', async () => {
    let now = 0;
    let most = 0;
    const versions = { 1: { created_time: created } };
    await using vault = await scriptVault(({ line }) => {
      if (line.endsWith('?list=true'))
        return { body: { data: { keys: Array.from({ length: 20 }, (_, index) => String(index)) } } };
      if (!line.startsWith('GET secret/metadata')) return undefined;
      most = Math.max(most, ++now);
      setTimeout(() => (now -= 1), 10);
      return { delayMs: 10, body: { data: { current_version: 1, versions } } };
    });
    assert.equal((await collect(vault.open({ concurrency: 3 }).list())).length, 20);
    assert.ok(most > 1 && most <= 4, String(most));
  });
});

function storeAt(address: string): ReturnType<typeof createVaultStore> {
  return createVaultStore({ address, auth: { kind: 'token', token: new SecretValue('example-token') }, retries: 0 });
}
