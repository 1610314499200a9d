import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { openSqliteStorage } from '../../src/dev/state/sqlite-storage.ts';
import type { SqliteStorage } from '../../src/dev/state/sqlite-storage.ts';
import { readStateKey } from '../../src/dev/state/state-key.ts';
import { below, createMemoryStorage, StateError } from '../../src/dev/storage.ts';
import type { Storage } from '../../src/dev/storage.ts';

const key = randomBytes(32);

function newFile(test: TestContext): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-state-'));
  test.after(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'state.db');
}

function open(file: string): SqliteStorage {
  return openSqliteStorage(file, () => key);
}

function within<T>(file: string, work: (storage: SqliteStorage) => T): T {
  const storage = open(file);
  try {
    return work(storage);
  } finally {
    storage.close();
  }
}

function contents(storage: Storage, folder = ''): Record<string, unknown> {
  return Object.assign(
    {},
    ...storage
      .list(folder)
      .map((name) =>
        name.endsWith('/') ? contents(storage, folder + name) : { [folder + name]: storage.get(folder + name) },
      ),
  ) as Record<string, unknown>;
}

/** Everything that lies beside the state, but for its key. */
function bytesOf(file: string): string {
  return readdirSync(path.dirname(file))
    .filter((name) => !name.endsWith('.key'))
    .map((name) => readFileSync(path.join(path.dirname(file), name), 'latin1'))
    .join();
}

function refused(says: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof StateError && says.test(error.message) && error.hint !== '';
}

type Step =
  | { readonly do: 'put'; readonly key: string; readonly value: object }
  | { readonly do: 'delete'; readonly key: string };

const keys = fc.constantFrom('a', 'a/b', 'a/b/c', 'b/c', 'b/ü/\u{1f511}', 'c');
const values = fc.oneof(
  fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { maxKeys: 3 }),
  fc.array(fc.nat()),
);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('put' as const),
      key: keys,
      value: values.map((value) => JSON.parse(JSON.stringify(value)) as object),
    }),
    fc.record({ do: fc.constant('delete' as const), key: keys }),
  ),
  { maxLength: 6 },
);

function apply(storage: Storage, all: readonly Step[]): void {
  for (const step of all)
    if (step.do === 'put') storage.put(step.key, step.value);
    else storage.delete(step.key);
}

class Thrown extends Error {}

describe('the state in a file', () => {
  it('is what a storage in memory would be, also after it was opened again, without what a failed transaction did', (test) => {
    const rounds = fc.array(fc.record({ steps, fails: fc.boolean(), single: fc.boolean(), reopens: fc.boolean() }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(rounds, (all) => {
        const file = newFile(test);
        const model = createMemoryStorage();
        let storage = open(file);
        for (const { steps: of, fails, single, reopens } of all) {
          const work = (): void => {
            apply(storage, of);
            if (fails) throw new Thrown();
          };
          if (single) apply(storage, of);
          else if (fails) assert.throws(() => storage.transaction(work), Thrown);
          else storage.transaction(() => storage.transaction(work));
          if (single || !fails) apply(model, of);
          assert.deepEqual(contents(storage), contents(model));
          if (!reopens) continue;
          storage.close();
          storage = open(file);
          assert.deepEqual(contents(storage), contents(model));
        }
        storage.close();
      }),
      { numRuns: 60 },
    );
  });

  it('gives each server its own part', (test) => {
    within(newFile(test), (storage) => {
      const [one, other] = [below(storage, 'one/'), below(storage, 'other/')];
      one.transaction(() => one.put('a/b', { of: 'one' }));
      other.put('a/b', { of: 'other' });
      other.delete('a/b');
      assert.deepEqual(
        [one.get('a/b'), one.list(''), one.list('a/'), other.list('')],
        [{ of: 'one' }, ['a/'], ['b'], []],
      );
    });
  });

  it('is readable for its owner alone', { skip: process.platform === 'win32' && 'has no modes' }, (test) => {
    const file = newFile(test);
    within(file, (storage) => {
      storage.put('a', {});
      const modes = readdirSync(path.dirname(file)).map(
        (name) => statSync(path.join(path.dirname(file), name)).mode & 0o777,
      );
      assert.deepEqual(modes, [0o600, 0o600]);
    });
  });

  it('shows neither names nor values, while it is open and afterwards', (test) => {
    const file = newFile(test);
    within(file, (storage) => {
      storage.put('token/id/canary-token', { value: 'canary-value', more: 'x'.repeat(10_000) });
      assert.doesNotMatch(bytesOf(file), /canary|token|xxxx/);
      storage.put('token/id/canary-token', { value: 'canary-value' });
    });
    assert.doesNotMatch(bytesOf(file), /canary|token|xxxx/);
    assert.match(bytesOf(file), /SQLite format 3/);
  });

  it('is not opened with another key, and left as it is', (test) => {
    const file = newFile(test);
    within(file, (storage) => storage.put('a', { b: 1 }));
    const before = bytesOf(file);
    assert.throws(() => openSqliteStorage(file, () => randomBytes(32)), refused(/was encrypted with another key$/));
    assert.equal(bytesOf(file), before);
    assert.deepEqual(within(file, contents), { a: { b: 1 } });
  });

  it('is opened once at a time', (test) => {
    const file = newFile(test);
    within(file, () => assert.throws(() => open(file), refused(/^another process uses .*state\.db$/)));
    within(file, (storage) => storage.put('a', {}));
  });

  const spoilt: Record<string, [sql: string, says: RegExp]> = {
    'rows that have changed places': [
      'CREATE TABLE t AS SELECT * FROM entry WHERE name <> (SELECT min(name) FROM entry); UPDATE entry SET sealed = (SELECT sealed FROM t WHERE t.name <> entry.name LIMIT 1); DROP TABLE t',
      /is damaged$/,
    ],
    'a changed byte': ["UPDATE entry SET sealed = CAST(sealed || x'00' AS BLOB)", /is damaged$/],
    'a row cut short': ["UPDATE entry SET sealed = x'00'", /is damaged$/],
    'another format': ['PRAGMA user_version = 2', /has the format 2; this Lockstep reads format 1$/],
    'another application': ['PRAGMA application_id = 1', /is not a state of the embedded servers$/],
  };
  for (const [name, [sql, says]] of Object.entries(spoilt))
    it(`refuses ${name}, and leaves the file as it is`, (test) => {
      const file = newFile(test);
      within(file, (storage) => ['a', 'b', 'c'].forEach((one) => storage.put(one, { one })));
      const database = new DatabaseSync(file);
      database.exec(sql);
      database.close();
      const before = bytesOf(file);
      assert.throws(() => open(file), refused(says));
      assert.equal(bytesOf(file), before);
    });

  it('refuses what is something else, and leaves it as it is', (test) => {
    const file = newFile(test);
    writeFileSync(file, 'canary: a text of somebody\n'.repeat(100));
    assert.throws(() => open(file), refused(/is not a state of the embedded servers$/));
    assert.equal(readFileSync(file, 'utf8'), 'canary: a text of somebody\n'.repeat(100));
    const other = newFile(test);
    const database = new DatabaseSync(other);
    database.exec('CREATE TABLE mine (a)');
    database.close();
    const before = bytesOf(other);
    assert.throws(() => open(other), refused(/is not a state/));
    assert.equal(bytesOf(other), before);
    assert.throws(() => open(path.dirname(other)), refused(/could not be opened$/));
  });
});

describe('the key of the state', () => {
  it('is made once, in a file of its own', (test) => {
    const file = newFile(test);
    const made = readStateKey(file, undefined, true);
    assert.equal(made.length, 32);
    assert.equal(statSync(file).mode & 0o077, 0);
    assert.deepEqual(readStateKey(file, undefined, true), made);
    assert.deepEqual(readStateKey(file, undefined, false), made);
    assert.notDeepEqual(readStateKey(newFile(test), undefined, true), made);
  });

  it('is not made where the state has one already', (test) => {
    const file = newFile(test);
    assert.throws(() => readStateKey(file, undefined, false), refused(/the key of the state, is not there$/));
    assert.deepEqual(readdirSync(path.dirname(file)), []);
  });

  it('can be given, and is not quoted where it is wrong', (test) => {
    const file = newFile(test);
    assert.deepEqual(readStateKey(file, key.toString('base64'), false), key);
    for (const wrong of ['', 'canary', randomBytes(31).toString('base64'), `${key.toString('base64')}AAAA`])
      assert.throws(
        () => readStateKey(file, wrong, true),
        (error) => error instanceof StateError && error.message === 'LOCKSTEP_DEV_STATE_KEY does not hold a key',
      );
    writeFileSync(file, 'canary');
    assert.throws(() => readStateKey(file, undefined, true), refused(/state\.db does not hold a key$/));
  });
});
