/**
 * Checks manifests against the schemas of their kinds. ajv compiles each kind when it is first met, and of it only what the objects use
 * (see prune.ts): a cold run that meets one object of each kind compiles in the time of one large kind otherwise.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { InternalError } from '../model/problem.ts';
import { explainErrors, type SchemaFinding } from './explain-error.ts';
import { formats } from './formats.ts';
import { isObject, OBJECT_META, type JsonSchema } from './json-schema.ts';
import { openFields, pruneSchema, type OpenedFields, type SchemaWithDefinitions } from './prune.ts';
import type { KindName } from './reduce.ts';
import type { SchemaSet } from './schema-set.ts';

export type { SchemaFinding } from './explain-error.ts';

/** Nothing is found where the manifest is what an API server with these schemas accepts. Never throws for a manifest. */
export type SchemaChecker = (manifest: unknown) => readonly SchemaFinding[];

export type SchemaCheckOptions = {
  /** Kinds that may have no schema: they are not checked then. None otherwise. */
  readonly allowUnknownKind?: (kind: KindName) => boolean;
};

/** Objects of one kind that use other fields than those before are compiled anew, at most this often; then the whole schema is. */
const PARTIAL_COMPILATIONS = 4;

/**
 * @param sets the first that holds a kind decides; one of them must define ObjectMeta, as the `kubernetes` set does
 */
export function createSchemaChecker(sets: readonly SchemaSet[], options: SchemaCheckOptions = {}): SchemaChecker {
  const shared = Object.assign({}, ...sets.map(({ definitions }) => definitions).reverse()) as Readonly<
    Record<string, JsonSchema>
  >;
  if (shared[OBJECT_META] === undefined) throw new InternalError(new TypeError(`no schema set defines ${OBJECT_META}`));
  const ajv = newAjv();
  const checks = new Map<string, SchemaChecker | undefined>();
  const checkFor = ({ apiVersion, kind }: KindName): SchemaChecker | undefined => {
    const key = `${apiVersion} ${kind}`;
    if (checks.has(key)) return checks.get(key);
    const set = sets.find((candidate) => candidate.find(apiVersion, kind) !== undefined);
    const schema = set?.find(apiVersion, kind);
    const check =
      set === undefined || schema === undefined
        ? undefined
        : createKindChecker(ajv, { schema, definitions: { ...shared, ...schema.definitions } }, set.name);
    checks.set(key, check);
    return check;
  };
  return (manifest) => {
    if (!isObject(manifest)) return [{ path: '', message: 'is not a Kubernetes object' }];
    const { apiVersion, kind } = manifest;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string')
      return (['apiVersion', 'kind'] as const)
        .filter((name) => typeof manifest[name] !== 'string')
        .map((name) => ({ path: name, message: manifest[name] === undefined ? 'is missing' : 'is not a text' }));
    const check = checkFor({ apiVersion, kind });
    if (check !== undefined) return check(manifest);
    return options.allowUnknownKind?.({ apiVersion, kind }) === true ? [] : [unknownKind({ apiVersion, kind }, sets)];
  };
}

function createKindChecker(ajv: Ajv, schema: SchemaWithDefinitions, source: string): SchemaChecker {
  const opened: OpenedFields = new Set();
  let compilations = 0;
  let validate: ValidateFunction | undefined;
  return (manifest) => {
    for (;;) {
      if (validate === undefined) {
        openFields(manifest, schema, opened);
        validate = ajv.compile(pruneSchema(schema, compilations < PARTIAL_COMPILATIONS ? opened : undefined));
        compilations++;
      }
      if (validate(manifest)) return [];
      const errors = validate.errors ?? [];
      // Ends: the last compilation leaves no field out.
      if (errors.some(isUnopenedField) && compilations <= PARTIAL_COMPILATIONS) validate = undefined;
      else return explainErrors(errors, { manifest, source });
    }
  };
}

function isUnopenedField({ keyword }: ErrorObject): boolean {
  return keyword === 'false schema';
}

/** Schemas come from `schemas/`, whose tests hold that ajv's strict mode accepts them: checking them again would double the time. */
function newAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    validateSchema: false,
    meta: false,
    addUsedSchema: false,
    messages: false,
    verbose: true, // so that an error carries the schema it comes from; its values are not shown
    logger: false,
    // Optimising the generated code takes longer than it saves in 10,000 objects.
    code: { optimize: false },
    formats,
  });
  addListMapKeys(ajv);
  return ajv;
}

/** The keyword of `x-kubernetes-list-type: map`. Exported for the test that compiles every schema in strict mode. */
export function addListMapKeys(ajv: Ajv): void {
  ajv.addKeyword({
    keyword: 'x-kubernetes-list-map-keys',
    type: 'array',
    schemaType: 'array',
    errors: false,
    validate: (keys: readonly string[], entries: readonly unknown[]): boolean => {
      const seen = new Set(
        entries.map((entry) => JSON.stringify(keys.map((key) => (isObject(entry) ? entry[key] : undefined)))),
      );
      return seen.size === entries.length;
    },
  });
}

function unknownKind({ apiVersion, kind }: KindName, sets: readonly SchemaSet[]): SchemaFinding {
  const message = `no schema for ${apiVersion} ${kind}`;
  const versions = sets.flatMap(({ kinds }) =>
    kinds.filter((known) => known.kind === kind).map((known) => known.apiVersion),
  );
  const hint =
    versions.length > 0
      ? `${kind} is known as ${[...new Set(versions)].join(', ')}.`
      : 'Give the CRDs that define it with --crds.';
  return { path: '', message, hint };
}
