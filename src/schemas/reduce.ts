/**
 * Reduces the OpenAPI schemas of Kubernetes and of CRDs to the JSON Schema (draft-07) that says which manifests an API server accepts, with
 * unknown fields refused, as `kubectl apply --validate=strict` does; Argo CD 3.2 shows the refusal for a moment, and then Synced. Pure.
 *
 * Where this is stricter than the API server: `null` is refused unless the schema allows it. The server removes most of them, after which
 * Argo CD sees a difference for ever.
 */
import { QUANTITY_PATTERN } from './formats.ts';
import {
  isObject,
  OBJECT_META,
  refTo,
  without,
  type Definitions,
  type JsonObject,
  type JsonSchema,
  type ReducedKind,
} from './json-schema.ts';
import { newContext, reduceNode } from './reduce-node.ts';

/** Built-in kinds are named by the caller: the documents hold hundreds. */
export type KindName = { readonly apiVersion: string; readonly kind: string };

/**
 * The served versions of one CustomResourceDefinition (apiextensions.k8s.io/v1); none where it is something else.
 * Their `metadata` refers to {@link OBJECT_META}, which `reduceObjectMeta` defines.
 */
export function reduceCrd(crd: unknown): ReducedKind[] {
  if (!isObject(crd) || crd.kind !== 'CustomResourceDefinition' || crd.apiVersion !== 'apiextensions.k8s.io/v1')
    return [];
  const spec = isObject(crd.spec) ? crd.spec : {};
  const { group, names, versions } = spec;
  if (typeof group !== 'string' || !isObject(names) || typeof names.kind !== 'string') return [];
  const { kind } = names;
  return (Array.isArray(versions) ? versions : []).flatMap((version: unknown) => {
    if (!isObject(version) || version.served !== true || typeof version.name !== 'string') return [];
    const node = isObject(version.schema) ? version.schema.openAPIV3Schema : undefined;
    if (!isObject(node)) return [];
    const context = newContext();
    const name = { apiVersion: `${group}/${version.name}`, kind };
    const hasStatusSubresource = isObject(version.subresources) && isObject(version.subresources.status);
    const schema = rootSchema(reduceNode(node, context), name, hasStatusSubresource);
    return [{ ...name, schema, dropped: context.dropped }];
  });
}

/**
 * The named kinds that an OpenAPI v3 document of Kubernetes (`api/openapi-spec/v3`) holds. What they refer to is kept as definitions, so
 * that recursion stays recursion; ObjectMeta is referred to and left to `reduceObjectMeta`.
 *
 * Go's zero values, which these documents give as `default`, are not defaults of the API server and are left out.
 */
export function reduceOpenApi(document: unknown, kinds: readonly KindName[]): ReducedKind[] {
  const components = componentsOf(document);
  return kinds.flatMap((name) => {
    const node = Object.values(components).find((component) => isKind(component, name));
    if (node === undefined) return [];
    const { context, definitions } = openApiContext(components, 'shared');
    const reduced = rootSchema(reduceNode(node, context), name, true);
    const schema = Object.keys(definitions).length === 0 ? reduced : { ...reduced, definitions };
    return [{ ...name, schema, dropped: context.dropped }];
  });
}

/** ObjectMeta and what it refers to, from any of Kubernetes' OpenAPI v3 documents. */
export function reduceObjectMeta(document: unknown): Definitions {
  const { context, definitions } = openApiContext(componentsOf(document), 'own');
  context.resolve?.(`#/components/schemas/${META_V1}${OBJECT_META}`);
  return definitions;
}

const META_V1 = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
/** Kept free for what `reduceObjectMeta` defines, so that definitions can be put together. */
const SHARED = [OBJECT_META, 'OwnerReference', 'ManagedFieldsEntry'];

function openApiContext(components: Readonly<Record<string, JsonObject>>, objectMeta: 'shared' | 'own') {
  const definitions: Record<string, JsonSchema> = {};
  const names = new Map(SHARED.map((name) => [name, META_V1 + name]));
  const context = newContext((ref) => {
    const full = ref.replace('#/components/schemas/', '');
    const target = components[full];
    if (target === undefined) throw new TypeError(`the OpenAPI document has no ${full}`);
    if (full === `${META_V1}Time` || full === `${META_V1}MicroTime`)
      // Go's Time reads null as "none": generated manifests hold `creationTimestamp: null`.
      return { type: ['string', 'null'], format: 'date-time' };
    if (full.endsWith('.resource.Quantity')) return { type: ['number', 'string'], pattern: QUANTITY_PATTERN };
    if (!isObject(target.properties)) return reduceNode(target, context);
    const last = full.slice(full.lastIndexOf('.') + 1);
    const name = (names.get(last) ?? full) === full ? last : full;
    if (objectMeta === 'shared' && full === META_V1 + OBJECT_META) return { $ref: refTo(OBJECT_META) };
    if (definitions[name] === undefined) {
      names.set(name, full);
      definitions[name] = {}; // so that recursion ends
      definitions[name] = reduceNode(target, context);
    }
    return { $ref: refTo(name) };
  });
  return { context, definitions };
}

function componentsOf(document: unknown): Readonly<Record<string, JsonObject>> {
  const components = isObject(document) && isObject(document.components) ? document.components.schemas : undefined;
  if (!isObject(components)) throw new TypeError('not an OpenAPI v3 document: it has no components.schemas');
  return components as Readonly<Record<string, JsonObject>>;
}

function isKind(component: JsonObject, { apiVersion, kind }: KindName): boolean {
  const names = component['x-kubernetes-group-version-kind'];
  const matches = (name: unknown): boolean =>
    isObject(name) &&
    name.kind === kind &&
    [name.group, name.version].filter((part) => part !== '').join('/') === apiVersion;
  // DeleteOptions and its like carry the names of every group.
  return Array.isArray(names) && names.length === 1 && names.every(matches);
}

/**
 * What holds for every object: it says which kind it is, and has a name. `status` is open where it is a subresource: the API server
 * drops it before it validates what is written, so it can break nothing. Where it is none (Argo CD's Application) it is checked like
 * any field.
 */
function rootSchema(schema: JsonSchema, name: KindName, hasStatusSubresource: boolean): JsonSchema {
  const { metadata, status } = schema.properties ?? {};
  const keepStatus = status !== undefined && (hasStatusSubresource ? { status: { type: 'object' } } : { status });
  // A CRD may narrow the name, and nothing else of metadata.
  const { name: narrowed } = metadata?.properties ?? {};
  return {
    ...schema,
    type: 'object',
    required: [...new Set(['apiVersion', 'kind', 'metadata', ...(schema.required ?? [])])],
    properties: {
      apiVersion: { type: 'string', enum: [name.apiVersion] },
      kind: { type: 'string', enum: [name.kind] },
      metadata: {
        type: 'object',
        $ref: refTo(OBJECT_META),
        anyOf: [{ required: ['name'] }, { required: ['generateName'] }],
        ...(narrowed === undefined ? {} : { properties: { name: narrowed } }),
      },
      ...without(schema.properties ?? {}, 'apiVersion', 'kind', 'metadata', 'status'),
      ...(keepStatus === false ? {} : keepStatus),
    },
  };
}
