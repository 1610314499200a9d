import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { verifyByJwks, verifyByPem } from '../../src/dev/vault/kubernetes-verifier.ts';
import { ask, bodyOf, comparable } from './vault-client.ts';
import type { VaultAddress } from './vault-client.ts';
import { jwks, publicPem, serviceAccountToken, startReviewServer } from './vault-kubernetes-fixture.ts';
import type { ReviewServer } from './vault-kubernetes-fixture.ts';
import { startRealVault, vaultBinary } from './vault-real.ts';

const role = {
  bound_service_account_names: 'external-secrets',
  bound_service_account_namespaces: ['external-*'],
  audience: 'vault',
  token_policies: ['app'],
  token_ttl: '20m',
};

const [header = '', payload = ''] = serviceAccountToken().split('.');

/** Token → the status of a login with it. */
const logins: readonly (readonly [string, string, number])[] = [
  ['genuine', serviceAccountToken(), 200],
  ['for several audiences', serviceAccountToken({ audiences: ['api', 'vault'] }), 200],
  ['in another namespace of the glob', serviceAccountToken({ namespace: 'external-2' }), 200],
  ['for another audience', serviceAccountToken({ audiences: ['api'] }), 403],
  ['of another account', serviceAccountToken({ name: 'default' }), 403],
  ['in a namespace that is not bound', serviceAccountToken({ namespace: 'kube-system' }), 403],
  ['expired', serviceAccountToken({ expiresInS: -3600 }), 403],
  ['not a token', 'y', 403],
  ['of two parts', `${header}.${payload}`, 403],
];

const forged: readonly (readonly [string, string])[] = [
  [
    'with a changed payload',
    `${header}.${serviceAccountToken({ uid: 'u-2' }).split('.')[1] ?? ''}.${serviceAccountToken().split('.')[2] ?? ''}`,
  ],
  ['without a signature', `${header}.${payload}.`],
  ['with alg none', serviceAccountToken({ header: { alg: 'none' } })],
  ['with alg HS256', serviceAccountToken({ header: { alg: 'HS256', kid: 'one' } })],
  ['with alg ES256', serviceAccountToken({ header: { alg: 'ES256', kid: 'one' } })],
  ['with an alg of the prototype', serviceAccountToken({ header: { alg: 'constructor' } })],
  ['of another key', serviceAccountToken({ header: { alg: 'RS256', kid: 'two' } })],
];

const reviewed: typeof logins = [
  ...logins,
  ['reviewed as not genuine', serviceAccountToken({ uid: 'forged' }), 403],
  ['of an account that was made again', serviceAccountToken({ uid: 'old' }), 403],
];

async function logIn(vault: VaultAddress, jwt: string): ReturnType<typeof ask> {
  return ask(vault, { method: 'POST', path: 'auth/kubernetes/login', body: { role: 'app', jwt }, token: null });
}

describe('Kubernetes login by JWKS', () => {
  let vault: EmbeddedVault;
  before(async () => {
    vault = await createEmbeddedVault({ kubernetes: verifyByJwks(() => Promise.resolve(jwks)) });
    await ask(vault, { method: 'POST', path: 'auth/kubernetes/role/app', body: role });
  });
  after(() => vault.close());

  for (const [name, jwt, status] of logins)
    it(`${name}: ${status}`, async () => assert.equal((await logIn(vault, jwt)).status, status));
  for (const [name, jwt] of forged)
    it(`${name}: 403`, async () => {
      const told = await logIn(vault, jwt);
      assert.deepEqual([told.status, bodyOf(told)['errors']], [403, ['permission denied']]);
    });

  it('the token has the role’s policies and says whose it is', async () => {
    const auth = bodyOf(await logIn(vault, serviceAccountToken()))['auth'] as Record<string, unknown>;
    assert.deepEqual(
      [auth['policies'], auth['lease_duration'], auth['metadata']],
      [
        ['app', 'default'],
        1200,
        {
          role: 'app',
          service_account_name: 'external-secrets',
          service_account_namespace: 'external-secrets',
          service_account_secret_name: '',
          service_account_uid: 'u-1',
        },
      ],
    );
  });

  it('PEM keys verify too', async () => {
    const verify = verifyByPem([publicPem]);
    const account = { namespace: 'external-secrets', name: 'external-secrets', uid: 'u-1' };
    assert.deepEqual(await verify(serviceAccountToken(), ['vault']), account);
    assert.equal(await verify(serviceAccountToken(), ['other']), undefined);
  });
});

async function configure(vault: VaultAddress, review: ReviewServer): Promise<void> {
  await ask(vault, { method: 'POST', path: 'sys/auth/kubernetes', body: { type: 'kubernetes' } });
  const config = { kubernetes_host: review.url, token_reviewer_jwt: 'reviewer', disable_local_ca_jwt: true };
  await ask(vault, { method: 'POST', path: 'auth/kubernetes/config', body: config });
  await ask(vault, { method: 'POST', path: 'auth/kubernetes/role/app', body: role });
}

describe('Kubernetes login by TokenReview', () => {
  let vault: EmbeddedVault;
  let review: ReviewServer;
  before(async () => {
    [vault, review] = await Promise.all([createEmbeddedVault(), startReviewServer()]);
    await configure(vault, review);
  });
  after(async () => {
    await Promise.all([vault.close(), review.close()]);
  });

  for (const [name, jwt, status] of reviewed)
    it(`${name}: ${status}`, async () => assert.equal((await logIn(vault, jwt)).status, status));

  it('asks as the reviewer, for the role’s audience', async () => {
    await logIn(vault, serviceAccountToken({ audiences: ['api', 'vault'] }));
    assert.deepEqual(review.reviews.at(-1), { bearer: 'Bearer reviewer', audiences: ['vault'] });
  });

  it('is refused when the API server is away', async () => {
    const away = await createEmbeddedVault();
    const gone = { ...review, url: 'http://127.0.0.1:1' };
    await configure(away, gone);
    assert.equal((await logIn(away, serviceAccountToken())).status, 403);
    await away.close();
  });
});

describe(
  'Kubernetes beside the real Vault',
  { skip: vaultBinary === undefined && 'LOCKSTEP_VAULT_BINARY is not set' },
  () => {
    it('configuration, roles, logins and the tokens that they give', async () => {
      const [real, ours, review] = await Promise.all([
        startRealVault(vaultBinary ?? ''),
        createEmbeddedVault(),
        startReviewServer(),
      ]);
      try {
        const seen = await Promise.all([real, ours].map((vault) => converse(vault, review)));
        assert.deepEqual(seen[1], seen[0]);
      } finally {
        await Promise.all([real.stop(), ours.close(), review.close()]);
      }
    });
  },
);

async function converse(vault: VaultAddress, review: ReviewServer): Promise<string[]> {
  const answers: string[] = [];
  const step = async (method: string, path: string, body?: unknown): Promise<void> => {
    answers.push(`${method} ${path}\n${comparable(await ask(vault, { method, path, body }))}`);
  };
  await step('POST', 'sys/auth/kubernetes', { type: 'kubernetes' });
  await step('GET', 'sys/auth/kubernetes');
  await step('GET', 'auth/kubernetes/config');
  await step('POST', 'auth/kubernetes/config', {});
  await step('LIST', 'auth/kubernetes/role');
  await step('GET', 'auth/kubernetes/role');
  await configure(vault, review);
  await step('GET', 'auth/kubernetes/config');
  for (const body of [
    {},
    { bound_service_account_names: ['a'] },
    { ...role, bound_service_account_names: ['*', 'a'] },
    { ...role, alias_name_source: 'zz' },
    { ...role, audience: '' },
    { ...role, alias_name_source: 'serviceaccount_name' },
  ])
    await step('POST', 'auth/kubernetes/role/other', body);
  for (const name of ['app', 'other', 'none']) await step('GET', `auth/kubernetes/role/${name}`);
  await step('LIST', 'auth/kubernetes/role');
  for (const body of [{}, { role: 'app' }, { jwt: 'x' }, { role: 'none', jwt: 'x' }])
    await step('POST', 'auth/kubernetes/login', body);
  for (const [, jwt] of reviewed) await step('POST', 'auth/kubernetes/login', { role: 'app', jwt });
  const auth = bodyOf(await logIn(vault, serviceAccountToken()))['auth'] as { client_token: string };
  answers.push(
    comparable(await ask(vault, { method: 'GET', path: 'auth/token/lookup-self', token: auth.client_token })),
  );
  const renewal = { method: 'POST', path: 'auth/token/renew-self', body: {}, token: auth.client_token };
  answers.push(comparable(await ask(vault, renewal)));
  await step('DELETE', 'auth/kubernetes/role/other');
  await step('DELETE', 'auth/kubernetes/role/none');
  return answers;
}
