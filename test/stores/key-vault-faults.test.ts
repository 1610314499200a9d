/** What the service answers, and what becomes of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { Version } from '../../src/stores/contract.ts';
import type { KeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import { collect } from '../contract/store-case.ts';
import {
  bundle,
  canary,
  challenge,
  cut,
  failure,
  newestVersion,
  notFound,
  refused,
  scriptKeyVault,
} from './scripted-key-vault.ts';
import type { Answer } from './scripted-key-vault.ts';

const value = new SecretValue(canary);

describe('the challenge', () => {
  it('is met with a token for the vault, and the first request shows nothing before', async () => {
    const vault = scriptKeyVault(({ line }) => (line.startsWith('PUT') ? bundle('a', newestVersion) : undefined));
    const store = vault.open();
    assert.equal((await store.write('a', value, { expected: 'absent' })).kind, 'written');
    await store.write('b', value, { expected: 'absent' });
    assert.deepEqual(
      vault.challenged.map(({ line, body }) => [line, body]),
      [['GET /secrets/a/', '']],
    );
    assert.deepEqual(vault.asked[1]?.body, JSON.stringify({ value: canary }));
    assert.equal(vault.asked[0]?.authorization, 'Bearer example-token-1');
    assert.equal(vault.tokens.length, 1);
    const [token] = vault.tokens;
    assert.deepEqual(token?.scopes, 'https://vault.azure.net/.default');
    assert.equal(token.options?.tenantId, '12345678-90ab-cdef-1234-567890abcdef');
  });

  it('of many first requests one goes ahead, so that none goes out without its body', async () => {
    const vault = scriptKeyVault(() => bundle('a', newestVersion));
    const store = vault.open();
    const expected = (await scriptedVersion(store)).version;
    const fresh = vault.open();
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => fresh.writeMetadata(`a${index}`, { tags: { index: 'x' } }, { expected })),
    );
    const patches = vault.asked.filter(({ line }) => line.startsWith('PATCH'));
    assert.equal(patches.length, 8);
    for (const { body } of patches) assert.equal(body, '{"tags":{"index":"x"}}');
    assert.equal(vault.challenged.length, 2);
  });

  it('for another service is refused, and no token is asked for', async () => {
    for (const resource of ['https://management.azure.com', 'https://vault.azure.net.example.com', 'nonsense']) {
      const wwwAuthenticate = `Bearer authorization="https://login.microsoftonline.com/tenant", resource="${resource}"`;
      const vault = scriptKeyVault(() => bundle('a', newestVersion), { wwwAuthenticate });
      const error = await failure(vault.open().read('a'));
      assert.match(error.message, /which is not its own domain/);
      assert.equal(vault.tokens.length, 0);
    }
  });

  it('may be for vaults where the vault is reached on the loopback interface, and nowhere else', async () => {
    const there = scriptKeyVault(() => bundle('a', newestVersion), { url: 'https://127.0.0.1:8443' });
    assert.equal((await there.open().read('a')).kind, 'present');
    const elsewhere = scriptKeyVault(() => bundle('a', newestVersion), { url: 'https://vault.example.com' });
    assert.match((await failure(elsewhere.open().read('a'))).message, /not its own domain/);
  });

  it('that cannot be read is told', async () => {
    for (const wwwAuthenticate of [
      'Basic realm="a"',
      'Bearer authorization="nonsense", resource="https://vault.azure.net"',
    ]) {
      const vault = scriptKeyVault(() => bundle('a', newestVersion), { wwwAuthenticate });
      assert.match((await failure(vault.open().read('a'))).message, /could not read "a"/);
    }
  });
});

describe('tokens', () => {
  it('that the vault refuses are asked for anew, once', async () => {
    const vault = scriptKeyVault(({ authorization }) =>
      authorization === 'Bearer example-token-1'
        ? { ...refused(401, 'Unauthorized'), headers: { 'WWW-Authenticate': challenge } }
        : bundle('a', newestVersion),
    );
    assert.equal((await vault.open().read('a')).kind, 'present');
    assert.equal(vault.tokens.length, 2);
  });

  it('that the vault does not take any more are asked for anew, and a write keeps its body', async () => {
    let taken = 'Bearer example-token-1';
    const vault = scriptKeyVault(({ authorization, line }) => {
      if (authorization !== taken)
        return { ...refused(401, 'Unauthorized'), headers: { 'WWW-Authenticate': challenge } };
      return line.startsWith('PUT') ? bundle('a', newestVersion) : undefined;
    });
    const store = vault.open();
    assert.equal((await store.read('a')).kind, 'missing');
    assert.equal((await store.read('a')).kind, 'missing');
    taken = 'Bearer example-token-2';
    assert.equal((await store.write('a', value, { expected: 'absent' })).kind, 'written');
    assert.equal(vault.tokens.length, 2);
    assert.deepEqual(
      vault.asked.filter(({ line }) => line.startsWith('PUT')).map(({ body }) => body),
      [JSON.stringify({ value: value.reveal() })],
    );
  });

  const messages: readonly (readonly [message: string, hint: RegExp])[] = [
    ['AKV10022: Invalid audience. Expected https://vault.azure.net, found: example-canary', /AZURE_ENVIRONMENT/],
    ['AKV10032: Invalid issuer. Expected one of https://sts.windows.net/tid/, found example-canary', /AZURE_TENANT_ID/],
    ['[TokenExpired] Error validating token: example-canary', /clock/],
    ['example-canary', /az login/],
  ];
  for (const [message, hint] of messages)
    it(`refused for good: ${message.slice(0, 12)}`, async () => {
      const vault = scriptKeyVault(() => ({
        ...refused(401, 'Unauthorized', undefined, message),
        headers: { 'WWW-Authenticate': challenge },
      }));
      const error = await failure(vault.open().read('a'));
      assert.match(error.message, /does not take the token/);
      assert.match(error.hint, hint);
      assert.ok(!error.retryable);
      assert.ok(vault.asked.length <= 3, String(vault.asked.length));
    });

  it('are renewed before they end, and the old one serves while that fails', async () => {
    let nowMs = Date.now();
    let fails = false;
    const vault = scriptKeyVault(() => bundle('a', newestVersion), {
      getToken: (count) => {
        if (fails) throw new Error(canary);
        return { token: `example-token-${count}`, expiresOnTimestamp: nowMs + 600_000 };
      },
    });
    const store = vault.open({}, () => nowMs);
    await store.read('a');
    nowMs += 500_000;
    fails = true;
    await store.read('a');
    assert.equal(vault.asked.at(-1)?.authorization, 'Bearer example-token-1');
    fails = false;
    await store.read('a');
    assert.equal(vault.asked.at(-1)?.authorization, 'Bearer example-token-3');
    nowMs += 700_000;
    fails = true;
    assert.match((await failure(store.read('a'))).message, /no token for it/);
  });
});

describe('statuses', () => {
  const statuses: readonly (readonly [answer: Answer, message: RegExp, retryable: boolean, asked: number])[] = [
    [refused(400, 'BadParameter'), /malformed \(400\)/, false, 1],
    [refused(403, 'Forbidden', 'ForbiddenByFirewall'), /network rules/, false, 1],
    [refused(403, 'Forbidden', 'ForbiddenByConnection'), /network rules/, false, 1],
    [refused(409, 'Conflict', 'SomethingNew'), /state that it is in/, false, 1],
    [refused(500, 'InternalServerError'), /failed \(500\)/, true, 3],
    [refused(503, 'ServiceUnavailable'), /failed \(503\)/, true, 3],
    [refused(501, 'NotImplemented'), /failed \(501\)/, true, 1],
    [{ status: 302, headers: { Location: 'https://example.com' } }, /status 302/, false, 1],
    [{ status: 418, body: canary }, /status 418/, false, 1],
    [{ status: 200, body: `<html>${canary}` }, /not JSON/, false, 1],
    [{ status: 200, body: '[]' }, /not JSON as Key Vault/, false, 1],
    [{ status: 200, body: { value: canary } }, /names no secret/, false, 1],
    [bundle('a', newestVersion, { value: 5 }), /not a text/, false, 1],
    [bundle('a', newestVersion, { value: undefined }), /no value/, false, 1],
    [bundle('a/b/c', newestVersion), /names no secret/, false, 1],
  ];
  for (const [answer, message, retryable, asked] of statuses)
    it(`${answer.status ?? 200}, ${String(message)}`, async () => {
      const vault = scriptKeyVault(() => answer);
      const error = await failure(vault.open({ retries: 2 }).read('a'));
      assert.equal(error.operation, 'read');
      assert.equal(error.secretName, 'a');
      assert.match(error.message, message);
      assert.equal(error.retryable, retryable);
      assert.equal(vault.asked.length, asked);
    });

  it('forbidden is an outcome, and a listing that is forbidden throws', async () => {
    for (const inner of ['ForbiddenByRbac', 'AccessDenied', 'ForbiddenByPolicy']) {
      const vault = scriptKeyVault(() => refused(403, 'Forbidden', inner));
      const store = vault.open();
      const forbidden = { kind: 'forbidden' };
      const { version } = await scriptedVersion(scriptKeyVault(() => bundle('a', newestVersion)).open());
      assert.deepEqual(await store.read('a'), forbidden);
      assert.deepEqual(await store.write('a', value, { expected: 'absent' }), forbidden);
      assert.deepEqual(await store.writeMetadata('a', {}, { expected: version }), forbidden);
      assert.deepEqual(await store.delete('a', { expected: version }), forbidden);
      assert.deepEqual(await store.recover('a'), forbidden);
      for (const operation of ['list', 'listDeleted'] as const) {
        const error = await failure(operation === 'list' ? collect(store.list()) : collect(store.listDeleted()));
        assert.equal(error.operation, operation);
        assert.match(error.hint, /Key Vault Secrets User/);
      }
      assert.deepEqual(await store.permissions('a'), { kind: 'unknown' });
    }
  });

  it('a deleted secret that may not be seen is missing', async () => {
    const vault = scriptKeyVault(({ line }) => (line.includes('/deleted') ? refused(403, 'Forbidden') : notFound()));
    assert.deepEqual(await vault.open().read('a'), { kind: 'missing' });
  });
});

describe('slowing down', () => {
  it('a bare 429 waits, as everybody does for this vault, and is sent again', async () => {
    const vault = scriptKeyVault((_asked, count) =>
      count === 0 ? refused(429, 'Throttled') : bundle('a', newestVersion),
    );
    const startMs = performance.now();
    assert.equal((await vault.open().read('a')).kind, 'present');
    assert.ok(performance.now() - startMs >= 990);
  });

  it('a 429 to a write wrote nothing, so it is sent again', async () => {
    const vault = scriptKeyVault(({ line }, count) => {
      if (!line.startsWith('PUT')) return undefined;
      return count === 0
        ? { ...refused(429, 'Throttled'), headers: { 'Retry-After-Ms': '20' } }
        : bundle('a', newestVersion);
    });
    assert.equal((await vault.open().write('a', value, { expected: 'absent' })).kind, 'written');
    assert.deepEqual(vault.lines(), ['GET /secrets/a/', 'PUT /secrets/a', 'PUT /secrets/a']);
  });

  it('Retry-After is waited for by other stores on this vault too', async () => {
    const vault = scriptKeyVault((_asked, count) =>
      count === 0 ? { ...refused(429, 'Throttled'), headers: { 'Retry-After': '1' } } : bundle('a', newestVersion),
    );
    const startMs = performance.now();
    const first = vault.open().read('a');
    while (vault.asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    await vault.open().read('b');
    assert.ok(performance.now() - startMs >= 990);
    await first;
  });

  it('is told where it is asked for longer than anybody waits', async () => {
    const vault = scriptKeyVault(() => ({ ...refused(429, 'Throttled'), headers: { 'Retry-After': '3600' } }));
    const error = await failure(vault.open().read('a'));
    assert.match(error.message, /to wait 3600 s/);
    assert.ok(error.retryable);
    assert.equal(vault.asked.length, 1);
  });
});

describe('names', () => {
  it('that cannot be are told before any request', async () => {
    const vault = scriptKeyVault(() => undefined);
    const store = vault.open();
    for (const name of ['', '..', 'a/../b', 'a/b', 'a_b', 'a%2fb', 'é', 'x'.repeat(128)]) {
      for (const call of [store.read(name), store.recover(name), store.write(name, value, { expected: 'absent' })]) {
        const error = await failure(call);
        assert.match(error.message, /its name is/);
        assert.match(error.hint, /config\/secrets.ts/);
      }
    }
    await failure(collect(store.list({ prefix: 'a/' })));
    assert.equal(vault.asked.length + vault.challenged.length, 0);
  });

  it('nothing but a version of Key Vault becomes a part of a path', async () => {
    const vault = scriptKeyVault(() => undefined);
    for (const version of ['versions', '..', '../../keys', ''] as unknown as Version[])
      assert.deepEqual(await vault.open().read('a', { version }), { kind: 'missing' });
    assert.equal(vault.asked.length, 0);
  });
});

describe('what is shown', () => {
  it('of a store, its outcomes and its errors: no value and no token', async () => {
    const vault = scriptKeyVault(({ line }) =>
      line === 'GET /secrets/a/' ? bundle('a', newestVersion, { value: canary }) : cut('none'),
    );
    const written: string[] = [];
    const { stdout, stderr } = process;
    const streams = [stdout, stderr].map((stream) => ({ stream, own: stream.write.bind(stream) }));
    const store = vault.open({ retries: 0 });
    try {
      for (const { stream } of streams) stream.write = (text: unknown) => written.push(String(text)) > 0;
      const seen = [store, await store.read('a')];
      await failure(store.write('b', value, { expected: 'absent' }));
      assert.doesNotMatch(inspect(seen, { depth: 4, showHidden: true }) + JSON.stringify(seen), /canary|example-token/);
    } finally {
      for (const { stream, own } of streams) stream.write = own;
    }
    assert.doesNotMatch(written.join(''), /canary|example-token/);
  });
});

async function scriptedVersion(store: KeyVaultStore): Promise<{ version: Version }> {
  const read = await store.read('a');
  assert.ok(read.kind === 'present');
  return { version: read.version };
}
