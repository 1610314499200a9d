import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SecretDefinition } from '../../src/model/configuration.ts';
import { externalSecret } from '../../src/manifests/external-secret.ts';
import { renderFieldTemplate } from '../../src/manifests/field-template.ts';
import type { Manifest } from '../../src/manifests/manifest.ts';
import { remoteReferenceDefaults, parseOperatorVersion } from '../../src/manifests/operator-version.ts';
import type { ApplicationTarget, Environment } from '../../src/model/platform.ts';
import { clientId, environment, platformOf, soundConfiguration, tenantId } from '../fixtures/configuration.ts';

const azure = { AZURE_KEYVAULT_NAME: 'kv-mine', AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId };

function of(
  change: Partial<SecretDefinition>,
  store: 'vault' | 'key-vault' = 'vault',
  version = '0.20.4',
): [ApplicationTarget, Environment] {
  const configuration = soundConfiguration();
  const platform = platformOf(
    {
      applications: [
        {
          name: 'shop',
          namespace: 'shop',
          chart: {
            type: 'NextJsChart',
            props: { secretStore: store === 'vault' ? 'vault-secret-store' : 'azure-keyvault-store' },
          },
        },
      ],
      secrets: { payment: { ...configuration.secrets['payment'], ...change } as SecretDefinition },
      environments: { dev: { ...environment, externalSecrets: { version, refreshInterval: '15m0s' } } },
    },
    azure,
  );
  const target = platform.applications[0]?.targets[0];
  assert.ok(target);
  return [target, platform.environment];
}

type Spec = {
  refreshInterval: string;
  secretStoreRef: object;
  target: {
    deletionPolicy: string;
    template: {
      type: string;
      metadata: object;
      mergePolicy: string;
      data?: object;
      templateFrom?: { literal: string }[];
    };
  };
  dataFrom?: { extract: Record<string, string> }[];
  data?: { secretKey: string; remoteRef: Record<string, string> }[];
};
const specOf = (manifest: Manifest): Spec => manifest['spec'] as Spec;

const text: Partial<SecretDefinition> = {
  fields: undefined as never,
  text: { format: 'token' },
  targets: [{ name: 'payment', key: 'KEY' }],
};

describe('an ExternalSecret', () => {
  it('reads its remote secret once, however many fields, by the name that the store knows', () => {
    for (const [store, key] of [
      ['vault', 'shop/payment'],
      ['key-vault', 'shop-payment'],
    ] as const) {
      const spec = specOf(externalSecret(...of({}, store)));
      assert.equal(spec.data, undefined);
      assert.deepEqual(
        spec.dataFrom?.map(({ extract }) => extract['key']),
        [key],
      );
    }
  });

  it('names the store, the interval and the target, and writes the defaults of the API out', () => {
    const [applicationTarget, inEnvironment] = of({});
    assert.deepEqual(externalSecret(applicationTarget, inEnvironment), {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: {
        name: 'payment',
        namespace: 'shop',
        labels: { 'app.kubernetes.io/managed-by': 'lockstep', 'app.kubernetes.io/part-of': 'shop' },
        annotations: {
          'argocd.argoproj.io/sync-wave': '-1',
          'argocd.argoproj.io/sync-options': 'SkipDryRunOnMissingResource=true',
        },
      },
      spec: {
        refreshInterval: '15m0s',
        refreshPolicy: 'Periodic',
        secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault-secret-store' },
        target: {
          name: 'payment',
          creationPolicy: 'Owner',
          deletionPolicy: 'Merge',
          template: {
            engineVersion: 'v2',
            type: 'Opaque',
            metadata: { labels: { 'app.kubernetes.io/managed-by': 'lockstep', 'app.kubernetes.io/part-of': 'shop' } },
            mergePolicy: 'Replace',
            templateFrom: [
              { target: 'Data', literal: renderFieldTemplate(applicationTarget.secret, applicationTarget.target) },
            ],
          },
        },
        dataFrom: [
          {
            extract: {
              conversionStrategy: 'Unicode',
              decodingStrategy: 'None',
              metadataPolicy: 'None',
              key: 'shop/payment',
            },
          },
        ],
      },
    });
  });

  it('sets the metadata of the Secret by template, labels and annotations of the catalog among it', () => {
    const targets = [{ name: 'payment', labels: { team: 'a' }, annotations: { note: 'b' } }];
    assert.deepEqual(specOf(externalSecret(...of({ targets }))).target.template.metadata, {
      labels: { 'app.kubernetes.io/managed-by': 'lockstep', 'app.kubernetes.io/part-of': 'shop', team: 'a' },
      annotations: { note: 'b' },
    });
  });

  it('of a plain text takes the whole value from Key Vault, and one property from Vault', () => {
    const remote = (store: 'vault' | 'key-vault'): unknown => {
      const { data, dataFrom, target } = specOf(externalSecret(...of(text, store)));
      assert.equal(dataFrom, undefined);
      assert.match(target.template.templateFrom?.[0]?.literal ?? '', /if has \$field \(list "KEY"\)/);
      return data?.map(({ secretKey, remoteRef: { key, property } }) => [secretKey, key, property]);
    };
    assert.deepEqual(remote('key-vault'), [['KEY', 'shop-payment', undefined]]);
    assert.deepEqual(remote('vault'), [['KEY', 'shop/payment', 'value']]);
  });

  it('keeps the type and the further keys of its target', () => {
    const targets = [{ name: 'payment', type: 'example.org/typed', template: { type: 'git' } }];
    const { template } = specOf(externalSecret(...of({ targets }))).target;
    assert.equal(template.type, 'example.org/typed');
    assert.deepEqual(template.data, { type: 'git' });
    const ofText = specOf(externalSecret(...of({ ...text, targets: [{ ...targets[0], key: 'KEY' }] } as never))).target;
    assert.deepEqual(ofText.template.data, { type: 'git' });
  });

  it('fails where something is required and the remote secret is not there or empty; where nothing is, keeps the Secret', () => {
    const policy = (change: Partial<SecretDefinition>): string =>
      specOf(externalSecret(...of(change))).target.deletionPolicy;
    assert.equal(policy({}), 'Merge');
    assert.equal(policy(text), 'Merge');
    assert.equal(
      policy({ fields: { NOTE: { description: 'n', format: 'text', required: false } } } as never),
      'Retain',
    );
    assert.equal(policy({ targets: [{ name: 'payment', fields: ['CARD_KEY', 'NOTE'] }] }), 'Retain');
  });

  it('writes nullBytePolicy out for the minors whose API fills it in, and for no others', () => {
    const has = (version: string): boolean =>
      'nullBytePolicy' in remoteReferenceDefaults(parseOperatorVersion(version));
    assert.deepEqual(['0.17.0', '0.20.4', '1.3.2', '2.2.0', '2.3.0', '2.8.1', '2.9.0', '2.10.0', '3.4.0'].filter(has), [
      '2.3.0',
      '2.8.1',
    ]);
    assert.equal(
      specOf(externalSecret(...of({}, 'vault', '2.5.0'))).dataFrom?.[0]?.extract['nullBytePolicy'],
      'Ignore',
    );
  });
});

describe('the template of the fields', () => {
  const render = (change: Partial<SecretDefinition>): string => {
    const [{ secret: of_, target }] = of(change);
    return renderFieldTemplate(of_, target);
  };

  it('names declared fields only, required ones in a check, conditional ones behind their condition', () =>
    assert.equal(
      render({}),
      `{{- $missing := list }}
{{- range $field := list "PROVIDER" }}
{{- if not (index $ $field) }}{{ $missing = append $missing $field }}{{ end }}
{{- end }}
{{- if has (index . "PROVIDER") (list "card") }}
{{- range $field := list "CARD_KEY" }}
{{- if not (index $ $field) }}{{ $missing = append $missing $field }}{{ end }}
{{- end }}
{{- end }}
{{- if $missing }}{{ fail (cat "required in shop/payment, but missing or empty:" (join ", " $missing)) }}{{ end }}
{{- range $field, $value := . }}
{{- if has $field (list "PROVIDER" "CARD_KEY" "NOTE") }}
{{ $field | toJson }}: !!binary {{ $value | b64enc | quote }}
{{- end }}
{{- end }}
`,
    ));

  it('renames through a dictionary', () =>
    assert.match(
      render({ targets: [{ name: 'payment', keys: { NOTE: 'note' } }] }),
      /\$keys := dict "PROVIDER" "PROVIDER" "CARD_KEY" "CARD_KEY" "NOTE" "note" /,
    ));

  it('leaves out fields that the target does not take, but still decides by them', () => {
    const template = render({ targets: [{ name: 'payment', fields: ['CARD_KEY'] }] });
    assert.match(template, /has \(index \. "PROVIDER"\) \(list "card"\)/);
    assert.match(template, /has \$field \(list "CARD_KEY"\)/);
    assert.doesNotMatch(template, /NOTE/);
  });

  it('checks nothing where every field is optional', () => {
    const fields = { NOTE: { description: 'n', format: 'text', required: false } };
    assert.doesNotMatch(render({ fields } as never), /missing/);
  });

  it('quotes a remote name as Go would', () =>
    assert.match(render({ vaultPath: 'a"}}{{b' }), /"required in a\\"\}\}\{\{b, but/));
});
