/** The job behind `npm run schemas`: Go modules → reduced schemas → `schemas/`. */
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { fetchModule, type ModuleFiles } from './fetch.ts';
import type { Definitions } from './json-schema.ts';
import { reduceCrd, reduceObjectMeta, reduceOpenApi } from './reduce.ts';
import { schemaFolder, schemaSources, type SchemaSource } from './sources.ts';
import {
  differingFiles,
  renderFolder,
  replaceFolder,
  unknownFolders,
  type FolderContent,
  type SourcedKind,
} from './write-schemas.ts';

export type SchemaJob = {
  /** The repository: `schemas/` is below it. */
  readonly root: string;
  /** Write nothing; say whether what is there equals what the modules give. */
  readonly verify: boolean;
  readonly progress?: (line: string) => void;
  /** For tests; the Go modules otherwise. */
  readonly sources?: readonly SchemaSource[];
  readonly fetch?: (source: SchemaSource) => Promise<ModuleFiles>;
};

type MadeFolder = {
  readonly folder: string;
  readonly module: string;
  readonly version: string;
  readonly kinds: number;
  readonly bytes: number;
  /** What JSON Schema cannot say, over all kinds. */
  readonly dropped: { readonly celRules: number; readonly patterns: number; readonly formats: number };
};

export type SchemasResult =
  | { readonly kind: 'written'; readonly folders: readonly MadeFolder[] }
  /** `different`: paths below `schemas/` that are missing, changed or too many. Empty when all is as it should be. */
  | { readonly kind: 'verified'; readonly folders: readonly MadeFolder[]; readonly different: readonly string[] };

/**
 * @throws PlatformError `GO` when Go is missing or a module cannot be had, OutputError when schemas/ cannot be written; nothing is
 *   written before every module was read
 */
export async function makeSchemas(job: SchemaJob): Promise<SchemasResult> {
  if (job.verify) return await verifySchemas(job);
  const { folders, contents } = await deriveAll(job);
  for (const [folder, content] of contents) replaceFolder(path.join(job.root, 'schemas'), folder, content);
  return { kind: 'written', folders };
}

/** Says whether `schemas/` equals what the Go modules give. @throws PlatformError `GO` */
export async function verifySchemas(
  job: Omit<SchemaJob, 'verify'>,
): Promise<SchemasResult & { readonly kind: 'verified' }> {
  const root = path.join(job.root, 'schemas');
  const { folders, contents } = await deriveAll(job);
  const different = [...contents].flatMap(([folder, content]) => differingFiles(root, folder, content));
  return {
    kind: 'verified',
    folders,
    different: [...different, ...unknownFolders(root, job.sources ?? schemaSources)],
  };
}

async function deriveAll({
  sources = schemaSources,
  fetch = fetchModule,
  progress,
}: Omit<SchemaJob, 'verify'>): Promise<{
  readonly folders: readonly MadeFolder[];
  readonly contents: ReadonlyMap<string, FolderContent>;
}> {
  const folders: MadeFolder[] = [];
  const contents = new Map<string, FolderContent>();
  for (const source of sources) {
    const folder = schemaFolder(source);
    progress?.(`${folder}: reading ${source.module} ${source.version}`);
    const { kinds, definitions } = reduceSource(source, await fetch(source));
    const content = renderFolder(source, kinds, definitions);
    contents.set(folder, content);
    const total = (part: 'celRules' | 'patterns' | 'formats'): number =>
      kinds.reduce((sum, { dropped }) => sum + dropped[part], 0);
    folders.push({
      folder,
      module: source.module,
      version: source.version,
      kinds: kinds.length,
      bytes: [...content.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      dropped: { celRules: total('celRules'), patterns: total('patterns'), formats: total('formats') },
    });
  }
  return { folders, contents };
}

function reduceSource(
  { content }: SchemaSource,
  files: ModuleFiles,
): { readonly kinds: readonly SourcedKind[]; readonly definitions?: Definitions } {
  if (content.kind === 'crds') {
    const names = files.list(content.folder).filter((name) => name.endsWith('.yaml'));
    const kinds = names.flatMap((file) =>
      parseAllDocuments(files.read(file)).flatMap((document) =>
        reduceCrd(document.toJS()).map((reduced) => ({ ...reduced, file })),
      ),
    );
    return { kinds };
  }
  const kinds: SourcedKind[] = [];
  let definitions: Definitions | undefined;
  for (const [file, names] of Object.entries(content.documents)) {
    const document: unknown = JSON.parse(files.read(file));
    definitions ??= reduceObjectMeta(document);
    kinds.push(...reduceOpenApi(document, names).map((reduced) => ({ ...reduced, file })));
  }
  return definitions === undefined ? { kinds } : { kinds, definitions };
}
