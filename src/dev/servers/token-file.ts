/** A token in a file that its owner alone may read: it is in no argument, and nothing prints it. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StateError } from '../storage.ts';

/** @returns undefined where there is no file, or nothing in it that can be a token */
export function readToken(file: string): string | undefined {
  const text = existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8').trim() : '';
  return /^[!-~]{16,256}$/.test(text) ? text : undefined;
}

/** @throws StateError */
export function writeToken(file: string, token: string): void {
  const draft = `${file}.${process.pid}.new`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${token}\n`, { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, file);
  } catch (error) {
    throw new StateError(
      `${file} could not be written`,
      'Its folder must be writable: the token is kept there.',
      error,
    );
  }
}
