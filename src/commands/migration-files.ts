/** What a migration leaves on disk: saved plans where the user says, and a journal below .lockstep/. Neither holds a value. */
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SavedPlan } from '../migrate/saved-plan.ts';
import { parsePlan } from '../migrate/saved-plan.ts';
import { OutputError, UsageError } from '../model/problem.ts';
import { lockFile } from '../synth/lock-file.ts';

/** @throws UsageError where it cannot be read, PlatformError where it is no plan */
export function readPlan(file: string): SavedPlan {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`--apply: ${file} cannot be read`, 'Give the path of a file that --save-plan wrote.');
  }
  return parsePlan(text, file);
}

/** @throws OutputError */
export function writePlan(file: string, plan: SavedPlan): void {
  try {
    writeFileSync(file, `${JSON.stringify(plan, undefined, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new OutputError(`--save-plan: ${file} cannot be written`, 'Give a path in a folder that is there.', error);
  }
}

/** Of a journal; a line has the names of one secret, and its fields'. */
const LONGEST_LINE = 1024 * 1024;

/** @property add Ends when the line is written: with one call for all that come in one turn of the event loop. @throws OutputError */
export type Journal = { readonly add: (line: object) => Promise<void>; readonly close: () => void };

/**
 * A line for each secret that was written, or was to be: what, from which version to which, when. Of one environment one run writes at a time.
 * @throws OutputError before anything is written to a store
 */
export function openJournal(root: string, environment: string, command: string): Journal {
  const folder = path.join(root, '.lockstep', 'migrations');
  const file = path.join(folder, `${environment}.jsonl`);
  const attempt = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      if (error instanceof OutputError) throw error;
      throw new OutputError(
        `the journal ${file} cannot be written`,
        'Make room, or give back the right to write.',
        error,
      );
    }
  };
  const lock = path.join(folder, `${environment}.lock`);
  const unlock = attempt(() => lockFile(lock, `another migration of ${environment} is at work`));
  const descriptor = attempt(() => {
    const opened = openSync(file, 'a+', 0o600);
    dropHalfLine(opened);
    return opened;
  });
  let lines = '';
  let written: Promise<void> | undefined;
  const flush = (): void => {
    const text = lines;
    lines = '';
    if (text !== '') attempt(() => writeFileSync(descriptor, text));
  };
  return {
    add(line) {
      lines += `${JSON.stringify({ at: new Date().toISOString(), command, ...line })}\n`;
      written ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
        written = undefined;
        flush();
      });
      return written;
    },
    close() {
      try {
        flush();
      } finally {
        closeSync(descriptor);
        unlock();
      }
    },
  };
}

/** A run that was killed, or a full disk, may have left one, which nobody could read. */
function dropHalfLine(descriptor: number): void {
  // What is no file, /dev/full for one, has no size.
  const { size } = fstatSync(descriptor);
  const tail = Buffer.alloc(Math.min(size, LONGEST_LINE));
  readSync(descriptor, tail, 0, tail.length, size - tail.length);
  const end = tail.lastIndexOf('\n') + 1;
  if (end < tail.length) ftruncateSync(descriptor, size - tail.length + end);
}
