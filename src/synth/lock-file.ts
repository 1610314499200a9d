/** One writer at a time of what a file stands for. */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { OutputError } from '../model/problem.ts';

/** Of this process: what another with its number left behind, as every first process of a container has, is not. */
const held = new Set<string>();

type Link = (from: string, to: string) => void;

/** Longer than this no process needs for what takes microseconds: it was killed in the middle of it. */
const STUCK_MS = 10_000;

/**
 * @param what is done under it, such as `another synth is writing this environment`
 * @param link for tests
 * @returns a function that gives the lock back
 * @throws OutputInUseError, OutputError
 */
export function lockFile(file: string, what: string, link: Link = linkSync): () => void {
  const lock = path.resolve(file);
  mkdirSync(path.dirname(lock), { recursive: true });
  // It may have been given back a moment ago.
  if (!take(lock, link) && !(holder(lock) === undefined && take(lock, link))) {
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
  if (!take(guard, link)) {
    // The next run has it again.
    if (isLeftBehind(guard) && ageMs(guard) > STUCK_MS) rmSync(guard, { force: true });
    throw inUse(guard, what);
  }
  try {
    if (isLeftBehind(lock)) rmSync(lock, { force: true });
    if (!take(lock, link)) throw inUse(lock, what);
  } finally {
    rmSync(guard, { force: true });
  }
}

/** It comes into being together with the number of its holder, so that nobody finds it without. */
function take(lock: string, link: Link): boolean {
  // Of this process alone: one of another container may have the same number, and the lock is this very file under a second name.
  const own = `${lock}.${randomUUID()}`;
  try {
    const ours = `${process.pid} ${os.hostname()}`;
    writeFileSync(own, ours);
    try {
      link(own, lock);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw error;
      // FAT has no hard links, nor have some folders that are shared with a virtual machine; each system says it in its own way.
      writeFileSync(lock, ours, { flag: 'wx' });
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

type Holder = { readonly pid: number; readonly host: string };

/** Undefined: nobody, it was given back by now, or its holder is about to write its number. */
function holder(lock: string): Holder | undefined {
  try {
    const text = readFileSync(lock, 'utf8');
    if (text === '' && ageMs(lock) < STUCK_MS) return undefined;
    const [pid, host = os.hostname()] = text.split(' ');
    return { pid: Number(pid), host };
  } catch {
    return undefined;
  }
}

function ageMs(file: string): number {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
}

/**
 * By a process that is not there any more. What was given back may be another's by now, and is not. Of another machine, or container, nobody
 * here knows.
 */
function isLeftBehind(lock: string): boolean {
  const by = holder(lock);
  if (by === undefined || by.host !== os.hostname()) return false;
  if (!Number.isInteger(by.pid) || by.pid <= 0) return true;
  if (by.pid === process.pid) return !held.has(lock);
  try {
    process.kill(by.pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) !== 'EPERM';
  }
}

/** Another process is writing; it will be done before long. */
export class OutputInUseError extends OutputError {}

function inUse(lock: string, what: string): OutputInUseError {
  const by = holder(lock);
  const who =
    by === undefined
      ? 'a process that just ended'
      : `process ${by.pid}${by.host === os.hostname() ? '' : ` on ${by.host}`}`;
  return new OutputInUseError(`${what} (${who})`, `Wait for it to end. If none is running, remove ${lock}.`);
}
