/** What a migration leaves on disk: saved plans where the user says, and a journal below .lockstep/. Neither holds a value. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SavedPlan } from '../migrate/saved-plan.ts';
import { parsePlan } from '../migrate/saved-plan.ts';
import { OutputError, UsageError } from '../model/problem.ts';

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

/**
 * A line for each secret that was written, or was to be: what, from which version to which, when.
 * @throws OutputError before anything is written to a store
 */
export function openJournal(root: string, environment: string, command: string): (line: object) => void {
  const folder = path.join(root, '.lockstep', 'migrations');
  const file = path.join(folder, `${environment}.jsonl`);
  const append = (text: string): void => {
    try {
      appendFileSync(file, text, { mode: 0o600 });
    } catch (error) {
      throw new OutputError(
        `the journal ${file} cannot be written`,
        'Make room, or give back the right to write.',
        error,
      );
    }
  };
  mkdirSync(folder, { recursive: true });
  append('');
  return (line) => {
    append(`${JSON.stringify({ at: new Date().toISOString(), command, ...line })}\n`);
  };
}
