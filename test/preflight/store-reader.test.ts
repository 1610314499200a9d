import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProviderAnswer, ProviderRequest } from '../../src/eso/provider.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { createKeyVaultReader, createVaultReader } from '../../src/preflight/store-reader.ts';
import type { SecretStore, StoreOperation, Version } from '../../src/stores/contract.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { keyVaultStore, vaultStore } from './resources-fixture.ts';

type Forbids = (operation: StoreOperation, name: string | undefined) => boolean;

function vault(forbids: Forbids = () => false): SecretStore {
  return createMemoryStore({ name: 'Vault in memory', capabilities: vaultCapabilities, forbids });
}

function keyVault(forbids: Forbids = () => false): SecretStore {
  return createMemoryStore({ name: 'Key Vault in memory', capabilities: keyVaultCapabilities, forbids });
}

async function put(
  store: SecretStore,
  name: string,
  value: string,
  tags: Record<string, string> = {},
): Promise<Version> {
  const outcome = await store.write(name, new SecretValue(value), { expected: 'absent', metadata: { tags } });
  assert.ok(outcome.kind === 'written');
  return outcome.version;
}

function vaultSecret(path: string, version = ''): ProviderRequest {
  return { kind: 'vault-secret', store: vaultStore, path, version };
}

function find(path: string, match: (name: string) => boolean = () => true): ProviderRequest {
  return { kind: 'vault-secrets', store: vaultStore, path, match, id: 'all' };
}

function valueOf(answer: ProviderAnswer | undefined): string | undefined {
  return answer?.kind === 'present' ? answer.secret.value : undefined;
}

describe('a Vault store, as the operator sees it', () => {
  it('has below its mount what the store has, as JSON, and by version', async () => {
    const store = vault();
    const first = await put(store, 'team/app', '{"KEY":"one"}');
    await store.write('team/app', new SecretValue('{"KEY":"two"}'), { expected: first });
    const read = createVaultReader(store, 'team/kv');
    assert.equal(valueOf(await read(vaultSecret('team/kv/data/team/app'))), '{"KEY":"two"}');
    assert.equal(valueOf(await read(vaultSecret('team/kv/data/team/app', '1'))), '{"KEY":"one"}');
    assert.deepEqual(await read(vaultSecret('team/kv/data/team/app', '9')), { kind: 'missing' });
  });

  it('has bytes and not characters in its values', async () => {
    const store = vault();
    await put(store, 'app', '{"KEY":"é"}');
    assert.equal(
      valueOf(await createVaultReader(store, 'secret')(vaultSecret('secret/data/app'))),
      '{"KEY":"\u00c3\u00a9"}',
    );
  });

  it('does not have what is missing or deleted', async () => {
    const store = vault();
    const read = createVaultReader(store, 'secret');
    await store.delete('gone', { expected: await put(store, 'gone', '{}') });
    assert.deepEqual(await read(vaultSecret('secret/data/never')), { kind: 'missing' });
    assert.deepEqual(await read(vaultSecret('secret/data/gone')), { kind: 'missing' });
  });

  it('may have what we may not see', async () => {
    const store = vault((operation) => operation === 'read' || operation === 'list');
    const read = createVaultReader(store, 'secret');
    assert.deepEqual(await read(vaultSecret('secret/data/app')), { kind: 'forbidden-to-us' });
    await assert.rejects(read(find('secret/metadata/')), /: it is not allowed$/);
  });

  it('is not guessed at: another mount, a version that is no number, a path that means another, metadata without a version', async () => {
    const read = createVaultReader(vault(), 'secret');
    const cases: readonly (readonly [ProviderRequest, RegExp])[] = [
      [vaultSecret('other/data/app'), /^other\/data\/app is not below the KV v2 mount secret\/$/],
      [vaultSecret('secret/data/app', 'latest'), /^"latest" is not a number/],
      [vaultSecret('secret/data/data/app'), /^"data\/app" is a path that starts with "data\/"/],
      [{ kind: 'vault-metadata', store: vaultStore, path: 'secret/metadata/app' }, /no version that can be read/],
    ];
    for (const [request, because] of cases) {
      const answer = await read(request);
      assert.ok(answer.kind === 'unknown', JSON.stringify(request));
      assert.match(answer.because, because);
    }
  });

  it('gives tags as metadata', async () => {
    const store = vault();
    await put(store, 'app', '{}', { team: 'one' });
    const answer = await createVaultReader(
      store,
      'secret',
    )({ kind: 'vault-metadata', store: vaultStore, path: 'secret/metadata/app' });
    assert.ok(answer.kind === 'present');
    assert.deepEqual(answer.secret.tags, { team: 'one' });
  });

  it('lists what is below a folder, sorted by bytes, with the values that are wanted', async () => {
    const store = vault();
    for (const name of ['team/b', 'team/a/c', 'team/a-b', 'team/B', 'other']) await put(store, name, '{"KEY":"x"}');
    const answer = await createVaultReader(store, 'secret')(find('secret/metadata/team/', (name) => name !== 'b'));
    assert.ok(answer.kind === 'list');
    assert.deepEqual(
      answer.secrets.map(({ name, answer: of }) => [name, valueOf(of)]),
      [
        ['B', '{"KEY":"x"}'],
        ['a-b', '{"KEY":"x"}'],
        ['a/c', '{"KEY":"x"}'],
        ['b', undefined],
      ],
    );
  });

  it('tells a folder that is not there from one in which everything is deleted', async () => {
    const store = vault();
    await store.delete('team/gone', { expected: await put(store, 'team/gone', '{}') });
    const read = createVaultReader(store, 'secret');
    assert.deepEqual(await read(find('secret/metadata/team')), { kind: 'list', secrets: [] });
    assert.deepEqual(await read(find('secret/metadata/never')), { kind: 'missing' });
  });
});

describe('a Key Vault, as the operator sees it', () => {
  const secret = (name: string, version = ''): ProviderRequest => ({
    kind: 'key-vault-secret',
    store: keyVaultStore,
    name,
    version,
  });

  it('has texts and tags, by version too', async () => {
    const store = keyVault();
    const first = await put(store, 'app', 'one', { team: 'a' });
    await store.write('app', new SecretValue('two'), { expected: first });
    const read = createKeyVaultReader(store);
    assert.equal(valueOf(await read(secret('App'))), 'two');
    const older = await read(secret('app', first));
    assert.ok(older.kind === 'present');
    assert.equal(older.secret.value, 'one');
    assert.deepEqual(older.secret.tags, { team: 'a' });
  });

  it('says what Key Vault says of a disabled secret', async () => {
    const store = keyVault();
    await store.writeMetadata('app', { enabled: false }, { expected: await put(store, 'app', 'x') });
    assert.deepEqual(await createKeyVaultReader(store)(secret('app')), {
      kind: 'disabled',
      message: 'Operation get is not allowed on a disabled secret.',
    });
  });

  it('does not have what is deleted, and may have what we may not see', async () => {
    const store = keyVault();
    await store.delete('gone', { expected: await put(store, 'gone', 'x') });
    assert.deepEqual(await createKeyVaultReader(store)(secret('gone')), { kind: 'missing' });
    const closed = createKeyVaultReader(keyVault((operation) => operation === 'read'));
    assert.deepEqual(await closed(secret('app')), { kind: 'forbidden-to-us' });
  });

  it('is not guessed at: a name or a version that Key Vault answers in words of its own', async () => {
    const read = createKeyVaultReader(keyVault());
    for (const request of [secret('a_b'), secret('app', '7')]) {
      const answer = await read(request);
      assert.equal(answer.kind, 'unknown');
    }
  });

  it('lists everything, and reads what is enabled and wanted', async () => {
    const store = keyVault();
    await put(store, 'b', 'of b', { team: 'a' });
    await put(store, 'a', 'of a');
    await store.writeMetadata('c', { enabled: false }, { expected: await put(store, 'c', 'of c') });
    const answer = await createKeyVaultReader(store)({
      kind: 'key-vault-secrets',
      store: keyVaultStore,
      id: 'all',
      match: (name, tags) => name !== 'a' || tags['team'] === 'a',
    });
    assert.ok(answer.kind === 'list');
    assert.deepEqual(
      answer.secrets.map(({ name, enabled, answer: of }) => [name, enabled, valueOf(of)]),
      [
        ['a', true, undefined],
        ['b', true, 'of b'],
        ['c', false, undefined],
      ],
    );
  });
});
