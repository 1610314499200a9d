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
  const { prefix, concurrency, signal } = options;
  // A name can be a key and a folder: `a` and `a/`.
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  return workOff<string, ListedKey>([folder], concurrency, signal, async (path, stop) => {
    if (path === '' || path.endsWith('/')) {
      const answer = await keys.list(path, stop);
      // An empty folder is a 404.
      if (answer.status === 404) return { found: [], more: [] };
      if (answer.status === 403) throw hidden(path, 'list');
      if (answer.status !== 200) throw refusal(answer);
      const paths = parseKeys(answer.text).map((key) => path + key);
      return { found: [], more: paths.filter((one) => one.startsWith(prefix)) };
    }
    const key = await keys.readKey(path, stop);
    if (key.kind === 'forbidden') throw hidden(path, 'read');
    return { found: key.kind === 'missing' ? [] : [{ name: path, key }], more: [] };
  });
}

function hidden(path: string, capability: 'list' | 'read'): VaultFault {
  return finalFault(
    `it may not ${capability} metadata/${path}`,
    `Ask for a policy with "${capability}" on metadata/${path} of this mount.`,
  );
}
