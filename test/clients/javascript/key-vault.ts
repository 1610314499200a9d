/** Drives Key Vault by @azure/keyvault-secrets and @azure/identity, as they come: the challenge's resource is verified. */
import assert from 'node:assert/strict';
import { ClientSecretCredential, WorkloadIdentityCredential } from '@azure/identity';
import type { ClientSecretCredentialOptions } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import type { SecretClientOptions } from '@azure/keyvault-secrets';
import { ask, done, step } from './steps.ts';

const env = (name: string): string => process.env[name] ?? '';
const canary = env('CANARY');
// AZURE_AUTHORITY_HOST is read by @azure/identity itself.
const customAuthority = { disableInstanceDiscovery: true };

type Credential = ConstructorParameters<typeof SecretClient>[1];
type Chosen = { readonly clientId?: string; readonly secret?: string; readonly tenant?: string };

function credential(chosen: Chosen = {}, options: ClientSecretCredentialOptions = {}): ClientSecretCredential {
  const {
    clientId = env('AZURE_CLIENT_ID'),
    secret = env('AZURE_CLIENT_SECRET'),
    tenant = env('AZURE_TENANT_ID'),
  } = chosen;
  return new ClientSecretCredential(tenant, clientId, secret, { ...customAuthority, ...options });
}

function clientOf(
  vault: string,
  withCredential: Credential = credential(),
  options?: SecretClientOptions,
): SecretClient {
  return new SecretClient(env(vault), withCredential, options);
}

type Refusal = {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message: string;
  readonly details?: { readonly error?: { readonly innerError?: { readonly code?: string } } };
};

async function refused(attempt: Promise<unknown>, status: number, code: string, inner?: string): Promise<Refusal> {
  const error = await attempt.then(
    () => assert.fail('nothing was refused'),
    (thrown: unknown) => thrown as Refusal,
  );
  assert.deepEqual([error.statusCode, error.code], [status, code], error.message);
  if (inner !== undefined) assert.equal(error.details?.error?.innerError?.code, inner);
  return error;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const main = clientOf('MAIN_VAULT_URL');
const protectedVault = clientOf('PROTECTED_VAULT_URL');
const slow = clientOf('SLOW_VAULT_URL');
const [notBefore, expiresOn] = [new Date('2027-01-02T03:04:05Z'), new Date('2037-01-02T03:04:05Z')];
let [first, second] = ['', ''];

await step('set, with all attributes', async () => {
  const tags = { owner: 'team', Größe: '1' };
  const options = { contentType: 'text/plain', tags, notBefore, expiresOn, enabled: true };
  const { name, value, properties } = await main.setSecret('one', `${canary}-1\r\ngrün`, options);
  assert.deepEqual([name, value], ['one', `${canary}-1\r\ngrün`]);
  const { contentType, enabled, recoveryLevel, recoverableDays, vaultUrl, version = '', createdOn } = properties;
  assert.deepEqual(
    { contentType, tags: properties.tags, notBefore: properties.notBefore, expiresOn: properties.expiresOn, enabled },
    options,
  );
  assert.deepEqual([recoveryLevel, recoverableDays, vaultUrl], ['Recoverable+Purgeable', 90, env('MAIN_VAULT_URL')]);
  assert.match(version, /^[\da-f]{32}$/);
  assert.ok(Math.abs((createdOn?.getTime() ?? 0) - Date.now()) < 60_000);
  first = version;
});
await step('get, the latest and one version', async () => {
  second = (await main.setSecret('one', `${canary}-2`)).properties.version ?? '';
  const latest = await main.getSecret('one');
  assert.deepEqual(
    [latest.value, latest.properties.version, latest.properties.tags],
    [`${canary}-2`, second, undefined],
  );
  assert.equal((await main.getSecret('one', { version: first })).value, `${canary}-1\r\ngrün`);
  assert.equal((await main.getSecret('ONE')).value, `${canary}-2`);
});
await step('versions', async () => {
  const versions = await all(main.listPropertiesOfSecretVersions('one'));
  assert.deepEqual(versions.map(({ version }) => version).toSorted(), [first, second].toSorted());
});
await step('list 60 secrets, in pages', async () => {
  const names = Array.from({ length: 60 }, (_, number) => `many-${String(number).padStart(2, '0')}`);
  for (const name of names) await main.setSecret(name, `${canary}-${name}`);
  const listed = (await all(main.listPropertiesOfSecrets())).map(({ name }) => name);
  assert.deepEqual(listed.filter((name) => name.startsWith('many-')).toSorted(), names);
  const sizes = async (maxPageSize?: number): Promise<number[]> =>
    (await all(main.listPropertiesOfSecrets().byPage(maxPageSize === undefined ? {} : { maxPageSize }))).map(
      (page) => page.length,
    );
  assert.deepEqual(
    [await sizes(), await sizes(20)],
    [
      [25, 25, 11],
      [20, 20, 20, 1],
    ],
  );
});
await step('update attributes; what is not named stays, tags are replaced', async () => {
  const updated = await main.updateSecretProperties('one', first, { tags: { owner: 'other' } });
  assert.deepEqual(
    [updated.tags, updated.contentType, updated.expiresOn],
    [{ owner: 'other' }, 'text/plain', expiresOn],
  );
  assert.equal((await main.updateSecretProperties('one', '', { contentType: 'x' })).version, second);
});
await step('a disabled secret: 403 SecretDisabled, its older version can be read', async () => {
  await main.updateSecretProperties('one', second, { enabled: false });
  try {
    await refused(main.getSecret('one'), 403, 'Forbidden', 'SecretDisabled');
    assert.equal((await main.getSecret('one', { version: first })).value, `${canary}-1\r\ngrün`);
    const listed = (await all(main.listPropertiesOfSecrets())).find(({ name }) => name === 'one');
    assert.equal(listed?.enabled, false);
  } finally {
    await main.updateSecretProperties('one', second, { enabled: true });
  }
});
await step('delete, and what is deleted', async () => {
  const deleted = await (await main.beginDeleteSecret('one')).pollUntilDone();
  const { deletedOn, scheduledPurgeDate, recoveryId } = deleted;
  assert.equal(recoveryId, `${env('MAIN_VAULT_URL')}/deletedsecrets/one`);
  assert.equal(((scheduledPurgeDate?.getTime() ?? 0) - (deletedOn?.getTime() ?? 0)) / 86_400_000, 90);
  await refused(main.getSecret('one'), 404, 'SecretNotFound');
  assert.equal((await main.getDeletedSecret('one')).properties.version, second);
  assert.deepEqual(
    (await all(main.listDeletedSecrets())).map(({ name }) => name),
    ['one'],
  );
});
await step('set on a deleted name: 409 ObjectIsDeletedButRecoverable', async () => {
  await refused(main.setSecret('one', `${canary}-3`), 409, 'Conflict', 'ObjectIsDeletedButRecoverable');
});
await step('recover', async () => {
  assert.equal((await (await main.beginRecoverDeletedSecret('one')).pollUntilDone()).name, 'one');
  assert.equal((await main.getSecret('one')).value, `${canary}-2`);
  await refused(main.getDeletedSecret('one'), 404, 'SecretNotFound');
});
await step('backup; restore over a live name: 409; restore after a purge, with all versions', async () => {
  const backup = (await main.backupSecret('one')) ?? new Uint8Array();
  await refused(main.restoreSecretBackup(backup), 409, 'Conflict');
  await (await main.beginDeleteSecret('one')).pollUntilDone();
  await refused(main.restoreSecretBackup(backup), 409, 'Conflict');
  await main.purgeDeletedSecret('one');
  await refused(main.getDeletedSecret('one'), 404, 'SecretNotFound');
  assert.equal((await main.restoreSecretBackup(backup)).name, 'one');
  assert.equal((await all(main.listPropertiesOfSecretVersions('one'))).length, 2);
  assert.equal((await main.getSecret('one', { version: first })).value, `${canary}-1\r\ngrün`);
});
await step('restore what is no backup: 400', async () => {
  await refused(main.restoreSecretBackup(Buffer.from('example')), 400, 'BadParameter');
});
await step('purge where purge protection is on: 403', async () => {
  await protectedVault.setSecret('kept', `${canary}-kept`);
  await (await protectedVault.beginDeleteSecret('kept')).pollUntilDone();
  const { message } = await refused(protectedVault.purgeDeletedSecret('kept'), 403, 'Forbidden');
  assert.match(message, /purge protection/);
  assert.equal((await protectedVault.getDeletedSecret('kept')).properties.recoveryLevel, 'CustomizedRecoverable');
});
await step('delete and recover that take a while: the pollers wait', async () => {
  await slow.setSecret('late', `${canary}-late`);
  const deletion = await slow.beginDeleteSecret('late');
  await refused(slow.getDeletedSecret('late'), 404, 'SecretNotFound');
  await refused(slow.setSecret('late', `${canary}-late-2`), 409, 'Conflict', 'ObjectIsBeingDeleted');
  assert.equal(deletion.isDone(), false);
  await deletion.pollUntilDone();
  assert.equal((await slow.getDeletedSecret('late')).name, 'late');
  const recovery = await slow.beginRecoverDeletedSecret('late');
  await refused(slow.getSecret('late'), 404, 'SecretNotFound');
  await recovery.pollUntilDone();
  assert.equal((await slow.getSecret('late')).value, `${canary}-late`);
});

await step('not found: 404 SecretNotFound', async () => {
  // One after the other: a refusal that nobody listens to yet would end the program.
  for (const attempt of [
    () => main.getSecret('nothing'),
    () => main.getSecret('one', { version: '0'.repeat(32) }),
    () => main.updateSecretProperties('nothing', '', { enabled: true }),
    () => main.beginDeleteSecret('nothing'),
    () => main.backupSecret('nothing'),
    () => main.getDeletedSecret('nothing'),
    () => main.purgeDeletedSecret('nothing'),
  ])
    await refused(attempt(), 404, 'SecretNotFound');
  assert.deepEqual(await all(main.listPropertiesOfSecretVersions('nothing')), []);
});
await step('a name that cannot be: 400 BadParameter', async () => {
  for (const name of ['under_score', 'a'.repeat(128)]) await refused(main.setSecret(name, canary), 400, 'BadParameter');
  assert.equal((await main.setSecret('a'.repeat(127), canary)).name.length, 127);
});
await step('25 KB are accepted, one byte more is 400 BadParameter', async () => {
  const whole = canary.padEnd(25 * 1024, 'x');
  assert.equal((await main.setSecret('large', whole)).value, whole);
  await refused(main.setSecret('large', `${whole}x`), 400, 'BadParameter');
});
await step('15 tags are accepted, 16 are 400 BadParameter', async () => {
  const tags = (length: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length }, (_, number) => [`t${number}`, 'x']));
  assert.deepEqual((await main.setSecret('tags', canary, { tags: tags(15) })).properties.tags, tags(15));
  await refused(main.setSecret('tags', canary, { tags: tags(16) }), 400, 'BadParameter');
});
await step('an identity without a role: 403 ForbiddenByRbac', async () => {
  const stranger = clientOf('MAIN_VAULT_URL', credential({ clientId: env('STRANGER_CLIENT_ID') }));
  await refused(stranger.getSecret('one'), 403, 'Forbidden', 'ForbiddenByRbac');
  await refused(stranger.getSecret('nothing'), 403, 'Forbidden', 'ForbiddenByRbac');
  await refused(stranger.setSecret('one', canary), 403, 'Forbidden', 'ForbiddenByRbac');
  // Of a list this client does not read the inner code (4.11.2).
  await refused(all(stranger.listPropertiesOfSecrets()), 403, 'Forbidden');
});
await step('an identity that may read metadata only: lists, but gets no value', async () => {
  const reader = clientOf('MAIN_VAULT_URL', credential({ clientId: env('READER_CLIENT_ID') }));
  assert.ok((await all(reader.listPropertiesOfSecrets())).some(({ name }) => name === 'one'));
  await refused(reader.getSecret('one'), 403, 'Forbidden', 'ForbiddenByRbac');
});
await step('a wrong client secret: AADSTS7000215', async () => {
  const wrong = clientOf('MAIN_VAULT_URL', credential({ secret: 'example-wrong' }));
  await assert.rejects(wrong.getSecret('one'), /AADSTS7000215/);
});
await step('an unknown client: AADSTS700016', async () => {
  const unknown = clientOf('MAIN_VAULT_URL', credential({ clientId: '00000000-0000-4000-8000-00000000dead' }));
  await assert.rejects(unknown.getSecret('one'), /AADSTS700016/);
});
const other = '00000000-0000-4000-8000-0000000000ff';
await step(
  'a credential of another tenant: refused by the client, unless it is told to follow the challenge',
  async () => {
    const foreign = clientOf('MAIN_VAULT_URL', credential({ tenant: other }));
    await assert.rejects(foreign.getSecret('one'), /not configured to acquire tokens for tenant/);
    const anywhere = credential({ tenant: other }, { additionallyAllowedTenants: ['*'] });
    assert.equal((await clientOf('MAIN_VAULT_URL', anywhere).getSecret('one')).value, `${canary}-2`);
  },
);
await step('an unknown tenant gives no token', async () => {
  await assert.rejects(
    credential({ tenant: other }).getToken('https://vault.azure.net/.default'),
    /endpoints_resolution_error|AADSTS90002/,
  );
});
await step('a token that is none, or for another audience: 401 Unauthorized', async () => {
  const { token: foreign } = await credential().getToken('https://management.azure.com/.default');
  for (const token of ['example-garbage', 'a.b.c', foreign]) {
    const fixed = { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
    await refused(clientOf('MAIN_VAULT_URL', fixed).getSecret('one'), 401, 'Unauthorized');
  }
});
await step('429 with Retry-After: the client waits and succeeds', async () => {
  await ask('throttle once');
  const startMs = performance.now();
  assert.equal((await main.getSecret('one')).value, `${canary}-2`);
  assert.ok(performance.now() - startMs >= 1000);
});
await step('workload identity, from the environment', async () => {
  const workload = new WorkloadIdentityCredential(customAuthority);
  assert.equal((await clientOf('MAIN_VAULT_URL', workload).getSecret('one')).value, `${canary}-2`);
});
await step('workload identity of another ServiceAccount: AADSTS700213', async () => {
  const tokenFilePath = env('OTHER_SUBJECT_TOKEN_FILE');
  const foreign = new WorkloadIdentityCredential({ ...customAuthority, tokenFilePath });
  await assert.rejects(clientOf('MAIN_VAULT_URL', foreign).getSecret('one'), /AADSTS700213/);
});
done();
