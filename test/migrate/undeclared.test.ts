import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseFields } from '../../src/model/secret-text.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { applyMigration, moveSecrets } from '../../src/migrate/apply-migration.ts';
import type { Migration, MigrationPlan, PlannedSecret, StoreSide } from '../../src/migrate/migration.ts';
import { isUndeclared, isWriting } from '../../src/migrate/migration.ts';
import { planMigration } from '../../src/migrate/plan-migration.ts';
import type { MetadataChange, SecretStore, StoreOperation } from '../../src/stores/contract.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

type Stores = { readonly vault: StoreSide; readonly keyVault: StoreSide };

/** One: shop/payment in Vault, shop-payment in Key Vault, of the application shop. */
const { secrets } = platformOf(soundConfiguration());

function stores(forbids: (operation: StoreOperation) => boolean = () => false): Stores {
  const side = (name: string, store: StoreSide['store'], capabilities: StoreSide['capabilities']): StoreSide => ({
    ...{ name, store, capabilities },
    client: createMemoryStore({ name, capabilities, forbids }),
  });
  return {
    vault: side('Vault', 'vault-secret-store', vaultCapabilities),
    keyVault: side('Key Vault', 'azure-keyvault-store', keyVaultCapabilities),
  };
}

function migrationOf(from: StoreSide, to: StoreSide, undeclaredSecrets = true): Migration {
  const options = { includeUndeclared: true, overwrite: false, history: false };
  return { from, to, options, undeclaredSecrets, fingerprintKey: new Uint8Array(32), concurrency: 4 };
}

function plan(from: StoreSide, to: StoreSide, undeclaredSecrets?: boolean): Promise<MigrationPlan> {
  return planMigration(secrets, secrets, migrationOf(from, to, undeclaredSecrets));
}

async function put({ client }: StoreSide, name: string, text: string, metadata: MetadataChange = {}): Promise<void> {
  const { kind } = await client.write(name, new SecretValue(text), { expected: 'absent', metadata });
  assert.equal(kind, 'written');
}

async function textAt({ client }: StoreSide, name: string): Promise<string> {
  const found = await client.read(name);
  return found.kind === 'present' ? found.value.reveal() : found.kind;
}

async function tagsAt({ client }: StoreSide, name: string): Promise<Readonly<Record<string, string>>> {
  const found = await client.read(name);
  assert.ok(found.kind === 'present');
  return found.metadata.tags;
}

/** `Shop/a → Shop-a blocked its name is taken there` */
function told(planned: readonly PlannedSecret[]): string[] {
  return planned
    .filter(({ secret }) => isUndeclared(secret))
    .map(({ from, to, action }) => {
      const because = action.kind === 'blocked' ? [action.because.side, action.because.reason] : [];
      return `${from.name} → ${to.name}: ${[action.kind, ...because].join(' ')}`;
    });
}

/** @returns what was to be done, and what came of it */
async function move(from: StoreSide, to: StoreSide): Promise<string[]> {
  const migration = migrationOf(from, to);
  const planned = await planMigration(secrets, secrets, migration);
  const applied = await applyMigration(planned.secrets.filter(isWriting), migration, () => undefined);
  return [...told(planned.secrets), ...applied.map(({ outcome }) => outcome.kind)];
}

const taken = 'blocked target its name is taken there';

describe('secrets that the catalog does not know', () => {
  it('get a name at Key Vault of what a path and a name have in common', async () => {
    const { vault, keyVault } = stores();
    for (const name of ['shop/payment', 'shop/extra key', 'other/deep/ä_b', 'Plain'])
      await put(vault, name, '{"a":"1"}');
    const { secrets: planned, undeclared } = await plan(vault, keyVault);
    assert.deepEqual(told(planned), [
      'Plain → Plain: create',
      'other/deep/ä_b → other-deep-b: create',
      'shop/extra key → shop-extra-key: create',
    ]);
    assert.deepEqual(undeclared, ['Plain', 'other/deep/ä_b', 'shop/extra key']);
  });

  it('get a path in Vault below their application, if one owns their name', async () => {
    const { vault, keyVault } = stores();
    for (const name of ['shop-payment', 'shop-extra-key', 'shop', 'shopping-list'])
      await put(keyVault, name, '{"a":"1"}');
    assert.deepEqual(told((await plan(keyVault, vault)).secrets), [
      'shop → shop: create',
      'shop-extra-key → shop/extra-key: create',
      'shopping-list → shopping-list: create',
    ]);
  });

  it('of two applications the longer name owns it', async () => {
    const { vault, keyVault } = stores();
    const sound = soundConfiguration();
    const [shop] = sound.applications;
    const [payment] = Object.values(sound.secrets);
    assert.ok(shop && payment);
    const second = { ...payment, application: 'shop-eu', vaultPath: 'shop-eu/x', keyVaultName: 'shop-eu-x' };
    const declared = platformOf({
      ...sound,
      applications: [shop, { ...shop, name: 'shop-eu', namespace: 'shop-eu' }],
      secrets: { ...sound.secrets, second },
    }).secrets;
    await put(keyVault, 'shop-eu-key', '{"a":"1"}');
    const { secrets: planned } = await planMigration(declared, declared, migrationOf(keyVault, vault));
    assert.deepEqual(told(planned), ['shop-eu-key → shop-eu/key: create']);
  });

  it('come back to the name that they had, whatever it was', async () => {
    const { vault, keyVault } = stores();
    await put(vault, 'other/deep/ä_b', '{"a":"1","n":2}');
    assert.deepEqual(await move(vault, keyVault), ['other/deep/ä_b → other-deep-b: create', 'written']);
    const { vault: restored } = stores();
    assert.deepEqual(await move(keyVault, restored), ['other-deep-b → other/deep/ä_b: create', 'written']);
    assert.equal(await textAt(restored, 'other/deep/ä_b'), '{"a":"1","n":2}');
    assert.deepEqual(told((await plan(keyVault, vault)).secrets), ['other-deep-b → other/deep/ä_b: unchanged']);
  });

  it('a plain text becomes the field value, and comes back byte for byte', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', ' ', '1.50', 'null', '"a"', '[1]', '{"a":', '\r\n', '-----BEGIN KEY-----\nA\n'),
    );
    await fc.assert(
      fc.asyncProperty(anyText, fc.boolean(), async (text, typed) => {
        fc.pre(parseFields(text).kind !== 'fields');
        const { vault, keyVault } = stores();
        await put(keyVault, 'other-text', text, typed ? { contentType: 'text/plain', tags: { team: 'a' } } : {});
        assert.deepEqual(await move(keyVault, vault), ['other-text → other-text: create', 'written']);
        assert.equal(await textAt(vault, 'other-text'), JSON.stringify({ value: text }));
        const tags = await tagsAt(vault, 'other-text');
        assert.equal(tags['lockstep-plain-text'], 'value');
        const { keyVault: restored } = stores();
        assert.deepEqual(await move(vault, restored), ['other-text → other-text: create', 'written']);
        assert.equal(await textAt(restored, 'other-text'), text);
        const found = await restored.client.read('other-text');
        assert.ok(found.kind === 'present');
        assert.equal(found.metadata.contentType, typed ? 'text/plain' : undefined);
        assert.deepEqual(
          Object.keys(found.metadata.tags).filter((tag) => !tag.startsWith('lockstep-from-')),
          [...(typed ? ['team'] : [])],
        );
        assert.deepEqual(await move(vault, keyVault), ['other-text → other-text: unchanged']);
      }),
      { numRuns: 200 },
    );
  });

  it('fields of a JSON text stay fields, and only what says so is a text', async () => {
    const { vault, keyVault } = stores();
    await put(keyVault, 'fields', ' { "value": "x" }');
    await put(vault, 'a/fields', '{"value":"x"}');
    assert.deepEqual(await move(keyVault, vault), ['fields → fields: create', 'written']);
    assert.equal((await tagsAt(vault, 'fields'))['lockstep-plain-text'], undefined);
    assert.deepEqual(await move(vault, keyVault), [
      'a/fields → a-fields: create',
      'fields → fields: unchanged',
      'written',
    ]);
    assert.equal(await textAt(keyVault, 'a-fields'), '{"value":"x"}');
  });

  it('are blocked where two of them, or one and the catalog, would have one name', async () => {
    const { vault, keyVault } = stores();
    const names = ['a/b', 'A-b', 'shop/Payment', 'c'];
    for (const name of names) await put(vault, name, '{"a":"1"}');
    assert.deepEqual(await move(vault, keyVault), [
      `A-b → A-b: ${taken}`,
      `a/b → a-b: ${taken}`,
      'c → c: create',
      `shop/Payment → shop-Payment: ${taken}`,
      'written',
    ]);
    const [, ab] = (await plan(vault, keyVault)).secrets;
    assert.ok(ab?.action.kind === 'blocked');
    assert.deepEqual(ab.action.because.names, ['A-b', 'a/b']);
    assert.deepEqual([await textAt(keyVault, 'a-b'), await textAt(keyVault, 'shop-payment')], ['missing', 'missing']);
  });

  it('never two of them are written to one name', async () => {
    const name = fc.stringMatching(/^[ab][A/_-]{0,2}[aB]$/).filter((text) => !/^\/|\/\/|\/$/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { maxLength: 12 }), async (names) => {
        const { vault, keyVault } = stores();
        for (const one of names) await put(vault, one, `{"from":"${one}"}`);
        const { secrets: planned } = await plan(vault, keyVault);
        const targets = planned.filter(isWriting).map(({ to }) => to.name.toLowerCase());
        assert.deepEqual(targets, [...new Set(targets)]);
        for (const { action, to } of planned.filter(({ secret }) => isUndeclared(secret)))
          assert.equal(
            action.kind === 'create',
            planned.filter((other) => other.to.name.toLowerCase() === to.name.toLowerCase()).length === 1,
          );
      }),
    );
  });

  it('are blocked where their name cannot be one, or a certificate owns them', async () => {
    const { vault, keyVault } = stores();
    const long = `x/${'y'.repeat(127)}`;
    await put(vault, long, '{"a":"1"}');
    const [line = ''] = told((await plan(vault, keyVault)).secrets);
    assert.ok(line.endsWith(': blocked target its name cannot be one there'), line);

    await put(keyVault, 'certificate', 'pem');
    const read: SecretStore['read'] = async (...args) => {
      const found = await keyVault.client.read(...args);
      return found.kind === 'present' ? { ...found, metadata: { ...found.metadata, managed: true } } : found;
    };
    const from = { ...keyVault, client: { ...keyVault.client, read } };
    assert.deepEqual(told((await plan(from, stores().vault)).secrets), [
      'certificate → certificate: blocked source managed',
    ]);
  });

  it('are only told where they do not go along, and come last where nobody is asked', async () => {
    const { vault, keyVault } = stores();
    await put(vault, 'shop/extra', '{"a":"1"}');
    await put(vault, 'shop/payment', '{"PROVIDER":"bank"}');
    const { secrets: planned, undeclared } = await plan(vault, keyVault, false);
    assert.deepEqual([told(planned), undeclared], [[], ['shop/extra']]);
    const migration = migrationOf(vault, keyVault);
    const names: string[] = [];
    const { applied } = await moveSecrets(secrets, secrets, migration, () => true, {
      onApplied: ({ planned: { to } }) => names.push(to.name),
    });
    assert.deepEqual(names, ['shop-payment', 'shop-extra']);
    assert.deepEqual(
      applied.map(({ outcome }) => outcome.kind),
      ['written', 'written'],
    );
  });

  it('nobody knows of any where the source may not be listed', async () => {
    const { vault } = stores((operation) => operation === 'list');
    await put(vault, 'shop/extra', '{"a":"1"}');
    const { secrets: planned, undeclared } = await plan(vault, stores().keyVault);
    assert.deepEqual([told(planned), undeclared, planned.length], [[], undefined, secrets.length]);
  });
});
