/** Loads config/ and holds it against its shapes and rules. Every problem is collected; nothing is thrown for a wrong configuration. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Configuration } from '../model/configuration.ts';
import { configurationFiles, parseConfiguration } from '../model/configuration-shape.ts';
import type { Problem } from '../model/problem.ts';
import { checkConfiguration } from '../model/rules/index.ts';
import { allowImportsWithoutExtension } from './typescript-resolution.ts';

export type LoadedConfiguration = { readonly configuration: Configuration; readonly problems: readonly Problem[] };

/** @param root the repository: the folder that holds config/ */
export async function loadConfiguration(root: string): Promise<LoadedConfiguration> {
  allowImportsWithoutExtension();
  const loaded: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [name, file] of Object.entries(configurationFiles)) {
    try {
      const module = (await import(pathToFileURL(path.join(root, file)).href)) as Record<string, unknown>;
      loaded[name] = module[name];
    } catch (error) {
      problems.push(notLoaded(root, file, error));
    }
  }
  // A file that does not load takes those that import it with it: its own problem is the one to mend.
  if (problems.length > 0)
    return { configuration: { applications: [], secrets: {}, environments: {} }, problems: distinct(problems) };
  const parsed = parseConfiguration(loaded);
  return {
    configuration: parsed.configuration,
    problems: [...parsed.problems, ...checkConfiguration(parsed.configuration, parsed.names)],
  };
}

/** The file that is wrong is the one that Node names in the first line of the stack, which may be one that `file` imports. */
function notLoaded(root: string, file: string, error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
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
