/**
 * Reads Kubernetes manifests that somebody gives: files, folders, stdin.
 *
 *     readInput(paths, { stdin })          files, folders and `-` → { documents, problems }           (this file)
 *     parseManifests(file, text)           one text → the same                                         parse-manifests.ts
 *     parseResources(documents, options)   documents → Resources: ExternalSecrets, stores, Secrets …   parse-resources.ts
 *     InputDocument                        { file, line, apiVersion, kind, namespace, name, value }    parse-manifests.ts
 *     InputProblem                         a Problem with file, line, column; `where` is all three     input-problem.ts
 *     Resources, Given<T>                  { resource: T, from: InputDocument }                        parse-resources.ts
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { InputProblem } from './input-problem.ts';
import { inputProblem } from './input-problem.ts';
import type { InputDocument } from './parse-manifests.ts';
import { parseManifests } from './parse-manifests.ts';

export type ReadInputOptions = {
  /** What `-` stands for. Without it `-` is a problem. */
  readonly stdin?: () => Promise<Uint8Array>;
};

export type Input = { readonly documents: readonly InputDocument[]; readonly problems: readonly InputProblem[] };

/**
 * @param paths files of any name, folders (every .yaml, .yml and .json below them, sorted, but for hidden folders), or `-`
 * Never throws for what it finds: what cannot be read is a problem, and the rest is read.
 */
export async function readInput(paths: readonly string[], options: ReadInputOptions = {}): Promise<Input> {
  const documents: InputDocument[] = [];
  const { texts, problems } = await readTexts(paths, options);
  for (const { file, text } of texts) {
    const parsed = parseManifests(file, text);
    documents.push(...parsed.documents);
    problems.push(...parsed.problems);
  }
  return { documents, problems };
}

export type InputText = { readonly file: string; readonly text: string };

/** The texts of the files, as {@link readInput} finds them; each file once. */
export async function readTexts(
  paths: readonly string[],
  { stdin }: ReadInputOptions,
): Promise<{ texts: InputText[]; problems: InputProblem[] }> {
  const texts: InputText[] = [];
  const problems: InputProblem[] = [];
  const seen = new Set<string>();
  for (const given of paths) {
    if (given === '-') {
      if (seen.has('-')) continue;
      seen.add('-');
      if (stdin === undefined) problems.push(unreadable('stdin', 'cannot be read here'));
      else add('stdin', await stdin());
      continue;
    }
    for (const file of await filesOf(given, problems)) {
      const resolved = path.resolve(file);
      if (seen.has(resolved)) continue;
      seen.add(resolved);
      try {
        add(file, await readFile(file));
      } catch (error) {
        problems.push(unreadable(file, becauseOf(error)));
      }
    }
  }
  return { texts, problems };

  function add(file: string, bytes: Uint8Array): void {
    try {
      texts.push({ file, text: utf8.decode(bytes) });
    } catch {
      problems.push(unreadable(file, 'is not UTF-8'));
    }
  }
}

/** A byte order mark stays, so that what is written back has it. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const MANIFEST = /\.(?:ya?ml|json)$/;

async function filesOf(given: string, problems: InputProblem[]): Promise<string[]> {
  try {
    if (!(await stat(given)).isDirectory()) return [given];
    return await filesBelow(given);
  } catch (error) {
    problems.push(unreadable(given, becauseOf(error)));
    return [];
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.')) files.push(...(await filesBelow(at)));
    } else if (MANIFEST.test(entry.name)) files.push(at);
  }
  return files;
}

function unreadable(file: string, because: string): InputProblem {
  return inputProblem('M101', { file }, '', because, 'Give a file, a folder, or - for what is piped in.');
}

function becauseOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'is not there';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read';
  return `could not be read${typeof code === 'string' ? ` (${code})` : ''}`;
}
