/** What the lab needs of the machine, checked before anything else: one message names all that is missing. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Part } from './recipes.ts';

/** Something that a person can put right: shown as it is, without a stack. */
export class LabError extends Error {
  override readonly name = 'LabError';
}

/** Argo CD 3.2's go.mod asks for it; an older Go can fetch it only where GOTOOLCHAIN lets it. */
const oldestGo = [1, 25] as const;

const howToGet: Readonly<Record<string, string>> = {
  go: `Go ${oldestGo.join('.')} or later, which builds the servers: https://go.dev/dl/`,
  git: 'git, by which Argo CD reads repositories: apt-get install git',
  'redis-server': 'redis-server, the cache of Argo CD: apt-get install redis-server',
};

/** Fails with everything that is missing. @returns the version line of Go, which is part of what a build is known by */
export async function checkNeeds(chosen: readonly Part[], searchPath = process.env['PATH'] ?? ''): Promise<string> {
  if (process.platform !== 'linux')
    throw new LabError(
      'The lab needs Linux: it pins names in a mount namespace and gives each lab a loopback address of its own.\n' +
        '  On macOS or Windows, run it in a virtual machine or in WSL 2.',
    );
  const tools = ['go', ...(chosen.includes('argo-cd') ? ['git', 'redis-server'] : [])];
  const missing = tools.filter((tool) => findProgram(tool, searchPath) === undefined);
  if (missing.length > 0)
    throw new LabError(
      `The lab needs programs that are not on the PATH: ${missing.join(', ')}\n` +
        missing.map((tool) => `  ${howToGet[tool] ?? tool}`).join('\n'),
    );
  const version = await runGo('version');
  const [, major = '0', minor = '0'] = /go(\d+)\.(\d+)/.exec(version) ?? [];
  const isOld = Number(major) === oldestGo[0] && Number(minor) < oldestGo[1];
  if (isOld && (await runGo('env', 'GOTOOLCHAIN')) === 'local')
    throw new LabError(`The lab needs Go ${oldestGo.join('.')} or later; this is ${version}\n  https://go.dev/dl/`);
  return version;
}

export function findProgram(name: string, searchPath = process.env['PATH'] ?? ''): string | undefined {
  const candidates = searchPath.split(path.delimiter).map((folder) => path.resolve(folder, name));
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  });
}

async function runGo(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('go', args);
  return stdout.trim();
}
