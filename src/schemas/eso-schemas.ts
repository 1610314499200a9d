/** Which schemas stand for a version of External Secrets Operator, and what is known of versions whose CRDs are not here. */
import path from 'node:path';
import { without, type JsonSchema } from './json-schema.ts';
import type { KindName } from './reduce.ts';
import { loadSchemaSet, mapSchemas, type SchemaSet } from './schema-set.ts';
import { schemaFolder, schemaSources } from './sources.ts';

/**
 * - `null-byte-policy`: from 2.3 on `spec.data[].remoteRef`, `spec.dataFrom[].extract` and `spec.dataFrom[].find` know `nullBytePolicy`.
 * - `null-byte-policy-default`: from 2.3 to 2.8 the API server fills in `Ignore` for it (external-secrets issue 6398).
 * - `no-reference-defaults`: from 2.9 on it fills in nothing there (external-secrets issue 6798).
 */
type EsoOverlay = 'null-byte-policy' | 'null-byte-policy-default' | 'no-reference-defaults';

export type EsoSelection =
  | {
      readonly kind: 'selected';
      /** Below `schemas/`. */
      readonly folder: string;
      /** The schemas are of the same minor version. Otherwise a field that a newer version added is refused. */
      readonly exact: boolean;
      readonly overlays: readonly EsoOverlay[];
    }
  | { readonly kind: 'unsupported'; readonly message: string; readonly hint: string };

type Version = { readonly major: number; readonly minor: number };

const known = schemaSources
  .filter(({ project }) => project === 'external-secrets')
  .map((source) => ({ folder: schemaFolder(source), version: parseVersion(source.version) }));

/**
 * The schemas for a version of the operator: those of the same minor, else of the nearest older minor that is known (for 2.x the newest of
 * all: its CRDs cannot be had as a Go module).
 *
 * @param version of the form 0.20.4, v1.3.2 or 2.9
 */
export function selectEsoSchemas(version: string): EsoSelection {
  const wanted = parseVersion(version);
  const oldest = known[0]?.version;
  if (wanted === undefined)
    return {
      kind: 'unsupported',
      message: `"${version}" is not a version of External Secrets Operator`,
      hint: 'Write it as 0.20.4.',
    };
  const best = known.findLast(
    ({ version: candidate }) => candidate !== undefined && compareMinor(candidate, wanted) <= 0,
  );
  if (best?.version === undefined)
    return {
      kind: 'unsupported',
      message: `External Secrets Operator ${version} is older than ${oldest?.major ?? 0}.${oldest?.minor ?? 0}, the first with external-secrets.io/v1 alone`,
      hint: 'Target a newer operator, or check against what runs with --crds.',
    };
  return {
    kind: 'selected',
    folder: best.folder,
    exact: compareMinor(best.version, wanted) === 0,
    overlays: overlaysFor(wanted),
  };
}

function overlaysFor(version: Version): readonly EsoOverlay[] {
  if (compareMinor(version, { major: 2, minor: 9 }) >= 0) return ['null-byte-policy', 'no-reference-defaults'];
  if (compareMinor(version, { major: 2, minor: 3 }) >= 0) return ['null-byte-policy', 'null-byte-policy-default'];
  return [];
}

/** @throws PlatformError `SCHEMAS` when the folder is not there or is damaged */
export function loadEsoSchemas(
  schemasRoot: string,
  selection: EsoSelection & { readonly kind: 'selected' },
): SchemaSet {
  const set = loadSchemaSet(path.join(schemasRoot, selection.folder));
  return selection.overlays.length === 0 ? set : applyEsoOverlays(set, selection.overlays);
}

function applyEsoOverlays(set: SchemaSet, overlays: readonly EsoOverlay[]): SchemaSet {
  const overlay = (reference: JsonSchema): JsonSchema => {
    const properties: Record<string, JsonSchema> = { ...reference.properties };
    if (overlays.includes('null-byte-policy'))
      properties.nullBytePolicy = {
        type: 'string',
        enum: ['Ignore', 'Fail'],
        ...(overlays.includes('null-byte-policy-default') ? { default: 'Ignore' } : {}),
      };
    if (overlays.includes('no-reference-defaults'))
      for (const name of ['conversionStrategy', 'decodingStrategy', 'metadataPolicy']) {
        const field = properties[name];
        if (field !== undefined) properties[name] = without(field, 'default');
      }
    return { ...reference, properties };
  };
  return mapSchemas(set, (schema, kind) => {
    const spec = specPath(kind);
    if (spec === undefined) return schema;
    return [
      [...spec, 'data', '[]', 'remoteRef'],
      [...spec, 'dataFrom', '[]', 'extract'],
      [...spec, 'dataFrom', '[]', 'find'],
    ].reduce((changed, fields) => changeAt(changed, fields, overlay), schema);
  });
}

/** Where the kind holds the spec of an ExternalSecret. */
function specPath({ apiVersion, kind }: KindName): readonly string[] | undefined {
  if (apiVersion !== 'external-secrets.io/v1') return undefined;
  if (kind === 'ExternalSecret') return ['spec'];
  return kind === 'ClusterExternalSecret' ? ['spec', 'externalSecretSpec'] : undefined;
}

/** @param fields names of properties, and `[]` for the entries of a list */
function changeAt(
  schema: JsonSchema,
  fields: readonly string[],
  change: (schema: JsonSchema) => JsonSchema,
): JsonSchema {
  const [first, ...rest] = fields;
  if (first === undefined) return change(schema);
  const inner = first === '[]' ? schema.items : schema.properties?.[first];
  if (inner === undefined) return schema;
  const changed = changeAt(inner, rest, change);
  return first === '[]'
    ? { ...schema, items: changed }
    : { ...schema, properties: { ...schema.properties, [first]: changed } };
}

function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d{1,5})\.(\d{1,5})(?:\.\d{1,5})?(?:[-+].*)?$/.exec(text);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

function compareMinor(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor;
}
