/** What the embedded Vault asks of its storage: each request is one transaction, and nothing it knows is anywhere else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { createMemoryStorage } from '../../src/dev/storage.ts';
import type { Storage } from '../../src/dev/storage.ts';
import { StateError } from '../../src/dev/storage.ts';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault, EmbeddedVaultOptions } from '../../src/dev/vault/embedded-vault.ts';
import { ask, bodyOf } from './vault-client.ts';
import type { Ask } from './vault-client.ts';
import { serviceAccountToken } from './vault-kubernetes-fixture.ts';

async function start(test: TestContext, options: EmbeddedVaultOptions): Promise<EmbeddedVault> {
  const vault = await createEmbeddedVault(options);
  test.after(() => vault.close());
  return vault;
}

/** Counts the transactions that changed something, and fails a change outside of one. */
function createWatchedStorage(): Storage & { changes: number[] } {
  const memory = createMemoryStorage();
  let open: { changes: number } | undefined;
  const changes: number[] = [];
  const change = <T>(work: () => T): T => {
    assert.ok(open !== undefined, 'a change outside of a transaction');
    open.changes += 1;
    return work();
  };
  return {
    ...memory,
    changes,
    put: (key, value) => change(() => memory.put(key, value)),
    delete: (key) => change(() => memory.delete(key)),
    transaction: (work) => {
      if (open !== undefined) return work();
      const own = (open = { changes: 0 });
      try {
        return work();
      } finally {
        open = undefined;
        if (own.changes > 0) changes.push(own.changes);
      }
    },
  };
}

describe('the embedded Vault and its storage', () => {
  it('changes it in one transaction for each request, and for its start', async (test) => {
    const storage = createWatchedStorage();
    const vault = await start(test, {
      storage,
      kubernetes: () => Promise.resolve({ namespace: 'external-secrets', name: 'external-secrets', uid: 'u-1' }),
      tokens: [{ id: 'used-twice', policies: [] }],
    });
    assert.equal(storage.changes.length, 1);
    const asked: Ask[] = [
      { method: 'POST', path: 'secret/data/app', body: { data: { a: 1 } } },
      { method: 'POST', path: 'secret/data/app', body: { data: { a: 2 } } },
      { method: 'POST', path: 'auth/token/create', body: { num_uses: 2 } },
      { method: 'PUT', path: 'secret/destroy/app', body: { versions: [1, 2] } },
      { method: 'DELETE', path: 'secret/metadata/app' },
      { method: 'POST', path: 'sys/mounts/more', body: { type: 'kv', options: { version: '2' } } },
      { method: 'DELETE', path: 'sys/mounts/more' },
      { method: 'POST', path: 'sys/auth/approle', body: { type: 'approle' } },
      { method: 'POST', path: 'auth/approle/role/r', body: { role_id: 'r' } },
      { method: 'POST', path: 'auth/approle/role/r/custom-secret-id', body: { secret_id: 's', num_uses: 1 } },
      { method: 'POST', path: 'auth/approle/login', body: { role_id: 'r', secret_id: 's' } },
      {
        method: 'POST',
        path: 'auth/kubernetes/role/r',
        body: { bound_service_account_names: '*', bound_service_account_namespaces: '*' },
      },
      { method: 'POST', path: 'auth/kubernetes/login', body: { role: 'r', jwt: serviceAccountToken() }, token: null },
      { method: 'DELETE', path: 'sys/auth/approle' },
    ];
    for (const [index, one] of asked.entries()) {
      const told = await ask(vault, one);
      assert.ok(told.status < 300, `${one.path}: ${told.text}`);
      assert.equal(storage.changes.length, index + 2, one.path);
    }
    await ask(vault, { method: 'GET', path: 'secret/data/app' });
    assert.equal(storage.changes.length, asked.length + 1);
  });

  it('knows its root token, its key and its mounts again; seals itself only when told', async (test) => {
    const storage = createMemoryStorage();
    const first = await createEmbeddedVault({ storage, mounts: ['secret', 'team/kv'] });
    await ask(first, { method: 'DELETE', path: 'sys/mounts/secret' });
    await ask(first, { method: 'POST', path: 'team/kv/data/a', body: { data: { a: 1 } } });
    const sealStatus = (vault: EmbeddedVault): ReturnType<typeof ask> =>
      ask(vault, { method: 'GET', path: 'sys/seal-status' });
    const status = (await sealStatus(first)).text;
    await ask(first, { method: 'PUT', path: 'sys/seal' });
    await first.close();
    const second = await start(test, { storage });
    assert.deepEqual([second.rootToken, second.unsealKey], [first.rootToken, first.unsealKey]);
    assert.equal((await sealStatus(second)).text, status);
    assert.equal((await ask(second, { method: 'GET', path: 'team/kv/data/a' })).status, 200);
    const mounts = bodyOf(await ask(second, { method: 'GET', path: 'sys/mounts' }))['data'] as object;
    assert.deepEqual(Object.keys(mounts), ['sys/', 'team/kv/']);
  });

  it('has one root token: another one that is given takes its place', async (test) => {
    const storage = createMemoryStorage();
    const first = await createEmbeddedVault({ storage });
    const child = bodyOf(await ask(first, { method: 'POST', path: 'auth/token/create', body: {} }))['auth'];
    await first.close();
    const second = await start(test, { storage, rootToken: 'another-root-token' });
    const lookup = async (token: string): Promise<number> =>
      (await ask(second, { method: 'GET', path: 'auth/token/lookup-self', token })).status;
    const all = [first.rootToken, (child as { client_token: string }).client_token, 'another-root-token'];
    assert.deepEqual(await Promise.all(all.map(lookup)), [403, 403, 200]);
  });

  it('says that the state could not be kept, and knows nothing of what went with it', async (test) => {
    const memory = createMemoryStorage();
    let full = false;
    const storage: Storage = {
      ...memory,
      transaction: (work) => {
        const before = memory.get('core/mounts') as object;
        const result = work();
        if (!full || memory.get('core/mounts') === before) return result;
        memory.put('core/mounts', before);
        throw new StateError('state.db could not be written: the disk is full', 'Make room.');
      },
    };
    const vault = await start(test, { storage });
    const mount = { method: 'POST', path: 'sys/mounts/more', body: { type: 'kv', options: { version: '2' } } };
    full = true;
    const told = await ask(vault, mount);
    assert.deepEqual(
      [told.status, told.text],
      [500, '{"errors":["state.db could not be written: the disk is full"]}\n'],
    );
    assert.equal((await ask(vault, { method: 'GET', path: 'more/data/a' })).status, 404);
    full = false;
    assert.equal((await ask(vault, mount)).status, 204);
  });
});
