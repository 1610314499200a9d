/** Manifests of any kind of a CRD, grown from its schema: most are sound, and where the schema says more than grows here, some are not. */
import fc from 'fast-check';
import type { Manifest } from '../../src/manifests/manifest.ts';
import type { JsonSchema } from '../../src/schemas/json-schema.ts';
import type { KindName } from '../../src/schemas/reduce.ts';

/** What an object holds at most besides what it must. */
const optionalFields = 3;
/** Deeper, only what must be there grows. */
const depthOfOptional = 7;

export function grownManifest({ apiVersion, kind }: KindName, schema: JsonSchema): fc.Arbitrary<Manifest> {
  const fields = Object.entries(schema.properties ?? {}).filter(
    ([name]) => !['apiVersion', 'kind', 'metadata', 'status'].includes(name),
  );
  const grown = Object.fromEntries(fields.map(([name, field]) => [name, grow(field, 0)]));
  return fc.record(grown).map((rest) => ({ apiVersion, kind, metadata: { name: 'grown' }, ...rest }));
}

function grow(schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return fc.constant({});
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null');
  return types.length === 0 ? fc.jsonValue() : fc.oneof(...types.map((type) => growType(type, schema, depth)));
}

function growType(type: string, schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const number = (name: string): number | undefined => (typeof schema[name] === 'number' ? schema[name] : undefined);
  switch (type) {
    case 'string':
      return growText(schema, number('minLength') ?? 0);
    case 'boolean':
      return fc.boolean();
    case 'integer': {
      const min = number('minimum') ?? -3;
      return fc.integer({ min, max: Math.max(min, number('maximum') ?? 3) });
    }
    case 'number':
      return fc.constantFrom(1, 0.5);
    case 'array': {
      const minLength = number('minItems') ?? 0;
      const maxLength = Math.max(minLength, Math.min(number('maxItems') ?? 2, depth > depthOfOptional ? 0 : 2));
      return fc.array(grow(schema.items ?? {}, depth + 1), { minLength, maxLength });
    }
    default:
      return growObject(schema, depth, number('minProperties') ?? 0, number('maxProperties') ?? optionalFields);
  }
}

function growText({ format, pattern }: JsonSchema, minLength: number): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.constant('2026-01-31T12:00:00Z');
  if (format === 'byte') return fc.constant('YWJj');
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'), { maxLength: 20 });
  return fc.constantFrom('a', 'some-name', 'Text with space').map((text) => text.padEnd(minLength, 'x'));
}

function growObject(schema: JsonSchema, depth: number, least: number, most: number): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const names = Object.keys(properties);
  if (names.length === 0) {
    if (typeof additionalProperties === 'object')
      return fc.dictionary(fc.constantFrom('a', 'b'), grow(additionalProperties, depth + 1), { minKeys: least });
    return additionalProperties === false ? fc.constant({}) : fc.dictionary(fc.constantFrom('a', 'b'), fc.jsonValue());
  }
  const optional = names.filter((name) => !required.includes(name));
  const minLength = Math.min(optional.length, Math.max(0, least - required.length));
  const wanted =
    depth > depthOfOptional ? minLength : Math.min(most, optionalFields) - (most === 1 ? required.length : 0);
  // In a chain: only what is chosen grows.
  return fc
    .subarray(optional, { minLength, maxLength: Math.min(optional.length, Math.max(minLength, wanted)) })
    .chain((chosen) =>
      fc.record(
        Object.fromEntries([...required, ...chosen].map((name) => [name, grow(properties[name] ?? {}, depth + 1)])),
      ),
    );
}
