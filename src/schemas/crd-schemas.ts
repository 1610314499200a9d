/** Schemas from the CRDs that a user really runs. A module of its own, because most runs need neither it nor what it imports. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../model/problem.ts';
import { isObject, type ReducedKind } from './json-schema.ts';
import { reduceCrd } from './reduce.ts';
import { kindKey, type SchemaSet } from './schema-set.ts';

/**
 * The schemas of CRDs that were read from a folder or a cluster (`npm run check -- --crds`). Documents that are something else are
 * skipped; lists are opened.
 */
export function schemaSetFromCrds(documents: readonly unknown[], name = 'the given CRDs'): SchemaSet {
  const reduced = new Map<string, ReducedKind>();
  for (const document of documents.flatMap(openList))
    for (const kind of reduceCrd(document)) reduced.set(kindKey(kind.apiVersion, kind.kind), kind);
  return {
    name,
    kinds: [...reduced.values()].map(({ apiVersion, kind }) => ({ apiVersion, kind })),
    find: (apiVersion, kind) => reduced.get(kindKey(apiVersion, kind))?.schema,
    definitions: {},
  };
}

function openList(document: unknown): unknown[] {
  return isObject(document) &&
    typeof document.kind === 'string' &&
    document.kind.endsWith('List') &&
    Array.isArray(document.items)
    ? document.items.flatMap(openList)
    : [document];
}

/**
 * Every document of the `*.yaml`, `*.yml` and `*.json` files below a folder that speak of a CustomResourceDefinition, for
 * {@link schemaSetFromCrds}.
 *
 * @throws UsageError when the folder is not there or holds no CRD, or when a file of it cannot be read as YAML
 */
export async function readCrdFolder(folder: string): Promise<unknown[]> {
  if (!existsSync(folder)) throw new UsageError(`There is no folder ${folder}`, 'Give --crds a folder of CRD files.');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(ya?ml|json)$/.test(file),
  );
  const { parseAllDocuments } = await import('yaml');
  const documents: unknown[] = [];
  for (const file of files.sort()) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    // Charts and kustomizations lie beside CRDs, and templates are no YAML.
    if (!/kind["']?:\s*["']?CustomResourceDefinition/.test(text)) continue;
    for (const document of parseAllDocuments(text)) {
      const [error] = document.errors;
      if (error !== undefined)
        throw new UsageError(
          `${file} in ${folder} cannot be read as YAML: ${error.message.split('\n', 1)[0] ?? ''}`,
          'Mend the file, or move it out of the folder that --crds names.',
        );
      documents.push(document.toJS());
    }
  }
  if (documents.length === 0)
    throw new UsageError(
      `No file below ${folder} holds a CustomResourceDefinition`,
      'Write them there with kubectl get crds -o yaml > crds.yaml',
    );
  return documents;
}
