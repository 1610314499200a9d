/**
 * A Storage that outlives the process: everything is in memory, for reads, and every change is in the file before it counts. What an answer says
 * was written is written: a request is one transaction, which ends before its answer is sent.
 */
import type { Storage } from '../storage.ts';
import { createMemoryStorage, StateError } from '../storage.ts';
import { EntryCipher } from './entry-cipher.ts';
import { SqliteFile } from './sqlite-file.ts';

/** @property close gives the file back; the storage is of no use afterwards */
export type SqliteStorage = Storage & { close(): void };

/** Kept under a name that no server has, to tell a wrong key from a damaged file. */
const checkName = '';
const checkValue = 'the key fits';

/**
 * @param file is made where it is not there; one process at a time
 * @param readKey gives the 32 bytes that everything in it is encrypted with; asked once the file is this process's own, `isNew` where it is empty
 * @throws StateError where it is in use, no state, of another format, damaged, or not to be opened with this key; nothing was changed
 */
export function openSqliteStorage(file: string, readKey: (isNew: boolean) => Uint8Array): SqliteStorage {
  const sqlite = new SqliteFile(file);
  try {
    const cipher = new EntryCipher(readKey(sqlite.isNew));
    const memory = createMemoryStorage();
    if (sqlite.isNew) sqlite.begin(cipher.seal(checkName, checkValue));
    else load(sqlite, cipher, memory, file);
    return new WrittenThrough(memory, sqlite, cipher);
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function load(sqlite: SqliteFile, cipher: EntryCipher, memory: Storage, file: string): void {
  const check = sqlite.row(cipher.nameOf(checkName));
  if (check === undefined)
    throw new StateError(
      `${file} was encrypted with another key`,
      'It was left as it is. Give the key that it was made with, or choose another file.',
    );
  for (const row of sqlite.rows()) {
    const entry = cipher.open(row);
    if (entry === undefined) throw new StateError(`${file} is damaged`, 'It was left as it is. Choose another file.');
    if (entry.key !== checkName) memory.put(entry.key, entry.value as object);
  }
}

class WrittenThrough implements SqliteStorage {
  readonly #memory: Storage;
  readonly #sqlite: SqliteFile;
  readonly #cipher: EntryCipher;
  /** What this transaction has changed, as it was before; undefined where there is none. */
  #before: Map<string, object | undefined> | undefined;

  constructor(memory: Storage, sqlite: SqliteFile, cipher: EntryCipher) {
    this.#memory = memory;
    this.#sqlite = sqlite;
    this.#cipher = cipher;
  }

  get(key: string): unknown {
    return this.#memory.get(key);
  }

  list(prefix: string): readonly string[] {
    return this.#memory.list(prefix);
  }

  put(key: string, value: object): void {
    this.#change(key, () => this.#memory.put(key, value));
  }

  delete(key: string): void {
    this.#change(key, () => this.#memory.delete(key));
  }

  transaction<T>(work: () => T): T {
    if (this.#before !== undefined) return work();
    const before = new Map<string, object | undefined>();
    this.#before = before;
    try {
      const result = work();
      if (before.size > 0) this.#write([...before.keys()]);
      return result;
    } catch (error) {
      // Memory must not say what the file does not hold.
      for (const [key, value] of before)
        if (value === undefined) this.#memory.delete(key);
        else this.#memory.put(key, value);
      throw error;
    } finally {
      this.#before = undefined;
    }
  }

  close(): void {
    this.#sqlite.close();
  }

  #change(key: string, change: () => void): void {
    this.transaction(() => {
      if (this.#before?.has(key) === false) this.#before.set(key, this.#memory.get(key) as object | undefined);
      change();
    });
  }

  #write(keys: readonly string[]): void {
    const isKept = (key: string): boolean => this.#memory.get(key) !== undefined;
    this.#sqlite.write(
      keys.filter(isKept).map((key) => this.#cipher.seal(key, this.#memory.get(key))),
      keys.filter((key) => !isKept(key)).map((key) => this.#cipher.nameOf(key)),
    );
  }
}
