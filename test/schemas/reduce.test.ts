import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonSchema } from '../../src/schemas/json-schema.ts';
import { reduceCrd, reduceObjectMeta, reduceOpenApi } from '../../src/schemas/reduce.ts';

type Version = { schema: object; name?: string; served?: boolean; subresources?: object };

function crdOf(...versions: Version[]): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    spec: {
      group: 'example.org',
      names: { kind: 'Thing' },
      versions: versions.map(({ schema, name = 'v1', served = true, subresources }) => ({
        name,
        served,
        schema: { openAPIV3Schema: schema },
        ...(subresources === undefined ? {} : { subresources }),
      })),
    },
  };
}

/** The reduced form of one field, `spec`. */
function reduceSpec(spec: object): JsonSchema | undefined {
  const [reduced] = reduceCrd(crdOf({ schema: { type: 'object', properties: { spec } } }));
  return reduced?.schema.properties?.spec;
}

describe('reduceCrd', () => {
  it('keeps the served versions, and says which kind an object must be', () => {
    const reduced = reduceCrd(
      crdOf(
        { name: 'v1', schema: { type: 'object', required: ['spec'], properties: { spec: { type: 'string' } } } },
        { name: 'v1beta1', served: false, schema: { type: 'object' } },
      ),
    );
    assert.deepEqual(reduced, [
      {
        apiVersion: 'example.org/v1',
        kind: 'Thing',
        schema: {
          type: 'object',
          required: ['apiVersion', 'kind', 'metadata', 'spec'],
          properties: {
            apiVersion: { type: 'string', enum: ['example.org/v1'] },
            kind: { type: 'string', enum: ['Thing'] },
            metadata: {
              type: 'object',
              $ref: '#/definitions/ObjectMeta',
              anyOf: [{ required: ['name'] }, { required: ['generateName'] }],
            },
            spec: { type: 'string' },
          },
          additionalProperties: false,
        },
        dropped: { celRules: 0, patterns: 0, formats: 0 },
      },
    ]);
  });

  it('takes nothing from what is no CRD', () => {
    for (const document of [undefined, 'text', [], {}, { kind: 'CustomResourceDefinition' }, { kind: 'Secret' }])
      assert.deepEqual(reduceCrd(document), []);
  });

  it('closes objects, unless they preserve unknown fields or are maps', () => {
    assert.deepEqual(reduceSpec({ type: 'object', properties: { a: { type: 'string' } } }), {
      type: 'object',
      properties: { a: { type: 'string' } },
      additionalProperties: false,
    });
    assert.deepEqual(reduceSpec({ type: 'object' }), { type: 'object', additionalProperties: false });
    assert.deepEqual(reduceSpec({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }), { type: 'object' });
    assert.deepEqual(reduceSpec({ 'x-kubernetes-preserve-unknown-fields': true }), {});
    assert.deepEqual(
      reduceSpec({
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
        properties: { a: { type: 'object', properties: { b: { type: 'string' } } } },
      }),
      {
        type: 'object',
        properties: { a: { type: 'object', properties: { b: { type: 'string' } }, additionalProperties: false } },
      },
    );
    assert.deepEqual(
      reduceSpec({ type: 'object', additionalProperties: { type: 'object', properties: { a: { type: 'boolean' } } } }),
      {
        type: 'object',
        additionalProperties: {
          type: 'object',
          properties: { a: { type: 'boolean' } },
          additionalProperties: false,
        },
      },
    );
    assert.deepEqual(reduceSpec({ type: 'object', additionalProperties: true }), {
      type: 'object',
      additionalProperties: true,
    });
  });

  it('keeps enums, lengths, counts and defaults, and no prose', () => {
    const kept = { type: 'string', enum: ['A', 'B'], default: 'A', minLength: 1, maxLength: 63 };
    assert.deepEqual(reduceSpec({ ...kept, description: 'prose', example: 'A', title: 'T' }), kept);
    const counted = { type: 'array', items: { type: 'integer', multipleOf: 2 }, minItems: 1, maxItems: 3 };
    assert.deepEqual(reduceSpec({ ...counted, 'x-kubernetes-list-type': 'atomic' }), counted);
    const sized = { type: 'object', additionalProperties: { type: 'string' }, minProperties: 1, maxProperties: 1 };
    assert.deepEqual(reduceSpec({ ...sized, 'x-kubernetes-map-type': 'atomic' }), sized);
  });

  it('writes exclusive bounds as draft-07 does', () => {
    assert.deepEqual(reduceSpec({ type: 'integer', minimum: 1, maximum: 9 }), {
      type: 'integer',
      minimum: 1,
      maximum: 9,
    });
    assert.deepEqual(
      reduceSpec({ type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true }),
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    );
  });

  it('reads int-or-string and nullable as types', () => {
    const branches = [{ type: 'integer' }, { type: 'string' }];
    assert.deepEqual(reduceSpec({ 'x-kubernetes-int-or-string': true, anyOf: branches }), {
      type: ['integer', 'string'],
    });
    assert.deepEqual(
      reduceSpec({ 'x-kubernetes-int-or-string': true, allOf: [{ anyOf: branches }, { pattern: '^1' }] }),
      { type: ['integer', 'string'], allOf: [{ pattern: '^1' }] },
    );
    assert.deepEqual(reduceSpec({ type: 'string', nullable: true }), { type: ['string', 'null'] });
  });

  it('keeps the formats that are checked and counts those that only the API server checks', () => {
    for (const [type, format] of Object.entries({ integer: 'int64', string: 'date-time' }))
      assert.deepEqual(reduceSpec({ type, format }), { type, format });
    assert.deepEqual(reduceSpec({ type: 'string', format: 'byte' }), { type: 'string', format: 'byte' });
    const [reduced] = reduceCrd(
      crdOf({
        schema: {
          type: 'object',
          properties: { a: { type: 'string', format: 'ipv4' }, b: { type: 'string', format: 'made-up' } },
        },
      }),
    );
    assert.deepEqual(reduced?.schema.properties?.a, { type: 'string' });
    assert.equal(reduced.dropped.formats, 1);
  });

  it('counts what cannot be carried over: CEL rules and patterns without an equal', () => {
    const rules = { 'x-kubernetes-validations': [{ rule: 'self.a' }, { rule: 'self.b' }] };
    const [reduced] = reduceCrd(
      crdOf({
        schema: {
          type: 'object',
          ...rules,
          properties: { a: { type: 'object', ...rules }, b: { type: 'string', pattern: '\\C' } },
        },
      }),
    );
    assert.deepEqual(reduced?.dropped, { celRules: 4, patterns: 1, formats: 0 });
    assert.deepEqual(reduced.schema.properties?.b, { type: 'string' });
  });

  it('does not require a field that has a default: the API server fills it in first', () => {
    const properties = { a: { type: 'string', default: 'x' }, b: { type: 'string' } };
    assert.deepEqual(reduceSpec({ type: 'object', required: ['a', 'b'], properties })?.required, ['b']);
    assert.equal(reduceSpec({ type: 'object', required: ['a'], properties })?.required, undefined);
  });

  it('keeps conditions as they are: they declare no fields', () => {
    assert.deepEqual(
      reduceSpec({
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'string' } },
        oneOf: [{ required: ['a'] }, { required: ['b'], properties: { b: { enum: ['x'] } } }],
        not: { required: ['a', 'b'] },
      }),
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'string' } },
        additionalProperties: false,
        oneOf: [{ required: ['a'] }, { required: ['b'], properties: { b: { enum: ['x'] } } }],
        not: { required: ['a', 'b'] },
      },
    );
  });

  it('keeps that sets and maps are unique', () => {
    assert.equal(
      reduceSpec({ type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' })?.uniqueItems,
      true,
    );
    const keys = ['name', 'port'];
    const map = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys };
    assert.deepEqual(reduceSpec({ type: 'array', ...map })?.['x-kubernetes-list-map-keys'], keys);
  });

  it('gives an embedded object its kind and metadata', () => {
    const spec = reduceSpec({
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      properties: { spec: { type: 'string' } },
    });
    assert.deepEqual(Object.keys(spec?.properties ?? {}), ['spec', 'apiVersion', 'kind', 'metadata']);
    assert.deepEqual(spec?.required, ['apiVersion', 'kind']);
  });

  it('opens status where it is a subresource, and keeps it where it is a field', () => {
    const status = { type: 'object', properties: { ready: { type: 'boolean' } } };
    const schema = { type: 'object', properties: { status } };
    const [dropped] = reduceCrd(crdOf({ schema, subresources: { status: {} } }));
    assert.deepEqual(dropped?.schema.properties?.status, { type: 'object' });
    const [kept] = reduceCrd(crdOf({ schema, subresources: {} }));
    assert.deepEqual(kept?.schema.properties?.status, { ...status, additionalProperties: false });
  });
});

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const ref = (name: string): object => ({ allOf: [{ $ref: `#/components/schemas/${name}` }], default: {} });
const document = {
  components: {
    schemas: {
      'io.k8s.api.core.v1.Thing': {
        type: 'object',
        required: ['spec'],
        properties: {
          metadata: ref(`${meta}.ObjectMeta`),
          spec: ref('io.k8s.api.core.v1.ThingSpec'),
          status: ref('none'),
        },
        'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Thing' }],
      },
      'io.k8s.api.core.v1.ThingSpec': {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', default: '' },
          protocol: { type: 'string', default: 'TCP' },
          port: ref('io.k8s.apimachinery.pkg.util.intstr.IntOrString'),
          memory: ref('io.k8s.apimachinery.pkg.api.resource.Quantity'),
          at: ref(`${meta}.Time`),
          data: { type: 'string', format: 'byte' },
          children: { type: 'array', items: ref('io.k8s.api.core.v1.ThingSpec') },
          any: ref('io.k8s.apimachinery.pkg.runtime.RawExtension'),
        },
      },
      none: { type: 'object', properties: {} },
      'io.k8s.apimachinery.pkg.util.intstr.IntOrString': {
        format: 'int-or-string',
        oneOf: [{ type: 'integer' }, { type: 'string' }],
      },
      'io.k8s.apimachinery.pkg.api.resource.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
      'io.k8s.apimachinery.pkg.runtime.RawExtension': { type: 'object' },
      [`${meta}.Time`]: { type: 'string', format: 'date-time' },
      [`${meta}.ObjectMeta`]: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          ownerReferences: { type: 'array', items: ref(`${meta}.OwnerReference`) },
        },
      },
      [`${meta}.OwnerReference`]: {
        type: 'object',
        required: ['uid'],
        properties: { uid: { type: 'string', default: '' } },
      },
    },
  },
};

describe('reduceOpenApi', () => {
  const [reduced] = reduceOpenApi(document, [{ apiVersion: 'v1', kind: 'Thing' }]);
  const spec = reduced?.schema.definitions?.ThingSpec;

  it('keeps what a kind refers to as definitions, recursion included, and leaves ObjectMeta to be shared', () => {
    assert.deepEqual(Object.keys(reduced?.schema.definitions ?? {}), ['ThingSpec', 'none']);
    assert.deepEqual(reduced?.schema.properties?.spec, { $ref: '#/definitions/ThingSpec' });
    assert.deepEqual(spec?.properties?.children?.items, { $ref: '#/definitions/ThingSpec' });
    assert.equal(reduced.schema.properties.metadata?.$ref, '#/definitions/ObjectMeta');
    assert.equal(spec.additionalProperties, false);
  });

  it("reads Kubernetes' own types", () => {
    assert.deepEqual(spec?.properties?.port, { type: ['integer', 'string'] });
    assert.deepEqual(spec.properties.memory?.type, ['number', 'string']);
    assert.deepEqual(spec.properties.at, { type: ['string', 'null'], format: 'date-time' });
    assert.deepEqual(spec.properties.data, { type: 'string', format: 'go-byte' });
    assert.deepEqual(spec.properties.any, { type: 'object' });
  });

  it("keeps the API server's defaults and not Go's zero values, and requires what is required", () => {
    assert.deepEqual(spec?.required, ['name']);
    assert.equal(spec.properties?.name?.default, undefined);
    assert.equal(spec.properties?.protocol?.default, 'TCP');
  });

  it('finds no kind that is not there', () => {
    assert.deepEqual(reduceOpenApi(document, [{ apiVersion: 'apps/v1', kind: 'Thing' }]), []);
    assert.throws(() => reduceOpenApi({}, []), TypeError);
  });

  it('reduces ObjectMeta with all that it refers to', () => {
    const definitions = reduceObjectMeta(document);
    assert.deepEqual(Object.keys(definitions), ['ObjectMeta', 'OwnerReference']);
    assert.equal(definitions.ObjectMeta?.additionalProperties, false);
    assert.deepEqual(definitions.OwnerReference?.required, ['uid']);
  });
});
