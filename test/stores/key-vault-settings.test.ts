import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import type { ParsedKeyVaultVariables } from '../../src/stores/key-vault/key-vault-settings.ts';
import { parseKeyVaultSettings } from '../../src/stores/key-vault/key-vault-settings.ts';
import { createKeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';

const pem = '-----BEGIN CERTIFICATE-----\nexample\n';
const tenant = '12345678-90ab-cdef-1234-567890abcdef';
const client = '87654321-90ab-cdef-1234-567890abcdef';

function parse(environment: Record<string, string>): ParsedKeyVaultVariables {
  const files: Readonly<Record<string, string>> = { 'ca.pem': pem, 'not.pem': 'example' };
  return parseKeyVaultSettings(environment, (path) => files[path] ?? assert.fail(`no file ${path}`));
}

describe('the variables of Key Vault', () => {
  it('none: nothing is set, and nothing is wrong', () => {
    const { variables, problems, warnings } = parse({});
    assert.deepEqual([problems, warnings], [[], []]);
    assert.equal(variables.vaultUrl, undefined);
    assert.deepEqual(variables.auth, { kind: 'azure-cli', tenantId: undefined });
    assert.equal(variables.authorityHost, 'https://login.microsoftonline.com');
    assert.equal(variables.tls?.ca, undefined);
  });

  const vaults: readonly (readonly [environment: Record<string, string>, vaultUrl: string, authority: string])[] = [
    [{ AZURE_KEYVAULT_NAME: 'MyVault' }, 'https://myvault.vault.azure.net', 'https://login.microsoftonline.com'],
    [
      { AZURE_KEYVAULT_NAME: 'myvault', AZURE_ENVIRONMENT: 'AzureUSGovernmentCloud' },
      'https://myvault.vault.usgovcloudapi.net',
      'https://login.microsoftonline.us',
    ],
    [
      { AZURE_KEYVAULT_NAME: 'myvault', AZURE_ENVIRONMENT: 'AZUREUSGOVERNMENT' },
      'https://myvault.vault.usgovcloudapi.net',
      'https://login.microsoftonline.us',
    ],
    [
      { AZURE_KEYVAULT_NAME: 'myvault', AZURE_ENVIRONMENT: 'AzureChinaCloud' },
      'https://myvault.vault.azure.cn',
      'https://login.chinacloudapi.cn',
    ],
    [
      { AZURE_KEYVAULT_NAME: 'myvault', AZURE_AUTHORITY_HOST: 'https://login.chinacloudapi.cn/' },
      'https://myvault.vault.azure.cn',
      'https://login.chinacloudapi.cn',
    ],
    [
      { AZURE_KEYVAULT_NAME: 'myvault', AZURE_KEYVAULT_URI: 'https://localhost:8443/' },
      'https://localhost:8443',
      'https://login.microsoftonline.com',
    ],
  ];
  for (const [environment, vaultUrl, authority] of vaults)
    it(`${JSON.stringify(environment)}: ${vaultUrl}`, () => {
      const { variables, problems } = parse(environment);
      assert.deepEqual(problems, []);
      assert.equal(variables.vaultUrl, vaultUrl);
      assert.equal(variables.authorityHost, authority);
    });

  const ids = { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client };
  const identities: readonly (readonly [
    environment: Record<string, string>,
    kind: string,
    warning: RegExp | undefined,
  ])[] = [
    [{ ...ids, AZURE_FEDERATED_TOKEN_FILE: '/token' }, 'workload-identity', undefined],
    [{ ...ids, AZURE_CLIENT_SECRET: 'example-canary' }, 'client-secret', /use Workload Identity/],
    [
      { ...ids, AZURE_FEDERATED_TOKEN_FILE: '/token', AZURE_CLIENT_SECRET: 'example-canary' },
      'workload-identity',
      /set and not used/,
    ],
    [{ IDENTITY_ENDPOINT: 'http://169.254.0.1' }, 'managed-identity', undefined],
    [{ MSI_ENDPOINT: 'http://169.254.0.1' }, 'managed-identity', undefined],
    [{ AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential' }, 'managed-identity', undefined],
    [
      { ...ids, AZURE_FEDERATED_TOKEN_FILE: '/token', AZURE_TOKEN_CREDENTIALS: 'azureclicredential' },
      'azure-cli',
      undefined,
    ],
    [ids, 'azure-cli', undefined],
  ];
  for (const [environment, kind, warning] of identities)
    it(`${Object.keys(environment).join(', ')}: ${kind}`, () => {
      const parsed = parse(environment);
      assert.deepEqual(parsed.problems, []);
      assert.equal(parsed.variables.auth.kind, kind);
      assert.equal(parsed.warnings.length, warning === undefined ? 0 : 1);
      if (warning !== undefined) assert.match(parsed.warnings[0] ?? '', warning);
      assert.doesNotMatch(inspect(parsed, { depth: Infinity, showHidden: true }) + JSON.stringify(parsed), /canary/);
    });

  it('a CA is read', () => {
    assert.equal(parse({ LOCKSTEP_AZURE_CACERT: 'ca.pem' }).variables.tls?.ca, pem);
  });

  const wrong: readonly (readonly [environment: Record<string, string>, where: string, message: RegExp])[] = [
    [{ AZURE_KEYVAULT_NAME: '' }, 'AZURE_KEYVAULT_NAME', /is set, but empty/],
    [{ AZURE_KEYVAULT_NAME: 'https://myvault.vault.azure.net' }, 'AZURE_KEYVAULT_NAME', /a Key Vault name/],
    [{ AZURE_KEYVAULT_URI: 'http://localhost:8080' }, 'AZURE_KEYVAULT_URI', /not the address/],
    [{ AZURE_KEYVAULT_URI: 'myvault.vault.azure.net' }, 'AZURE_KEYVAULT_URI', /not the address/],
    [{ AZURE_KEYVAULT_URI: 'https://myvault.vault.azure.net/secrets' }, 'AZURE_KEYVAULT_URI', /not the address/],
    [{ AZURE_KEYVAULT_URI: 'https://user:example-canary@vault' }, 'AZURE_KEYVAULT_URI', /not the address/],
    [{ AZURE_ENVIRONMENT: 'AzureGermanCloud' }, 'AZURE_ENVIRONMENT', /not a cloud/],
    [{ AZURE_AUTHORITY_HOST: 'http://localhost' }, 'AZURE_AUTHORITY_HOST', /not the address/],
    [{ AZURE_TENANT_ID: 'my tenant' }, 'AZURE_TENANT_ID', /not a GUID/],
    [{ AZURE_CLIENT_ID: 'example' }, 'AZURE_CLIENT_ID', /not a GUID/],
    [{ AZURE_CLIENT_SECRET: '' }, 'AZURE_CLIENT_SECRET', /is set, but empty/],
    [
      { AZURE_CLIENT_SECRET: 'example-canary', AZURE_TENANT_ID: tenant },
      'AZURE_CLIENT_SECRET',
      /without AZURE_CLIENT_ID/,
    ],
    [
      { AZURE_FEDERATED_TOKEN_FILE: '/token', AZURE_CLIENT_ID: client },
      'AZURE_FEDERATED_TOKEN_FILE',
      /without AZURE_TENANT_ID/,
    ],
    [{ ...ids, AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential' }, 'AZURE_TOKEN_CREDENTIALS', /without AZURE_FED/],
    [{ AZURE_TOKEN_CREDENTIALS: 'dev' }, 'AZURE_TOKEN_CREDENTIALS', /not a credential/],
    [{ LOCKSTEP_AZURE_CACERT: 'none.pem' }, 'LOCKSTEP_AZURE_CACERT', /cannot be read/],
    [{ LOCKSTEP_AZURE_CACERT: 'not.pem' }, 'LOCKSTEP_AZURE_CACERT', /no PEM certificate/],
  ];
  for (const [environment, where, message] of wrong)
    it(`${JSON.stringify(environment)} is told, and no secret with it`, () => {
      const { problems } = parse(environment);
      assert.equal(problems.length, 1, JSON.stringify(problems));
      const [problem] = problems;
      assert.equal(problem?.where, where);
      assert.match(problem.message, message);
      assert.notEqual(problem.hint, '');
      assert.doesNotMatch(JSON.stringify(problems), /canary/);
    });

  it('tells everything at once', () => {
    assert.equal(parse({ AZURE_KEYVAULT_URI: 'x', AZURE_ENVIRONMENT: 'x', AZURE_TENANT_ID: 'a b' }).problems.length, 3);
  });

  it('an address that cannot be one opens no store', () => {
    for (const vaultUrl of ['', 'http://localhost', 'https://a/b', 'https://user:secret@a'])
      assert.throws(() => createKeyVaultStore({ vaultUrl, auth: { kind: 'azure-cli' } }), { name: 'UsageError' });
  });
});
