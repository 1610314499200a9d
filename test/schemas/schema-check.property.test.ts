import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isObject, ownValue, type Definitions, type JsonSchema } from '../../src/schemas/json-schema.ts';
import { createSchemaChecker } from '../../src/schemas/schema-check.ts';
import { loadSets, soundManifests, withChange } from './manifests.ts';

type Place = readonly (string | number)[];
type Mutation = {
  readonly kind: string;
  readonly place: Place;
  readonly known: readonly string[];
  readonly required: readonly string[];
};

const sets = loadSets();
const definitions: Definitions = Object.assign({}, ...sets.map((set) => set.definitions)) as Definitions;
const manifests = Object.values(soundManifests());

/** Every object in the value whose schema names its fields. */
function places(kind: string, value: unknown, schema: JsonSchema, own: Definitions, place: Place = []): Mutation[] {
  const target = schema.$ref === undefined ? schema : ownValue(own, schema.$ref.replace('#/definitions/', ''));
  if (target === undefined) return [];
  if (Array.isArray(value))
    return value.flatMap((entry, index) =>
      target.items === undefined ? [] : places(kind, entry, target.items, own, [...place, index]),
    );
  if (!isObject(value)) return [];
  const known = Object.keys(target.properties ?? {});
  const here = { kind, place, known, required: [...(schema.required ?? []), ...(target.required ?? [])] };
  const inner = Object.entries(value).flatMap(([name, field]) => {
    const fieldSchema = ownValue(target.properties, name) ?? target.additionalProperties;
    return isObject(fieldSchema) ? places(kind, field, fieldSchema, own, [...place, name]) : [];
  });
  return target.additionalProperties === false ? [here, ...inner] : inner;
}

const closed = manifests.flatMap((manifest) => {
  const schema = sets.map((set) => set.find(manifest.apiVersion, manifest.kind)).find((found) => found !== undefined);
  return schema === undefined ? [] : places(manifest.kind, manifest, schema, { ...definitions, ...schema.definitions });
});
const shared = createSchemaChecker(sets);
const unknownName = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', 'a/b', 'a~b', '$ref'),
);

describe('one mutation of a sound manifest', () => {
  it('reaches deep places of every kind', () => {
    assert.equal(new Set(closed.map(({ kind }) => kind)).size, manifests.length);
    assert.ok(closed.some(({ place }) => place.length >= 6));
    assert.ok(closed.some(({ place }) => place.length === 0));
  });

  for (const { checker, make, numRuns } of [
    { checker: 'one checker for all', make: () => shared, numRuns: 2000 },
    { checker: 'a checker that has seen nothing', make: () => createSchemaChecker(sets), numRuns: 60 },
  ])
    it(`is refused where it adds an unknown field, by ${checker}`, () => {
      fc.assert(
        fc.property(fc.constantFrom(...closed), unknownName, fc.jsonValue(), ({ kind, place, known }, field, value) => {
          fc.pre(!known.includes(field));
          const manifest = manifests.find((one) => one.kind === kind) ?? {};
          const findings = make()(withChange(manifest, [...place, field], value));
          assert.ok(findings.some(({ message }) => message.startsWith('is not a field in ')));
        }),
        { numRuns },
      );
    });

  it('is refused where it removes a required field', () => {
    const demanding = closed.filter(({ required }) => required.length > 0);
    const check = createSchemaChecker(sets);
    for (const { kind, place, required } of demanding)
      for (const field of required.filter((one) => one !== 'apiVersion' && one !== 'kind')) {
        const manifest = manifests.find((one) => one.kind === kind) ?? {};
        const [first] = check(withChange(manifest, [...place, field], undefined));
        assert.equal(first?.message, 'is missing', `${kind} ${place.join('.')} ${field}`);
      }
  });

  it('is refused where it puts a list in the place of a field', () => {
    const check = createSchemaChecker(sets);
    for (const { kind, place } of closed.filter((one) => one.place.length > 0)) {
      const manifest = manifests.find((one) => one.kind === kind) ?? {};
      assert.ok(check(withChange(manifest, place, [])).length > 0, `${kind} ${place.join('.')}`);
    }
  });
});

describe('checking only what objects use', () => {
  it('finds what the whole schema finds, in whichever order objects come', () => {
    const values = fc.oneof(
      fc.constant(undefined),
      fc.jsonValue(),
      fc.constantFrom<unknown>({}, [{}], 'Owner', 'a', 1),
    );
    const fields = [
      'spec',
      'target',
      'template',
      'data',
      'dataFrom',
      'extract',
      'find',
      'remoteRef',
      'key',
      'provider',
      'azurekv',
      'aws',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...closed), fc.constantFrom(...fields), values), {
          minLength: 1,
          maxLength: 8,
        }),
        (changes) => {
          const one = createSchemaChecker(sets);
          for (const [{ kind, place }, field, value] of changes) {
            const manifest = withChange(manifests.find((of) => of.kind === kind) ?? {}, [...place, field], value);
            assert.deepEqual(one(manifest), warmed(manifest));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Met so many shapes of every kind that it compiled the whole of it. */
const warmed = createSchemaChecker(sets);
for (const { kind, place, known } of closed)
  for (const field of known)
    warmed(withChange(manifests.find((one) => one.kind === kind) ?? {}, [...place, field], {}));
