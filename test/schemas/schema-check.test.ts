import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSchemaChecker, type SchemaFinding } from '../../src/schemas/schema-check.ts';
import { schemaSetFromCrds } from '../../src/schemas/crd-schemas.ts';
import { loadSets, soundManifests, withChange } from './manifests.ts';

const check = createSchemaChecker(loadSets());
const sound = soundManifests();
type Name = keyof typeof sound;
type Place = readonly (string | number)[];

const container: Place = ['spec', 'template', 'spec', 'containers', 0];
const vault: Place = ['spec', 'provider', 'vault'];

/** One change to a sound manifest, and all that is found. */
const wrong: readonly [of: Name, place: Place, value: unknown, finding: SchemaFinding][] = [
  [
    'externalSecret',
    ['specc'],
    {},
    { path: 'specc', message: 'is not a field in external-secrets-0.20.4', hint: 'Did you mean "spec"?' },
  ],
  [
    'externalSecret',
    ['spec', 'data', 0, 'remoteRef', 'keey'],
    'a',
    {
      path: 'spec.data[0].remoteRef.keey',
      message: 'is not a field in external-secrets-0.20.4',
      hint: 'Did you mean "key"?',
    },
  ],
  [
    'externalSecret',
    ['spec', 'data', 0, 'remoteRef', 'nullBytePolicy'],
    'Ignore',
    {
      path: 'spec.data[0].remoteRef.nullBytePolicy',
      message: 'is not a field in external-secrets-0.20.4',
      hint: 'Fields there: conversionStrategy, decodingStrategy, key, metadataPolicy, property, version.',
    },
  ],
  ['externalSecret', ['metadata', 'name'], undefined, { path: 'metadata.name', message: 'is missing' }],
  ['externalSecret', ['metadata'], undefined, { path: 'metadata', message: 'is missing' }],
  [
    'externalSecret',
    ['spec', 'data', 1, 'remoteRef', 'key'],
    undefined,
    { path: 'spec.data[1].remoteRef.key', message: 'is missing' },
  ],
  [
    'externalSecret',
    ['metadata', 'labels', 'a/b'],
    true,
    { path: 'metadata.labels["a/b"]', message: 'is a boolean, where a text is expected', hint: 'Put it in quotes.' },
  ],
  [
    'externalSecret',
    ['spec', 'refreshInterval'],
    null,
    {
      path: 'spec.refreshInterval',
      message: 'is null, where a text is expected',
      hint: 'Leave the field out, or give it a value.',
    },
  ],
  [
    'externalSecret',
    ['spec', 'target', 'creationPolicy'],
    'owner',
    {
      path: 'spec.target.creationPolicy',
      message: 'is "owner"; allowed: Owner, Orphan, Merge, None',
      hint: 'Did you mean "Owner"?',
    },
  ],
  [
    'externalSecret',
    ['spec', 'target', 'creationPolicy'],
    'x'.repeat(40),
    { path: 'spec.target.creationPolicy', message: 'is another value; allowed: Owner, Orphan, Merge, None' },
  ],
  [
    'externalSecret',
    ['spec', 'data', 0, 'secretKey'],
    'a b',
    { path: 'spec.data[0].secretKey', message: 'may hold only letters, digits, "-", "_" and "."' },
  ],
  ['externalSecret', ['spec', 'data'], {}, { path: 'spec.data', message: 'is an object, where a list is expected' }],
  [
    'externalSecret',
    ['spec', 'target'],
    'a',
    { path: 'spec.target', message: 'is a text, where an object is expected' },
  ],
  ['clusterSecretStore', ['spec', 'provider'], {}, { path: 'spec.provider', message: 'is empty: it needs a field' }],
  [
    'clusterSecretStore',
    [...vault, 'version'],
    'v3',
    { path: 'spec.provider.vault.version', message: 'is "v3"; allowed: v1, v2', hint: 'Did you mean "v1"?' },
  ],
  [
    'clusterSecretStore',
    [...vault, 'server'],
    undefined,
    { path: 'spec.provider.vault.server', message: 'is missing' },
  ],
  [
    'clusterSecretStore',
    ['spec', 'provider', 'fake'],
    { data: [] },
    { path: 'spec.provider', message: 'has more than 1 field' },
  ],
  [
    'clusterSecretStore',
    [...vault, 'auth', 'kubernetes', 'role'],
    7,
    {
      path: 'spec.provider.vault.auth.kubernetes.role',
      message: 'is a number, where a text is expected',
      hint: 'Put it in quotes.',
    },
  ],
  [
    'application',
    ['spec', 'destination', 'serverr'],
    'x',
    { path: 'spec.destination.serverr', message: 'is not a field in argo-cd-3.2.11', hint: 'Did you mean "server"?' },
  ],
  ['application', ['spec', 'project'], undefined, { path: 'spec.project', message: 'is missing' }],
  [
    'deployment',
    [...container, 'envv'],
    [],
    {
      path: 'spec.template.spec.containers[0].envv',
      message: 'is not a field in kubernetes-1.34.4',
      hint: 'Did you mean "env"?',
    },
  ],
  [
    'deployment',
    ['spec', 'replicas'],
    '1',
    { path: 'spec.replicas', message: 'is a text, where a whole number is expected', hint: 'Write it without quotes.' },
  ],
  ['deployment', ['spec', 'replicas'], 1.5, { path: 'spec.replicas', message: 'is not a whole number' }],
  [
    'deployment',
    ['spec', 'replicas'],
    2 ** 31,
    { path: 'spec.replicas', message: 'is outside the range of a 32-bit number' },
  ],
  [
    'deployment',
    ['spec', 'template', 'spec', 'terminationGracePeriodSeconds'],
    2 ** 63,
    { path: 'spec.template.spec.terminationGracePeriodSeconds', message: 'is outside the range of a 64-bit number' },
  ],
  [
    'deployment',
    [...container, 'readinessProbe', 'httpGet', 'port'],
    true,
    {
      path: 'spec.template.spec.containers[0].readinessProbe.httpGet.port',
      message: 'is a boolean, where a whole number or a text is expected',
      hint: 'Put it in quotes.',
    },
  ],
  [
    'deployment',
    [...container, 'resources', 'limits', 'memory'],
    '128mb',
    {
      path: 'spec.template.spec.containers[0].resources.limits.memory',
      message: 'is not a quantity such as 500m, 2 or 128Mi',
    },
  ],
  [
    'deployment',
    ['metadata', 'creationTimestamp'],
    '2026-02-30T00:00:00Z',
    { path: 'metadata.creationTimestamp', message: 'is not a time such as 2026-01-31T12:00:00Z' },
  ],
  ['secret', ['data', 'a'], 'plain text', { path: 'data.a', message: 'is not Base64' }],
  [
    'secret',
    ['metadata', 'label'],
    {},
    { path: 'metadata.label', message: 'is not a field in kubernetes-1.34.4', hint: 'Did you mean "labels"?' },
  ],
];

describe('a schema checker', () => {
  for (const [name, manifest] of Object.entries(sound))
    it(`finds nothing in a sound manifest: ${name}`, () => assert.deepEqual(check(manifest), []));

  for (const [name, place, value, finding] of wrong)
    it(`${name}: ${finding.path} ${finding.message}`, () =>
      assert.deepEqual(check(withChange(sound[name], place, value)), [finding]));

  it('accepts generateName, and a status that the API server drops', () => {
    const { name: _name, ...metadata } = sound.secret.metadata;
    assert.ok(_name !== '');
    assert.deepEqual(check({ ...sound.secret, metadata: { ...metadata, generateName: 'a-' } }), []);
    assert.deepEqual(check({ ...sound.externalSecret, status: { anything: 1 } }), []);
  });

  it('says everything at once', () => {
    const two = withChange(withChange(sound.externalSecret, ['spec', 'a1'], 1), ['spec', 'data', 0, 'b1'], 1);
    assert.deepEqual(
      check(two)
        .map(({ path }) => path)
        .sort(),
      ['spec.a1', 'spec.data[0].b1'],
    );
  });

  it('never shows a value', () => {
    const secret = 'hunter2-hunter2';
    for (const place of [['spec', 'target'], ['spec', 'data', 0], ['spec', 'data'], ['spec'], ['metadata', 'labels']])
      assert.doesNotMatch(JSON.stringify(check(withChange(sound.externalSecret, place, secret))), /hunter2/);
    assert.doesNotMatch(JSON.stringify(check(withChange(sound.secret, ['data', 'a'], secret))), /hunter2/);
  });

  it('says when there is no schema, unless the kind is allowed to have none', () => {
    const unknown = { apiVersion: 'example.org/v1', kind: 'Thing' };
    const old = { ...sound.externalSecret, apiVersion: 'external-secrets.io/v1beta1' };
    assert.deepEqual(check(unknown), [
      { path: '', message: 'no schema for example.org/v1 Thing', hint: 'Give the CRDs that define it with --crds.' },
    ]);
    assert.deepEqual(check(old), [
      {
        path: '',
        message: 'no schema for external-secrets.io/v1beta1 ExternalSecret',
        hint: 'ExternalSecret is known as external-secrets.io/v1.',
      },
    ]);
    const lenient = createSchemaChecker(loadSets(), { allowUnknownKind: ({ kind }) => kind === 'Thing' });
    assert.deepEqual(lenient(unknown), []);
    assert.equal(lenient(old).length, 1);
  });

  it('finds what is no Kubernetes object', () => {
    for (const value of [undefined, null, 'text', [], 1]) assert.equal(check(value).length, 1);
    assert.deepEqual(
      check({}).map(({ path }) => path),
      ['apiVersion', 'kind'],
    );
  });

  it('holds that keyed lists are unique, and prefers the first set', () => {
    const crds = [
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        spec: {
          group: 'external-secrets.io',
          names: { kind: 'ExternalSecret' },
          versions: [
            {
              name: 'v1',
              served: true,
              schema: {
                openAPIV3Schema: {
                  type: 'object',
                  properties: {
                    list: {
                      type: 'array',
                      'x-kubernetes-list-type': 'map',
                      'x-kubernetes-list-map-keys': ['name'],
                      items: { type: 'object', properties: { name: { type: 'string' } } },
                    },
                    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
                    one: {
                      type: 'object',
                      properties: { a: { type: 'string' }, b: { type: 'string' } },
                      oneOf: [{ required: ['a'] }, { required: ['b'] }],
                    },
                  },
                },
              },
            },
          ],
        },
      },
    ];
    const own = createSchemaChecker([schemaSetFromCrds(crds), ...loadSets()]);
    const base = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name: 'a' } };
    assert.deepEqual(own({ ...base, list: [{ name: 'a' }, { name: 'b' }], set: ['a', 'b'], one: { a: 'x' } }), []);
    assert.deepEqual(own({ ...base, list: [{ name: 'a' }, { name: 'a' }] }), [
      { path: 'list', message: 'has two entries with the same name' },
    ]);
    assert.deepEqual(own({ ...base, set: ['a', 'b', 'a'] }), [
      { path: 'set', message: 'holds the same entry twice (0 and 2)' },
    ]);
    assert.deepEqual(own({ ...base, one: {} }), [{ path: 'one', message: 'has none of a, b' }]);
    assert.deepEqual(own({ ...base, one: { a: 'x', b: 'y' } }), [
      { path: 'one', message: 'has more than one of a, b' },
    ]);
    assert.deepEqual(
      own({ ...base, spec: {} }).map(({ message }) => message),
      ['is not a field in the given CRDs'],
    );
  });

  it('needs a set that defines ObjectMeta', () => {
    assert.throws(() => createSchemaChecker([schemaSetFromCrds([])]), { code: 'INTERNAL' });
  });
});
