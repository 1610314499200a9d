/** One writer at a time of what a file stands for. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OutputError } from '../model/problem.ts';

/**
 * @param what is done under it, such as `another synth is writing this environment`
 * @returns a function that gives the lock back
 * @throws OutputInUseError, OutputError
 */
export function lockFile(file: string, what: string): () => void {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST')
        throw new OutputError(`${file} cannot be written`, 'Make room, or give back the right to write.', error);
      if (attempt > 0 || isAlive(holder(file))) throw inUse(file, what, error);
      // Its holder was killed.
      rmSync(file, { force: true });
    }
  }
}

function holder(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** Another process is writing; it will be done before long. */
export class OutputInUseError extends OutputError {}

function inUse(file: string, what: string, cause: unknown): OutputInUseError {
  return new OutputInUseError(
    `${what} (process ${holder(file)})`,
    `Wait for it to end. If none is running, remove ${file}.`,
    cause,
  );
}
