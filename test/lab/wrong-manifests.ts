/** Wrong manifests: a sound one with one thing changed, wherever its schema says something that can be broken. */
import fc from 'fast-check';
import type { Manifest } from '../../src/manifests/manifest.ts';
import { definitionOf, isObject, ownValue } from '../../src/schemas/json-schema.ts';
import type { Definitions, JsonSchema } from '../../src/schemas/json-schema.ts';
import type { SchemaSet } from '../../src/schemas/schema-set.ts';
import { withChange } from '../schemas/manifests.ts';

type Place = readonly (string | number)[];

/** One way to break one place of one manifest; the value comes from the arbitrary, `undefined` removes what is there. */
type Breakage = {
  readonly manifest: Manifest;
  readonly how: How;
  readonly place: Place;
  readonly value: fc.Arbitrary<unknown>;
};

const ways = [
  'unknown field',
  'wrong type',
  'missing field',
  'not in the list',
  'wrong pattern',
  'out of bounds',
] as const;
type How = (typeof ways)[number] | 'null';

export type WrongManifest = {
  /** The sound manifest that it was. */
  readonly of: Manifest;
  readonly how: How;
  readonly place: string;
  readonly manifest: object;
};

/** As many of each way, as far as the schemas of the manifests have it. @returns the same for the same seed */
export function wrongManifests(
  sound: readonly Manifest[],
  sets: readonly SchemaSet[],
  { seed, perWay }: { readonly seed: number; readonly perWay: number },
): WrongManifest[] {
  const breakages = sound.flatMap((manifest) => breakagesOf(manifest, sets));
  return [...ways, 'null' as const].flatMap((way) => {
    const of = breakages.filter(({ how }) => how === way);
    if (of.length === 0) return [];
    const one = fc.constantFrom(...of).chain(({ manifest, how, place, value }) =>
      value.map((wrong) => ({
        of: manifest,
        how,
        place: place.join('.'),
        manifest: withChange(manifest, place, wrong),
      })),
    );
    return fc.sample(one, { seed, numRuns: perWay });
  });
}

function breakagesOf(manifest: Manifest, sets: readonly SchemaSet[]): Breakage[] {
  const set = sets.find((one) => one.find(manifest.apiVersion, manifest.kind) !== undefined);
  const schema = set?.find(manifest.apiVersion, manifest.kind);
  if (schema === undefined) return [];
  const shared = Object.assign({}, ...sets.map(({ definitions }) => definitions)) as Definitions;
  const definitions: Definitions = { ...shared, ...schema.definitions };
  const found: Breakage[] = [];
  const add = (how: How, place: Place, value: fc.Arbitrary<unknown>): void => {
    // These say where a request is sent; without them nobody can ask the API server.
    if (place[0] !== 'apiVersion' && place[0] !== 'kind') found.push({ manifest, how, place, value });
  };

  const visit = (value: unknown, given: JsonSchema, place: Place): void => {
    const named = definitionOf(given);
    const target = named === undefined ? given : (ownValue(definitions, named) ?? {});
    if (place.length > 0) breakValue(value, target, (how, wrong) => add(how, place, wrong));
    if (Array.isArray(value) && target.items !== undefined)
      for (const [index, entry] of value.entries()) visit(entry, target.items, [...place, index]);
    if (!isObject(value)) return;
    if (target.additionalProperties === false) add('unknown field', [...place, 'notAField'], fc.jsonValue());
    for (const name of new Set([...(given.required ?? []), ...(target.required ?? [])]))
      if (Object.hasOwn(value, name)) add('missing field', [...place, name], fc.constant(undefined));
    for (const [name, field] of Object.entries(value)) {
      const fieldSchema = ownValue(target.properties, name) ?? target.additionalProperties;
      if (isObject(fieldSchema)) visit(field, fieldSchema, [...place, name]);
    }
  };
  visit(manifest, schema, []);
  return found;
}

const byType: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: fc.constantFrom('', 'text', '1', 'true'),
  boolean: fc.boolean(),
  integer: fc.integer({ min: -5, max: 5 }),
  number: fc.constantFrom(0.5, -2.25),
  array: fc.constantFrom([], ['text'], [{}], [[]]),
  object: fc.constantFrom({}, { a: 'b' }, { a: {} }),
};

function breakValue(value: unknown, schema: JsonSchema, add: (how: How, wrong: fc.Arbitrary<unknown>) => void): void {
  const types = [schema.type ?? []].flat();
  if (types.length > 0) {
    const allowed = new Set([...types, ...(types.includes('number') ? ['integer'] : [])]);
    const others = Object.entries(byType).filter(([type]) => !allowed.has(type));
    add('wrong type', fc.oneof(...others.map(([, arbitrary]) => arbitrary)));
    if (!types.includes('null')) add('null', fc.constant(null));
  }
  if (schema.enum !== undefined && typeof value === 'string')
    add('not in the list', fc.constantFrom('', 'Nothing', value.toLowerCase() + 'x', ` ${value}`));
  const { pattern, maxLength, minLength, minimum, maximum, minItems, maxItems, minProperties, maxProperties } =
    schema as Readonly<Record<string, unknown>>;
  if (typeof pattern === 'string') {
    const regular = new RegExp(pattern, 'u');
    add(
      'wrong pattern',
      fc.string({ maxLength: 12, unit: 'binary-ascii' }).filter((text) => !regular.test(text)),
    );
  }
  const beyond = [
    ...(typeof maxLength === 'number' ? [fc.nat({ max: 20 }).map((more) => 'a'.repeat(maxLength + 1 + more))] : []),
    ...(typeof minLength === 'number' && minLength > 0 ? [fc.constant('a'.repeat(minLength - 1))] : []),
    ...(typeof minimum === 'number' ? [fc.integer({ min: 1, max: 1000 }).map((less) => minimum - less)] : []),
    ...(typeof maximum === 'number' ? [fc.integer({ min: 1, max: 1000 }).map((more) => maximum + more)] : []),
    ...(typeof minItems === 'number' && minItems > 0 ? [fc.constant([])] : []),
    ...(typeof maxItems === 'number' && Array.isArray(value)
      ? [fc.constant(Array.from({ length: maxItems + 1 }, () => value[0] as unknown))]
      : []),
    ...(typeof minProperties === 'number' && minProperties > 0 ? [fc.constant({})] : []),
    ...(typeof maxProperties === 'number' && isObject(value) ? [beyondProperties(value, schema, maxProperties)] : []),
  ];
  if (beyond.length > 0) add('out of bounds', fc.oneof(...beyond));
}

/** The same with one more field of those that it may have. */
function beyondProperties(value: object, schema: JsonSchema, most: number): fc.Arbitrary<unknown> {
  const free = Object.keys(schema.properties ?? {}).filter((name) => !Object.hasOwn(value, name));
  if (free.length === 0 || Object.keys(value).length < most) return fc.constant({});
  return fc.constantFrom(...free).map((name) => ({ ...value, [name]: {} }));
}
