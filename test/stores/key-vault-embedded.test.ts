/** The contract, with the official client inside, against the embedded Key Vault: one that is done at once, and one that takes its time. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createEmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import type { EmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import type { KeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import { createKeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import { collect } from '../contract/store-case.ts';
import { describeStore } from '../contract/store-contract.ts';

const officer = {
  clientId: '11111111-1111-4111-8111-111111111111',
  objectId: '11111111-1111-4111-8111-0000000000aa',
};
const reader = {
  clientId: '22222222-2222-4222-8222-222222222222',
  objectId: '22222222-2222-4222-8222-0000000000bb',
};
const roleAssignments = [
  { objectId: officer.objectId, role: 'Key Vault Secrets Officer' },
  { objectId: reader.objectId, role: 'Key Vault Secrets User' },
] as const;

let azure: EmbeddedAzure | undefined;
const stores: KeyVaultStore[] = [];

before(async () => {
  azure = await createEmbeddedAzure({
    vaults: [
      { name: 'kv-prompt', roleAssignments },
      { name: 'kv-slow', roleAssignments, deletionLagMs: 30, recoveryLagMs: 30 },
    ],
    identities: [officer, reader],
  });
});
after(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await azure?.close();
});

function open(vault: string, { clientId } = officer): KeyVaultStore {
  assert.ok(azure !== undefined);
  const clientSecret = azure.identities.find((identity) => identity.clientId === clientId)?.clientSecret;
  assert.ok(clientSecret !== undefined);
  const store = createKeyVaultStore({
    vaultUrl: azure.vaultUrl(vault),
    authorityHost: azure.authorityUrl,
    auth: { kind: 'client-secret', tenantId: azure.tenantId, clientId, clientSecret },
    tls: { ca: azure.caCertificate },
  });
  stores.push(store);
  return store;
}

for (const vault of ['kv-prompt', 'kv-slow'])
  describeStore(`the embedded Key Vault (${vault})`, keyVaultCapabilities, () => Promise.resolve(open(vault)));

describe('a managed secret of the embedded Key Vault', () => {
  it('is shown as such, and written by nobody', async () => {
    azure?.admin('kv-prompt').setManaged('of-a-certificate', { value: 'example-pfx' });
    const store = open('kv-prompt');
    const listed = (await collect(store.list())).find(({ name }) => name === 'of-a-certificate');
    assert.equal(listed?.metadata.managed, true);
    const read = await store.read('of-a-certificate');
    assert.ok(read.kind === 'present' && read.metadata.managed);
    const refused = { kind: 'refused', because: 'managed' };
    const expected = read.version;
    assert.deepEqual(await store.write('of-a-certificate', new SecretValue('x'), { expected }), refused);
    assert.deepEqual(await store.delete('of-a-certificate', { expected }), refused);
  });
});

describe('an identity of the embedded Key Vault that may only read', () => {
  it('reads, and is forbidden all else', async () => {
    const name = 'read-only';
    const written = await open('kv-prompt').write(name, new SecretValue('example'), { expected: 'absent' });
    assert.ok(written.kind === 'written');
    const store = open('kv-prompt', reader);
    const read = await store.read(name);
    assert.ok(read.kind === 'present' && read.value.reveal() === 'example');
    const expected = read.version;
    assert.deepEqual(await store.write(name, new SecretValue('other'), { expected }), { kind: 'forbidden' });
    assert.deepEqual(await store.writeMetadata(name, { tags: {} }, { expected }), { kind: 'forbidden' });
    assert.deepEqual(await store.delete(name, { expected }), { kind: 'forbidden' });
  });
});
