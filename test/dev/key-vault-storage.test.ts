/** What is in the storage is all there is: a server that starts again on it answers the same, and so does one that was killed between two writes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryStorage, StateError } from '../../src/dev/storage.ts';
import type { Storage } from '../../src/dev/storage.ts';
import { createTestVault, errorOf } from './key-vault-fixture.ts';
import type { Ask, TestVault } from './key-vault-fixture.ts';
import { VaultSecrets } from '../../src/dev/key-vault/vault-secrets.ts';

/** Keeps what JSON keeps, as a file would. Fails at the write of that number and at all after it. */
function createFailingStorage(kept: Storage, writes: number): Storage {
  let left = writes;
  const write = (action: () => void): void => {
    if (left-- <= 0) throw new Error('killed');
    action();
  };
  return {
    ...kept,
    put: (key, value) => write(() => kept.put(key, JSON.parse(JSON.stringify(value)) as object)),
    delete: (key) => write(() => kept.delete(key)),
  };
}

const set = (value: string): Ask => ({ method: 'PUT', path: '/secrets/a', body: { value } });
const del: Ask = { method: 'DELETE', path: '/secrets/a' };
const purge: Ask = { method: 'DELETE', path: '/deletedsecrets/a' };
const recover: Ask = { method: 'POST', path: '/deletedsecrets/a/recover' };

/** Latest value, how many versions, and whether the secret is deleted; that each can be read goes without saying. */
function look({ ask }: TestVault): string {
  const live = ask({ path: '/secrets/a' });
  const deleted = ask({ path: '/deletedsecrets/a' });
  const listed = ['/secrets', '/deletedsecrets'].map((path) => (ask({ path }).json.value as unknown[]).length);
  assert.deepEqual(
    listed,
    [live, deleted].map(({ status }) => (status === 200 ? 1 : 0)),
  );
  if (deleted.status === 200) return 'deleted';
  if (live.status !== 200) return errorOf(live);
  return `${live.json.value as string} of ${(ask({ path: '/secrets/a/versions' }).json.value as unknown[]).length}`;
}

describe('a server that starts again', () => {
  it('knows all that was acknowledged', () => {
    const storage = createMemoryStorage();
    const before = createTestVault({ storage: createFailingStorage(storage, Infinity) });
    for (const value of ['1', '2']) before.ask(set(value));
    const blob = before.ask({ method: 'POST', path: '/secrets/a/backup' }).json.value;
    const after = createTestVault({ storage });
    assert.equal(look(after), '2 of 2');
    assert.deepEqual(after.ask({ path: '/secrets/a' }).json, before.ask({ path: '/secrets/a' }).json);
    after.ask(del);
    const third = createTestVault({ storage });
    assert.equal(look(third), 'deleted');
    assert.equal(third.ask(purge).status, 204);
    assert.equal(third.ask({ method: 'POST', path: '/secrets/restore', body: { value: blob } }).status, 200);
    assert.equal(look(createTestVault({ storage })), '2 of 2');
  });

  /** What is allowed after a crash at each of the writes: what was before, and what would have been after. */
  const changes: readonly (readonly [string, readonly Ask[], Ask, readonly string[]])[] = [
    ['the first set', [], set('1'), ['404 SecretNotFound', '404 SecretNotFound', '1 of 1']],
    ['another set', [set('1')], set('2'), ['1 of 1', '1 of 2', '2 of 2']],
    ['a deletion', [set('1')], del, ['1 of 1', 'deleted']],
    ['a recovery', [set('1'), del], recover, ['deleted', '1 of 1']],
    [
      'a purge',
      [set('1'), set('2'), del],
      purge,
      ['deleted', '404 SecretNotFound', '404 SecretNotFound', '404 SecretNotFound'],
    ],
  ];
  for (const [name, earlier, change, expected] of changes)
    it(`after a crash in the middle of ${name} has the state before it or after it`, () => {
      const seen = expected.map((_, writes) => {
        const kept = createMemoryStorage();
        const healthy = createTestVault({ storage: createFailingStorage(kept, Infinity) });
        for (const asked of earlier) assert.ok(healthy.ask(asked).status < 300);
        const killed = createTestVault({ storage: createFailingStorage(kept, writes) });
        const last = writes === expected.length - 1;
        if (last) assert.ok(killed.ask(change).status < 300);
        else assert.throws(() => killed.ask(change), /killed/);
        const restarted = createTestVault({ storage: kept });
        const state = look(restarted);
        // A name that is free has nothing of what it was before.
        if (state.startsWith('404')) {
          restarted.ask(set('new'));
          assert.equal(look(restarted), 'new of 1');
        }
        return state;
      });
      assert.deepEqual(seen, expected);
    });
});

it('a list knows only what is on it, so that its pages cost what they show', () => {
  const secrets = new VaultSecrets(createMemoryStorage(), '', { retentionMs: 1, deletionLagMs: 0, recoveryLagMs: 0 });
  const secret = { name: 'a', incarnation: 'i', latest: 'v' };
  const sizes = (): number[] => [secrets.live.size, secrets.deleted.size];
  secrets.putHeader(secret);
  assert.deepEqual(sizes(), [1, 0]);
  secrets.putHeader({ ...secret, deletedAtMs: 0 });
  assert.deepEqual(sizes(), [0, 1]);
  assert.equal(secrets.find('A', 1), undefined);
  assert.deepEqual(sizes(), [0, 0]);
});

/** A disk that is full at the end of a transaction: what was changed in it is taken back. */
function createFullStorage(): Storage & { full: boolean } {
  const kept = createMemoryStorage();
  let undo: (() => void)[] = [];
  const remember = (key: string): void => {
    const before = kept.get(key) as object | undefined;
    undo.unshift(() => (before === undefined ? kept.delete(key) : kept.put(key, before)));
  };
  return {
    ...kept,
    full: false,
    put: (key, value) => {
      remember(key);
      kept.put(key, value);
    },
    delete: (key) => {
      remember(key);
      kept.delete(key);
    },
    transaction<T>(work: () => T): T {
      undo = [];
      const result = work();
      if (!this.full) return result;
      undo.forEach((step) => step());
      throw new StateError('the disk is full', 'Make room.');
    },
  };
}

describe('a change that could not be kept', () => {
  for (const [name, change, before] of [
    ['a new secret', set('1'), []],
    ['a new version', set('2'), [set('1')]],
    ['a deletion', del, [set('1')]],
    ['a recovery', recover, [set('1'), del]],
    ['a purge', purge, [set('1'), del]],
  ] as const)
    it(`leaves no trace on the lists: ${name}`, () => {
      const storage = createFullStorage();
      const vault = createTestVault({ storage });
      before.forEach((asked) => vault.ask(asked));
      const seen = look(vault);
      storage.full = true;
      assert.throws(() => vault.ask(change), StateError);
      storage.full = false;
      assert.equal(look(vault), seen);
    });
});
