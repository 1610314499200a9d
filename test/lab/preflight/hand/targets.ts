/** Targets that exist, policies, types and metadata: the reference's cases 34, 35 and 38, and 1.7 to 1.11. */
import { Cases, extract, read } from './reading.ts';
import type { JsonObject } from '../kubernetes-object.ts';

const cases = new Cases('targets');
const value = '{"a":"new","b":"2"}';

const existing = (more: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  ...{ apiVersion: 'v1', kind: 'Secret' },
  metadata: { name: '@{case}', labels: { mine: 'yes' }, annotations: { note: 'mine' }, ...metadata },
  stringData: { a: 'old', foreign: 'kept' },
  ...more,
});
const creationPolicies = ['Owner', 'Orphan', 'Merge', 'None'];
const deletionPolicies = ['Retain', 'Delete', 'Merge'];

for (const creationPolicy of creationPolicies)
  for (const deletionPolicy of deletionPolicies) {
    const target = { creationPolicy, deletionPolicy };
    const about = `creationPolicy ${creationPolicy}, deletionPolicy ${deletionPolicy}`;
    cases.add('vault', `38: ${about}, no target`, value, { dataFrom: [extract()], target });
    cases.add('key-vault', `38: ${about}, a foreign target`, value, {
      dataFrom: [extract()],
      target,
      resources: [existing()],
    });
    cases.add('vault', `${about}, nothing to write, no target`, '{}', { dataFrom: [extract()], target });
    cases.add('key-vault', `${about}, nothing to write, a foreign target`, '{}', {
      dataFrom: [extract()],
      target,
      resources: [existing()],
    });
    cases.add('vault', `${about}, it fails, a foreign target`, value, {
      data: [read({ property: 'absent' })],
      target,
      resources: [existing()],
    });
  }
for (const creationPolicy of creationPolicies) {
  cases.add('vault', `an immutable target, ${creationPolicy}`, value, {
    dataFrom: [extract()],
    target: { creationPolicy },
    resources: [existing({ immutable: true })],
  });
  cases.add('vault', `an immutable target of the same data, ${creationPolicy}`, value, {
    dataFrom: [extract()],
    target: { creationPolicy },
    resources: [existing({ immutable: true, stringData: { a: 'new', b: '2' } })],
  });
  cases.add('vault', `it makes a target immutable, ${creationPolicy}`, value, {
    dataFrom: [extract()],
    target: { creationPolicy, immutable: true },
    resources: [existing()],
  });
  cases.add('vault', `immutable, no target, ${creationPolicy}`, value, {
    dataFrom: [extract()],
    target: { creationPolicy, immutable: true },
  });
  cases.add('key-vault', `another type, ${creationPolicy}`, value, {
    dataFrom: [extract()],
    target: { creationPolicy, template: { type: 'example.org/other' } },
    resources: [existing()],
  });
  cases.add('key-vault', `a template over a foreign target, ${creationPolicy}`, value, {
    dataFrom: [extract()],
    target: {
      creationPolicy,
      template: { metadata: { labels: { new: 'label' } }, data: { made: '{{ .a }}' } },
    },
    resources: [existing()],
  });
  cases.add('key-vault', `it is the same already, ${creationPolicy}`, value, {
    dataFrom: [extract()],
    target: { creationPolicy },
    resources: [existing({ stringData: { a: 'new', b: '2' } })],
  });
}
const ownedBy = (apiVersion: string, kind: string, controller: boolean): JsonObject =>
  // The garbage collector deletes what is owned by what is not there: the owner is.
  existing({}, { ownerReferences: [{ apiVersion, kind, name: '@{case}-owner', uid: '@{uid}', controller }] });
const anotherExternalSecret = {
  ...{ apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name: '@{case}-owner' } },
  spec: {
    secretStoreRef: { name: 'not-there', kind: 'SecretStore' },
    data: [{ secretKey: 'x', remoteRef: { key: 'x' } }],
  },
};
const anotherObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '@{case}-owner' } };
for (const creationPolicy of creationPolicies)
  for (const controller of [true, false]) {
    const about = `${controller ? 'controlled' : 'owned'} by another`;
    cases.add('vault', `${about} ExternalSecret, ${creationPolicy}`, value, {
      dataFrom: [extract()],
      target: { creationPolicy },
      resources: [ownedBy('external-secrets.io/v1', 'ExternalSecret', controller)],
      owners: [anotherExternalSecret],
    });
    cases.add('vault', `${about} object, ${creationPolicy}`, value, {
      dataFrom: [extract()],
      target: { creationPolicy },
      resources: [ownedBy('v1', 'ConfigMap', controller)],
      owners: [anotherObject],
    });
  }
cases.both('another name of the target', value, { dataFrom: [extract()], target: { name: '@{case}-target' } });
cases.both('a name that no Secret can have', value, { dataFrom: [extract()], target: { name: 'Not_A_Name' } });
cases.both('labels and annotations are copied', value, {
  dataFrom: [extract()],
  labels: { 'app.kubernetes.io/part-of': 'example' },
  annotations: { 'example.org/note': 'text', 'kubectl.kubernetes.io/last-applied-configuration': '{}\n' },
});
cases.both('with a template they are not', value, {
  dataFrom: [extract()],
  labels: { 'app.kubernetes.io/part-of': 'example' },
  annotations: { 'example.org/note': 'text' },
  target: { template: { metadata: { labels: { of: 'template' }, annotations: { own: '{{ .a }}' } } } },
});
cases.both('neither data nor dataFrom', value, {});
cases.both('refreshInterval 0', value, { dataFrom: [extract()], spec: { refreshInterval: '0' } });
for (const refreshPolicy of ['Periodic', 'OnChange', 'CreatedOnce'])
  cases.both(`refreshPolicy ${refreshPolicy}`, value, { dataFrom: [extract()], spec: { refreshPolicy } });

const typed = (type: string, data?: Readonly<Record<string, string>>): JsonObject => ({
  template: { type, ...(data !== undefined && { data }) },
});
const typedValues: readonly (readonly [string, string])[] = [
  ['kubernetes.io/tls', '{"tls.crt":"example","tls.key":"example"}'],
  ['kubernetes.io/tls', '{"tls.crt":"example"}'],
  ['kubernetes.io/dockerconfigjson', '{".dockerconfigjson":"{\\"auths\\":{}}"}'],
  ['kubernetes.io/dockerconfigjson', '{".dockerconfigjson":"not json"}'],
  ['kubernetes.io/dockerconfigjson', '{"a":"x"}'],
  ['kubernetes.io/dockercfg', '{".dockercfg":"{}"}'],
  ['kubernetes.io/dockercfg', '{".dockercfg":"["}'],
  ['kubernetes.io/dockercfg', '{"a":"x"}'],
  ['kubernetes.io/basic-auth', '{"username":"example"}'],
  ['kubernetes.io/basic-auth', '{"a":"x"}'],
  ['kubernetes.io/ssh-auth', '{"ssh-privatekey":"example"}'],
  ['kubernetes.io/ssh-auth', '{"ssh-privatekey":""}'],
  ['kubernetes.io/ssh-auth', '{"a":"x"}'],
  ['kubernetes.io/service-account-token', '{"a":"x"}'],
  ['bootstrap.kubernetes.io/token', '{"a":"x"}'],
  ['Opaque', '{"a":"x"}'],
  ['', '{"a":"x"}'],
  ['example.org/any', '{"a":"x"}'],
];
for (const [type, typedValue] of typedValues)
  cases.both(`the type ${type}`, typedValue, { dataFrom: [extract()], target: typed(type) });
cases.add('vault', 'the type of a service account that is not there', value, {
  dataFrom: [extract()],
  target: {
    template: {
      type: 'kubernetes.io/service-account-token',
      metadata: { annotations: { 'kubernetes.io/service-account.name': 'reader' } },
    },
  },
});
const big = JSON.stringify({ a: 'x'.repeat(600_000), b: 'y'.repeat(600_000) });
cases.add('vault', 'more than a Secret may hold', big, { dataFrom: [extract()] });

export const targetCases = cases.all;
