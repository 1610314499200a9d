/** The one SQLite file that a state lies in: opened for this process alone, known by its format, written in transactions. */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { StateError } from '../storage.ts';
import type { Row } from './entry-cipher.ts';

/** `LKST`: by this a state is told from any other SQLite file. */
const applicationId = 0x4c4b5354;
/** Raised when what is in the file, or how it is encrypted, changes. */
const format = 1;

/** SQLite's primary result codes that have a message of their own. */
const codes = { busy: 5, readOnly: 8, full: 13, cannotOpen: 14, noDatabase: 26 } as const;

export class SqliteFile {
  readonly #file: string;
  readonly #database: DatabaseSync;
  /** Whether it was empty: `begin` must be called before anything is put. */
  readonly isNew: boolean;
  #put: StatementSync | undefined;
  #delete: StatementSync | undefined;

  /** Writes nothing to a file that is not a state of this format. @throws StateError */
  constructor(file: string) {
    this.#file = file;
    this.#database = open(file);
    try {
      this.isNew = this.#identify();
      // NORMAL: what is acknowledged survives the end of this process, whatever ends it. FULL would also survive a power failure, and a write
      // would wait for the disk each time: docs/decisions/008-state-of-the-embedded-servers.md.
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    } catch (error) {
      this.#database.close();
      throw error instanceof StateError ? error : this.#translate(error, 'could not be opened');
    }
  }

  /** Makes the tables of a new file, and puts the first row. */
  begin(first: Row): void {
    this.#inTransaction(() => {
      this.#database.exec(
        `CREATE TABLE entry (name BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
         PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${format}`,
      );
      this.#run('put', [first.name, first.sealed]);
    });
  }

  rows(): Iterable<Row> {
    return this.#database.prepare('SELECT name, sealed FROM entry').iterate() as Iterable<unknown> as Iterable<Row>;
  }

  row(name: Uint8Array): Row | undefined {
    return this.#database.prepare('SELECT name, sealed FROM entry WHERE name = ?').get(name) as unknown as
      Row | undefined;
  }

  /** All of it or nothing. @throws StateError */
  write(puts: readonly Row[], deletes: readonly Uint8Array[]): void {
    this.#inTransaction(() => {
      for (const { name, sealed } of puts) this.#run('put', [name, sealed]);
      for (const name of deletes) this.#run('delete', [name]);
    });
  }

  close(): void {
    this.#database.close();
  }

  #run(what: 'put' | 'delete', values: SQLInputValue[]): void {
    if (what === 'put') {
      this.#put ??= this.#database.prepare(
        'INSERT INTO entry (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed',
      );
      this.#put.run(...values);
    } else {
      this.#delete ??= this.#database.prepare('DELETE FROM entry WHERE name = ?');
      this.#delete.run(...values);
    }
  }

  #inTransaction(work: () => void): void {
    try {
      this.#database.exec('BEGIN');
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      // A full disk has rolled it back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw this.#translate(error, 'could not be written');
    }
  }

  #identify(): boolean {
    // The lock is kept until the process ends; it is the operating system's, so it goes with a killed process too.
    this.#database.exec('PRAGMA locking_mode = EXCLUSIVE');
    const number = (pragma: string): unknown =>
      Object.values(this.#database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0];
    const id = number('application_id');
    const tables = this.#database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'];
    if (id === 0 && tables === 0) return true;
    if (id !== applicationId) throw this.#noState();
    const version = number('user_version');
    if (version !== format)
      throw new StateError(
        `${this.#file} has the format ${String(version)}; this Lockstep reads format ${format}`,
        'Use the Lockstep that wrote it, or another file.',
      );
    return false;
  }

  #noState(cause?: unknown): StateError {
    return new StateError(
      `${this.#file} is not a state of the embedded servers`,
      'It was left as it is. Choose another file.',
      cause,
    );
  }

  #translate(error: unknown, what: string): StateError {
    switch (((error as { errcode?: number }).errcode ?? 0) & 0xff) {
      case codes.busy:
        return new StateError(`another process uses ${this.#file}`, 'End it, or choose another file.', error);
      case codes.noDatabase:
        return this.#noState(error);
      case codes.full:
        return new StateError(`${this.#file} ${what}: the disk is full`, 'Nothing of it was kept. Make room.', error);
      case codes.readOnly:
      case codes.cannotOpen:
        return new StateError(`${this.#file} ${what}`, 'It and its folder must be writable.', error);
      default:
        return new StateError(`${this.#file} ${what}`, 'It may be damaged, or its disk. Choose another file.', error);
    }
  }
}

function open(file: string): DatabaseSync {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    // SQLite would make it readable for everybody; its journal is given the same rights.
    closeSync(openSync(file, 'a', 0o600));
    return new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw new StateError(`${file} could not be opened`, 'It and its folder must be writable.', error);
  }
}
