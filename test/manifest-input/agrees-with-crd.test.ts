/** What the reader takes and refuses, against the schemas that are made from the operator's CRDs. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseResources } from '../../src/manifest-input/parse-resources.ts';
import { createSchemaChecker } from '../../src/schemas/schema-check.ts';
import { loadSchemaSet } from '../../src/schemas/schema-set.ts';

const schemas = path.join(import.meta.dirname, '../../schemas');

type Value = unknown;

/** Mostly what it should be, and now and then something else. */
function or(usual: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 60, arbitrary: usual },
    { weight: 1, arbitrary: fc.constantFrom<Value>(3, true, '', [], {}, ['x'], { unknown: 'x' }, 'Other') },
  );
}

function object(
  properties: Readonly<Record<string, fc.Arbitrary<Value>>>,
  required: readonly string[] = [],
): fc.Arbitrary<Value> {
  const named = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, or(value)]));
  const record = fc.record<Record<string, Value>>(named, { requiredKeys: [...required] });
  return fc.tuple(record, fc.nat(60)).map(([value, dice]) => (dice === 0 ? { ...value, typo: 1 } : value));
}

const list = (item: fc.Arbitrary<Value>): fc.Arbitrary<Value> => fc.array(or(item), { maxLength: 2 });
const name = fc.constantFrom('a', 'some-name', 'a.b', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'Not_A_Name', '-');
const text = fc.constantFrom('a', 'x/y', 'with space', '');
const texts = fc.dictionary(fc.constantFrom('a', 'b.c'), or(text), { maxKeys: 2 });
const reference = object(
  {
    key: text,
    property: text,
    version: text,
    conversionStrategy: fc.constantFrom('Default', 'Unicode'),
    decodingStrategy: fc.constantFrom('Auto', 'Base64', 'Base64URL', 'None'),
    metadataPolicy: fc.constantFrom('None', 'Fetch'),
  },
  ['key'],
);
const storeRef = object({ name, kind: fc.constantFrom('SecretStore', 'ClusterSecretStore') });
const sourceRef = fc.oneof(object({ storeRef }, ['storeRef']), object({ storeRef }));
const templateReference = object(
  { name, items: list(object({ key: name, templateAs: fc.constantFrom('Values', 'KeysAndValues') }, ['key'])) },
  ['name', 'items'],
);
const rewrite = fc.oneof(
  object({ regexp: object({ source: text, target: text }, ['source', 'target']) }, ['regexp']),
  object({
    transform: object({ template: text }, ['template']),
    merge: object({ into: text, priority: list(text), strategy: fc.constantFrom('Extract', 'JSON') }),
  }),
);
const externalSecretSpec = object({
  secretStoreRef: storeRef,
  refreshInterval: fc.constantFrom('1h', '1h0m0s'),
  refreshPolicy: fc.constantFrom('CreatedOnce', 'Periodic', 'OnChange'),
  target: object({
    name,
    creationPolicy: fc.constantFrom('Owner', 'Orphan', 'Merge', 'None'),
    deletionPolicy: fc.constantFrom('Delete', 'Merge', 'Retain'),
    immutable: fc.boolean(),
    template: object({
      type: text,
      engineVersion: fc.constantFrom('v2'),
      mergePolicy: fc.constantFrom('Replace', 'Merge'),
      metadata: object({ labels: texts, annotations: texts, finalizers: list(text) }),
      data: texts,
      templateFrom: list(
        object({
          target: fc.constantFrom('Data', 'Labels'),
          literal: text,
          configMap: templateReference,
          secret: templateReference,
        }),
      ),
    }),
  }),
  data: list(
    object({ secretKey: fc.constantFrom('a', 'A_b-c.d', 'not a key'), remoteRef: reference, sourceRef }, [
      'secretKey',
      'remoteRef',
    ]),
  ),
  dataFrom: list(
    object({
      extract: reference,
      find: object({
        path: text,
        name: object({ regexp: text }),
        tags: texts,
        conversionStrategy: fc.constantFrom('Default'),
      }),
      rewrite: list(rewrite),
      sourceRef,
    }),
  ),
});

const account = object({ name, namespace: fc.constantFrom('a'), audiences: list(text) }, ['name']);
const key = object({ name, namespace: fc.constantFrom('a'), key: fc.constantFrom('token', 'not a key') });
const vault = object(
  {
    server: text,
    path: text,
    version: fc.constantFrom('v1', 'v2'),
    namespace: text,
    readYourWrites: fc.boolean(),
    forwardInconsistent: fc.boolean(),
    caProvider: object({ type: fc.constantFrom('Secret', 'ConfigMap'), name, namespace: fc.constantFrom('a') }, [
      'type',
      'name',
    ]),
    auth: object({
      namespace: text,
      tokenSecretRef: key,
      kubernetes: object({ mountPath: text, role: text, serviceAccountRef: account, secretRef: key }, [
        'mountPath',
        'role',
      ]),
    }),
  },
  ['server'],
);
const azure = object(
  {
    vaultUrl: text,
    tenantId: text,
    authType: fc.constantFrom('ServicePrincipal', 'ManagedIdentity', 'WorkloadIdentity'),
    environmentType: fc.constantFrom('PublicCloud', 'AzureStackCloud'),
    identityId: text,
    useAzureSDK: fc.boolean(),
    serviceAccountRef: account,
    authSecretRef: object({ clientId: key, clientSecret: key }),
  },
  ['vaultUrl'],
);
const storeSpec = object(
  {
    controller: text,
    refreshInterval: fc.constantFrom(0, 5),
    retrySettings: object({ maxRetries: fc.constantFrom(1), retryInterval: text }),
    conditions: list(
      object({
        namespaces: list(fc.constantFrom('a')),
        namespaceRegexes: list(text),
        namespaceSelector: object({ matchLabels: texts }),
      }),
    ),
    provider: fc.oneof(
      object({ vault }, ['vault']),
      object({ azurekv: azure }, ['azurekv']),
      object({ vault, azurekv: azure }),
    ),
  },
  ['provider'],
);

for (const [version, minor] of [
  ['0.18.2', 18],
  ['0.20.4', 20],
] as const) {
  const check = createSchemaChecker([
    loadSchemaSet(path.join(schemas, `external-secrets-${version}`)),
    loadSchemaSet(path.join(schemas, 'kubernetes-1.34.4')),
  ]);
  describe(`the CRDs of ${version} and the reader`, () => {
    for (const [kind, spec] of [
      ['ExternalSecret', externalSecretSpec],
      ['SecretStore', storeSpec],
    ] as const)
      it(`agree about a ${kind}`, () => {
        let sound = 0;
        fc.assert(
          fc.property(spec, (value) => {
            const object = {
              apiVersion: 'external-secrets.io/v1',
              kind,
              metadata: { name: 'a', namespace: 'team' },
              spec: value,
            };
            const from = {
              file: 'a',
              line: 1,
              apiVersion: object.apiVersion,
              kind,
              namespace: 'team',
              name: 'a',
              value: object,
            };
            const { problems } = parseResources([from], { version: { major: 0, minor }, defaultNamespace: 'default' });
            const findings = check(object);
            // An empty duration is a text to the API server, and unreadable to the operator.
            const ours = problems.filter(({ code }) => code !== 'M108');
            assert.equal(
              ours.length === 0,
              findings.length === 0,
              JSON.stringify({ object, ours: ours.map((one) => `${one.path} ${one.message}`), findings }, null, 1),
            );
            if (findings.length === 0) sound += 1;
          }),
          { numRuns: 1000 },
        );
        assert.ok(sound > 30, `only ${sound} were sound`);
      });
  });
}
