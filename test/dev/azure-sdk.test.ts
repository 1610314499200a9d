/** The clients that people use, as they are: challenge verified, certificate checked, only the names resolved and the authority trusted here. */
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ClientSecretCredential, WorkloadIdentityCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import type { SecretClientOptions } from '@azure/keyvault-secrets';
import type { EmbeddedAzure, EmbeddedAzureOptions } from '../../src/dev/azure/embedded-azure.ts';
import type { EmbeddedIdentity } from '../../src/dev/azure/identities.ts';
import { createAuthority } from '../../src/dev/certificates/authority.ts';
import type { RoleAssignment, VaultDefinition } from '../../src/dev/key-vault/key-vault-core.ts';
import { createMemoryStorage } from '../../src/dev/storage.ts';
import { app, appSecret, serviceAccountToken, start, workload } from './azure-fixture.ts';
import type { AssertionParts } from './azure-fixture.ts';

const authority = createAuthority();

/** What many machines do by themselves, and this one may not (RFC 6761, 6.3). */
function resolveLocalhost(): void {
  const { lookup } = dns;
  const local = (host: string, ...rest: unknown[]): void => {
    const name = /\.localhost$/i.test(host) ? '127.0.0.1' : host;
    (lookup as (...given: unknown[]) => void)(name, ...rest);
  };
  dns.lookup = local as typeof lookup;
}

before(() => {
  resolveLocalhost();
  setDefaultCACertificates([...getCACertificates(), authority.certificate]);
});

const options = (azure: EmbeddedAzure): { authorityHost: string; disableInstanceDiscovery: true } => ({
  authorityHost: azure.authorityUrl,
  disableInstanceDiscovery: true,
});
const startTrusted = (test: TestContext, given: EmbeddedAzureOptions = {}): Promise<EmbeddedAzure> =>
  start(test, { authority, ...given });

function clientBySecret(
  azure: EmbeddedAzure,
  secret = appSecret,
  vault = 'kv-one',
  retryOptions: SecretClientOptions['retryOptions'] = { maxRetries: 0 },
): SecretClient {
  const credential = new ClientSecretCredential(azure.tenantId, app.clientId, secret, options(azure));
  return new SecretClient(azure.vaultUrl(vault), credential, { retryOptions });
}

async function clientByToken(
  test: TestContext,
  azure: EmbeddedAzure,
  parts: AssertionParts = {},
): Promise<SecretClient> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-token-'));
  test.after(() => rm(folder, { recursive: true }));
  const tokenFilePath = join(folder, 'token');
  await writeFile(tokenFilePath, serviceAccountToken(parts), { mode: 0o600 });
  const { tenantId } = azure;
  const credential = new WorkloadIdentityCredential({
    tenantId,
    clientId: workload.clientId,
    tokenFilePath,
    ...options(azure),
  });
  return new SecretClient(azure.vaultUrl('kv-one'), credential, { retryOptions: { maxRetries: 0 } });
}

const officer = (identity: EmbeddedIdentity): RoleAssignment => ({
  objectId: identity.objectId ?? '',
  role: 'Key Vault Secrets Officer',
});
const vaults: readonly VaultDefinition[] = [
  { name: 'kv-one', roleAssignments: [officer(app), officer(workload)] },
  {
    name: 'kv-two',
    roleAssignments: [{ objectId: app.objectId ?? '', role: 'Key Vault Secrets User', secret: 'shared' }],
  },
  { name: 'kv-none' },
];
async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found;
}
const status = (promise: Promise<unknown>): Promise<number> =>
  promise.then(
    () => 200,
    (error: unknown) => (error as { statusCode?: number }).statusCode ?? 0,
  );

describe('Azure’s clients', () => {
  it('read with a secret: challenge, discovery, token, request', async (test) => {
    const azure = await startTrusted(test, { vaults });
    azure.admin('kv-one').set('app', { value: 'v' });
    const client = clientBySecret(azure);
    const { value, properties } = await client.getSecret('app');
    assert.deepEqual([value, properties.vaultUrl], ['v', azure.vaultUrl('kv-one')]);
    await client.getSecret('app');
    assert.deepEqual(
      azure.requests.map(({ operation, path, status: told }) => `${operation ?? ''} ${path} ${told}`),
      [
        'SecretGet kv-one/secrets/app 401',
        `Discovery ${azure.tenantId}/v2.0/.well-known/openid-configuration 200`,
        `Token ${azure.tenantId}/oauth2/v2.0/token 200`,
        'SecretGet kv-one/secrets/app 200',
        'SecretGet kv-one/secrets/app 200',
      ],
    );
  });
  it('read with a ServiceAccount’s token', async (test) => {
    const azure = await startTrusted(test, { vaults });
    azure.admin('kv-one').set('app', { value: 'v' });
    assert.equal((await (await clientByToken(test, azure)).getSecret('app')).value, 'v');
  });
  it('are told why they get no token', async (test) => {
    const azure = await startTrusted(test);
    await assert.rejects(clientBySecret(azure, 'wrong').getSecret('app'), /AADSTS7000215: Invalid client secret/);
    const foreign = await clientByToken(test, azure, { claims: { sub: 'system:serviceaccount:a:b' } });
    await assert.rejects(foreign.getSecret('app'), /AADSTS700213: .+'system:serviceaccount:a:b'/);
  });

  it('do all that they can with a secret', async (test) => {
    const azure = await startTrusted(test, { vaults });
    const client = clientBySecret(azure);
    const names = async (list: AsyncIterable<{ name: string }>): Promise<string[]> =>
      (await all(list)).map(({ name }) => name).toSorted();
    const value = ' ß\n"\\u0000" \u{1f511}\r\n';
    const first = await client.setSecret('app', 'one', { tags: { a: 'b' }, contentType: 'text/plain' });
    await client.setSecret('app', value);
    assert.equal((await client.getSecret('app')).value, value);
    const { version = '' } = first.properties;
    assert.equal((await client.getSecret('app', { version })).value, 'one');
    await client.updateSecretProperties('app', version, { enabled: false });
    assert.equal(await status(client.getSecret('app', { version })), 403);
    for (let index = 0; index < 30; index++) await client.setSecret(`more-${index}`, `${index}`);
    assert.equal((await names(client.listPropertiesOfSecrets())).length, 31);
    assert.deepEqual(await names(client.listPropertiesOfSecretVersions('app')), ['app', 'app']);

    const backup = await client.backupSecret('app');
    assert.ok(backup !== undefined);
    const deleted = await (await client.beginDeleteSecret('app', { intervalInMs: 1 })).pollUntilDone();
    assert.equal(deleted.recoveryId, `${azure.vaultUrl('kv-one')}/deletedsecrets/app`);
    assert.equal(await status(client.setSecret('app', 'three')), 409);
    assert.deepEqual(await names(client.listDeletedSecrets()), ['app']);
    await (await client.beginRecoverDeletedSecret('app', { intervalInMs: 1 })).pollUntilDone();
    assert.equal((await client.getSecret('app')).value, value);
    await (await client.beginDeleteSecret('app', { intervalInMs: 1 })).pollUntilDone();
    await client.purgeDeletedSecret('app');
    assert.equal(await status(client.getDeletedSecret('app')), 404);
    await client.restoreSecretBackup(backup);
    assert.equal((await client.getSecret('app')).value, value);
  });
  it('wait while a secret is on neither side', async (test) => {
    // Each request takes a second, so that the lag ends after two that found nothing, however slow the machine is.
    const startMs = Date.now();
    const asked = (): number => azure?.requests.length ?? 0;
    let azure: EmbeddedAzure | undefined = undefined;
    azure = await startTrusted(test, {
      vaults: [{ name: 'kv-one', roleAssignments: [officer(app)], deletionLagMs: 2500, recoveryLagMs: 2500 }],
      now: () => startMs + asked() * 1000,
    });
    const client = clientBySecret(azure);
    await client.setSecret('app', 'v');
    await (await client.beginDeleteSecret('app', { intervalInMs: 1 })).pollUntilDone();
    await (await client.beginRecoverDeletedSecret('app', { intervalInMs: 1 })).pollUntilDone();
    assert.deepEqual(
      azure.requests.slice(4).map(({ operation, status: told }) => `${operation ?? ''} ${told}`),
      [
        'SecretDelete 200',
        'SecretGetDeleted 404',
        'SecretGetDeleted 404',
        'SecretGetDeleted 200',
        // Before it recovers, the client looks whether there is anything to do.
        'SecretGet 404',
        'SecretRecover 200',
        'SecretGet 404',
        'SecretGet 404',
        'SecretGet 200',
      ],
    );
  });
  it('get in where their identity has a role, and nowhere else', async (test) => {
    const azure = await startTrusted(test, { vaults });
    for (const { name } of vaults)
      for (const secret of ['shared', 'own']) azure.admin(name).set(secret, { value: name });
    const [two, none] = ['kv-two', 'kv-none'].map((name) => clientBySecret(azure, appSecret, name));
    assert.ok(two !== undefined && none !== undefined);
    assert.equal((await two.getSecret('shared')).value, 'kv-two');
    assert.deepEqual(
      [
        await status(two.getSecret('own')),
        await status(two.setSecret('shared', 'x')),
        await status(all(two.listPropertiesOfSecrets())),
        await status(none.getSecret('shared')),
      ],
      [403, 403, 403, 403],
    );
  });
  it('try again after a fault, and see it when there are too many', async (test) => {
    const azure = await startTrusted(test, { vaults });
    azure.admin('kv-one').set('app', { value: 'v' });
    const retryOptions = { maxRetries: 2, retryDelayInMs: 1 };
    const client = clientBySecret(azure, appSecret, 'kv-one', retryOptions);
    azure.faults.add({ effect: { kind: 'drop' }, operation: 'SecretGet', times: 1 });
    azure.faults.add({
      effect: { kind: 'status', status: 503, headers: { 'retry-after-ms': '1' } },
      operation: 'SecretGet',
      times: 1,
    });
    assert.equal((await client.getSecret('app')).value, 'v');
    azure.faults.add({ effect: { kind: 'status', status: 500 }, operation: 'SecretGet' });
    assert.equal(await status(client.getSecret('app')), 500);
  });
  it('find everything again after a restart', async (test) => {
    const storage = createMemoryStorage();
    const before = await startTrusted(test, { vaults, storage });
    await clientBySecret(before).setSecret('app', 'v');
    await before.close();
    const again = await startTrusted(test, { vaults, storage });
    const { value, properties } = await clientBySecret(again).getSecret('app');
    assert.deepEqual([value, properties.vaultUrl], ['v', again.vaultUrl('kv-one')]);
  });
});
