/**
 * What the last run wrote, so that applications that did not change are not written again. An application is as it was when what it is made
 * from is the same (its digest) and its files are those that were written (their stamp: names, sizes, times and inodes).
 */
import { hash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FORMAT = 1;

export type OutputState = {
  readonly format: typeof FORMAT;
  /** Of the program and its schemas: another program writes everything anew. */
  readonly program: string;
  readonly applications: Readonly<
    Record<string, { readonly digest: string; readonly stamp: string; readonly unchecked: readonly string[] }>
  >;
};

export function readOutputState(file: string, program: string): OutputState['applications'] {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as { format: number } & Omit<OutputState, 'format'>;
    return state.format === FORMAT && state.program === program ? state.applications : {};
  } catch {
    // Missing or damaged: everything is written anew.
    return {};
  }
}

export function writeOutputState(file: string, program: string, applications: OutputState['applications']): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify({ format: FORMAT, program, applications } satisfies OutputState));
  renameSync(`${file}.new`, file);
}

/**
 * @param files the names in the application's folder of manifests, where they are known; otherwise they are looked up
 * @returns undefined where the application's files are not there
 */
export function stampApplication(output: string, name: string, files?: readonly string[]): string | undefined {
  try {
    const folder = `${output}/${name}`;
    const parts = [stampOf(folder), stampOf(`${folder}.yaml`)];
    for (const file of (files ?? readdirSync(`${folder}/manifests`)).toSorted())
      parts.push(file, stampOf(`${folder}/manifests/${file}`));
    return hash('sha1', parts.join('\n'));
  } catch {
    return undefined;
  }
}

function stampOf(file: string): string {
  const { size, mtimeMs, ino, mode } = lstatSync(file);
  return `${size} ${mtimeMs} ${ino} ${mode}`;
}

/** Of everything that decides what the output looks like, besides the configuration: the program's own source and its schemas. */
export function digestProgram(folders: readonly string[]): string {
  const parts: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(full);
      else {
        const { size, mtimeMs } = lstatSync(full);
        parts.push(`${full} ${size} ${mtimeMs}`);
      }
    }
  };
  folders.forEach(visit);
  return hash('sha1', parts.join('\n'));
}
