/** What is looked at before a secret is: tokens, versions of the API, paths, methods, headers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { identifyKeyVaultRequest, refuseKeyVaultRequest } from '../../src/dev/key-vault/key-vault-core.ts';
import { createRequest, createTestVault, errorOf, tenantId } from './key-vault-fixture.ts';

describe('a request without a token that counts', () => {
  const { ask } = createTestVault();
  const challenge = `Bearer authorization="https://login.microsoftonline.com/${tenantId}", resource="https://vault.azure.net"`;

  for (const path of ['/secrets', '/secrets/a_b', '/nothing', '/secrets?api-version=1', '/secrets/%zz'])
    it(`is challenged at ${path}`, () => {
      const answer = ask({ path, method: 'PUT', body: 'no JSON', who: undefined });
      assert.equal(errorOf(answer), '401 Unauthorized');
      assert.equal(answer.json.error?.message, 'AKV10000: Request is missing a Bearer or PoP token.');
      assert.equal(answer.headers['WWW-Authenticate'], challenge);
    });
  it('is told what is wrong with the token, with the same challenge', () => {
    const answer = ask({ path: '/secrets', who: undefined, headers: { authorization: 'Bearer old' } });
    assert.equal(errorOf(answer), '401 Unauthorized');
    assert.equal(answer.json.error?.message, "[TokenExpired] Error validating token: 'S2S12086'.");
    assert.equal(answer.headers['WWW-Authenticate'], challenge);
  });
  it('has no other scheme', () =>
    assert.equal(
      errorOf(ask({ path: '/secrets', who: undefined, headers: { authorization: 'Basic YTpi' } })),
      '401 Unauthorized',
    ));
});

describe('api-version', () => {
  const { ask } = createTestVault();
  const versions = {
    200: ['7.0', '7.1', '7.6', '7.6-preview.2', '2016-10-01', '2025-07-01', '2026-04-01', '2031-12-31'],
    400: ['', '7', '7.7', '6.0', '2015-06-01', '2026-13-01', 'latest'],
  };
  for (const [status, texts] of Object.entries(versions))
    for (const version of texts)
      it(`${version || 'an empty one'}: ${status}`, () =>
        assert.equal(ask({ path: `/secrets?api-version=${version}` }).status, Number(status)));
  it('is mandatory', () => assert.equal(errorOf(ask({ path: '/secrets?x-api-version=' })), '400 BadParameter'));
  it('says which are known', () =>
    assert.equal(
      ask({ path: '/secrets?api-version=8.0' }).json.error?.message,
      'The specified version (8.0) is not recognized. Consider using the latest supported version (2026-04-01).',
    ));
  it('before 7.1 knows no recoverableDays', () => {
    const { core, ask: askAt } = createTestVault();
    core.admin('contoso').set('a', { value: 'v' });
    const daysAt = (version: string): unknown =>
      askAt({ path: `/secrets/a?api-version=${version}` }).json.attributes?.['recoverableDays'];
    assert.deepEqual(['2016-10-01', '7.0', '7.1', '2025-07-01'].map(daysAt), [undefined, undefined, 90, 90]);
  });
});

describe('a path and a method', () => {
  const routes: readonly (readonly [string, string, string | undefined])[] = [
    ['GET', '/secrets', 'SecretList'],
    ['GET', '/secrets/', 'SecretList'],
    ['GET', '//secrets//a', 'SecretGet'],
    ['GET', '/Secrets/a', 'SecretGet'],
    ['GET', '/secrets/a', 'SecretGet'],
    ['GET', '/secrets/a/', 'SecretGet'],
    ['GET', '/secrets/a/0123456789abcdef0123456789abcdef', 'SecretGet'],
    ['PUT', '/secrets/a', 'SecretSet'],
    ['PUT', '/secrets/a/0123456789abcdef0123456789abcdef', undefined],
    ['PATCH', '/secrets/a/', 'SecretUpdate'],
    ['PATCH', '/secrets/a/0123456789abcdef0123456789abcdef', 'SecretUpdate'],
    ['DELETE', '/secrets/a', 'SecretDelete'],
    ['DELETE', '/secrets/a/0123456789abcdef0123456789abcdef', undefined],
    ['GET', '/secrets/a/versions', 'SecretListVersions'],
    ['GET', '/secrets/versions/versions', 'SecretListVersions'],
    ['GET', '/secrets/versions', 'SecretGet'],
    ['POST', '/secrets/a/backup', 'SecretBackup'],
    ['GET', '/secrets/a/backup', undefined],
    ['POST', '/secrets/restore', 'SecretRestore'],
    ['GET', '/secrets/restore', 'SecretGet'],
    ['PUT', '/secrets/restore', 'SecretSet'],
    ['POST', '/secrets/restore/backup', 'SecretBackup'],
    ['POST', '/secrets/a', undefined],
    ['GET', '/deletedsecrets', 'SecretListDeleted'],
    ['GET', '/deletedsecrets/a', 'SecretGetDeleted'],
    ['POST', '/deletedsecrets/a/recover', 'SecretRecover'],
    ['GET', '/deletedsecrets/a/0123456789abcdef0123456789abcdef', undefined],
    ['DELETE', '/deletedsecrets/a', 'SecretPurge'],
    ['GET', '/secrets/a/b/c', undefined],
    ['GET', '/keys/a', undefined],
    ['GET', '/constructor/a', undefined],
    ['constructor', '/secrets/a', undefined],
    ['HEAD', '/secrets/a', undefined],
    ['GET', '/', undefined],
  ];
  for (const [method, path, operation] of routes)
    it(`${method} ${path}: ${operation ?? 'none'}`, () => {
      const identified = identifyKeyVaultRequest(createRequest({ method, path: `${path}?a=b` }));
      assert.equal(identified.operation, operation);
      assert.ok(!identified.path.includes('?'));
    });

  it('can come as a POST that names its method', () => {
    const { ask, core } = createTestVault();
    core.admin('contoso').set('a', { value: 'v' });
    const tunnelled = (method: string): number =>
      ask({ method: 'POST', path: '/secrets/a', headers: { 'x-http-method': method }, body: {} }).status;
    assert.deepEqual(['GET', 'patch', 'DELETE'].map(tunnelled), [200, 200, 200]);
  });

  const { ask } = createTestVault();
  const refusals: readonly (readonly [string, string, string])[] = [
    ['GET', '/keys/a', '404 NotFound'],
    ['GET', '/', '404 NotFound'],
    ['GET', '/secrets/%zz', '404 NotFound'],
    ['POST', '/secrets/a', '405 MethodNotAllowed'],
    ['HEAD', '/secrets/a', '405 MethodNotAllowed'],
    ['OPTIONS', '/secrets', '405 MethodNotAllowed'],
    ['GET', '/secrets/a_b', '400 BadParameter'],
    ['GET', `/secrets/${'a'.repeat(128)}`, '400 BadParameter'],
    ['GET', `/secrets/${'a'.repeat(127)}`, '404 SecretNotFound'],
    ['GET', '/secrets/a%2Fb', '400 BadParameter'],
    ['GET', '/secrets/..%2F..%2Fother%2Fsecrets%2Fa', '400 BadParameter'],
    ['GET', '/secrets/a/0', '404 SecretNotFound'],
    ['DELETE', '/deletedsecrets/a.b', '400 BadParameter'],
  ];
  for (const [method, path, refusal] of refusals)
    it(`${method} ${path.slice(0, 40)} is refused: ${refusal}`, () =>
      assert.equal(errorOf(ask({ method, path })), refusal));
  it('is refused by the name that the service quotes', () =>
    assert.equal(ask({ path: '/secrets/a_b' }).json.error?.message, 'The request URI contains an invalid name: a_b'));
});

describe('headers', () => {
  const { ask } = createTestVault();
  it('are those of the service', () => {
    const { headers } = ask({ path: '/secrets', headers: { 'x-ms-client-request-id': 'mine' } });
    const { 'x-ms-request-id': id = '', ...rest } = headers;
    assert.match(id, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.deepEqual(rest, {
      'Cache-Control': 'no-cache',
      Pragma: 'no-cache',
      'Content-Type': 'application/json; charset=utf-8',
      Expires: '-1',
      'x-ms-keyvault-region': 'westeurope',
      'x-ms-client-request-id': 'mine',
      'x-ms-keyvault-service-version': '1.9.2545.1',
      'x-ms-keyvault-network-info': 'conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;',
      'Strict-Transport-Security': 'max-age=31536000;includeSubDomains',
      'X-Content-Type-Options': 'nosniff',
    });
  });
  it('echo no id that was not sent, not wanted, or does not belong in a header', () => {
    const echoed = (given: Record<string, string>): boolean =>
      'x-ms-client-request-id' in ask({ path: '/secrets', headers: given }).headers;
    const notWanted = { 'x-ms-client-request-id': 'a', 'x-ms-return-client-request-id': 'false' };
    assert.deepEqual([{}, notWanted, { 'x-ms-client-request-id': 'a\u00e9' }].map(echoed), [false, false, false]);
  });
  it('of an error that a test asks for are the same', () => {
    const { status, body = '', headers = {} } = refuseKeyVaultRequest(429, []);
    assert.deepEqual(
      [status, body, headers['Content-Type']],
      [429, '{"error":{"code":"Throttled","message":"Throttled"}}', 'application/json; charset=utf-8'],
    );
  });
});

describe('a vault', () => {
  it('is found in any case', () => {
    const { core } = createTestVault();
    assert.deepEqual(
      ['contoso', 'CONTOSO', 'none'].map((name) => core.hasVault(name)),
      [true, true, false],
    );
  });
  for (const name of ['ab', '1abc', 'a--b', 'abc-', 'a'.repeat(25), 'a/b'])
    it(`cannot be called ${name}`, () =>
      assert.throws(() => createTestVault({ vaults: [{ name }] }), /is no name of a vault/));
  for (const retentionDays of [6, 91, 7.5])
    it(`cannot keep what is deleted for ${retentionDays} days`, () =>
      assert.throws(() => createTestVault({ vault: { retentionDays } }), /7 to 90 days/));
});
