import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseManifests } from '../../src/manifest-input/parse-manifests.ts';
import type { Resources } from '../../src/manifest-input/parse-resources.ts';
import { parseResources } from '../../src/manifest-input/parse-resources.ts';

function resourcesOf(text: string, version = '0.20.4'): Resources {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const { documents, problems } = parseManifests('a.yaml', text);
  assert.deepEqual(problems, []);
  return parseResources(documents, { version: { major, minor }, defaultNamespace: 'default' });
}

function externalSecret(spec: string, head = 'metadata: {name: app}'): string {
  return `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\n${head}\nspec: ${spec}\n`;
}

function problemsOf(text: string, version?: string): string[] {
  return resourcesOf(text, version).problems.map(({ code, path: at, message }) => `${code} ${at} ${message}`);
}

describe('an ExternalSecret', () => {
  it('has the defaults of the API filled in', () => {
    const text = externalSecret(
      '{secretStoreRef: {name: s}, dataFrom: [{extract: {key: k}}], data: [{secretKey: a, remoteRef: {key: b}}]}',
    );
    const { externalSecrets, problems } = resourcesOf(text);
    assert.deepEqual(problems, []);
    const reference = {
      property: '',
      version: '',
      metadataPolicy: 'None',
      conversionStrategy: 'Default',
      decodingStrategy: 'None',
      nullBytePolicy: '',
    };
    assert.deepEqual(externalSecrets[0]?.resource, {
      metadata: { name: 'app', namespace: 'default', labels: {}, annotations: {} },
      spec: {
        secretStoreRef: { name: 's', kind: 'SecretStore' },
        refreshInterval: '1h',
        refreshPolicy: 'Periodic',
        target: { name: 'app', creationPolicy: 'Owner', deletionPolicy: 'Retain', immutable: false },
        data: [{ secretKey: 'a', remoteRef: { key: 'b', ...reference } }],
        dataFrom: [{ extract: { key: 'k', ...reference }, rewrite: [] }],
      },
    });
    const of = (version: string): unknown =>
      resourcesOf(text, version).externalSecrets[0]?.resource.spec.dataFrom[0]?.extract;
    assert.deepEqual(of('2.5.0'), { key: 'k', ...reference, nullBytePolicy: 'Ignore' });
    assert.deepEqual(of('2.9.0'), {
      key: 'k',
      ...reference,
      metadataPolicy: '',
      conversionStrategy: '',
      decodingStrategy: '',
    });
    assert.equal(resourcesOf(text, '1.3.2').externalSecrets[0]?.resource.spec.refreshInterval, '1h0m0s');
  });

  it('has the defaults of its template, its rewrites and its find filled in', () => {
    const { externalSecrets, problems } = resourcesOf(
      externalSecret(
        `{target: {template: {templateFrom: [{literal: x}, {configMap: {name: c, items: [{key: k}]}}]}}, dataFrom: [
          {find: {name: {regexp: x}}, rewrite: [{merge: {}}, {regexp: {source: a, target: b}}]},
          {sourceRef: {generatorRef: {kind: UUID, name: u}}}]}`,
      ),
    );
    assert.deepEqual(problems, []);
    const { target, dataFrom } = externalSecrets[0]?.resource.spec ?? {};
    assert.deepEqual(target?.template, {
      engineVersion: 'v2',
      mergePolicy: 'Replace',
      metadata: { labels: {}, annotations: {}, finalizers: [] },
      data: {},
      templateFrom: [
        { target: 'Data', literal: 'x' },
        { target: 'Data', configMap: { name: 'c', items: [{ key: 'k', templateAs: 'Values' }] } },
      ],
    });
    assert.deepEqual(dataFrom, [
      {
        find: { name: { regexp: 'x' }, conversionStrategy: 'Default', decodingStrategy: 'None', nullBytePolicy: '' },
        rewrite: [
          { merge: { into: '', priority: [], priorityPolicy: 'Strict', conflictPolicy: 'Error', strategy: 'Extract' } },
          { regexp: { source: 'a', target: 'b' } },
        ],
      },
      {
        rewrite: [],
        sourceRef: {
          generatorRef: { apiVersion: 'generators.external-secrets.io/v1alpha1', kind: 'UUID', name: 'u' },
        },
      },
    ]);
  });

  it('of v1beta1 is read as v1 and says where it came from', () => {
    const { externalSecrets } = resourcesOf(externalSecret('{data: []}').replace('/v1', '/v1beta1'));
    assert.equal(externalSecrets[0]?.from.apiVersion, 'external-secrets.io/v1beta1');
    assert.deepEqual(problemsOf(externalSecret('{}').replace('/v1', '/v1alpha1')), [
      'M106 apiVersion is not served by this operator (ExternalSecret app)',
    ]);
  });

  it('takes null for absent, as the API server does', () => {
    const { externalSecrets, problems } = resourcesOf(
      externalSecret(
        '{refreshInterval: null, secretStoreRef: null, target: {template: ~, name:}, data: ~, dataFrom: null}',
      ),
    );
    assert.deepEqual(problems, []);
    assert.equal(externalSecrets[0]?.resource.spec.target.name, 'app');
    assert.deepEqual(externalSecrets[0].resource.spec.data, []);
  });

  it('is refused for a number or a word where a text is needed, with the place', () => {
    const { externalSecrets, refused, problems } = resourcesOf(
      externalSecret(
        '{refreshInterval: 60, target: {template: {data: {port: 5432, on: yes}}}, data: [{secretKey: 1, remoteRef: {key: k, version: 2}}]}',
        'metadata: {name: app, labels: {enabled: true}}',
      ),
    );
    assert.deepEqual(externalSecrets, []);
    assert.equal(refused.length, 1);
    assert.deepEqual(
      problems.map(({ code, where, path: at }) => [code, where, at]),
      [
        ['M106', 'a.yaml:1', 'metadata.labels.enabled'],
        ['M106', 'a.yaml:1', 'spec.refreshInterval'],
        ['M106', 'a.yaml:1', 'spec.target.template.data.port'],
        ['M106', 'a.yaml:1', 'spec.target.template.data["true"]'.replaceAll('"', "'").replace("['true']", '.true')],
        ['M106', 'a.yaml:1', 'spec.data[0].secretKey'],
        ['M106', 'a.yaml:1', 'spec.data[0].remoteRef.version'],
      ],
    );
  });

  it('is refused for words that are not allowed, and for what is missing', () => {
    assert.deepEqual(
      problemsOf(
        externalSecret(
          '{target: {creationPolicy: Mine}, data: [{secretKey: "a b", remoteRef: {}}], dataFrom: [{sourceRef: {}}, {rewrite: [{}]}, 3]}',
        ),
      ).map((line) => line.split(' (')[0]),
      [
        'M106 spec.target.creationPolicy is not one of Owner, Orphan, Merge, None',
        'M106 spec.data[0].secretKey is not a key of a Secret: letters, digits, "-", "_" and "." are allowed',
        'M106 spec.data[0].remoteRef has no key',
        'M106 spec.dataFrom[2] is a number where the API takes an object',
        'M106 spec.dataFrom[0].sourceRef names no store or generator',
        'M106 spec.dataFrom[1].rewrite[0] names no rewrite',
      ],
    );
  });

  it('keeps what is not known out of the way, and says so; the version decides', () => {
    const merge = externalSecret('{dataFrom: [{extract: {key: k}, rewrite: [{merge: {}}]}], refreshIntervall: 1h}');
    const { externalSecrets, problems } = resourcesOf(merge);
    assert.equal(externalSecrets.length, 1);
    assert.deepEqual(
      problems.map(({ code, path: at, hint }) => [code, at, hint]),
      [['M107', 'spec.refreshIntervall', 'Did you mean refreshInterval?']],
    );
    assert.ok(problemsOf(merge, '0.17.0').some((line) => line.startsWith('M107 spec.dataFrom[0].rewrite[0].merge')));
  });

  it('with a duration that Go cannot read is refused: the operator could read no ExternalSecret at all', () => {
    for (const wrong of ['1d', '60', '1h 5m', 'hourly', ''])
      assert.ok(
        problemsOf(externalSecret(`{refreshInterval: "${wrong}"}`))[0]?.startsWith('M108 spec.refreshInterval'),
        wrong,
      );
    for (const right of ['0', '1h', '1h0m0s', '1.5h', '.5h', '90s', '-1h'])
      assert.deepEqual(problemsOf(externalSecret(`{refreshInterval: "${right}"}`)), [], right);
  });

  it('never throws, whatever its shape', () => {
    const documentOf = (value: object): Parameters<typeof parseResources>[0] => [
      {
        file: 'a',
        line: 1,
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        namespace: '',
        name: '',
        value: { ...value },
      },
    ];
    const options = { version: { major: 0, minor: 20 }, defaultNamespace: 'default' };
    const names = [
      'metadata',
      'spec',
      'name',
      'data',
      'dataFrom',
      'target',
      'template',
      'extract',
      'remoteRef',
      'rewrite',
    ];
    const { anything } = fc.letrec((tie) => ({
      anything: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom<unknown>(null, 1, true, 'text', ''),
        fc.array(tie('anything'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom(...names), tie('anything'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), anything, { maxKeys: 4 }), (value) => {
        const { externalSecrets, refused } = parseResources(documentOf(value), options);
        assert.equal(externalSecrets.length + refused.length, 1);
      }),
    );
  });
});

describe('a store', () => {
  it('of Vault and of Key Vault has the defaults of the API', () => {
    const { stores, problems } = resourcesOf(
      `apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: v}
spec:
  provider:
    vault:
      server: https://vault.example
      path: kv
      auth: {kubernetes: {role: r}, appRole: {path: approle, secretRef: {name: x}}}
---
apiVersion: external-secrets.io/v1beta1
kind: SecretStore
metadata: {name: k, namespace: team}
spec: {provider: {azurekv: {vaultUrl: https://kv.vault.azure.net}}}
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: other}
spec: {provider: {aws: {service: SecretsManager, region: eu-central-1}}, refreshInterval: 5}
`,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      stores.map(({ resource }) => resource.spec.provider),
      [
        {
          kind: 'vault',
          config: {
            server: 'https://vault.example',
            path: 'kv',
            version: 'v2',
            readYourWrites: false,
            forwardInconsistent: false,
            auth: { kubernetes: { mountPath: 'kubernetes', role: 'r' }, others: ['appRole'] },
          },
        },
        {
          kind: 'azurekv',
          config: {
            authType: 'ServicePrincipal',
            vaultUrl: 'https://kv.vault.azure.net',
            environmentType: 'PublicCloud',
            useAzureSDK: false,
            customCloud: false,
          },
        },
        { kind: 'other', name: 'aws' },
      ],
    );
    assert.deepEqual(
      stores.map(({ resource: { metadata } }) => metadata.namespace),
      [undefined, 'team', 'default'],
    );
  });

  it('names exactly one provider', () => {
    const text = 'apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: a}\nspec: {provider: {}}\n';
    assert.deepEqual(problemsOf(text), ['M106 spec.provider names no provider (SecretStore a)']);
    assert.deepEqual(problemsOf(text.replace('{}}', '{aws: {}, fake: {}}}')), [
      'M106 spec.provider names more than one provider (SecretStore a)',
    ]);
  });
});

describe('the other objects', () => {
  it('are read as far as the operator depends on them', () => {
    const resources = resourcesOf(`apiVersion: v1
kind: Secret
metadata:
  name: target
  namespace: team
  uid: example-uid
  ownerReferences: [{apiVersion: external-secrets.io/v1, kind: ExternalSecret, name: o, uid: x, controller: true}]
  managedFields: [{manager: m, fieldsV1: {"f:data": {".": {}, "f:a": {}}, "f:metadata": {"f:labels": {"f:l": {}}}}}]
type: kubernetes.io/tls
immutable: true
data: {a: aGk=, b: AP8=}
stringData: {a: new}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {t: "{{ .x }}"}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: s, annotations: {azure.workload.identity/tenant-id: t}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: ns, labels: {team: a}}}
---
{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: app}}
---
{apiVersion: external-secrets.io/v1alpha1, kind: PushSecret, metadata: {name: p}}
---
{apiVersion: external-secrets.io/v1, kind: ClusterExternalSecret, metadata: {name: p}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}
`);
    assert.deepEqual(resources.problems, []);
    const secret = resources.secrets[0]?.resource;
    assert.deepEqual(
      [...(secret?.secret.data ?? [])].map(([key, value]) => [key, value.reveal()]),
      [
        ['a', 'new'],
        ['b', '\u0000\u00ff'],
      ],
    );
    assert.deepEqual(secret?.secret.controller, {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      name: 'o',
    });
    assert.deepEqual(secret.secret.managed, [{ manager: 'm', data: ['a'], labels: ['l'], annotations: [] }]);
    assert.equal(secret.secret.type, 'kubernetes.io/tls');
    assert.equal(secret.secret.immutable, true);
    assert.deepEqual(resources.configMaps[0]?.resource, { namespace: 'default', name: 'c', data: { t: '{{ .x }}' } });
    assert.deepEqual(resources.serviceAccounts[0]?.resource.annotations, { 'azure.workload.identity/tenant-id': 't' });
    assert.deepEqual(resources.namespaces[0]?.resource.labels, { team: 'a', 'kubernetes.io/metadata.name': 'ns' });
    assert.deepEqual([resources.applications.length, resources.notPredicted.length, resources.ignored], [1, 2, 1]);
  });

  it("never quote a Secret's value", () => {
    const text = 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: "example hidden", b: 123454321}\n';
    const { problems, secrets } = resourcesOf(text);
    assert.equal(secrets.length, 0);
    assert.deepEqual(
      problems.map(({ code, path: at }) => [code, at]),
      [
        ['M106', 'data.b'],
        ['M106', 'data'],
      ],
    );
    assert.ok(!/hidden|123454321/.test(JSON.stringify(problems)));
  });
});

it('is at one with the schemas of the CRDs about what is required and allowed', () => {
  const schema = JSON.parse(
    readFileSync(
      path.join(
        import.meta.dirname,
        '../../schemas/external-secrets-0.20.4/externalsecret.external-secrets.io.v1.json',
      ),
      'utf8',
    ),
  ) as unknown;
  const words = JSON.stringify(schema);
  for (const enumeration of [
    ['CreatedOnce', 'Periodic', 'OnChange'],
    ['Owner', 'Orphan', 'Merge', 'None'],
    ['Delete', 'Merge', 'Retain'],
    ['Auto', 'Base64', 'Base64URL', 'None'],
    ['Default', 'Unicode'],
    ['Values', 'KeysAndValues'],
    ['Data', 'Annotations', 'Labels'],
    ['Replace', 'Merge'],
  ])
    assert.ok(words.includes(`"enum":${JSON.stringify(enumeration)}`), String(enumeration));
});
