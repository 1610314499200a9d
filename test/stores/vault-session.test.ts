import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { VaultAuth } from '../../src/stores/vault/vault-settings.ts';
import { errors, failure, present, scriptVault } from './scripted-vault.ts';
import type { Answer, Asked, ScriptedVault } from './scripted-vault.ts';

const jwt = new SecretValue('example-canary.jwt\n');
const readJwt = (): Promise<SecretValue> => Promise.resolve(jwt);
const kubernetes: VaultAuth = { kind: 'kubernetes', role: 'lockstep', readJwt };

/** A token `example-token-N` for the Nth login or renewal, good for 90 seconds. */
function granted(count: number, more: object = {}): Answer {
  const auth = { client_token: `example-token-${count}`, lease_duration: 90, renewable: true, token_type: 'service' };
  return { body: { auth: { ...auth, ...more }, data: null } };
}

/** @param answer to logins and renewals; everything else is there */
function scriptLogin(answer: (asked: Asked, count: number) => Answer | undefined): Promise<ScriptedVault> {
  return scriptVault((asked, count) => {
    if (asked.line.startsWith('POST auth/')) return answer(asked, count);
    return asked.line.startsWith('GET secret/data/') ? { body: present(1) } : undefined;
  });
}

const lines = (vault: ScriptedVault): string[] =>
  vault.asked.map(({ line }) => line.replace('GET secret/data/', '').replace('POST auth/', ''));
const lastToken = (vault: ScriptedVault): unknown => vault.asked.at(-1)?.headers['x-vault-token'];

describe('a login to Vault', () => {
  const methods: readonly (readonly [auth: VaultAuth, line: string, body: object])[] = [
    [kubernetes, 'POST auth/kubernetes/login', { role: 'lockstep', jwt: 'example-canary.jwt' }],
    [
      { ...kubernetes, mount: 'clusters/dev' },
      'POST auth/clusters/dev/login',
      { role: 'lockstep', jwt: 'example-canary.jwt' },
    ],
    [{ kind: 'jwt', readJwt }, 'POST auth/jwt/login', { jwt: 'example-canary.jwt' }],
    [
      { kind: 'approle', roleId: 'example', secretId: new SecretValue('example-canary') },
      'POST auth/approle/login',
      { role_id: 'example', secret_id: 'example-canary' },
    ],
  ];
  for (const [auth, line, body] of methods)
    it(`${line}, once for calls at the same time, and its token is revoked at the end`, async () => {
      await using vault = await scriptLogin(({ line: asked }) =>
        asked.endsWith('login') ? granted(1) : { status: 204 },
      );
      const store = vault.open({ auth, namespace: 'team' });
      await Promise.all(['a', 'b', 'c'].map((name) => store.read(name)));
      assert.equal(vault.asked[0]?.line, line);
      assert.deepEqual(JSON.parse(vault.asked[0].body), body);
      assert.equal(vault.asked[0].headers['x-vault-token'], undefined);
      assert.equal(vault.asked[0].headers['x-vault-namespace'], 'team');
      assert.equal(vault.asked.length, 4);
      assert.equal(lastToken(vault), 'example-token-1');
      assert.equal(await store.close(), 'revoked');
      assert.equal(vault.asked.at(-1)?.line, 'POST auth/token/revoke-self');
      assert.equal(lastToken(vault), 'example-token-1');
      assert.doesNotMatch(inspect(store, { depth: Infinity, showHidden: true }), /example-(canary|token)/);
    });

  const refusals: readonly (readonly [answer: Answer, message: RegExp, hint: RegExp])[] = [
    [
      errors(400, 'invalid role name "example-canary"'),
      /refused the login by kubernetes at auth\/kubernetes \(400\)/,
      /role/,
    ],
    [errors(403, 'permission denied'), /refused the login .* \(403\)/, /bound to this ServiceAccount.*mounted/],
    [errors(404, 'no handler for route'), /refused the login .* \(404\)/, /mounted at auth\/kubernetes/],
    [granted(1, { client_token: '', mfa_requirement: {} }), /second factor/, /vault login/],
    [{ body: { data: {} } }, /its answer to a login has no token/, /VAULT_ADDR/],
    [errors(503, 'Vault is sealed'), /sealed/, /unseal/],
    [{ cut: 'at once' }, /closed the connection/, /again/],
  ];
  for (const [answer, message, hint] of refusals)
    it(`that is refused is told: ${JSON.stringify(answer)}`, async () => {
      await using vault = await scriptLogin(() => answer);
      const error = await failure(vault.open({ auth: kubernetes }).read('a'));
      assert.match(error.message, message);
      assert.match(error.hint, hint);
      // A secret id may be good for one login: it is not sent twice.
      assert.equal(vault.asked.length, 1);
    });

  it('whose JWT cannot be read is told without the reason, which may hold anything', async () => {
    await using vault = await scriptLogin(() => granted(1));
    const auth: VaultAuth = { ...kubernetes, readJwt: () => Promise.reject(new Error('example-canary')) };
    assert.match((await failure(vault.open({ auth }).read('a'))).message, /cannot be read/);
  });

  it('is renewed when a third of its time is left', async () => {
    let nowMs = 0;
    await using vault = await scriptLogin(({ line }) => (line.endsWith('renew-self') ? granted(2) : granted(1)));
    const store = vault.open({ auth: kubernetes }, () => nowMs);
    for (nowMs of [0, 59_000]) await store.read(`${nowMs}`);
    nowMs = 61_000;
    await Promise.all([store.read('61000'), store.read('62000')]);
    assert.deepEqual(lines(vault), ['kubernetes/login', '0', '59000', 'token/renew-self', '61000', '62000']);
    assert.equal(lastToken(vault), 'example-token-2');
  });

  const newLogins: readonly (readonly [
    title: string,
    first: object,
    renewal: Answer,
    atMs: number,
    lines: string[],
  ])[] = [
    ['cannot be renewed', { renewable: false }, errors(500), 61_000, ['kubernetes/login', '61000']],
    [
      'is refused its renewal',
      {},
      errors(403, 'permission denied'),
      61_000,
      ['token/renew-self', 'kubernetes/login', '61000'],
    ],
    ['has expired', {}, errors(500), 91_000, ['kubernetes/login', '91000']],
  ];
  for (const [title, first, renewal, atMs, expected] of newLogins)
    it(`is made anew where the token ${title}`, async () => {
      let nowMs = 0;
      await using vault = await scriptLogin(({ line }, count) =>
        line.endsWith('login') ? granted(count, first) : renewal,
      );
      const store = vault.open({ auth: kubernetes, retries: 0 }, () => nowMs);
      await store.read('first');
      nowMs = atMs;
      await store.read(`${atMs}`);
      assert.deepEqual(lines(vault).slice(2), expected);
      assert.equal(lastToken(vault), 'example-token-1');
    });

  it('is made anew where the token is renewed for less and less', async () => {
    let nowMs = 0;
    await using vault = await scriptLogin(({ line }, count) =>
      line.endsWith('login') ? granted(count) : granted(9, { lease_duration: 10 }),
    );
    const store = vault.open({ auth: kubernetes }, () => nowMs);
    for (nowMs of [0, 61_000, 68_000]) await store.read(`${nowMs}`);
    assert.deepEqual(lines(vault), ['kubernetes/login', '0', 'token/renew-self', '61000', 'kubernetes/login', '68000']);
  });

  it('is made anew, once, where Vault does not know the token any more', async () => {
    const unknown = errors(403, 'permission denied', 'invalid token');
    await using vault = await scriptVault(({ line, headers }, count) => {
      if (line.endsWith('login')) return granted(count);
      if (!line.startsWith('GET secret')) return undefined;
      return line.endsWith('/never') || headers['x-vault-token'] === 'example-token-0' ? unknown : { body: present(1) };
    });
    const store = vault.open({ auth: kubernetes });
    assert.equal((await store.read('a')).kind, 'present');
    assert.deepEqual(lines(vault), ['kubernetes/login', 'a', 'kubernetes/login', 'a']);
    assert.match((await failure(store.read('never'))).message, /does not know the token/);
    assert.equal(vault.asked.length, 7);
  });

  it('leaves a token that was given, and one that was never asked for', async () => {
    await using vault = await scriptLogin(() => errors(500));
    const store = vault.open();
    await store.read('a');
    assert.equal(await store.close(), 'nothing to revoke');
    assert.equal(await vault.open({ auth: kubernetes }).close(), 'nothing to revoke');
    assert.deepEqual(lines(vault), ['a']);
  });

  it('says where it could not be revoked', async () => {
    await using vault = await scriptLogin(({ line }) => (line.endsWith('login') ? granted(1) : errors(500)));
    const store = vault.open({ auth: kubernetes, retries: 0 });
    await store.read('a');
    assert.equal(await store.close(), 'not revoked');
  });

  it('goes on for others where one gives up', async () => {
    const controller = new AbortController();
    await using vault = await scriptLogin(() => ({ ...granted(1), delayMs: 50 }));
    const store = vault.open({ auth: kubernetes });
    setTimeout(() => controller.abort(new Error('enough')), 10);
    const [given, other] = await Promise.allSettled([store.read('a', { signal: controller.signal }), store.read('b')]);
    assert.equal(given.status, 'rejected');
    assert.equal(other.status, 'fulfilled');
  });
});
