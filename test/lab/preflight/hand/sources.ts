/** Paths, versions, metadata and find: the reference's cases 39 to 46, and 2 and 3. */
import type { RemoteSecret } from '../case.ts';
import { Cases, extract, read } from './reading.ts';

const cases = new Cases('sources');
const value = '{"a":"x","b":"y"}';

cases.both('39: refreshInterval 0', value, { dataFrom: [extract()], spec: { refreshInterval: '0s' } });

for (const key of [
  'secret/@{a}',
  'secret/@{a}/bar',
  '/@{a}',
  'certificates/@{a}',
  'other/@{a}',
  '@{a}/',
  'secret/none',
  'Secret/@{a}',
])
  for (const entry of ['data', 'extract'])
    cases.add('key-vault', `41: the key ${key}, ${entry}`, value, {
      ...(entry === 'data' ? { data: [read({ key })] } : { dataFrom: [extract({ key })] }),
    });
for (const key of ['under_score', 'dotted.name', 'x'.repeat(128), 'sp ace', 'é', 'secret/under_score', '%2e'])
  for (const store of ['key-vault', 'key-vault-sdk'])
    cases.add('key-vault', `a name that none can have: ${key.slice(0, 20)} in ${store}`, value, {
      store,
      data: [read({ key })],
    });
const absent = ['key', 'cert'];
for (const kind of absent)
  cases.add('key-vault', `46: ${kind}/ by extract`, value, { dataFrom: [extract({ key: `${kind}/@{a}` })] });
for (const key of [
  '@{a}',
  'secret/@{a}',
  'secret/data/@{a}',
  'data/@{a}',
  '/@{a}',
  '@{a}/',
  'secret//@{a}',
  'secrets/@{a}',
  'secret',
  '@{a}/../a',
  'secret/data/',
])
  for (const store of ['vault', 'vault-no-path', 'vault-slash', 'vault-v2-on-v1'])
    cases.add('vault', `42: the key ${key} in ${store}`, value, { store, data: [read({ key })] });
for (const key of ['@{a}', 'kv1/@{a}', 'kv1/data/@{a}', 'none'])
  cases.add('vault', `KV v1: the key ${key}`, value, {
    store: 'vault-v1',
    data: [read({ key, property: 'a' })],
    secret: { place: 'vault-v1' },
  });
cases.add('vault', 'KV v1: extract', '{"a":"x","n":1.50,"big":1e21}', {
  store: 'vault-v1',
  dataFrom: [extract()],
  secret: { place: 'vault-v1' },
});
cases.add('vault', 'KV v1: metadata', value, {
  store: 'vault-v1',
  data: [read({ metadataPolicy: 'Fetch' })],
  secret: { place: 'vault-v1' },
});
cases.add('vault', 'KV v1: find by name', value, {
  store: 'vault-v1',
  dataFrom: [{ find: { path: 'cases/@{case}', name: { regexp: '.' } } }],
  secret: { place: 'vault-v1' },
});

const versions = { older: ['{"a":"first"}', '{"a":"second"}'] };
for (const version of ['1', '2', '3', '9', '0', 'x', '-1'])
  cases.add('vault', `version ${version}`, value, { data: [read({ version, property: 'a' })], secret: versions });
for (const version of ['@{version a 0}', '@{version a 2}', 'none', '0'.repeat(32)])
  for (const store of ['key-vault', 'key-vault-sdk'])
    cases.add('key-vault', `version ${version} by ${store}`, value, {
      store,
      data: [read({ version, property: 'a' })],
      secret: versions,
    });

const tags = { team: 'example', json: '{"k":"v","n":1}', texts: '{"k":"v","l":"w"}', 'a.b': 'dotted', html: '<&>' };
for (const store of ['vault', 'key-vault', 'key-vault-sdk'])
  for (const property of [
    '',
    'team',
    'json',
    'json.k',
    'texts.k',
    'json.none',
    'none',
    'a.b',
    'empty',
    'a.none',
    'none.k',
    '.k',
  ])
    for (const entry of ['data', 'extract'] as const) {
      const ref = { metadataPolicy: 'Fetch', property };
      cases.add(
        store === 'vault' ? 'vault' : 'key-vault',
        `metadata ${JSON.stringify(property)} by ${entry}, ${store}`,
        value,
        {
          store,
          ...(entry === 'data' ? { data: [read(ref)] } : { dataFrom: [extract(ref)] }),
          // Vault takes no empty one.
          secret: { tags: store === 'vault' ? tags : { ...tags, empty: '' } },
        },
      );
    }
for (const entry of ['data', 'extract'] as const)
  cases.both(`no metadata, ${entry}`, value, {
    ...(entry === 'data'
      ? { data: [read({ metadataPolicy: 'Fetch' })] }
      : { dataFrom: [extract({ metadataPolicy: 'Fetch' })] }),
  });
cases.add('vault', '43: metadata of a key with the mount in front', value, {
  data: [read({ key: 'secret/@{a}', metadataPolicy: 'Fetch' })],
  secret: { tags },
});
cases.add('key-vault', '2.4: metadata of secret/ by extract', value, {
  dataFrom: [extract({ key: 'secret/@{a}', metadataPolicy: 'Fetch', property: 'team' })],
  secret: { tags },
});

const found = (place: RemoteSecret['place']): readonly RemoteSecret[] => [
  { name: 'one', place, value: '{"k":"1"}', tags: { case: '@{case}', tier: 'a' } },
  { name: 'two', place, value: '{"k":"2","n":1.50}', tags: { case: '@{case}', tier: 'b' } },
  { name: place === 'vault' ? 'deep/three' : 'deep-three', place, value: '{"k":"3<"}', tags: { case: '@{case}' } },
  { name: 'gone', place, value: '{"k":"4"}', state: 'deleted', tags: { case: '@{case}' } },
  ...(place === 'vault'
    ? []
    : [{ name: 'off', place, value: 'x', state: 'disabled', tags: { case: '@{case}' } } as const]),
];
const finds: readonly (readonly [string, object])[] = [
  ['by name', { name: { regexp: '@{case}-' } }],
  ['by name, anchored', { name: { regexp: '^@{case}-(one|two)$' } }],
  ['by name, nothing', { name: { regexp: '@{case}-nothing' } }],
  ['44: an invalid regexp', { name: { regexp: '@{case}(' } }],
  ['by tags', { tags: { case: '@{case}' } }],
  ['by two tags', { tags: { case: '@{case}', tier: 'a' } }],
  ['45: by name and tags', { name: { regexp: '@{case}-' }, tags: { tier: 'a' } }],
  ['by name, Unicode', { name: { regexp: '@{case}-' }, conversionStrategy: 'Unicode' }],
  ['by path and name', { path: 'anything', name: { regexp: '@{case}-o' } }],
  ['by name, decoded', { name: { regexp: '@{case}-one' }, decodingStrategy: 'Base64' }],
];
for (const [about, find] of finds)
  for (const store of ['key-vault-find', 'key-vault-find-sdk'])
    cases.add('key-vault', `find ${about}, ${store}`, '', {
      store,
      dataFrom: [{ find }],
      remote: found('key-vault-find'),
    });
const vaultFinds: readonly (readonly [string, object])[] = [
  ['by name', { path: 'cases/@{case}', name: { regexp: '.' } }],
  ['by name, of the whole path', { path: 'cases/@{case}', name: { regexp: '^cases/@{case}/one$' } }],
  ['by name, one', { path: 'cases/@{case}', name: { regexp: 'one' } }],
  ['by name, nothing', { path: 'cases/@{case}', name: { regexp: 'nothing' } }],
  ['by name in a folder', { path: 'cases/@{case}/deep', name: { regexp: '.' } }],
  ['by name in a folder with a slash', { path: 'cases/@{case}/deep/', name: { regexp: '.' } }],
  ['by name where nothing is', { path: 'cases/@{case}/none', name: { regexp: '.' } }],
  ['44: an invalid regexp', { path: 'cases/@{case}', name: { regexp: '(' } }],
  ['by tags', { path: 'cases/@{case}', tags: { case: '@{case}' } }],
  ['by two tags', { path: 'cases/@{case}', tags: { case: '@{case}', tier: 'a' } }],
  ['by tags, nothing', { path: 'cases/@{case}', tags: { case: 'other' } }],
  ['45: by name and tags', { path: 'cases/@{case}', name: { regexp: 'two' }, tags: { tier: 'a' } }],
  ['by name, Unicode', { path: 'cases/@{case}', name: { regexp: '.' }, conversionStrategy: 'Unicode' }],
  ['by neither', { path: 'cases/@{case}' }],
];
for (const [about, find] of vaultFinds)
  for (const deletionPolicy of ['Retain', 'Delete'])
    cases.add('vault', `find ${about}, ${deletionPolicy}`, '', {
      dataFrom: [{ find }],
      target: { deletionPolicy },
      remote: found('vault'),
    });
cases.add('vault', 'find: two paths become one key', '', {
  dataFrom: [{ find: { path: 'cases/@{case}', name: { regexp: '.' } } }],
  remote: ['a/b', 'a_b'].map((name) => ({ name, place: 'vault', value })),
});
cases.add('vault', 'find and rewrite', '', {
  dataFrom: [
    { find: { path: 'cases/@{case}', name: { regexp: '.' } }, rewrite: [{ regexp: { source: '.*/', target: '' } }] },
  ],
  remote: found('vault').slice(0, 2),
});
cases.add('vault', 'find and merge', '', {
  dataFrom: [
    { find: { path: 'cases/@{case}', name: { regexp: '.' } }, rewrite: [{ merge: { conflictPolicy: 'Ignore' } }] },
  ],
  remote: found('vault').slice(0, 2),
});

export const sourceCases = cases.all;
