/** Generated cases of where a value is read: metadata, versions, `find`, and stores of every kind. */
import fc from 'fast-check';
import type { RemoteSecret } from '../case.ts';
import { extract, read } from '../hand/reading.ts';
import type { Provider, Reading } from '../hand/reading.ts';
import type { JsonObject } from '../kubernetes-object.ts';

type Made = { readonly value: string; readonly reading: Reading };

const value = '{"a":"x","b":"1.50"}';
const tagName = fc.constantFrom('team', 'env', 'a.b', 'json', 'k-1', 'x_y');
// Neither store takes an empty one, or one of more than 256 characters.
const tagValue = fc.constantFrom('example', '{"k":"v"}', '{"k":"v","n":1}', '{"k":{"l":1.50}}', '<&>', 'é', '1', '[1]');

export function metadataReading(provider: Provider): fc.Arbitrary<Made> {
  const property = fc.constantFrom(
    '',
    '',
    'team',
    'env',
    'json',
    'json.k',
    'json.k.l',
    'a.b',
    'absent',
    'team.k',
    '.x',
    'k-1',
  );
  return fc
    .tuple(
      fc.dictionary(tagName, tagValue, { maxKeys: 4 }),
      property,
      fc.boolean(),
      provider === 'vault' ? fc.constant('vault') : fc.constantFrom('key-vault', 'key-vault-sdk'),
    )
    .map(([tags, property, whole, store]) => {
      const ref = { metadataPolicy: 'Fetch', ...(property !== '' && { property }) };
      return {
        value,
        reading: {
          store,
          ...(whole ? { dataFrom: [extract(ref)] } : { data: [read(ref)] }),
          ...(Object.keys(tags).length > 0 && { secret: { tags } }),
        },
      };
    });
}

export function versionReading(provider: Provider): fc.Arbitrary<Made> {
  const version =
    provider === 'vault'
      ? fc.constantFrom('1', '2', '3', '4', '99', '0', '-1', 'v1', '1.0', '')
      : fc.constantFrom('@{version a 0}', '@{version a 1}', '', 'none', 'f'.repeat(32));
  return fc
    .tuple(version, fc.constantFrom('Retain', 'Delete', 'Merge'), fc.constantFrom(undefined, 'deleted', 'disabled'))
    .map(([version, deletionPolicy, state]) => ({
      value,
      reading: {
        data: [read({ property: 'a', ...(version !== '' && { version }) })],
        target: { deletionPolicy },
        secret: {
          older: ['{"a":"first"}'],
          ...(state !== undefined && !(provider === 'vault' && state === 'disabled') && { state }),
        },
      },
    }));
}

const conversionStrategy = fc.constantFrom('Default', 'Unicode');
const states = fc.constantFrom(undefined, undefined, 'deleted' as const);

export function findReading(provider: Provider): fc.Arbitrary<Made> {
  const place = provider === 'vault' ? 'vault' : 'key-vault-find';
  const names =
    provider === 'vault' ? ['one', 'two', 'deep/one', 'deep/er/two', 'a_b'] : ['one', 'two', 'deep-one', 'ONE2'];
  const secret = fc
    .tuple(
      fc.constantFrom(...names),
      states,
      fc.constantFrom('a', 'b'),
      fc.constantFrom('{"k":"1"}', '{"k":1.50,"z":"<"}', '{"n":null}'),
    )
    .map(([name, state, tier, text]): RemoteSecret => ({
      ...{ name, place, value: text, tags: { case: '@{case}', tier } },
      ...(state !== undefined && { state }),
    }));
  const pattern = fc.constantFrom('', 'one', 'two$', '^(one|two)$', 'deep', '[a-z]+', '(', 'x+', 'o(?:ne)?', '(?i)ONE');
  const tags = fc.constantFrom({ case: '@{case}' }, { case: '@{case}', tier: 'a' }, { tier: 'b', case: '@{case}' });
  const store = provider === 'vault' ? fc.constant('vault') : fc.constantFrom('key-vault-find', 'key-vault-find-sdk');
  return fc
    .record({
      secrets: fc.uniqueArray(secret, { selector: ({ name }) => name, maxLength: 4 }),
      store,
      by: fc.oneof(
        { weight: 3, arbitrary: pattern.map((regexp): JsonObject => ({ name: { regexp } })) },
        { weight: 2, arbitrary: tags.map((wanted): JsonObject => ({ tags: wanted })) },
        {
          weight: 1,
          arbitrary: fc
            .tuple(pattern, tags)
            .map(([regexp, wanted]): JsonObject => ({ name: { regexp }, tags: wanted })),
        },
      ),
      conversionStrategy,
      folder: fc.constantFrom('', '', '/deep', '/none', '/'),
      deletionPolicy: fc.constantFrom('Retain', 'Delete', 'Merge'),
      rewrite: fc.constantFrom(
        undefined,
        undefined,
        [{ regexp: { source: '^.*[/-]', target: '' } }],
        [{ merge: { conflictPolicy: 'Ignore' } }],
      ),
    })
    .map(({ secrets, store, by, conversionStrategy, folder, deletionPolicy, rewrite }) => {
      // All cases share the Key Vault: a name's expression must find those of this case alone.
      const named = (by['name'] as { regexp: string } | undefined)?.regexp;
      const own =
        named === undefined || provider === 'vault'
          ? by
          : { ...by, name: { regexp: `@{case}-.*${named.replace('^', '')}` } };
      const find = { ...own, conversionStrategy, ...(provider === 'vault' && { path: `cases/@{case}${folder}` }) };
      return {
        value,
        reading: {
          store,
          dataFrom: [{ find, ...(rewrite !== undefined && { rewrite }) }],
          target: { deletionPolicy },
          remote: secrets,
        },
      };
    });
}

const vaultStores = [
  ...[
    'vault',
    'vault-no-path',
    'vault-slash',
    'vault-kubernetes',
    'vault-wrong-token',
    'vault-newline-token',
    'vault-no-secret',
  ],
  ...[
    'vault-referent',
    'other-class',
    'vault-referent-absent',
    'vault-referent-no-key',
    'vault-referent-newline',
    'vault-v2-on-v1',
  ],
  ...[
    'not-there',
    'denied-all',
    'denied-elsewhere',
    'allowed-here',
    'allowed-regexp',
    'denied-regexp',
    'allowed-label',
    'vault-referent-wrong',
  ],
  ...['denied-label'],
];
const keyVaultStores = [
  'key-vault',
  'key-vault-sdk',
  'key-vault-slash',
  'key-vault-workload',
  'key-vault-workload-sdk',
  'key-vault-no-tenant',
  'not-there',
];

export function storeReading(provider: Provider): fc.Arbitrary<Made> {
  const key =
    provider === 'vault'
      ? fc.constantFrom(
          '@{a}',
          '@{a}',
          '@{a}',
          'secret/@{a}',
          'secret/data/@{a}',
          'data/@{a}',
          '/@{a}',
          'none',
          'secret',
        )
      : fc.constantFrom(
          '@{a}',
          '@{a}',
          '@{a}',
          'secret/@{a}',
          'none',
          'secret/none',
          '@{a}/x',
          'cert/none',
          'key/none',
        );
  return fc
    .tuple(
      fc.constantFrom(...(provider === 'vault' ? vaultStores : keyVaultStores)),
      key,
      fc.boolean(),
      fc.constantFrom('Retain', 'Delete', 'Merge'),
      provider === 'vault'
        ? fc.constant(undefined)
        : fc.constantFrom(undefined, 'deleted' as const, 'disabled' as const),
    )
    .map(([store, key, whole, deletionPolicy, state]) => ({
      value,
      reading: {
        store,
        // Certificates and keys are not in these vaults, and are not predicted: by extract they end before they are read.
        ...(whole || /^(?:cert|key)\//.test(key) ? { dataFrom: [{ extract: { key } }] } : { data: [read({ key })] }),
        target: { deletionPolicy },
        ...(state !== undefined && { secret: { state } }),
      },
    }));
}
