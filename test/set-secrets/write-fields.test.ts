import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Secret } from '../../src/model/platform.ts';
import { remoteKey } from '../../src/model/platform.ts';
import { quoteText } from '../../src/model/secret-text.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { openSecret } from '../../src/set-secrets/open-secret.ts';
import type { Opened } from '../../src/set-secrets/open-secret.ts';
import { planWrite } from '../../src/set-secrets/plan-write.ts';
import type { Written } from '../../src/set-secrets/write-fields.ts';
import { writeFields } from '../../src/set-secrets/write-fields.ts';
import type { SecretStore } from '../../src/stores/contract.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { open, secretOf, textAt, textSecretOf, valuesOf, write } from './set-secrets-fixture.ts';

type Case = { readonly secret: Secret; readonly client: SecretStore; readonly remote: string };

const kinds = ['vault-secret-store', 'azure-keyvault-store'] as const;
function caseOf(store: Secret['store'], secret = secretOf({}, store), forbids?: () => boolean): Case {
  const capabilities = store === 'vault-secret-store' ? vaultCapabilities : keyVaultCapabilities;
  const client = createMemoryStore({ name: store, capabilities, ...(forbids && { forbids }) });
  return { secret, client, remote: remoteKey(secret) };
}

async function set({ secret, client }: Case, fields: Readonly<Record<string, string>>): Promise<Written> {
  return writeFields(secret, client, await open(secret, client), valuesOf(fields));
}

/** The store, where before its first write something else happens. */
function beforeWrite(client: SecretStore, happens: () => Promise<void>): SecretStore {
  let first = true;
  return {
    ...client,
    async write(...args) {
      if (first) {
        first = false;
        await happens();
      }
      return client.write(...args);
    },
  };
}

for (const store of kinds)
  describe(`fields written to ${store}`, () => {
    it('make the secret where there is none, and are read back', async () => {
      const one = caseOf(store);
      const written = await set(one, { PROVIDER: 'card', CARD_KEY: 'k\n"<é' });
      assert.ok(written.kind === 'written');
      assert.equal(written.values.get('CARD_KEY')?.reveal(), 'k\n"<é');
      assert.equal((await set(one, { PROVIDER: 'card' })).kind, 'unchanged');
      const found = await one.client.read(one.remote);
      assert.ok(found.kind === 'present');
      assert.equal(found.version, written.version, 'the same again makes no version');
      assert.equal(found.metadata.contentType, store === 'vault-secret-store' ? undefined : 'application/json');
    });

    it('leave all others as they are', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), async (other, note) => {
          const one = caseOf(store);
          const base = `{"Z":${quoteText(other)},"PROVIDER":"bank","n":[1, {"b":2,"a":1.5}],"e":null}`;
          await write(one.client, one.remote, base);
          const before = await textAt(one.client, one.remote);
          assert.equal((await set(one, { NOTE: `x${note}` })).kind, 'written');
          const after = await textAt(one.client, one.remote);
          const added = `"NOTE":${quoteText(`x${note}`)}`;
          assert.equal(after.replace(`,${added}`, '').replace(`${added},`, ''), before);
        }),
        { numRuns: 30 },
      );
    });

    it('are put into what another writer has just written beside them', async () => {
      const one = caseOf(store);
      await write(one.client, one.remote, '{"PROVIDER":"card"}');
      const opened = await open(one.secret, one.client);
      const client = beforeWrite(one.client, () => write(one.client, one.remote, '{"PROVIDER":"card","THEIRS":"t"}'));
      const written = await writeFields(one.secret, client, opened, valuesOf({ CARD_KEY: 'k' }));
      assert.equal(written.kind, 'written');
      const text = await textAt(one.client, one.remote);
      assert.deepEqual(JSON.parse(text), { PROVIDER: 'card', THEIRS: 't', CARD_KEY: 'k' });
    });

    it('are not written over what another writer has just put there', async () => {
      const one = caseOf(store);
      await write(one.client, one.remote, '{"PROVIDER":"card"}');
      const opened = await open(one.secret, one.client);
      const theirs = '{"CARD_KEY":"theirs","PROVIDER":"card"}';
      const client = beforeWrite(one.client, () => write(one.client, one.remote, theirs));
      const written = await writeFields(one.secret, client, opened, valuesOf({ CARD_KEY: 'k' }));
      assert.equal(written.kind, 'changed meanwhile');
      assert.equal(await textAt(one.client, one.remote), theirs);
      const same = beforeWrite(one.client, () => Promise.resolve());
      const again = await writeFields(one.secret, same, opened, valuesOf({ CARD_KEY: 'theirs' }));
      assert.equal(again.kind, 'unchanged', 'somebody, or a write of ours that was in doubt, wrote the same');
    });

    it('give up where others write without end', async () => {
      const one = caseOf(store);
      await write(one.client, one.remote, '{"PROVIDER":"card"}');
      let count = 0;
      const client: SecretStore = {
        ...one.client,
        async write(...args) {
          await write(one.client, one.remote, `{"PROVIDER":"card","n":"${count++}"}`);
          return one.client.write(...args);
        },
      };
      const written = await writeFields(one.secret, client, await open(one.secret, client), valuesOf({ NOTE: 'n' }));
      assert.equal(written.kind, 'changed meanwhile');
      assert.ok(count < 10);
    });

    it('are told to be otherwise where they are not read back as they were written', async () => {
      const one = caseOf(store);
      const client: SecretStore = {
        ...one.client,
        async read(name, options) {
          const found = await one.client.read(name, options);
          if (found.kind !== 'present') return found;
          return { ...found, value: new SecretValue(found.value.reveal().replace('bank', 'card')) };
        },
      };
      const written = await writeFields(
        one.secret,
        client,
        await open(one.secret, client),
        valuesOf({ PROVIDER: 'bank' }),
      );
      assert.equal(written.kind, 'differs');
    });

    it('are refused where the store would refuse them, each for its reason', async () => {
      const large = caseOf(store, secretOf({}, store));
      const most = large.client.capabilities.maxValueBytes;
      assert.deepEqual(await set(large, { NOTE: 'n'.repeat(most) }), {
        kind: 'refused',
        because: 'too large',
        names: [],
      });
      let isForbidden = false;
      const forbidden = caseOf(store, secretOf({}, store), () => isForbidden);
      const opened = await open(forbidden.secret, forbidden.client);
      isForbidden = true;
      const { secret, client } = forbidden;
      const written = await writeFields(secret, client, opened, valuesOf({ PROVIDER: 'bank' }));
      assert.deepEqual(written, { kind: 'refused', because: 'forbidden', names: [] });
      assert.deepEqual(await openSecret(secret, client, { recover: true }), { kind: 'closed', because: 'forbidden' });
    });

    it('do not make a secret that is whole into one that is not', async () => {
      const one = caseOf(store);
      await write(one.client, one.remote, '{"PROVIDER":"bank"}');
      const refused = await set(one, { PROVIDER: 'card' });
      assert.deepEqual(refused, { kind: 'refused', because: 'would break', names: ['CARD_KEY'] });
      assert.equal((await set(one, { PROVIDER: 'card', CARD_KEY: 'k' })).kind, 'written');
      await write(one.client, one.remote, '{"NOTE":"n"}');
      assert.equal((await set(one, { PROVIDER: 'card' })).kind, 'written', 'it was not whole before');
    });

    it('bring nothing back that somebody deleted meanwhile', async () => {
      const one = caseOf(store);
      await write(one.client, one.remote, '{"PROVIDER":"bank"}');
      const opened = await open(one.secret, one.client);
      const { expected } = opened;
      assert.ok(expected !== 'absent');
      await one.client.delete(one.remote, { expected });
      const written = await writeFields(one.secret, one.client, opened, valuesOf({ NOTE: 'n' }));
      assert.deepEqual(written, { kind: 'refused', because: 'deleted', names: [] });
      assert.equal(await textAt(one.client, one.remote), 'deleted');
    });

    it('are added to a deleted secret only once it is recovered', async () => {
      const one = caseOf(store);
      await write(one.client, one.remote, '{"PROVIDER":"bank"}');
      const found = await open(one.secret, one.client);
      assert.ok(found.expected !== 'absent');
      await one.client.delete(one.remote, { expected: found.expected });
      const told = async (recover: boolean): Promise<Opened> => openSecret(one.secret, one.client, { recover });
      assert.deepEqual(await told(false), { kind: 'closed', because: 'deleted' });
      const recovered = await told(true);
      assert.ok(recovered.kind === 'open');
      assert.equal((await writeFields(one.secret, one.client, recovered, valuesOf({ NOTE: 'n' }))).kind, 'written');
      assert.deepEqual(JSON.parse(await textAt(one.client, one.remote)), { PROVIDER: 'bank', NOTE: 'n' });
    });
  });

describe('a secret that cannot be written', () => {
  it('says why', async () => {
    const one = caseOf('azure-keyvault-store');
    await write(one.client, one.remote, 'a text that somebody wrote');
    const told = async (client = one.client): Promise<Opened> => openSecret(one.secret, client, { recover: true });
    assert.deepEqual(await told(), { kind: 'closed', because: 'not a JSON object' });
    const found = await one.client.read(one.remote);
    assert.ok(found.kind === 'present');
    const metadata = { ...found.metadata, managed: true };
    const managed = { ...one.client, read: () => Promise.resolve({ ...found, metadata }) };
    assert.deepEqual(await told(managed), { kind: 'closed', because: 'managed' });
    await one.client.writeMetadata(one.remote, { enabled: false }, { expected: found.version });
    assert.deepEqual(await told(), { kind: 'closed', because: 'disabled' });
  });
});

describe('the metadata of a secret', () => {
  const before = {
    tags: { team: 'a', 'lockstep-from-store': 'Vault', 'lockstep-from-version': '3', 'lockstep-expires-at': 'x' },
    contentType: 'application/json; charset=utf-8',
    expiresAtMs: 1_900_000_000_000,
  };

  it('stays in Key Vault, but for the tags that call it a copy', async () => {
    const one = caseOf('azure-keyvault-store');
    await write(one.client, one.remote, '{"PROVIDER":"bank"}', before);
    assert.equal((await set(one, { NOTE: 'n' })).kind, 'written');
    const found = await one.client.read(one.remote);
    assert.ok(found.kind === 'present');
    const { tags, contentType, expiresAtMs } = found.metadata;
    assert.deepEqual(
      { tags, contentType, expiresAtMs },
      { ...before, tags: { team: 'a', 'lockstep-expires-at': 'x' } },
    );
  });

  it('stays in Vault, also where it may not be changed, and then that is told', async () => {
    for (const allowed of [true, false]) {
      const one = caseOf('vault-secret-store');
      await write(one.client, one.remote, '{"PROVIDER":"bank"}', { tags: before.tags });
      const client: SecretStore = allowed
        ? one.client
        : { ...one.client, writeMetadata: () => Promise.resolve({ kind: 'forbidden' }) };
      const written = await set({ ...one, client }, { NOTE: 'n' });
      assert.ok(written.kind === 'written');
      assert.equal(written.notes.length, allowed ? 0 : 1);
      const found = await one.client.read(one.remote);
      assert.ok(found.kind === 'present');
      assert.equal('lockstep-from-store' in found.metadata.tags, !allowed);
      assert.equal(found.metadata.tags['team'], 'a');
    }
  });

  it('says of a plain text nothing about JSON', async () => {
    const one = caseOf('azure-keyvault-store', textSecretOf('azure-keyvault-store'));
    assert.equal((await set(one, { value: 'token' })).kind, 'written');
    assert.equal(await textAt(one.client, one.remote), 'token');
    const found = await one.client.read(one.remote);
    assert.ok(found.kind === 'present' && found.metadata.contentType === undefined);
    const opened = await open(one.secret, one.client);
    const planned = planWrite(one.secret, opened, valuesOf({ value: 'other' }), keyVaultCapabilities);
    assert.ok(planned.kind === 'write');
    assert.deepEqual(planned.replaces, ['value']);
  });
});
