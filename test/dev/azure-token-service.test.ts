import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryStorage } from '../../src/dev/storage.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { app, appSecret, ask, askToken, claimsOf, refusal, resourceOf, start, workload } from './azure-fixture.ts';
import type { Told } from './azure-fixture.ts';

describe('discovery', () => {
  it('names the addresses of a tenant, each on the host that was asked', async (test) => {
    const azure = await start(test);
    for (const [path, token, named] of [
      ['v2.0/.well-known/openid-configuration', 'oauth2/v2.0/token', `${azure.authorityUrl}/${azure.tenantId}/v2.0`],
      ['.well-known/openid-configuration', 'oauth2/token', `https://sts.windows.net/${azure.tenantId}/`],
    ] as const) {
      const { json } = await ask(azure, { url: `${azure.authorityUrl}/${azure.tenantId}/${path}` });
      assert.deepEqual(
        [json['token_endpoint'], json['issuer']],
        [`${azure.authorityUrl}/${azure.tenantId}/${token}`, named],
      );
      const keys = await ask(azure, { url: String(json['jwks_uri']) });
      assert.equal((keys.json['keys'] as unknown[]).length, 1);
      assert.deepEqual(Object.keys((keys.json['keys'] as [object])[0]), ['kty', 'use', 'alg', 'kid', 'x5t', 'n', 'e']);
    }
  });
  it('knows common, and no other tenant', async (test) => {
    const azure = await start(test);
    const url = (tenant: string): string => `${azure.authorityUrl}/${tenant}/v2.0/.well-known/openid-configuration`;
    const { json } = await ask(azure, { url: url('common') });
    assert.equal(json['issuer'], `${azure.authorityUrl}/{tenantid}/v2.0`);
    assert.deepEqual(refusal(await ask(azure, { url: url('other') })), [400, 'invalid_tenant', 90002]);
  });
  it('names the clouds that it stands for', async (test) => {
    const azure = await start(test);
    const url = (host: string): string =>
      `${azure.authorityUrl}/common/discovery/instance?api-version=1.1&authorization_endpoint=https://${host}/t/oauth2/v2.0/authorize`;
    const own = `login.localhost:${azure.port}`;
    for (const host of [own, 'login.microsoftonline.com']) {
      const { json } = await ask(azure, { url: url(host) });
      assert.equal(json['tenant_discovery_endpoint'], `https://${host}/t/v2.0/.well-known/openid-configuration`);
      assert.ok((json['metadata'] as { aliases: string[] }[]).some(({ aliases }) => aliases.includes(host)));
    }
    assert.deepEqual(refusal(await ask(azure, { url: url('evil.example') })), [400, 'invalid_instance', 50049]);
  });
});

describe('a token', () => {
  it('has the shape of v1, whichever endpoint gives it', async (test) => {
    const azure = await start(test);
    const { status, json } = await askToken(azure, { client_info: '1', claims: '{"access_token":{}}' });
    assert.deepEqual(
      [status, json['token_type'], json['expires_in'], json['ext_expires_in']],
      [200, 'Bearer', 3599, 3599],
    );
    const { exp, iat, nbf, uti, ...claims } = claimsOf(json['access_token']);
    const nowS = Date.now() / 1000;
    assert.ok(Math.abs(Number(exp) - nowS - 3599) < 5 && iat === nbf && Number(nbf) < nowS && typeof uti === 'string');
    const oid = azure.identities[0]?.objectId;
    const iss = `https://sts.windows.net/${azure.tenantId}/`;
    const [appid, tid, aud] = [app.clientId, azure.tenantId, resourceOf(azure)];
    const common = { aud, iss, idp: iss, appid, appidacr: '1', idtyp: 'app', oid, sub: oid, tid, ver: '1.0' };
    assert.deepEqual(claims, common);
  });
  it('comes from the v1 endpoint with numbers as texts', async (test) => {
    const azure = await start(test);
    const url = `${azure.authorityUrl}/${azure.tenantId.toUpperCase()}/oauth2/token?api-version=1.0`;
    const resource = resourceOf(azure);
    const form = { grant_type: 'client_credentials', client_id: app.clientId, client_secret: appSecret, resource };
    const { status, json } = await ask(azure, { url, form });
    const { exp, nbf, aud } = claimsOf(json['access_token']);
    assert.deepEqual([status, json['expires_in'], json['resource'], aud], [200, '3599', resource, resource]);
    assert.deepEqual([json['expires_on'], json['not_before']], [String(exp), String(nbf)]);
  });
  it('is given for HTTP Basic, whose parts are encoded', async (test) => {
    const clientSecret = new SecretValue('a:b c+d%/é&=');
    const azure = await start(test, { identities: [{ clientId: 'app', clientSecret }] });
    const parts = ['app', 'a:b c+d%/é&='].map((part) => new URLSearchParams({ v: part }).toString().slice(2));
    const authorization = `Basic ${Buffer.from(parts.join(':')).toString('base64')}`;
    const ask = (given: string): Promise<Told> =>
      askToken(azure, { client_id: '', client_secret: '' }, { authorization: given });
    assert.equal((await ask(authorization)).status, 200);
    const wrong = `Basic ${Buffer.from('app:canary').toString('base64')}`;
    assert.deepEqual(refusal(await ask(wrong)), [401, 'invalid_client', 7000215]);
    for (const given of ['Basic', 'Basic !', 'Basic YQ==', 'Basic YTolJQ=='])
      assert.deepEqual(refusal(await ask(given)), [400, 'invalid_request', 900144]);
  });
  it('is given for a scope beside those of OpenID Connect', async (test) => {
    const azure = await start(test);
    const scope = `${resourceOf(azure)}/.default openid profile offline_access`;
    assert.equal((await askToken(azure, { scope })).status, 200);
  });
  it('is for the resource as it was asked for', async (test) => {
    const azure = await start(test);
    const asked = [
      resourceOf(azure),
      `${resourceOf(azure)}/`,
      `https://kv-one.vault.localhost:${azure.port}`,
      'https://management.azure.com',
    ];
    for (const resource of asked) {
      const { json } = await askToken(azure, { scope: `${resource}/.default` });
      assert.equal(claimsOf(json['access_token'])['aud'], resource);
    }
  });
  it('is good after a restart, and the secret that was made too', async (test) => {
    const storage = createMemoryStorage();
    const vaults = [{ name: 'kv-one' }];
    const before = await start(test, { storage, vaults, identities: [{ clientId: 'app' }] });
    const secret = before.identities[0]?.clientSecret?.reveal() ?? '';
    const { json } = await askToken(before, { client_id: 'app', client_secret: secret });
    await before.close();
    const again = await start(test, { storage, vaults, port: before.port, identities: [{ clientId: 'app' }] });
    assert.equal((await askToken(again, { client_id: 'app', client_secret: secret })).status, 200);
    const authorization = `Bearer ${String(json['access_token'])}`;
    const read = await ask(again, {
      url: `${again.vaultUrl('kv-one')}/secrets/a?api-version=7.6`,
      headers: { authorization },
    });
    assert.notEqual(read.status, 401);
  });
  it('repeats the correlation id that a client gives, if it is one', async (test) => {
    const azure = await start(test);
    const id = '01234567-89ab-4cde-8f01-23456789abcd';
    const told = await askToken(azure, { client_secret: 'x' }, { 'client-request-id': id });
    assert.equal(told.json['correlation_id'], id);
    const other = await askToken(azure, { client_secret: 'x' }, { 'client-request-id': 'canary' });
    refusal(other);
  });
});

describe('a token is refused', () => {
  const expired = { clientId: 'expired', clientSecret: new SecretValue(appSecret), clientSecretExpiresMs: 1 };
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly unknown[]])[] = [
    ['for a wrong secret', { client_secret: 'canary-wrong' }, [401, 'invalid_client', 7000215]],
    ['for a secret that goes on', { client_secret: `${appSecret}x` }, [401, 'invalid_client', 7000215]],
    ['for a secret that has expired', { client_id: 'expired' }, [401, 'invalid_client', 7000222]],
    ['without a credential', { client_secret: '' }, [401, 'invalid_client', 7000216]],
    ['for an identity without a secret', { client_id: workload.clientId }, [401, 'invalid_client', 7000215]],
    ['for an unknown application', { client_id: 'nobody' }, [400, 'unauthorized_client', 700016]],
    ['for an unknown resource', { scope: 'https://nothing.example/.default' }, [400, 'invalid_resource', 500011]],
    [
      'for a scope of its own',
      { scope: 'https://vault.azure.net/user_impersonation' },
      [400, 'invalid_scope', 1002012],
    ],
    [
      'for two scopes',
      { scope: 'https://a.example/.default https://b.example/.default' },
      [400, 'invalid_scope', 70011],
    ],
    ['without a scope', { scope: '' }, [400, 'invalid_request', 900144]],
    ['without a client', { client_id: '' }, [400, 'invalid_request', 900144]],
    ['without a grant', { grant_type: '' }, [400, 'invalid_request', 900144]],
    ['for another grant', { grant_type: 'password' }, [400, 'unsupported_grant_type', 70003]],
    [
      'for another kind of assertion',
      { client_assertion: 'canary', client_assertion_type: 'saml' },
      [400, 'invalid_request', 9002313],
    ],
  ];
  for (const [name, form, expected] of cases)
    it(name, async (test) => {
      const azure = await start(test, { identities: [app, workload, expired] });
      assert.deepEqual(refusal(await askToken(azure, form)), expected);
    });
  it('for another tenant, for all of them, and for what is no form', async (test) => {
    const azure = await start(test);
    const url = (tenant: string): string => `${azure.authorityUrl}/${tenant}/oauth2/v2.0/token`;
    const form = { grant_type: 'client_credentials' };
    assert.deepEqual(refusal(await ask(azure, { url: url('other'), form })), [400, 'invalid_request', 90002]);
    assert.deepEqual(refusal(await ask(azure, { url: url('common'), form })), [400, 'invalid_request', 50059]);
    assert.deepEqual(refusal(await ask(azure, { url: url(azure.tenantId) })), [400, 'invalid_request', 900561]);
    const json = { url: url(azure.tenantId), method: 'POST', body: '{"client_secret":"canary"}' };
    assert.deepEqual(refusal(await ask(azure, json)), [400, 'invalid_request', 9002313]);
    assert.equal(
      (await ask(azure, { url: `${azure.authorityUrl}/${azure.tenantId}/oauth2/v2.0/authorize` })).status,
      404,
    );
  });
});
