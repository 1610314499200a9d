/**
 * Keeps of a schema only what the objects at hand use. A ClusterSecretStore knows over forty providers and an object uses one; compiling
 * them all takes longer than everything else together. Pure.
 *
 * Nothing is let through by it: a field that is known and was not kept becomes `false`, which refuses every value. Whoever gets such an
 * error ("false schema") has met an object that uses more, opens that too, and checks again.
 */
import { definitionOf, isObject, ownValue, without, type Definitions, type JsonSchema } from './json-schema.ts';

/** The schemas of fields that objects were seen to use. */
export type OpenedFields = Set<JsonSchema>;

/** The schema and the definitions that its references name. */
export type SchemaWithDefinitions = { readonly schema: JsonSchema; readonly definitions: Definitions };

/** Adds the fields that the value uses. */
export function openFields(value: unknown, { schema, definitions }: SchemaWithDefinitions, opened: OpenedFields): void {
  const target = ownValue(definitions, definitionOf(schema) ?? '');
  if (target !== undefined) openFields(value, { schema: target, definitions }, opened);
  if (Array.isArray(value)) {
    if (schema.items !== undefined)
      for (const item of value) openFields(item, { schema: schema.items, definitions }, opened);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    const field = ownValue(schema.properties, name);
    if (field !== undefined) {
      opened.add(field);
      openFields(inner, { schema: field, definitions }, opened);
    } else if (isObject(schema.additionalProperties))
      openFields(inner, { schema: schema.additionalProperties, definitions }, opened);
  }
}

/** The schema without the fields that were not opened; without `opened`, the whole of it. One self-contained schema. */
export function pruneSchema({ schema, definitions }: SchemaWithDefinitions, opened: OpenedFields | undefined): object {
  const kept: Record<string, unknown> = {};
  const prune = (node: JsonSchema): unknown => {
    const out = without(node, 'default', 'definitions');
    const name = definitionOf(node);
    if (name !== undefined && kept[name] === undefined) {
      const target = ownValue(definitions, name);
      if (target === undefined) throw new TypeError(`the schema refers to ${name}, which nothing defines`);
      kept[name] = true; // so that recursion ends
      kept[name] = prune(target);
    }
    if (node.properties !== undefined)
      out.properties = Object.fromEntries(
        Object.entries(node.properties).map(([field, inner]) => [
          field,
          opened === undefined || opened.has(inner) ? prune(inner) : false,
        ]),
      );
    if (node.items !== undefined) out.items = prune(node.items);
    if (isObject(node.additionalProperties)) out.additionalProperties = prune(node.additionalProperties);
    // What is inside anyOf, oneOf, allOf and not stays whole: there, refusing a field could make a wrong object right.
    return out;
  };
  const root = prune(schema) as object;
  return Object.keys(kept).length === 0 ? root : { ...root, definitions: kept };
}
