/** Generated cases of the Secret that is written: policies, targets that exist, owners, types, metadata. */
import fc from 'fast-check';
import { extract, read } from '../hand/reading.ts';
import type { Reading } from '../hand/reading.ts';
import type { JsonObject } from '../kubernetes-object.ts';

const types = [
  ...['Opaque', 'example.org/any', 'kubernetes.io/tls', 'kubernetes.io/dockerconfigjson', 'kubernetes.io/basic-auth'],
  ...['kubernetes.io/ssh-auth', 'kubernetes.io/dockercfg'],
];
const values = [
  ...['{"a":"new","b":"2"}', '{"a":"new"}', '{}', '{"a":"old","foreign":"kept"}', '{"a":""}'],
  ...['{"tls.crt":"example","tls.key":"example"}', '{".dockerconfigjson":"{}"}', '{"username":"example"}'],
  '{"ssh-privatekey":"example"}',
];
const labels = fc.dictionary(
  fc.constantFrom('app', 'example.org/part-of', 'tier', 'mine'),
  fc.constantFrom('x', 'y', ''),
  { maxKeys: 2 },
);
const annotations = fc.dictionary(
  fc.constantFrom('note', 'example.org/text', 'kubectl.kubernetes.io/last-applied-configuration'),
  fc.constantFrom('text', '', '{}\n', '<é>'),
  { maxKeys: 2 },
);

const existing: fc.Arbitrary<JsonObject> = fc
  .record({
    type: fc.constantFrom('Opaque', 'Opaque', 'example.org/any'),
    immutable: fc.constantFrom(undefined, undefined, true),
    labels,
    annotations,
    data: fc.constantFrom({ a: 'old', foreign: 'kept' }, { a: 'new', b: '2' }, { a: 'new' }, {}),
    owner: fc.constantFrom(undefined, undefined, undefined, 'ExternalSecret', 'ConfigMap', 'owned'),
  })
  .map(({ type, immutable, labels, annotations, data, owner }) => ({
    ...{ apiVersion: 'v1', kind: 'Secret', type },
    metadata: {
      ...{ name: '@{case}', labels, annotations },
      ...(owner !== undefined && {
        ownerReferences: [
          {
            ...{ name: '@{case}-owner', uid: '@{uid}', controller: owner !== 'owned' },
            ...(owner === 'ExternalSecret'
              ? { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret' }
              : { apiVersion: 'v1', kind: 'ConfigMap' }),
          },
        ],
      }),
    },
    stringData: data,
    ...(immutable !== undefined && { immutable }),
  }));

function ownersOf(target: JsonObject | undefined): readonly JsonObject[] {
  const metadata = target?.['metadata'] as
    { readonly ownerReferences?: readonly { readonly kind: string }[] } | undefined;
  const kind = metadata?.ownerReferences?.[0]?.kind;
  if (kind === undefined) return [];
  if (kind === 'ConfigMap') return [{ apiVersion: 'v1', kind, metadata: { name: '@{case}-owner' } }];
  return [
    {
      ...{ apiVersion: 'external-secrets.io/v1', kind, metadata: { name: '@{case}-owner' } },
      spec: {
        secretStoreRef: { name: 'not-there', kind: 'SecretStore' },
        data: [{ secretKey: 'x', remoteRef: { key: 'x' } }],
      },
    },
  ];
}

const template: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      type: fc.constantFrom(...types),
      mergePolicy: fc.constantFrom('Replace', 'Merge'),
      metadata: fc.record({ labels, annotations }, { requiredKeys: [] }),
      data: fc.constantFrom({ made: 'text' }, { a: '[{{ .a }}]' }, { b: '{{ index . "a" }}', c: 'x' }),
    },
    { requiredKeys: [] },
  )
  .map((made) => made);

type Made = { readonly value: string; readonly reading: Reading };

export const targetReading: fc.Arbitrary<Made> = fc
  .record({
    value: fc.constantFrom(...values),
    target: fc.record(
      {
        creationPolicy: fc.constantFrom('Owner', 'Orphan', 'Merge', 'None'),
        deletionPolicy: fc.constantFrom('Retain', 'Delete', 'Merge'),
        immutable: fc.constantFrom(true, false, false),
        template,
        name: fc.constantFrom('@{case}', '@{case}-other'),
      },
      { requiredKeys: [] },
    ),
    existing: fc.option(existing, { nil: undefined }),
    labels,
    annotations,
    spec: fc.record(
      {
        refreshInterval: fc.constantFrom('0', '1h', '30m'),
        refreshPolicy: fc.constantFrom('Periodic', 'OnChange', 'CreatedOnce'),
      },
      { requiredKeys: [] },
    ),
    entry: fc.constantFrom('extract', 'extract', 'extract', 'data', 'absent'),
  })
  .map(({ value, target, existing, labels, annotations, spec, entry }) => ({
    value,
    reading: {
      ...(entry === 'extract' && { dataFrom: [extract()] }),
      ...(entry === 'data' && { data: [read({ property: 'a' }, 'a')] }),
      ...(entry === 'absent' && { data: [{ secretKey: 'a', remoteRef: { key: 'none-of-@{case}' } }] }),
      ...{
        target,
        labels,
        annotations,
        spec,
        resources: existing === undefined ? [] : [existing],
        owners: ownersOf(existing),
      },
    },
  }));

/** One that any ExternalSecret can write. */
const foreign = existing.filter(({ metadata, immutable, type }) => {
  const { ownerReferences } = metadata as { readonly ownerReferences?: unknown };
  return ownerReferences === undefined && immutable === undefined && type === 'Opaque';
});

/** Empty objects are left out: the operator writes the ExternalSecret without them, and a server-side apply then makes null of those. */
const someLabels = fc.option(
  labels.filter((drawn) => Object.keys(drawn).length > 0),
  { nil: undefined },
);
const someAnnotations = fc.option(
  annotations.filter((drawn) => Object.keys(drawn).length > 0),
  { nil: undefined },
);
const plainTemplate = fc
  .record({
    mergePolicy: fc.constantFrom('Replace', 'Merge'),
    labels: someLabels,
    annotations: someAnnotations,
    data: fc.constantFrom(undefined, { made: 'text' }, { a: '[{{ .a }}]' }, { b: '{{ index . "a" }}', c: 'x' }),
  })
  .map(({ mergePolicy, labels, annotations, data }) => ({
    mergePolicy,
    ...((labels !== undefined || annotations !== undefined) && {
      metadata: { ...(labels !== undefined && { labels }), ...(annotations !== undefined && { annotations }) },
    }),
    ...(data !== undefined && { data }),
  }));
const form = fc.record({
  creationPolicy: fc.constantFrom('Owner', 'Owner', 'Orphan', 'Merge'),
  template: fc.option(plainTemplate, { nil: undefined }),
  immutable: fc.constantFrom(undefined, undefined, undefined, true),
  labels: someLabels,
  annotations: someAnnotations,
  data: fc.constantFrom('all', 'a', 'b', 'both'),
});

/** An ExternalSecret that was synced, and is changed. */
export const changeReading: fc.Arbitrary<Made> = fc
  .tuple(
    form,
    form,
    fc.option(foreign, { nil: undefined, freq: 3 }),
    fc.constantFrom('{"a":"x","b":"2"}', '{"a":"","b":"é\\n","d":null}'),
  )
  .map(([first, second, target, value]) => {
    const readingOf = ({ data, labels, annotations, creationPolicy, template, immutable }: typeof first): Reading => ({
      ...(data === 'all'
        ? { dataFrom: [extract()] }
        : { data: (data === 'both' ? ['a', 'b'] : [data]).map((property) => read({ property }, property)) }),
      ...(labels !== undefined && { labels }),
      ...(annotations !== undefined && { annotations }),
      target: {
        creationPolicy,
        ...(template !== undefined && { template }),
        ...(immutable !== undefined && { immutable }),
      },
    });
    return {
      value,
      reading: {
        ...readingOf(second),
        // Of another form in any case: what did not change is not looked at again.
        spec: { refreshInterval: '2h' },
        before: readingOf(first),
        ...(target !== undefined && { resources: [target] }),
      },
    };
  });
