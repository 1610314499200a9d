/** Which names a store has, as far as it may be listed. */
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import type { StoreSide } from './migration.ts';

/**
 * Those that the catalog does not know.
 *
 * @param declared all of the catalog, of whichever store
 * @returns undefined where it may not list: that is no reason not to move what it may read
 * @throws {StoreError} `signal.reason`
 */
export async function undeclaredNames(
  side: StoreSide,
  declared: readonly Secret[],
  signal: AbortSignal | undefined,
): Promise<string[] | undefined> {
  const fold = folding(side);
  const known = new Set(declared.map((secret) => fold(remoteKey({ ...secret, store: side.store }))));
  try {
    const names: string[] = [];
    for await (const name of side.client.names({ signal })) if (!known.has(fold(name))) names.push(name);
    return names;
  } catch (error) {
    if (signal?.aborted === true || !(error instanceof Error) || error.name !== 'StoreError') throw error;
    return undefined;
  }
}

function folding({ capabilities }: Pick<StoreSide, 'capabilities'>): (name: string) => string {
  return capabilities.foldsCase ? (name) => name.toLowerCase() : (name) => name;
}

/**
 * Names that a store does not have, known as soon as its listing has ended: it runs beside the reads, and spares those that would find nothing.
 * A hint only: whoever writes says what must be there.
 */
export class AbsentNames {
  readonly #fold: (name: string) => string;
  readonly #stop = new AbortController();
  readonly #listed: Promise<void>;
  #known: Set<string> | undefined;

  constructor(side: StoreSide) {
    this.#fold = folding(side);
    this.#listed = this.#list(side).catch(() => undefined);
  }

  has(name: string): boolean {
    return this.#known?.has(this.#fold(name)) === false;
  }

  /** Whoever needs it no more ends it. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#listed;
  }

  async #list(side: StoreSide): Promise<void> {
    const { signal } = this.#stop;
    const known = new Set<string>();
    const deleted = async (): Promise<void> => {
      // Where only a version is deleted, the name is among the others.
      if (side.capabilities.deletes !== 'secret') return;
      for await (const { name } of side.client.listDeleted({ signal })) known.add(this.#fold(name));
    };
    const names = async (): Promise<void> => {
      for await (const name of side.client.names({ signal })) known.add(this.#fold(name));
    };
    // Deleted ones first: one that is recovered meanwhile is then seen here or there.
    await deleted();
    await names();
    this.#known = known;
  }
}
