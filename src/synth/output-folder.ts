/**
 * Writes an environment's folder so that a run that fails or is killed leaves the previous output whole: everything is written beside it
 * first, then moved in. Moving is noted in a journal, so that a run killed in the middle of it is completed by the next.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OutputError } from '../model/problem.ts';

/** The folders of one environment: the output, and the working folder beside it on the same file system. */
export type OutputFolder = { readonly output: string; readonly working: string };

export function outputFolder(dist: string, environment: string): OutputFolder {
  return { output: path.join(dist, environment), working: path.join(dist, `.lockstep-${environment}`) };
}

/** @returns the empty folder that the new output is written to. @throws OutputError */
export function stageOutput(folder: OutputFolder): string {
  const staging = path.join(folder.working, 'staging');
  try {
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { recursive: true });
    return staging;
  } catch (error) {
    throw abandonOutput(folder, error);
  }
}

/** Clears away what was staged; the previous output is whole. @returns the error to throw where `cause` is why */
export function abandonOutput(folder: OutputFolder, cause?: unknown): OutputError {
  rmSync(folder.working, { recursive: true, force: true });
  return couldNotWrite(folder.output, cause);
}

/**
 * Moves in what was staged: in place of the whole folder or, where some of its entries are kept, beside those.
 * @param kept names in the output folder that stay as they are; undefined: none
 * @throws OutputError
 */
export function commitOutput(folder: OutputFolder, kept: ReadonlySet<string> | undefined): void {
  if (kept === undefined) {
    commit(folder, { kind: 'whole' });
    return;
  }
  const moved = readdirSync(path.join(folder.working, 'staging'));
  const stay = new Set([...kept, ...moved]);
  const removed = readdirSync(folder.output).filter((name) => !stay.has(name));
  if (moved.length > 0 || removed.length > 0) commit(folder, { kind: 'entries', moved, removed });
  else rmSync(folder.working, { recursive: true, force: true });
}

type Journal =
  | { readonly kind: 'whole' }
  | { readonly kind: 'entries'; readonly moved: readonly string[]; readonly removed: readonly string[] };

function commit(folder: OutputFolder, journal: Journal): void {
  try {
    const journalFile = path.join(folder.working, 'journal.json');
    // Renamed into place, so that it is there as a whole or not at all.
    writeFileSync(`${journalFile}.new`, JSON.stringify(journal));
    renameSync(`${journalFile}.new`, journalFile);
    rollForward(folder, journal);
  } catch (error) {
    throw new OutputError(
      `${folder.output} could not be replaced (${reason(error)}); the new output is complete in ${folder.working}`,
      'Mend the cause and run npm run synth again: it begins by completing this.',
      error,
    );
  }
}

/** Completes what a killed run had begun to move in, and clears away what it had only begun to write. Safe to repeat. */
export function recoverOutput(folder: OutputFolder): void {
  const journalFile = path.join(folder.working, 'journal.json');
  try {
    if (existsSync(journalFile)) rollForward(folder, JSON.parse(readFileSync(journalFile, 'utf8')) as Journal);
    else rmSync(folder.working, { recursive: true, force: true });
  } catch (error) {
    throw couldNotWrite(folder.output, error);
  }
}

function rollForward({ output, working }: OutputFolder, journal: Journal): void {
  const staging = path.join(working, 'staging');
  const trash = path.join(working, 'trash');
  mkdirSync(trash, { recursive: true });
  const discard = (from: string, name: string): void => {
    if (!existsSync(from)) return;
    rmSync(path.join(trash, name), { recursive: true, force: true });
    renameSync(from, path.join(trash, name));
  };
  if (journal.kind === 'whole') {
    if (existsSync(staging)) {
      discard(output, 'previous');
      renameSync(staging, output);
    }
  } else {
    for (const name of journal.moved) {
      const from = path.join(staging, name);
      if (!existsSync(from)) continue;
      discard(path.join(output, name), name);
      renameSync(from, path.join(output, name));
    }
    for (const name of journal.removed) discard(path.join(output, name), name);
  }
  rmSync(path.join(working, 'journal.json'), { force: true });
  rmSync(working, { recursive: true, force: true });
}

function couldNotWrite(output: string, error: unknown): OutputError {
  return new OutputError(
    `${output} could not be written: ${reason(error)}`,
    existsSync(output)
      ? 'The previous output is whole. Mend the cause and run again.'
      : 'Mend the cause and run again.',
    error,
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  EFBIG: 'a file grew past the limit set for this process (ulimit -f)',
  EMFILE: 'too many open files',
  ENOTDIR: 'a file stands where a folder is needed',
};

function reason(error: unknown): string {
  const code = (error as { code?: string } | null)?.code;
  return (code === undefined ? undefined : reasons[code]) ?? code ?? String(error);
}
