import { PlatformError } from '../model/problem.ts';

/**
 * Where everything that an embedded server keeps lives: Vault's own shape of it (sdk/physical, `get`, `put`, `delete`, `list`), so that a file can
 * take the place of memory. Values are plain data, which JSON can hold; a change counts once it is put. Atomicity: every operation of the
 * server runs from its first read to its last write without a pause, so that no other can come between; what it puts counts together once it
 * is inside a transaction.
 */
export type Storage = {
  get(key: string): unknown;
  put(key: string, value: object): void;
  delete(key: string): void;
  /** @param prefix '' or ending in `/` @returns the names right below it, sorted by their bytes, those that go deeper ending in `/` */
  list(prefix: string): readonly string[];
  /**
   * What `work` puts and deletes before it returns is kept together or not at all, also when the process is killed; where it throws, a storage
   * that outlives the process keeps nothing of it. One inside another is part of it. What follows a promise that it returns is not.
   *
   * @throws what `work` throws; StateError where it could not be kept
   */
  transaction<T>(work: () => T): T;
};

/** The state could not be opened, or not be kept. Neither message nor hint quotes anything that is kept. */
export class StateError extends PlatformError {
  constructor(message: string, hint: string, cause?: unknown) {
    super('STATE', message, hint, cause);
  }
}

/** One folder knows its children, so that a list costs what it returns, however much is kept beside it. */
export function createMemoryStorage(): Storage {
  const values = new Map<string, object>();
  const folders = new Map<string, Set<string>>();
  return {
    get: (key) => values.get(key),
    put: (key, value) => {
      if (!values.has(key)) addName(folders, key);
      values.set(key, value);
    },
    delete: (key) => {
      if (values.delete(key)) removeName(folders, key);
    },
    list: (prefix) => [...(folders.get(prefix) ?? [])].toSorted(compareBytes),
    transaction: (work) => work(),
  };
}

/**
 * A part of a storage, which knows nothing of the rest: so several servers keep their state in one file.
 * @param prefix ending in `/`
 */
export function below(storage: Storage, prefix: string): Storage {
  return {
    get: (key) => storage.get(prefix + key),
    put: (key, value) => storage.put(prefix + key, value),
    delete: (key) => storage.delete(prefix + key),
    list: (folder) => storage.list(prefix + folder),
    transaction: (work) => storage.transaction(work),
  };
}

/** @param prefix ending in `/` */
export function deleteBelow(storage: Storage, prefix: string): void {
  for (const name of storage.list(prefix))
    if (name.endsWith('/')) deleteBelow(storage, prefix + name);
    else storage.delete(prefix + name);
}

function addName(folders: Map<string, Set<string>>, key: string): void {
  for (let end = key.length; end > 0;) {
    const { folder, name, next } = split(key, end);
    const names = folders.get(folder);
    if (names !== undefined) {
      names.add(name);
      return;
    }
    folders.set(folder, new Set([name]));
    end = next;
  }
}

function removeName(folders: Map<string, Set<string>>, key: string): void {
  for (let end = key.length; end > 0;) {
    const { folder, name, next } = split(key, end);
    const names = folders.get(folder);
    names?.delete(name);
    if (names === undefined || names.size > 0) return;
    folders.delete(folder);
    end = next;
  }
}

/** @param end where the name ends, its own closing `/` included */
function split(key: string, end: number): { folder: string; name: string; next: number } {
  const slash = key.lastIndexOf('/', end - 2);
  return { folder: key.slice(0, slash + 1), name: key.slice(slash + 1, end), next: slash + 1 };
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
