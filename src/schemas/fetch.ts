/** Adapter to the `go` command: obtains Go modules and reads files inside them. Only `npm run schemas` needs it. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PlatformError } from '../model/problem.ts';
import { isObject } from './json-schema.ts';

export type GoModule = { readonly module: string; readonly version: string };

/** Files of one module, by their path inside it. */
export type ModuleFiles = {
  readonly list: (folder: string) => readonly string[];
  readonly read: (file: string) => string;
};

const ENOUGH_BYTES = 16 * 1024 * 1024;

/**
 * Downloads the module where the module cache does not have it yet (`go mod download -json`, which verifies it against the checksum
 * database).
 *
 * @throws PlatformError `GO`: Go is missing, or the module could not be had
 */
export async function fetchModule({ module, version }: GoModule): Promise<ModuleFiles> {
  const root = await downloadModule(`${module}@${version}`);
  return {
    list: (folder) =>
      readdirSync(path.join(root, folder))
        .sort()
        .map((name) => path.posix.join(folder, name)),
    read: (file) => readFileSync(path.join(root, file), 'utf8'),
  };
}

async function downloadModule(name: string): Promise<string> {
  const { error, stdout } = await run('go', ['mod', 'download', '-json', name]);
  if (error?.code === 'ENOENT')
    throw new PlatformError(
      'GO',
      'Go is not installed, and the schemas are made from files inside Go modules',
      'Install Go 1.24 or later. Checking manifests does not need it: the schemas in schemas/ are enough.',
      error,
    );
  const answer = parseAnswer(stdout);
  if (typeof answer.Dir === 'string') return answer.Dir;
  const reason = typeof answer.Error === 'string' ? answer.Error : (error?.message ?? 'no answer');
  throw new PlatformError(
    'GO',
    `The Go module ${name} could not be downloaded: ${firstLine(reason)}`,
    'Check the network and the GOPROXY setting (go env GOPROXY), then run npm run schemas again.',
    error,
  );
}

type Outcome = { readonly error: NodeJS.ErrnoException | undefined; readonly stdout: string };

/** In the temporary folder: a go.mod where the user happens to stand must not change which module is meant. */
function run(command: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: tmpdir(), maxBuffer: ENOUGH_BYTES, encoding: 'utf8' }, (error, stdout) =>
      // A number is the exit code; `go mod download -json` tells its reason on stdout, as JSON.
      resolve({ error: error === null ? undefined : (error as NodeJS.ErrnoException), stdout }),
    );
  });
}

function parseAnswer(text: string): Readonly<Record<string, unknown>> {
  try {
    const answer: unknown = JSON.parse(text);
    return isObject(answer) ? answer : {};
  } catch {
    return {};
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
