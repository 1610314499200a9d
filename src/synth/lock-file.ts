/** One writer at a time of what a file stands for. */
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OutputError } from '../model/problem.ts';

/** Of this process: what another with its number left behind, as every first process of a container has, is not. */
const held = new Set<string>();

type Link = (from: string, to: string) => void;

/** FAT, and some folders that are shared with a virtual machine, have no hard links. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);
/** There, a lock is empty for a moment. */
const EMPTY_MS = 10_000;

/**
 * @param what is done under it, such as `another synth is writing this environment`
 * @param link for tests
 * @returns a function that gives the lock back
 * @throws OutputInUseError, OutputError
 */
export function lockFile(file: string, what: string, link: Link = linkSync): () => void {
  const lock = path.resolve(file);
  mkdirSync(path.dirname(lock), { recursive: true });
  if (!take(lock, link)) {
    if (!isLeftBehind(lock)) throw inUse(lock, what);
    takeOver(lock, what, link);
  }
  held.add(lock);
  return () => {
    held.delete(lock);
    rmSync(lock, { force: true });
  };
}

/** Its holder was killed. One at a time looks and takes it away: otherwise the second would take away the lock of the first. */
function takeOver(lock: string, what: string, link: Link): void {
  const guard = `${lock}.takeover`;
  if (!take(guard, link)) throw inUse(guard, what);
  try {
    if (isLeftBehind(lock)) rmSync(lock, { force: true });
    if (!take(lock, link)) throw inUse(lock, what);
  } finally {
    rmSync(guard, { force: true });
  }
}

/** It comes into being together with the number of its holder, so that nobody finds it without. */
function take(lock: string, link: Link): boolean {
  const own = `${lock}.${process.pid}`;
  try {
    writeFileSync(own, String(process.pid));
    try {
      link(own, lock);
    } catch (error) {
      if (!noLinks.has(codeOf(error))) throw error;
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new OutputError(`${lock} cannot be written`, 'Make room, or give back the right to write.', error);
  } finally {
    rmSync(own, { force: true });
  }
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? '';
}

/** Undefined: nobody, it was given back by now, or its holder is about to write its number. */
function holder(lock: string): number | undefined {
  try {
    const text = readFileSync(lock, 'utf8');
    return text === '' && Date.now() - statSync(lock).mtimeMs < EMPTY_MS ? undefined : Number(text);
  } catch {
    return undefined;
  }
}

/** By a process that is not there any more. What was given back may be another's by now, and is not. */
function isLeftBehind(lock: string): boolean {
  const pid = holder(lock);
  if (pid === undefined) return false;
  if (!Number.isInteger(pid) || pid <= 0) return true;
  if (pid === process.pid) return !held.has(lock);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) !== 'EPERM';
  }
}

/** Another process is writing; it will be done before long. */
export class OutputInUseError extends OutputError {}

function inUse(lock: string, what: string): OutputInUseError {
  return new OutputInUseError(
    `${what} (process ${holder(lock) ?? 'that just ended'})`,
    `Wait for it to end. If none is running, remove ${lock}.`,
  );
}
