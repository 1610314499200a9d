/** Every key below a folder with its newest version, several requests at a time: KV v2 lists one folder at a time, and names only. */
import { parseKeys } from './vault-answers.ts';
import { finalFault } from './vault-fault.ts';
import type { VaultFault } from './vault-fault.ts';
import type { KeyFound, VaultKeys } from './vault-keys.ts';
import { refusal } from './vault-keys.ts';
import { workOff } from './work-off.ts';

export type ListedKey = {
  readonly name: string;
  readonly key: Extract<KeyFound, { newest: unknown }>;
};

export type ListingOptions = {
  /** Only names that start so. */
  readonly prefix: string;
  /** How many requests are under way at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
};

/**
 * Needs list and read on metadata/.
 *
 * @throws {VaultFault} where a folder or a key may not be seen: an incomplete listing would show it as missing
 */
export function listKeys(keys: VaultKeys, options: ListingOptions): AsyncGenerator<ListedKey> {
  return walk(keys, options, async (name, stop) => {
    const key = await keys.readKey(name, stop);
    if (key.kind === 'forbidden') throw hidden(name, 'read');
    return key.kind === 'missing' ? [] : [{ name, key }];
  });
}

/**
 * The names alone, those of deleted secrets among them. Needs list on metadata/.
 *
 * @throws {VaultFault} where a folder may not be seen
 */
export function listNames(keys: VaultKeys, options: ListingOptions): AsyncGenerator<string> {
  return walk(keys, options);
}

function walk<Found>(
  keys: VaultKeys,
  { prefix, concurrency, signal }: ListingOptions,
  find: (name: string, stop: AbortSignal) => Promise<readonly Found[]>,
): AsyncGenerator<Found>;
function walk(keys: VaultKeys, options: ListingOptions): AsyncGenerator<string>;
function walk<Found>(
  keys: VaultKeys,
  { prefix, concurrency, signal }: ListingOptions,
  find?: (name: string, stop: AbortSignal) => Promise<readonly Found[]>,
): AsyncGenerator<Found | string> {
  // A name can be a key and a folder: `a` and `a/`.
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  return workOff<string, Found | string>([folder], concurrency, signal, async (path, stop) => {
    if (find !== undefined && !isFolder(path)) return { found: await find(path, stop), more: [] };
    const answer = await keys.list(path, stop);
    // An empty folder is a 404.
    if (answer.status === 404) return { found: [], more: [] };
    if (answer.status === 403) throw hidden(path, 'list');
    if (answer.status !== 200) throw refusal(answer);
    const paths = parseKeys(answer.text).map((key) => path + key);
    const wanted = prefix === '' ? paths : paths.filter((one) => one.startsWith(prefix));
    if (find !== undefined) return { found: [], more: wanted };
    return { found: wanted.filter((one) => !isFolder(one)), more: wanted.filter(isFolder) };
  });
}

/** The mount itself is ''. */
function isFolder(path: string): boolean {
  return path === '' || path.endsWith('/');
}

function hidden(path: string, capability: 'list' | 'read'): VaultFault {
  return finalFault(
    `it may not ${capability} metadata/${path}`,
    `Ask for a policy with "${capability}" on metadata/${path} of this mount.`,
  );
}
