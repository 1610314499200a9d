import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseVaultSettings } from '../../src/stores/vault/vault-settings.ts';

const pem = '-----BEGIN CERTIFICATE-----\nexample\n-----END CERTIFICATE-----\n';
const files: Readonly<Record<string, string>> = {
  'ca.pem': pem,
  'client.pem': pem,
  'key.pem': pem,
  'not.pem': 'example',
};

function parse(environment: Record<string, string>, tokenFile?: string): ReturnType<typeof parseVaultSettings> {
  return parseVaultSettings(
    environment,
    () => tokenFile,
    (path) => files[path] ?? assert.fail(`no file ${path}`),
  );
}

describe('the variables of Vault', () => {
  it('none: nothing is set, and nothing is wrong', () => {
    const { variables, problems } = parse({});
    assert.deepEqual(problems, []);
    assert.equal(variables.address, undefined);
    assert.equal(variables.token, undefined);
    assert.equal(variables.tls?.ca, undefined);
  });

  it('all of them', () => {
    const { variables, problems } = parse({
      VAULT_ADDR: 'https://Vault.example.com:8200/',
      VAULT_TOKEN: 'example-token\n',
      VAULT_NAMESPACE: '/team/a/',
      VAULT_CACERT: 'ca.pem',
      VAULT_SKIP_VERIFY: '1',
      VAULT_CLIENT_CERT: 'client.pem',
      VAULT_CLIENT_KEY: 'key.pem',
    });
    assert.deepEqual(problems, []);
    assert.equal(variables.address, 'https://vault.example.com:8200');
    assert.equal(variables.token?.reveal(), 'example-token');
    assert.equal(variables.namespace, 'team/a');
    assert.equal(variables.tls?.ca, pem);
    assert.equal(variables.tls.skipVerify, true);
    assert.equal(variables.tls.clientCertificate, pem);
    assert.equal(variables.tls.clientKey?.reveal(), pem);
  });

  it('VAULT_TOKEN comes before ~/.vault-token, whose line break does not count', () => {
    assert.equal(parse({ VAULT_TOKEN: 'a' }, 'b\n').variables.token?.reveal(), 'a');
    assert.equal(parse({}, 'b\r\n').variables.token?.reveal(), 'b');
    assert.equal(parse({}, '\n').variables.token, undefined);
  });

  const wrong: readonly (readonly [environment: Record<string, string>, where: string, message: RegExp])[] = [
    [{ VAULT_ADDR: '' }, 'VAULT_ADDR', /is set, but empty/],
    [{ VAULT_ADDR: 'vault.example.com:8200' }, 'VAULT_ADDR', /not the address/],
    [{ VAULT_ADDR: 'https://user:example-canary@vault' }, 'VAULT_ADDR', /not the address/],
    [{ VAULT_ADDR: 'https://:example-canary@vault' }, 'VAULT_ADDR', /not the address/],
    [{ VAULT_ADDR: 'https://vault/?a=b' }, 'VAULT_ADDR', /not the address/],
    [{ VAULT_ADDR: 'unix:///var/run/vault.sock' }, 'VAULT_ADDR', /not the address/],
    [{ VAULT_TOKEN: ' ' }, 'VAULT_TOKEN', /is set, but empty/],
    [{ VAULT_TOKEN: 'example-canary\r\nX-Other: b' }, 'VAULT_TOKEN', /not a token/],
    [{ VAULT_NAMESPACE: 'a b' }, 'VAULT_NAMESPACE', /not the path/],
    [{ VAULT_SKIP_VERIFY: 'yes' }, 'VAULT_SKIP_VERIFY', /neither true nor false/],
    [{ VAULT_CACERT: 'none.pem' }, 'VAULT_CACERT', /cannot be read/],
    [{ VAULT_CACERT: 'not.pem' }, 'VAULT_CACERT', /not a PEM file/],
    [{ VAULT_CLIENT_CERT: 'client.pem' }, 'VAULT_CLIENT_CERT', /of no use without VAULT_CLIENT_KEY/],
    [{ VAULT_CLIENT_KEY: 'key.pem' }, 'VAULT_CLIENT_KEY', /of no use without VAULT_CLIENT_CERT/],
  ];
  for (const [environment, where, message] of wrong)
    it(`${JSON.stringify(environment)} is told, and no value with it`, () => {
      const { problems } = parse(environment);
      assert.equal(problems.length, 1);
      const [problem] = problems;
      assert.equal(problem?.where, where);
      assert.match(problem.message, message);
      assert.notEqual(problem.hint, '');
      assert.doesNotMatch(JSON.stringify(problems), /canary/);
    });

  it('tells everything at once', () => {
    assert.equal(parse({ VAULT_ADDR: 'x', VAULT_SKIP_VERIFY: 'x', VAULT_CACERT: 'x' }, 'a b').problems.length, 4);
  });
});
