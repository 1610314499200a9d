/**
 * Lets a process that stays load the modules of config/ again after they changed. Node remembers a module by its URL for as long as the
 * process runs, so a changed one, and those that import it, get a URL of their own. One that did not change stays the same module.
 */
import { hash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { allowImportsWithoutExtension } from './typescript-resolution.ts';

const MODULE = /\.(?:[cm]?[jt]s|json)$/;

/** The modules that lie below config/, each by its path; editors' own files (`.secrets.ts.swp`) are none. */
export function modulesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && MODULE.test(entry.name) && !entry.name.startsWith('.'))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .toSorted();
  } catch {
    // The folder is away, such as while another branch is checked out: none.
    return [];
  }
}

export class ResidentModules {
  readonly #folder: string;
  #digests = new Map<string, string>();
  /** How often each was found changed: part of its URL. */
  readonly #versions = new Map<string, number>();
  /** Which modules import it, at any time so far. */
  readonly #importers = new Map<string, Set<string>>();

  /** @param root the repository; there is one of these in a process, because Node's hooks stay */
  constructor(root: string) {
    // Node names modules by their real paths.
    this.#folder = realpathSync(path.join(root, 'config'));
    allowImportsWithoutExtension();
    registerHooks({
      resolve: (specifier, context, next) => {
        const resolved = next(specifier, context);
        const file = this.#fileOf(resolved.url);
        if (file === undefined) return resolved;
        const importer = context.parentURL === undefined ? undefined : this.#fileOf(context.parentURL);
        if (importer !== undefined) this.#importersOf(file).add(importer);
        const version = this.#versions.get(file) ?? 0;
        return version === 0 ? resolved : { ...resolved, url: `${resolved.url}?version=${version}` };
      },
    });
  }

  /**
   * Looks at what changed since the last time; what is imported from here on is new.
   * @param all whether everything is loaded again: a module that could not be loaded stays so under its URL
   * @returns whether anything changed
   */
  refresh(all: boolean): boolean {
    const before = this.#digests;
    const files = modulesBelow(this.#folder);
    this.#digests = new Map(files.flatMap((file) => digestOf(file)));
    const isSameSet = before.size === this.#digests.size && files.every((file) => before.has(file));
    const changed = files.filter((file) => before.get(file) !== this.#digests.get(file));
    // With another set of files, what an import without an extension means may have changed.
    const stale = all || !isSameSet ? new Set([...before.keys(), ...files]) : this.#withImporters(changed);
    for (const file of stale) this.#versions.set(file, (this.#versions.get(file) ?? -1) + 1);
    return !isSameSet || changed.length > 0;
  }

  #withImporters(files: readonly string[]): ReadonlySet<string> {
    const found = new Set(files);
    // A set hands out what is added while it is walked.
    for (const file of found) for (const importer of this.#importersOf(file)) found.add(importer);
    return found;
  }

  #importersOf(file: string): Set<string> {
    let importers = this.#importers.get(file);
    if (importers === undefined) this.#importers.set(file, (importers = new Set()));
    return importers;
  }

  #fileOf(url: string): string | undefined {
    if (!url.startsWith('file:')) return undefined;
    const file = fileURLToPath(url);
    return file.startsWith(this.#folder + path.sep) ? file : undefined;
  }
}

function digestOf(file: string): (readonly [string, string])[] {
  try {
    return [[file, hash('sha1', readFileSync(file))]];
  } catch {
    // Gone since it was listed.
    return [];
  }
}
