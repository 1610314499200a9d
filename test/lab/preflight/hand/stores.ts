/** Stores that are there or not, ready or not, allowed or not: the reference's cases 40, 47 and 48, and 4. */
import { Cases, extract, read } from './reading.ts';

const cases = new Cases('stores');
const value = '{"a":"x","b":"y"}';

const vaultStores = [
  ...[
    'vault-kubernetes',
    'vault-wrong-token',
    'vault-newline-token',
    'vault-no-secret',
    'vault-referent',
    'other-class',
  ],
  ...['vault-referent-absent', 'vault-referent-no-key', 'vault-referent-newline', 'vault-referent-wrong', 'not-there'],
  ...[
    'denied-all',
    'denied-elsewhere',
    'allowed-here',
    'allowed-regexp',
    'denied-regexp',
    'allowed-label',
    'denied-label',
  ],
];
for (const store of vaultStores)
  for (const deletionPolicy of ['Retain', 'Delete'])
    cases.add('vault', `40: the store ${store}, ${deletionPolicy}`, value, {
      store,
      dataFrom: [extract()],
      target: { deletionPolicy },
    });
for (const store of [
  'key-vault-sdk',
  'key-vault-slash',
  'key-vault-workload',
  'key-vault-workload-sdk',
  'key-vault-no-tenant',
  'not-there',
])
  cases.add('key-vault', `47: the store ${store}`, value, { store, dataFrom: [extract()] });
for (const store of ['key-vault', 'key-vault-sdk'])
  for (const state of ['deleted', 'disabled'] as const)
    cases.add('key-vault', `${state} in ${store}`, value, { store, dataFrom: [extract()], secret: { state } });
for (const [provider, name] of [
  ['vault', 'vault-local'],
  ['key-vault', 'key-vault-local'],
] as const) {
  cases.add(provider, 'a SecretStore', value, { store: { name, kind: 'SecretStore' }, dataFrom: [extract()] });
  cases.add(provider, 'a SecretStore by default', value, { store: { name }, dataFrom: [extract()] });
}
cases.both('a SecretStore that is not there', value, {
  store: { name: 'not-there', kind: 'SecretStore' },
  dataFrom: [extract()],
});
cases.both('a kind that is none', value, { store: { name: 'vault', kind: 'OtherStore' }, dataFrom: [extract()] });
cases.add('vault', '3: two stores in one', value, {
  dataFrom: [
    extract(),
    { extract: { key: '@{b}' }, sourceRef: { storeRef: { name: 'key-vault', kind: 'ClusterSecretStore' } } },
  ],
  data: [
    { ...read({ property: 'b' }, 'third'), sourceRef: { storeRef: { name: 'vault-local', kind: 'SecretStore' } } },
  ],
  remote: [
    { name: 'a', place: 'vault', value },
    { name: 'b', place: 'key-vault', value: '{"z":"1"}' },
  ],
});
cases.add('vault', 'another class in a sourceRef', value, {
  dataFrom: [extract({}, { sourceRef: { storeRef: { name: 'other-class', kind: 'ClusterSecretStore' } } })],
});
cases.add('vault', 'no store of its own', value, {
  spec: { secretStoreRef: undefined },
  dataFrom: [extract({}, { sourceRef: { storeRef: { name: 'vault', kind: 'ClusterSecretStore' } } })],
});
cases.add('vault', '48: a generator in data', value, {
  data: [
    {
      ...read(),
      sourceRef: {
        generatorRef: { apiVersion: 'generators.external-secrets.io/v1alpha1', kind: 'Password', name: 'none' },
      },
    },
  ],
});
cases.add('vault', 'an entry with a store alone', value, {
  dataFrom: [{ sourceRef: { storeRef: { name: 'vault', kind: 'ClusterSecretStore' } } }],
});
cases.both('an empty entry', value, { dataFrom: [{}] });
cases.both('an empty entry beside another', value, { dataFrom: [{}, extract()] });
cases.add('vault', 'find and extract in one entry', value, {
  dataFrom: [{ ...extract(), find: { path: 'cases/@{case}', name: { regexp: '.' } } }],
});

export const storeCases = cases.all;
