/** Loads config/ and holds it against its shapes and rules. Every problem is collected; nothing is thrown for a wrong configuration. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Configuration } from '../model/configuration.ts';
import type { SoundObjects } from '../model/configuration-shape.ts';
import { configurationFiles, parseConfiguration } from '../model/configuration-shape.ts';
import type { Problem } from '../model/problem.ts';
import type { CleanSecrets } from '../model/rules/index.ts';
import { checkConfiguration, noCleanSecrets } from '../model/rules/index.ts';
import { keepEqual } from './keep-equal.ts';
import { allowImportsWithoutExtension } from './typescript-resolution.ts';

export type LoadedConfiguration = { readonly configuration: Configuration; readonly problems: readonly Problem[] };

/** What a process that stays keeps from one time to the next (docs/decisions/010). */
export type ConfigurationMemory = {
  loaded: Readonly<Record<string, unknown>>;
  readonly sound: SoundObjects;
  readonly clean: CleanSecrets;
};

export function createMemory(): ConfigurationMemory {
  return { loaded: {}, sound: new WeakMap(), clean: noCleanSecrets() };
}

/**
 * @param root the repository: the folder that holds config/
 * @param memory of a process that stays, and brought up to date
 */
export async function loadConfiguration(root: string, memory?: ConfigurationMemory): Promise<LoadedConfiguration> {
  allowImportsWithoutExtension();
  const loaded: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [name, file] of Object.entries(configurationFiles)) {
    try {
      const module = (await import(pathToFileURL(path.join(root, file)).href)) as Record<string, unknown>;
      loaded[name] = keepEqual(memory?.loaded[name], module[name]);
    } catch (error) {
      problems.push(notLoaded(root, file, error));
    }
  }
  // A file that does not load takes those that import it with it: its own problem is the one to mend.
  if (problems.length > 0)
    return { configuration: { applications: [], secrets: {}, environments: {} }, problems: distinct(problems) };
  if (memory !== undefined) memory.loaded = loaded;
  const { configuration, names, problems: ofShape } = parseConfiguration(loaded, memory?.sound);
  return { configuration, problems: [...ofShape, ...checkConfiguration(configuration, names, memory?.clean)] };
}

/** The file that is wrong is the one that Node names in the first line of the stack, which may be one that `file` imports. */
function notLoaded(root: string, file: string, error: unknown): Problem {
  // Without what resident-modules.ts adds to a URL.
  const plain = (text: string): string => text.replace(/\?version=\d+/g, '');
  const message = plain(error instanceof Error ? error.message : String(error));
  const stack = plain(error instanceof Error ? (error.stack ?? '') : '');
  const place = new RegExp(`${escapeRegExp(pathToFileURL(root).href)}/(config/[^\\s:)]+):(\\d+)`).exec(stack);
  const where = place?.[1] ?? file;
  return {
    code: 'C024',
    where,
    path: place === null ? '' : `line ${String(place[2])}`,
    message: existsSync(path.join(root, where)) ? `could not be loaded: ${firstLine(message)}` : 'is not there',
    hint: 'npm run types shows where TypeScript disagrees.',
  };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ where, message }) => {
    const key = `${where} ${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
