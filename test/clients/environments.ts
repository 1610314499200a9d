/** Where the clients of other languages live: in the user's cache, outside the checkout, named after what they are made from. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
const cacheHome = process.env['XDG_CACHE_HOME'] || process.env['LOCALAPPDATA'] || join(homedir(), '.cache');
const isWindows = platform() === 'win32';

/**
 * @property folder exists only when it is complete
 * @property sources what its name is made from, beside the version of the language
 */
export type Environment = { readonly folder: string; readonly sources: readonly string[] };

export const pythonFolder = join(here, 'python');
export const goFolder = join(here, 'go');

function goSources(): string[] {
  const inFolders = ['keyvault', 'steps', 'vault'].flatMap((folder) =>
    readdirSync(join(goFolder, folder)).map((name) => join(goFolder, folder, name)),
  );
  return [join(goFolder, 'go.mod'), join(goFolder, 'go.sum'), ...inFolders.toSorted()];
}

/** @param version what `python3 --version` says: a virtual environment belongs to one interpreter */
export function pythonEnvironment(version: string): Environment {
  return environment('python', version, [join(pythonFolder, 'requirements.txt')]);
}

export function goEnvironment(version: string): Environment {
  return environment('go', version, goSources());
}

function environment(language: string, version: string, sources: readonly string[]): Environment {
  const hash = createHash('sha256').update(version);
  for (const source of sources) hash.update('\0').update(readFileSync(source));
  const name = `${language}-${hash.digest('hex').slice(0, 16)}`;
  return { folder: join(cacheHome, 'lockstep', 'clients', name), sources };
}

export const pythonIn = (folder: string): string =>
  isWindows ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');

export const goProgramIn = (folder: string, name: 'keyvault' | 'vault'): string =>
  join(folder, isWindows ? `${name}.exe` : name);

/** Where prepare.ts says what it found, for the tests that follow it. */
export const preparedFile = join(cacheHome, 'lockstep', 'clients', 'prepared.json');

export type Prepared = { readonly python: string; readonly go: string };
