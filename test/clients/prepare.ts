/** Makes the clients' environments, once for each state of their lock files: a virtual environment for Python, binaries for Go. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import { goEnvironment, goFolder, preparedFile, pythonEnvironment, pythonFolder, pythonIn } from './environments.ts';
import type { Prepared } from './environments.ts';

class Missing extends Error {}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** @returns what it said, or undefined where there is no such program or it failed */
function versionOf(command: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** @throws Missing with what the command said */
function run(what: string, command: string, args: readonly string[], cwd?: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...(cwd && { cwd }) });
  if (status === 0) return;
  throw new Missing(
    `${what} failed.\n${error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-12).join('\n')}`,
  );
}

/** @param make fills the folder that it is given; a folder that was left half-made is not taken for a whole one */
function prepare(what: string, folder: string, make: () => void): void {
  if (existsSync(join(folder, 'complete'))) return say(`${what}: ready in ${folder}`);
  say(`${what}: preparing ${folder} (once, needs the network) …`);
  const startMs = performance.now();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  make();
  writeFileSync(join(folder, 'complete'), '');
  say(`${what}: ready after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}

function preparePython(): string {
  const command = ['python3', 'python'].find((name) => versionOf(name, '--version')?.startsWith('Python 3.'));
  const version =
    command && versionOf(command, '-c', 'import platform; print(platform.platform(), platform.python_version())');
  if (command === undefined || version === undefined)
    throw new Missing(
      'Python is missing: install Python 3.10 or later, so that python3 is found (https://www.python.org/downloads).',
    );
  if (versionOf(command, '-c', 'import sys; assert sys.version_info >= (3, 10)') === undefined)
    throw new Missing(`Python 3.10 or later is needed; ${command} is ${version.split(' ').at(-1) ?? ''}.`);
  if (versionOf(command, '-c', 'import venv, ensurepip') === undefined)
    throw new Missing('Python has no module venv: on Debian and Ubuntu, apt-get install python3-venv.');
  const { folder } = pythonEnvironment(version);
  prepare('Python', folder, () => {
    run('python3 -m venv', command, ['-m', 'venv', folder]);
    const requirements = join(pythonFolder, 'requirements.txt');
    const flags = [
      '--quiet',
      '--disable-pip-version-check',
      '--no-input',
      '--require-hashes',
      '--only-binary',
      ':all:',
    ];
    run('pip install', pythonIn(folder), ['-m', 'pip', 'install', ...flags, '--requirement', requirements]);
  });
  return folder;
}

function prepareGo(): string {
  const version = versionOf('go', 'version');
  if (version === undefined)
    throw new Missing(
      'Go is missing: install Go 1.21 or later (https://go.dev/dl); it fetches the version that go.mod names.',
    );
  const { folder } = goEnvironment(version);
  prepare('Go', folder, () => {
    mkdirSync(folder, { recursive: true });
    const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false'];
    run('go build', 'go', ['build', ...flags, '-o', `${folder}/`, './vault', './keyvault'], goFolder);
  });
  return folder;
}

try {
  const missing: string[] = [];
  const attempt = (prepareOne: () => string): string => {
    try {
      return prepareOne();
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      missing.push(error.message);
      return '';
    }
  };
  const prepared: Prepared = { python: attempt(preparePython), go: attempt(prepareGo) };
  if (versionOf('curl', '--version') === undefined)
    missing.push(`curl is missing: install it${platform() === 'linux' ? ' (apt-get install curl)' : ''}.`);
  if (missing.length > 0) {
    say(`\nThe clients cannot be tested here:\n${missing.map((text) => `  - ${text}`).join('\n')}`);
    process.exitCode = 2;
  } else {
    const temporary = `${preparedFile}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(prepared));
    renameSync(temporary, preparedFile);
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
