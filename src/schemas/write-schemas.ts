/** The files below `schemas/`: what is in them, and how a folder of them is put in the place of the previous one. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { OutputError } from '../model/problem.ts';
import { isObject, type Definitions, type Dropped, type ReducedKind } from './json-schema.ts';
import { schemaFolder, type SchemaSource } from './sources.ts';

/** A kind, and the file inside the Go module that it was reduced from. */
export type SourcedKind = ReducedKind & { readonly file: string };

/** One file per kind. `source` says where it comes from and, in `dropped`, what could not be carried over. */
export type SchemaFile = ReducedKind & {
  readonly source: {
    readonly module: string;
    readonly version: string;
    readonly file: string;
    readonly dropped: Dropped;
  };
};

/** `index.json`: what a folder holds. `definitions` are shared by all kinds, those of other folders too. */
export type SchemaIndex = {
  readonly source: { readonly module: string; readonly version: string };
  readonly schemas: readonly { readonly apiVersion: string; readonly kind: string; readonly file: string }[];
  readonly definitions?: Definitions;
};

/** File name to text. */
export type FolderContent = ReadonlyMap<string, string>;

export function renderFolder(
  { module, version }: Pick<SchemaSource, 'module' | 'version'>,
  kinds: readonly SourcedKind[],
  definitions?: Definitions,
): FolderContent {
  const content = new Map<string, string>();
  const listed: SchemaIndex['schemas'][number][] = [];
  for (const { apiVersion, kind, schema, dropped, file } of kinds) {
    const name = schemaFileName(apiVersion, kind);
    // On one line: with line breaks the folders are more than twice as large, and a new version gets a new folder anyway.
    content.set(name, renderJson({ source: { module, version, file, dropped }, apiVersion, kind, schema }, 0));
    listed.push({ apiVersion, kind, file: name });
  }
  const index: SchemaIndex = {
    source: { module, version },
    schemas: listed.sort((a, b) => (a.file < b.file ? -1 : 1)),
    ...(definitions === undefined ? {} : { definitions }),
  };
  content.set('index.json', renderJson(index, 1));
  return content;
}

/** `<kind>.<group, or core>.<version>.json`, all lower case. */
export function schemaFileName(apiVersion: string, kind: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return `${kind}.${group ?? ''}.${version ?? ''}.json`.toLowerCase();
}

function renderJson(value: unknown, indent: number): string {
  return `${JSON.stringify(sortKeys(value), undefined, indent)}\n`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sortKeys(value[name])]));
}

/**
 * Puts the folder in place: written beside it first, so that a run that fails or is killed leaves a whole folder under its name, or
 * the previous one under `.previous-…`, which the next run restores.
 *
 * @throws OutputError: the previous folder is whole
 */
export function replaceFolder(root: string, folder: string, content: FolderContent): void {
  const target = path.join(root, folder);
  const staged = path.join(root, `.new-${folder}`);
  const previous = path.join(root, `.previous-${folder}`);
  try {
    if (!existsSync(target) && existsSync(previous)) renameSync(previous, target);
    rmSync(staged, { recursive: true, force: true });
    mkdirSync(staged, { recursive: true });
    for (const [name, text] of content) writeFileSync(path.join(staged, name), text);
    rmSync(previous, { recursive: true, force: true });
    if (existsSync(target)) renameSync(target, previous);
    renameSync(staged, target);
    rmSync(previous, { recursive: true, force: true });
  } catch (cause) {
    if (!existsSync(target) && existsSync(previous)) renameSync(previous, target);
    throw new OutputError(
      `schemas/${folder} could not be written`,
      'Check the free space and the permissions of schemas/, then run npm run schemas again.',
      cause,
    );
  }
}

/** The files that are not as they should be, as paths below `schemas/`; sorted. */
export function differingFiles(root: string, folder: string, content: FolderContent): string[] {
  const target = path.join(root, folder);
  const present = existsSync(target) ? readdirSync(target) : [];
  const differs = (name: string): boolean =>
    !present.includes(name) || readFileSync(path.join(target, name), 'utf8') !== content.get(name);
  return [...new Set([...content.keys(), ...present])]
    .filter((name) => !content.has(name) || differs(name))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** Folders that no source makes: left alone when schemas are made, told when they are verified. */
export function unknownFolders(root: string, sources: readonly SchemaSource[]): string[] {
  const known = new Set(sources.map(schemaFolder));
  const present = existsSync(root) ? readdirSync(root, { withFileTypes: true }) : [];
  return present.flatMap((entry) => (entry.isDirectory() && !known.has(entry.name) ? [entry.name] : [])).sort();
}
