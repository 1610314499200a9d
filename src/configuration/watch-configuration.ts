/** Tells when somebody changed config/, once what was begun is ended. */
import type { FSWatcher } from 'node:fs';
import { existsSync, readdirSync, statSync, watch } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { modulesBelow } from './resident-modules.ts';

/** Between two looks at files that somebody may still be writing. */
const LOOK_EVERY_MS = 2;
/** How long a file may be away or empty before that is taken for what is meant: editors empty a file before they write it. */
const PATIENCE_MS = 250;

export type ConfigurationWatch = {
  /** @returns when the change was noticed (performance.now()); undefined once the watch is closed */
  readonly next: () => Promise<number | undefined>;
  readonly close: () => void;
};

/**
 * @param onNotice called at the first sign of a change, before it is ended: for what can be begun without knowing what it is
 * @throws what the operating system answers where it cannot watch the folder
 */
export function watchConfiguration(root: string, onNotice: () => void): ConfigurationWatch {
  const folder = path.join(root, 'config');
  let noticed: number | undefined;
  let isClosed = false;
  let wake = (): void => undefined;
  const notice = (): void => {
    if (noticed === undefined) onNotice();
    noticed ??= performance.now();
    wake();
  };
  // Each folder by itself: Node's recursive watch on Linux loses sight of a file that another was renamed to.
  const watchers = new Map<string, FSWatcher>();
  const follow = (): void => {
    const folders = foldersBelow(folder);
    for (const [of, watcher] of watchers)
      if (!folders.includes(of)) {
        watcher.close();
        watchers.delete(of);
      }
    for (const of of folders)
      if (!watchers.has(of)) {
        const watcher = watch(of, notice);
        watcher.on('error', notice);
        watchers.set(of, watcher);
      }
  };
  follow();
  let settled = lookAt(folder);
  return {
    next: async () => {
      while (!isClosed) {
        if (noticed === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        const since = noticed;
        // Before the looks: what comes into a new folder after them is noticed.
        follow();
        settled = await settle(folder, settled);
        noticed = undefined;
        return since;
      }
      return undefined;
    },
    close: () => {
      isClosed = true;
      for (const watcher of watchers.values()) watcher.close();
      wake();
    },
  };
}

/** The folder and those in it. */
function foldersBelow(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return [
      folder,
      ...entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => path.join(parentPath, name)),
    ];
  } catch {
    // Away, such as while another branch is checked out.
    return existsSync(folder) ? [folder] : [];
  }
}

type Look = ReadonlyMap<string, { readonly size: number; readonly mtimeMs: number; readonly ino: number }>;

/** Ends when two looks in a row see the same, and nothing seems to be in the middle of being replaced. */
async function settle(folder: string, before: Look): Promise<Look> {
  const end = performance.now() + PATIENCE_MS;
  let look = lookAt(folder);
  for (;;) {
    await delay(LOOK_EVERY_MS);
    const next = lookAt(folder);
    const isStill = isSame(look, next);
    look = next;
    const isWhole = [...before.keys()].every((file) => (look.get(file)?.size ?? 0) > 0);
    if (isStill && (isWhole || performance.now() > end)) return look;
  }
}

function lookAt(folder: string): Look {
  try {
    return new Map(
      modulesBelow(folder).flatMap((file) => {
        const found = statSync(file, { throwIfNoEntry: false });
        return found === undefined ? [] : [[file, found] as const];
      }),
    );
  } catch {
    return new Map();
  }
}

function isSame(one: Look, other: Look): boolean {
  return (
    one.size === other.size &&
    [...one].every(([file, { size, mtimeMs, ino }]) => {
      const found = other.get(file);
      return found?.size === size && found.mtimeMs === mtimeMs && found.ino === ino;
    })
  );
}
