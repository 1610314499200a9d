/** One schema inside a CRD or one of Kubernetes' OpenAPI documents → JSON Schema. */
import { classifyFormat } from './formats.ts';
import {
  isObject,
  OBJECT_META,
  ownValue,
  refTo,
  type Dropped,
  type JsonObject,
  type JsonSchema,
} from './json-schema.ts';
import { re2ToJavaScript } from './re2-pattern.ts';

/** Carried over as they are. */
const COPIED = ['enum', 'default', 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems'].concat(
  'minProperties',
  'maxProperties',
);

type Draft = { -readonly [keyword in keyof JsonSchema]: JsonSchema[keyword] };

export type Context = {
  readonly dropped: { -readonly [part in keyof Dropped]: Dropped[part] };
  /** Reduces what a `$ref` names; only Kubernetes' own documents have them. */
  readonly resolve?: (ref: string) => JsonSchema;
  /** Inside `anyOf` and its siblings a schema only adds conditions: the fields are declared, and closed, outside. */
  readonly insideJunctor: boolean;
};

export function newContext(resolve?: (ref: string) => JsonSchema): Context {
  return {
    dropped: { celRules: 0, patterns: 0, formats: 0 },
    insideJunctor: false,
    ...(resolve === undefined ? {} : { resolve }),
  };
}

export function reduceNode(node: JsonObject, context: Context): JsonSchema {
  const rules = node['x-kubernetes-validations'];
  if (Array.isArray(rules)) context.dropped.celRules += rules.length;
  const ref = context.resolve === undefined ? undefined : soleRef(node);
  if (ref !== undefined && context.resolve !== undefined) return context.resolve(ref);

  const out: Draft = {};
  const intOrString = node['x-kubernetes-int-or-string'] === true || node.format === 'int-or-string';
  const type = intOrString ? ['integer', 'string'] : typeof node.type === 'string' ? node.type : undefined;
  if (type !== undefined) out.type = node.nullable === true ? [type, 'null'].flat() : type;
  for (const keyword of COPIED) if (node[keyword] !== undefined) out[keyword] = node[keyword];
  if (context.resolve !== undefined && isZero(out.default)) delete out.default;
  reduceBounds(node, out);
  reduceText(node, out, context);
  if (node.items !== undefined) out.items = reduceNode(asObject(node.items), context);
  reduceListType(node, out, context);
  reduceFields(node, out, context);
  reduceJunctors(node, out, context, intOrString);
  return out;
}

function isZero(value: unknown): boolean {
  return !value || (isObject(value) && Object.keys(value).length === 0);
}

/** Kubernetes wraps a reference in `allOf`, to put a description beside it. */
function soleRef(node: JsonObject): string | undefined {
  if (typeof node.$ref === 'string') return node.$ref;
  const only: unknown = Array.isArray(node.allOf) && node.allOf.length === 1 ? node.allOf[0] : undefined;
  return isObject(only) && typeof only.$ref === 'string' ? only.$ref : undefined;
}

/** OpenAPI 3.0 says with a boolean that a bound is exclusive, draft-07 with the bound itself. */
function reduceBounds(node: JsonObject, out: Draft): void {
  if (node.minimum !== undefined) out[node.exclusiveMinimum === true ? 'exclusiveMinimum' : 'minimum'] = node.minimum;
  if (node.maximum !== undefined) out[node.exclusiveMaximum === true ? 'exclusiveMaximum' : 'maximum'] = node.maximum;
}

function reduceText(node: JsonObject, out: Draft, context: Context): void {
  if (typeof node.pattern === 'string') {
    const pattern = re2ToJavaScript(node.pattern);
    if (pattern === undefined) context.dropped.patterns++;
    else out.pattern = pattern;
  }
  if (typeof node.format !== 'string') return;
  const format = classifyFormat(node.format);
  if (format.kind === 'dropped') context.dropped.formats++;
  if (format.kind === 'checked')
    out.format = format.name === 'byte' && context.resolve !== undefined ? 'go-byte' : format.name;
}

/** Sets and maps are unique in custom resources; for built-in kinds the API server does not hold it when an object is created. */
function reduceListType(node: JsonObject, out: Draft, context: Context): void {
  if (context.resolve !== undefined) return;
  const keys = node['x-kubernetes-list-map-keys'];
  if (node['x-kubernetes-list-type'] === 'set') out.uniqueItems = true;
  if (node['x-kubernetes-list-type'] === 'map' && Array.isArray(keys))
    out['x-kubernetes-list-map-keys'] = keys as string[];
}

function reduceFields(node: JsonObject, out: Draft, context: Context): void {
  const fields = isObject(node.properties) ? node.properties : undefined;
  const reduced: [string, JsonSchema][] = Object.entries(fields ?? {}).map(([name, field]) => [
    name,
    reduceNode(asObject(field), context),
  ]);
  const embedded = node['x-kubernetes-embedded-resource'] === true;
  if (embedded)
    reduced.push(
      ['apiVersion', { type: 'string' }],
      ['kind', { type: 'string' }],
      ['metadata', { $ref: refTo(OBJECT_META) }],
    );
  const properties: Readonly<Record<string, JsonSchema>> = Object.fromEntries(reduced);
  if (reduced.length > 0) out.properties = properties;
  const required = [
    ...(Array.isArray(node.required) ? (node.required as string[]) : []),
    ...(embedded ? ['apiVersion', 'kind'] : []),
  ];
  // The API server fills in defaults before it validates: a required field with a default may be left out.
  const demanded = [...new Set(required)].filter((name) => ownValue(properties, name)?.default === undefined);
  if (demanded.length > 0) out.required = demanded;
  if (node.additionalProperties !== undefined) {
    out.additionalProperties =
      typeof node.additionalProperties === 'boolean'
        ? node.additionalProperties
        : reduceNode(asObject(node.additionalProperties), context);
    return;
  }
  // In a CRD an object without fields accepts none; in Kubernetes' documents it is a RawExtension, which accepts all.
  const open = node['x-kubernetes-preserve-unknown-fields'] === true || context.insideJunctor;
  const declares = reduced.length > 0 || (node.type === 'object' && context.resolve === undefined);
  if (!open && declares) out.additionalProperties = false;
}

function reduceJunctors(node: JsonObject, out: Draft, context: Context, intOrString: boolean): void {
  const inner = { ...context, insideJunctor: true };
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const branches: unknown = node[keyword];
    if (!Array.isArray(branches)) continue;
    const kept = branches.map(asObject).filter((branch) => !intOrString || !saysIntOrString(keyword, branch));
    if (kept.length > 0) out[keyword] = kept.map((branch) => reduceNode(branch, inner));
  }
  if (isObject(node.not)) out.not = reduceNode(node.not, inner);
}

/** The form in which a structural schema must repeat `x-kubernetes-int-or-string`: already said by the type. */
function saysIntOrString(keyword: string, branch: JsonObject): boolean {
  if (keyword === 'anyOf' || keyword === 'oneOf') return branch.type === 'integer' || branch.type === 'string';
  return Array.isArray(branch.anyOf) && branch.anyOf.every((inner) => saysIntOrString('anyOf', asObject(inner)));
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
