/** Soft deletion: the way of a secret from one list to the other and back, or out; and backups, which go round it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backup, createTestVault, del, errorOf, purge, recover, restore, set, startS } from './key-vault-fixture.ts';
import type { Answer, Json, TestVault } from './key-vault-fixture.ts';

const base = 'https://contoso.vault.azure.net';
const dayMs = 86_400_000;
const attributes = {
  enabled: true,
  created: startS,
  updated: startS,
  recoveryLevel: 'Recoverable+Purgeable',
  recoverableDays: 90,
};

const versionOf = ({ json }: Answer): string => json.id?.split('/')[5] ?? '';

describe('deletion', () => {
  const deletedShape = (json: Json, seconds: number): object => ({
    recoveryId: `${base}/deletedsecrets/a`,
    deletedDate: startS + seconds,
    scheduledPurgeDate: startS + seconds + 90 * 86_400,
    id: json.id,
    attributes,
  });

  it('takes the secret from the one list to the other, and recovery brings all versions back', () => {
    const { ask, clock } = createTestVault();
    const first = versionOf(ask(set('a')));
    const { value: _, ...second } = ask(set('a', { value: 'w' })).json;
    clock.ms += 5000;
    const deleted = ask(del('A'));
    assert.deepEqual([deleted.status, deleted.json], [200, deletedShape(second, 5)]);
    assert.deepEqual(ask({ path: '/deletedsecrets/a' }).json, deleted.json);
    const gone = [
      ask({ path: '/secrets/a' }),
      ask(del('a')),
      ask(backup('a')),
      ask({ method: 'PATCH', path: '/secrets/a', body: {} }),
    ];
    assert.deepEqual(
      gone.map(errorOf),
      gone.map(() => '404 SecretNotFound'),
    );
    assert.deepEqual(ask({ path: '/secrets' }).json.value, []);
    const item = { ...deletedShape(second, 5), id: `${base}/secrets/a` };
    assert.deepEqual(ask({ path: '/deletedsecrets' }).json.value, [item]);
    const recovered = ask(recover('a'));
    assert.deepEqual([recovered.status, recovered.json], [200, second]);
    assert.equal(ask({ path: `/secrets/a/${first}` }).json.value, 'v');
    const again = ask(recover('a'));
    assert.equal(errorOf(again), '404 SecretNotFound');
    assert.match(again.json.error?.message ?? '', /^A secret with \(name\/id\) a was not found/);
  });
  it('keeps the name from being used', () => {
    const { ask } = createTestVault();
    ask(set('a'));
    const { value } = ask(backup('a')).json;
    ask(del('a'));
    const refused = ask(set('a'));
    assert.equal(errorOf(refused), '409 Conflict ObjectIsDeletedButRecoverable');
    assert.equal(
      refused.json.error?.message,
      'Secret a is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.',
    );
    assert.equal(errorOf(ask(restore(value))), '409 Conflict ObjectIsDeletedButRecoverable');
  });
  it('ends with a purge, after which nothing of it is left', () => {
    const { ask } = createTestVault();
    const old = versionOf(ask(set('a')));
    ask(del('a'));
    const purged = ask(purge('a'));
    assert.deepEqual([purged.status, purged.text, purged.headers['Content-Type']], [204, '', undefined]);
    assert.equal(ask(purge('a')).json.error?.message, 'Deleted Secret not found: a');
    ask(set('a'));
    assert.equal(errorOf(ask({ path: `/secrets/a/${old}` })), '404 SecretNotFound');
    assert.equal((ask({ path: '/secrets/a/versions' }).json.value as []).length, 1);
  });
  it('ends by itself after the retention, to the second', () => {
    const { ask, clock } = createTestVault({ vault: { retentionDays: 7 } });
    for (const name of ['a', 'b']) ask(set(name));
    for (const name of ['a', 'b']) ask(del(name));
    clock.ms += 7 * dayMs - 1;
    assert.equal(ask({ path: '/deletedsecrets/a' }).status, 200);
    clock.ms += 1;
    assert.deepEqual(ask({ path: '/deletedsecrets' }).json, { value: [], nextLink: null });
    assert.equal(ask(recover('a')).status, 404);
    assert.equal(ask(set('b')).status, 200);
  });
  it('cannot end where the vault is protected from it', () => {
    const { ask } = createTestVault({ vault: { purgeProtection: true, retentionDays: 30 } });
    ask(set('a'));
    assert.equal(ask(del('a')).json.attributes?.['recoveryLevel'], 'CustomizedRecoverable');
    const refused = ask(purge('a'));
    assert.equal(errorOf(refused), '403 Forbidden');
    assert.match(
      refused.json.error?.message ?? '',
      /^Operation "purge" is not allowed because purge protection is enabled/,
    );
    assert.equal(ask(recover('a')).status, 200);
  });
  for (const [retentionDays, purgeProtection, level] of [
    [90, false, 'Recoverable+Purgeable'],
    [90, true, 'Recoverable'],
    [7, false, 'CustomizedRecoverable+Purgeable'],
    [89, true, 'CustomizedRecoverable'],
  ] as const)
    it(`after ${retentionDays} days${purgeProtection ? ' and not before' : ''} is ${level}`, () => {
      const { ask } = createTestVault({ vault: { retentionDays, purgeProtection } });
      const { recoveryLevel, recoverableDays } = ask(set('a')).json.attributes ?? {};
      assert.deepEqual([recoveryLevel, recoverableDays], [level, retentionDays]);
    });

  describe('that takes time', () => {
    const start = (): TestVault => createTestVault({ vault: { deletionLagMs: 10_000, recoveryLagMs: 5000 } });
    const both = ({ ask }: TestVault): string[] =>
      ['/secrets/a', '/deletedsecrets/a'].map((path) => errorOf(ask({ path })));
    const missing = '404 SecretNotFound';

    it('is on neither side, and can be neither used, recovered nor purged', () => {
      const vault = start();
      const { ask, clock } = vault;
      ask(set('a'));
      assert.equal(ask(del('a')).status, 200);
      clock.ms += 9999;
      assert.deepEqual(both(vault), [missing, missing]);
      const asked = [set('a'), recover('a'), purge('a'), del('a')].map((one) => errorOf(ask(one)));
      const refusal = '409 Conflict ObjectIsBeingDeleted';
      assert.deepEqual(asked, [refusal, refusal, refusal, missing]);
      assert.deepEqual(
        ['secrets', 'deletedsecrets'].map((list) => ask({ path: `/${list}` }).json.value),
        [[], []],
      );
      clock.ms += 1;
      assert.deepEqual(both(vault), [missing, '200']);
    });
    it('and so is recovery', () => {
      const vault = start();
      const { ask, clock } = vault;
      ask(set('a'));
      ask(del('a'));
      clock.ms += 10_000;
      assert.equal(ask(recover('a')).status, 200);
      clock.ms += 4999;
      assert.deepEqual(both(vault), [missing, missing]);
      const asked = [set('a'), del('a'), recover('a')].map((one) => errorOf(ask(one)));
      assert.deepEqual(asked, ['409 Conflict ObjectIsBeingRecovered', '409 Conflict ObjectIsBeingRecovered', missing]);
      assert.deepEqual(ask({ path: '/secrets' }).json.value, []);
      clock.ms += 1;
      assert.deepEqual(both(vault), ['200', missing]);
      assert.equal(ask(del('a')).status, 200);
    });
  });
});

describe('backup', () => {
  it('shows nothing, and brings all versions into any vault of the server', () => {
    const { ask } = createTestVault();
    const first = ask(set('a', { value: 'canary-1', tags: { t: 'canary-2' } }));
    const second = ask(set('a', { value: 'canary-3' }));
    const blob = ask(backup('a')).json.value as string;
    assert.match(blob, /^[\w-]+$/);
    assert.ok(!Buffer.from(blob, 'base64url').toString('latin1').includes('canary'));
    const { status, json } = ask({ ...restore(blob), vault: 'OTHER' });
    assert.deepEqual([status, json.value], [200, undefined]);
    for (const { json: before } of [second, first]) {
      const path = (before.id ?? '').slice(base.length);
      const after = ask({ path, vault: 'other' }).json;
      assert.deepEqual(after, { ...before, id: `https://other.vault.azure.net${path}` });
    }
    assert.equal(ask({ path: '/secrets/a', vault: 'other' }).json.value, 'canary-3');
  });
  it('does not go over a name in use', () => {
    const { ask } = createTestVault();
    const id = ask(set('a')).json.id ?? '';
    const refused = ask(restore(ask(backup('a')).json.value));
    assert.equal(errorOf(refused), '409 Conflict');
    assert.ok(refused.json.error?.message.startsWith(`There was a conflict restoring the secret '${id}'.`));
  });
  it('is taken only whole, and only from this server', () => {
    const { ask } = createTestVault();
    ask(set('a'));
    const blob = ask(backup('a')).json.value as string;
    ask(del('a'));
    ask(purge('a'));
    const elsewhere = createTestVault();
    elsewhere.ask(set('a'));
    const broken = [
      '',
      'x',
      blob.slice(0, -2),
      `${blob.slice(0, 150)}${blob[150] === 'A' ? 'B' : 'A'}${blob.slice(151)}`,
    ];
    for (const value of [...broken, elsewhere.ask(backup('a')).json.value, 7, null]) {
      const refused = ask(restore(value));
      assert.equal(errorOf(refused), '400 BadParameter');
      assert.equal(refused.json.error?.message, 'Backup blob contains invalid or corrupt version.');
    }
    assert.equal(ask(restore(blob)).status, 200);
  });
  it('has at most 500 versions', () => {
    const { ask, core } = createTestVault();
    for (let count = 0; count < 500; count++) core.admin('contoso').set('a', { value: `${count}` });
    assert.equal(ask(backup('a')).status, 200);
    core.admin('contoso').set('a', { value: 'v' });
    assert.equal(errorOf(ask(backup('a'))), '400 BadParameter');
  });
});
