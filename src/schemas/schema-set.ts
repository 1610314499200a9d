/** Schemas by kind, read only when a kind is asked for. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PlatformError } from '../model/problem.ts';
import type { Definitions, JsonSchema } from './json-schema.ts';
import type { KindName } from './reduce.ts';
import type { SchemaFile, SchemaIndex } from './write-schemas.ts';

export type SchemaSet = {
  /** Where the schemas come from, for a person: `external-secrets-1.3.2`. */
  readonly name: string;
  readonly kinds: readonly KindName[];
  /** The schema, or undefined where the set does not hold the kind. The same object each time. */
  readonly find: (apiVersion: string, kind: string) => JsonSchema | undefined;
  /** What schemas of any set may refer to: the `kubernetes` set defines ObjectMeta for all. */
  readonly definitions: Definitions;
};

/**
 * The schemas in one folder below `schemas/`.
 *
 * @throws PlatformError `SCHEMAS` when the folder is not there or is damaged
 */
export function loadSchemaSet(folder: string): SchemaSet {
  const name = path.basename(folder);
  const index = readJson(path.join(folder, 'index.json')) as SchemaIndex;
  const files = new Map(index.schemas.map(({ apiVersion, kind, file }) => [kindKey(apiVersion, kind), file]));
  return {
    name,
    kinds: index.schemas.map(({ apiVersion, kind }) => ({ apiVersion, kind })),
    find: remember((apiVersion, kind) => {
      const file = files.get(kindKey(apiVersion, kind));
      return file === undefined ? undefined : (readJson(path.join(folder, file)) as SchemaFile).schema;
    }),
    definitions: index.definitions ?? {},
  };
}

/** The same set with some schemas changed; each is changed once, when it is asked for. */
export function mapSchemas(set: SchemaSet, change: (schema: JsonSchema, kind: KindName) => JsonSchema): SchemaSet {
  return {
    ...set,
    find: remember((apiVersion, kind) => {
      const schema = set.find(apiVersion, kind);
      return schema === undefined ? undefined : change(schema, { apiVersion, kind });
    }),
  };
}

export function kindKey(apiVersion: string, kind: string): string {
  return `${apiVersion} ${kind}`;
}

function remember(find: SchemaSet['find']): SchemaSet['find'] {
  const found = new Map<string, JsonSchema | undefined>();
  return (apiVersion, kind) => {
    const key = kindKey(apiVersion, kind);
    if (!found.has(key)) found.set(key, find(apiVersion, kind));
    return found.get(key);
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (cause) {
    const where = `schemas/${path.basename(path.dirname(file))}/${path.basename(file)}`;
    throw new PlatformError(
      'SCHEMAS',
      `${where} cannot be read`,
      'Restore it with git checkout -- schemas, or make it again with npm run schemas.',
      cause,
    );
  }
}
