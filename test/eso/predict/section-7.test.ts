/** The tricky cases of docs, one by one: what the operator does with values, names, policies and templates. Most were run on release 0.20.4. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExternalSecret, Store } from '../../../src/eso/resources.ts';
import type { Given, Summary } from './sample.ts';
import {
  data,
  existing,
  externalSecret,
  extract,
  find,
  keyVaultStore,
  list,
  predicted,
  present,
  summary,
  template,
  vaultStore,
} from './sample.ts';

type Case = readonly [name: string, resource: ExternalSecret, given: Given, expected: Summary];

const keyVault = keyVaultStore();
const vault = vaultStore();
const notFetched = 'could not get secret data from provider';
const notUpdated = 'could not update secret';
const retained: Summary = { kind: 'untouched', message: 'secret retained due to DeletionPolicy=Retain' };

function dataOf(property: string): ExternalSecret {
  return externalSecret({ data: [data('out', 'K', { property })] });
}
const all = externalSecret({ dataFrom: [extract('K')] });
const whole = externalSecret({ data: [data('out', 'K')] });

function inKeyVault(value: string): Given {
  return { store: keyVault, remote: { K: value } };
}
function inVault(value: string): Given {
  return { store: vault, remote: { 'secret/data/K': value } };
}
function created(contents: Readonly<Record<string, string>>): Summary {
  return { kind: 'created', data: contents };
}
function dataFails(error: string): Summary {
  return { kind: 'fails', message: notFetched, event: `error processing spec.data[0] (key: K), err: ${error}` };
}
function extractFails(error: string): Summary {
  return { kind: 'fails', message: notFetched, event: `error processing spec.dataFrom[0].extract, err: ${error}` };
}
function templateOf(
  contents: Readonly<Record<string, string>>,
  policy: 'Replace' | 'Merge' = 'Replace',
): ExternalSecret {
  return externalSecret({
    dataFrom: [extract('K')],
    target: { template: template({ data: contents, mergePolicy: policy }) },
  });
}

const noSecret = 'Secret does not exist';

const cases: readonly Case[] = [
  ['1 Key Vault: no trimming', whole, inKeyVault('abc\n'), created({ out: 'abc\n' })],
  ['2 Key Vault: gjson first', dataOf('a.b'), inKeyVault('{"a.b":"L","a":{"b":"N"}}'), created({ out: 'N' })],
  ['2 Vault: the literal name first', dataOf('a.b'), inVault('{"a.b":"L","a":{"b":"N"}}'), created({ out: 'L' })],
  [
    '3 Key Vault: all dots are escaped, or none',
    dataOf('a.b.c'),
    inKeyVault('{"a":{"b.c":"x"}}'),
    dataFails('property a.b.c does not exist in key K'),
  ],
  ['4 Key Vault: null', dataOf('a'), inKeyVault('{"a":null}'), created({ out: '' })],
  ['4 Vault: null', dataOf('a'), inVault('{"a":null}'), created({ out: '' })],
  ['4 Key Vault: null in an extract', all, inKeyVault('{"a":null}'), created({ a: '' })],
  ['4 Vault: null in an extract', all, inVault('{"a":null}'), created({ a: '' })],
  [
    '5 Key Vault: a missing property, whatever the policy',
    externalSecret({ data: [data('out', 'K', { property: 'p' })], target: { deletionPolicy: 'Delete' } }),
    inKeyVault('{}'),
    dataFails('property p does not exist in key K'),
  ],
  [
    '5 Vault: a missing property',
    externalSecret({ data: [data('out', 'K', { property: 'p' })], target: { deletionPolicy: 'Delete' } }),
    inVault('{}'),
    dataFails('cannot find secret data for key: "p"'),
  ],
  ['6 missing, Retain', whole, { store: keyVault }, dataFails(noSecret)],
  [
    '6 missing, Merge: the others go on',
    externalSecret({ data: [data('a', 'K'), data('b', 'L')], target: { deletionPolicy: 'Merge' } }),
    { store: keyVault, remote: { L: 'l' } },
    created({ b: 'l' }),
  ],
  [
    '7 Key Vault: disabled, whatever the policy',
    externalSecret({ data: [data('out', 'K')], target: { deletionPolicy: 'Delete' } }),
    {
      store: keyVault,
      remote: { K: { kind: 'disabled', message: 'Operation get is not allowed on a disabled secret.' } },
    },
    dataFails(
      'keyvault.BaseClient#GetSecret: Failure responding to request: StatusCode=403 -- Original Error: autorest/azure: Service returned an error. Status=403 Code="Forbidden" Message="Operation get is not allowed on a disabled secret." InnerError={"code":"SecretDisabled"}',
    ),
  ],
  [
    '7 Key Vault: disabled, with useAzureSDK',
    whole,
    {
      store: keyVaultStore({ useAzureSDK: true }),
      remote: { K: { kind: 'disabled', message: 'Operation get is not allowed on a disabled secret.' } },
    },
    dataFails(
      `GET https://kv-example.vault.azure.net/secrets/K/
${'-'.repeat(80)}
RESPONSE 403: 403 Forbidden
ERROR CODE: Forbidden
${'-'.repeat(80)}
{
  "error": {
    "code": "Forbidden",
    "message": "Operation get is not allowed on a disabled secret.",
    "innererror": {
      "code": "SecretDisabled"
    }
  }
}
${'-'.repeat(80)}
`,
    ),
  ],
  ['8 Vault: deleted', whole, { store: vault }, dataFails(noSecret)],
  [
    '8 Vault: 403',
    externalSecret({ data: [data('out', 'K')], target: { deletionPolicy: 'Merge' } }),
    {
      store: vault,
      remote: { 'secret/data/K': { kind: 'refused', status: 403, code: '', errors: ['permission denied'] } },
    },
    dataFails(
      'cannot read secret data from Vault: Error making API request.\n\nURL: GET https://vault.example.com:8200/v1/secret/data/K\nCode: 403. Errors:\n\n* permission denied',
    ),
  ],
  [
    '8 Vault: 403 of a version',
    externalSecret({ data: [data('out', 'K', { version: '2' })] }),
    {
      store: vault,
      remote: { 'secret/data/K?2': { kind: 'refused', status: 403, code: '', errors: ['permission denied'] } },
    },
    dataFails(
      'cannot read secret data from Vault: Error making API request.\n\nURL: GET https://vault.example.com:8200/v1/secret/data/K?version=2\nCode: 403. Errors:\n\n* permission denied',
    ),
  ],
  ['9 an empty object', all, inKeyVault('{}'), retained],
  ['9 an empty object in Vault', all, inVault('{}'), retained],
  ['10 null', all, inKeyVault('null'), retained],
  [
    '11 a list',
    all,
    inKeyVault('[]'),
    extractFails(
      'error unmarshalling json data: json: cannot unmarshal array into Go value of type map[string]json.RawMessage',
    ),
  ],
  [
    '11 a text',
    all,
    inKeyVault('"s"'),
    extractFails(
      'error unmarshalling json data: json: cannot unmarshal string into Go value of type map[string]json.RawMessage',
    ),
  ],
  [
    '11 a number',
    all,
    inKeyVault('12'),
    extractFails(
      'error unmarshalling json data: json: cannot unmarshal number into Go value of type map[string]json.RawMessage',
    ),
  ],
  ['11 nothing', all, inKeyVault(''), extractFails('error unmarshalling json data: unexpected end of JSON input')],
  ['12 a line break at the end', all, inKeyVault('{"a":"x"}\n'), created({ a: 'x' })],
  [
    '12 a byte order mark',
    all,
    inKeyVault('\ufeff{"a":"x"}'),
    extractFails("error unmarshalling json data: invalid character 'ï' looking for beginning of value"),
  ],
  ['13 gjson does not validate', dataOf('a'), inKeyVault('junk {"a":"x"}'), created({ out: 'x' })],
  ['13 nor ask for the end', dataOf('a'), inKeyVault('{"a":"x"'), created({ out: 'x' })],
  [
    '14 Key Vault: a long number',
    all,
    inKeyVault('{"a":12345678901234567890}'),
    created({ a: '12345678901234567890' }),
  ],
  [
    '14 Vault: a long number',
    dataOf('a'),
    inVault('{"a":12345678901234567890}'),
    created({ out: '12345678901234567890' }),
  ],
  ['14 Vault: an extract', all, inVault('{"a":12345678901234567890}'), created({ a: '12345678901234567000' })],
  ['15 Key Vault: 1e21', dataOf('a'), inKeyVault('{"a":1e21}'), created({ out: '1000000000000000000000' })],
  ['15 Key Vault: an extract', all, inKeyVault('{"a":1e21}'), created({ a: '1e21' })],
  ['15 Vault: 1e21', dataOf('a'), inVault('{"a":1e21}'), created({ out: '1e21' })],
  ['15 Vault: nested', dataOf('o.a'), inVault('{"o":{"a":1e21}}'), created({ out: '1000000000000000000000' })],
  [
    '15 Vault: an extract',
    all,
    inVault('{"a":1e21,"o":{"a":1e21}}'),
    created({ a: '1000000000000000000000', o: '{"a":1e+21}' }),
  ],
  ['16 Key Vault: 1.50', dataOf('a'), inKeyVault('{"a":1.50}'), created({ out: '1.5' })],
  ['16 Key Vault: an extract', all, inKeyVault('{"a":1.50}'), created({ a: '1.50' })],
  ['16 Vault: 1.50', dataOf('a'), inVault('{"a":1.50}'), created({ out: '1.50' })],
  ['16 Vault: an extract', all, inVault('{"a":1.50}'), created({ a: '1.5' })],
  ['17 Key Vault: 1e400', dataOf('a'), inKeyVault('{"a":1e400}'), created({ out: '+Inf' })],
  ['17 Key Vault: an extract', all, inKeyVault('{"a":1e400}'), created({ a: '1e400' })],
  [
    '17 Vault: an extract',
    all,
    inVault('{"a":1e400}'),
    extractFails('json: cannot unmarshal number 1e400 into Go value of type float64'),
  ],
  ['17 Vault: 1e400', dataOf('a'), inVault('{"a":1e400}'), created({ out: '1e400' })],
  ['18 Key Vault: raw text', all, inKeyVault('{"a":{ "k" : "<" }}'), created({ a: '{ "k" : "<" }' })],
  ['18 Key Vault: a property', dataOf('a'), inKeyVault('{"a":{ "k" : "<" }}'), created({ out: '{ "k" : "<" }' })],
  ['18 Vault: made again', all, inVault('{"a":{ "k" : "<" }}'), created({ a: '{"k":"\\u003c"}' })],
  ['18 Vault: a property', dataOf('a'), inVault('{"a":{ "k" : "<" }}'), created({ out: '{"k":"\\u003c"}' })],
  ['19 booleans', all, inKeyVault('{"a":true}'), created({ a: 'true' })],
  ['19 booleans in Vault', all, inVault('{"a":false}'), created({ a: 'false' })],
  ['20 Key Vault: the first of two', dataOf('a'), inKeyVault('{"a":"1","a":"2"}'), created({ out: '1' })],
  ['20 Key Vault: an extract', all, inKeyVault('{"a":"1","a":"2"}'), created({ a: '2' })],
  ['21 an index', dataOf('a.0'), inKeyVault('{"a":["x"]}'), created({ out: 'x' })],
  ['21 a count', dataOf('a.#'), inVault('{"a":["x","y"]}'), created({ out: '2' })],
  ['21 of each', dataOf('a.#.n'), inKeyVault('{"a":[{"n":1},{"n":2}]}'), created({ out: '[1,2]' })],
  ['22 Key Vault: a pipe', dataOf('a|b'), inKeyVault('{"a|b":1}'), dataFails('property a|b does not exist in key K')],
  ['22 Vault: a pipe', dataOf('a|b'), inVault('{"a|b":1}'), created({ out: '1' })],
  ['23 Key Vault: a wildcard', dataOf('a*'), inKeyVault('{"ab":"x","a*":"y"}'), created({ out: 'x' })],
  ['23 Vault: literally', dataOf('a*'), inVault('{"ab":"x","a*":"y"}'), created({ out: 'y' })],
  [
    '24 JSON in a text',
    dataOf('a.b'),
    inKeyVault(String.raw`{"a":"{\"b\":1}"}`),
    dataFails('property a.b does not exist in key K'),
  ],
  [
    '24 JSON in a text in Vault',
    dataOf('a.b'),
    inVault(String.raw`{"a":"{\"b\":1}"}`),
    dataFails('cannot find secret data for key: "a.b"'),
  ],
  ['25 half a surrogate pair', all, inKeyVault(String.raw`{"a":"\ud800"}`), created({ a: '\ufffd' })],
  ['25 as a property', dataOf('a'), inKeyVault(String.raw`{"a":"\ud800"}`), created({ out: '\ufffd' })],
  ['26 Default', all, inKeyVault('{"a/b":"x"}'), created({ a_b: 'x' })],
  [
    '26 Unicode',
    externalSecret({ dataFrom: [extract('K', { conversionStrategy: 'Unicode' })] }),
    inKeyVault('{"a/b":"x"}'),
    created({ a_U002f_b: 'x' }),
  ],
  [
    '27 a collision',
    all,
    inKeyVault('{"a/b":"x","a_b":"y"}'),
    extractFails('error applying conversion strategy Default to keys: secret name collision during conversion: a_b'),
  ],
  [
    '28 a letter that the API server refuses',
    all,
    inKeyVault('{"clé":"x"}'),
    {
      kind: 'fails',
      message: notUpdated,
      event: `Secret "app" is invalid: data[clé]: Invalid value: "clé": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
    },
  ],
  ['29 an empty name', all, inKeyVault('{"":"x","a":"y"}'), created({ a: 'y' })],
  ['29 alone', all, inKeyVault('{"":"x"}'), retained],
  [
    '30 a rewrite ends the conversion',
    externalSecret({ dataFrom: [extract('K', {}, [{ regexp: { source: 'z', target: '' } }])] }),
    inKeyVault('{"a/b":"x"}'),
    extractFails(
      "invalid secret keys (TIP: use rewrite or conversionStrategy to change keys): key has invalid character /, only alphanumeric, '-', '.' and '_' are allowed: a/b",
    ),
  ],
  [
    '31 a group of another name',
    externalSecret({ dataFrom: [extract('K', {}, [{ regexp: { source: '^db-(.*)$', target: '$1_x' } }])] }),
    inKeyVault('{"db-a":"x"}'),
    retained,
  ],
  [
    '31 a group in braces',
    externalSecret({ dataFrom: [extract('K', {}, [{ regexp: { source: '^db-(.*)$', target: '${1}_x' } }])] }),
    inKeyVault('{"db-a":"x"}'),
    created({ a_x: 'x' }),
  ],
  [
    '33 later ones win',
    externalSecret({ dataFrom: [extract('K'), extract('L')], data: [data('b', 'M'), data('b', 'N')] }),
    { store: keyVault, remote: { K: '{"a":"1","b":"1"}', L: '{"a":"2","b":"2"}', M: '3', N: '4' } },
    created({ a: '2', b: '4' }),
  ],
  [
    '34 a key that is missing',
    templateOf({ T: '{{ .missing }}' }),
    inKeyVault('{"a":"x"}'),
    {
      kind: 'fails',
      message: notUpdated,
      event:
        'could not apply template: could not execute template: could not execute template: unable to execute template at key T: unable to execute template at key T: template: T:1:3: executing "T" at <.missing>: map has no entry for key "missing"',
    },
  ],
  [
    '34 the same on an update',
    templateOf({ T: '{{ .missing }}' }),
    { ...inKeyVault('{"a":"x"}'), secrets: { app: existing({}) } },
    {
      kind: 'fails',
      message: notUpdated,
      event:
        'unable to mutate secret app: could not apply template: could not execute template: could not execute template: unable to execute template at key T: unable to execute template at key T: template: T:1:3: executing "T" at <.missing>: map has no entry for key "missing"',
    },
  ],
  ['34 by index', templateOf({ T: '{{ index . "missing" }}' }), inKeyVault('{"a":"x"}'), created({ T: '' })],
  ['35 Replace', templateOf({ T: '{{ .a }}' }), inKeyVault('{"a":"x","b":"y"}'), created({ T: 'x' })],
  [
    '35 Merge',
    templateOf({ T: '{{ .a }}' }, 'Merge'),
    inKeyVault('{"a":"x","b":"y"}'),
    created({ a: 'x', b: 'y', T: 'x' }),
  ],
  ['35 no template', templateOf({}), inKeyVault('{"a":"x","b":"y"}'), created({ a: 'x', b: 'y' })],
  [
    '36 a name with a dash',
    templateOf({ T: '{{ .db-pass }}' }),
    inKeyVault('{"db-pass":"x"}'),
    {
      kind: 'fails',
      message: notUpdated,
      event: `could not apply template: could not execute template: could not execute template: unable to execute template at key T: unable to parse template at key T: template: T:1: bad character U+002D '-'`,
    },
  ],
  [
    '37 Auto takes much for Base64',
    externalSecret({
      data: ['test', 'hello123', 'abc'].map((key) => data(key, key, { decodingStrategy: 'Auto' })),
    }),
    { store: keyVault, remote: { test: 'test', hello123: 'hello123', abc: 'abc' } },
    created({ test: 'hex:b5eb2d', hello123: 'hex:85e965a35db7', abc: 'abc' }),
  ],
  [
    '37 Base64 without its padding',
    externalSecret({ data: [data('out', 'K', { decodingStrategy: 'Base64' })] }),
    inKeyVault('aGk'),
    dataFails('error applying decoding strategy Base64 to data: illegal base64 data at input byte 0'),
  ],
  [
    '38 a Secret of somebody else',
    all,
    { ...inKeyVault('{"a":"x"}'), secrets: { app: existing({ old: 'o' }) } },
    { kind: 'updated', data: { a: 'x' } },
  ],
  [
    '38 Merge without a target',
    externalSecret({ dataFrom: [extract('K')], target: { creationPolicy: 'Merge' } }),
    inKeyVault('{"a":"x"}'),
    { kind: 'untouched', message: 'secret will not be created due to CreationPolicy=Merge' },
  ],
  [
    '38 Merge with a target',
    externalSecret({ dataFrom: [extract('K')], target: { creationPolicy: 'Merge' } }),
    { ...inKeyVault('{"a":"x"}'), secrets: { app: existing({ old: 'o' }) } },
    { kind: 'updated', data: { old: 'o', a: 'x' } },
  ],
  [
    '41 what follows a second slash',
    externalSecret({ data: [data('out', 'secret/K/bar')] }),
    inKeyVault('v'),
    created({ out: 'v' }),
  ],
  [
    '42 a key that begins with data/',
    externalSecret({ data: [data('out', 'data/K', { property: 'a' })] }),
    { store: vault, remote: { 'secret/data/data/K': '{"a":"x"}' } },
    created({ out: 'x' }),
  ],
  [
    '43 metadata is not stripped of the mount',
    externalSecret({ data: [data('out', 'secret/K', { metadataPolicy: 'Fetch' })] }),
    { store: vault, remote: { 'secret/metadata/K': present('null', { a: 'x' }) } },
    {
      kind: 'fails',
      message: notFetched,
      event: 'error processing spec.data[0] (key: secret/K), err: secret not found',
    },
  ],
  [
    '44 Key Vault: an invalid expression',
    externalSecret({ dataFrom: [find({ name: { regexp: '(' } })] }),
    { store: keyVault, remote: { '*': list({ a: 'x' }) } },
    retained,
  ],
  [
    '44 Vault: an invalid expression',
    externalSecret({ dataFrom: [find({ name: { regexp: '(' } })] }),
    { store: vault, remote: { 'secret/metadata/': list({ a: '{}' }) } },
    {
      kind: 'fails',
      message: notFetched,
      event:
        'error processing spec.dataFrom[0].find, err: error getting all secrets: could not compile find.name.regexp [(]: error parsing regexp: missing closing ): `(`',
    },
  ],
  [
    '45 Vault: a name, and no tags',
    externalSecret({ dataFrom: [find({ name: { regexp: 'a' }, tags: { t: 'no' } })] }),
    { store: vault, remote: { 'secret/metadata/': list({ 'x/a': '{"k":1}', b: '{}' }) } },
    created({ x_a: '{"k":1}' }),
  ],
  [
    '45 Key Vault: both',
    externalSecret({ dataFrom: [find({ name: { regexp: 'a' }, tags: { t: 'yes' } })] }),
    {
      store: keyVault,
      remote: {
        '*': list({
          a: { tags: { t: 'yes' }, answer: present('1') },
          ab: { tags: { t: 'no' }, answer: present('2') },
          ac: { tags: { t: 'yes' }, enabled: false, answer: present('3') },
          b: { tags: { t: 'yes' }, answer: present('4') },
        }),
      },
    },
    created({ a: '1' }),
  ],
  [
    '46 a certificate is not read here',
    externalSecret({ data: [data('out', 'cert/K')] }),
    inKeyVault('v'),
    { kind: 'unpredictable', because: 'store: certificates and keys of Key Vault are not read here' },
  ],
  [
    '48 a generator in data',
    externalSecret({ data: [{ ...data('out', 'K'), sourceRef: { generatorRef: { kind: 'Password', name: 'p' } } }] }),
    { ...inKeyVault('v'), operator: { version: { major: 2, minor: 9, patch: 0 } } },
    dataFails('could not get SecretStore "", SecretStore.external-secrets.io "" not found'),
  ],
];

for (const [name, resource, given, expected] of cases)
  test(name, () => {
    assert.deepEqual(summary(predicted(resource, given)), expected);
  });

test('6 what is missing is an event of its own', () => {
  const resource = externalSecret({
    dataFrom: [extract('J'), { rewrite: [] }],
    data: [data('a', 'K'), data('b', 'L')],
    target: { deletionPolicy: 'Merge' },
  });
  const outcome = predicted(resource, { store: keyVault, remote: { L: 'l' } });
  assert.deepEqual(
    'events' in outcome && outcome.events.map(({ type, reason, message }) => [type, reason, message.reveal()]),
    [
      ['Normal', 'MissingProviderSecret', 'secret does not exist at provider using spec.dataFrom[0]'],
      ['Normal', 'MissingProviderSecret', 'secret does not exist at provider using spec.dataFrom[1]'],
      ['Normal', 'MissingProviderSecret', 'secret does not exist at provider using spec.dataFrom[0] (key=K)'],
      ['Normal', 'Created', 'secret created'],
    ],
  );
});

test('32 two keys that a rewrite makes one are unpredictable', () => {
  const rewrite = [{ regexp: { source: '[ab]', target: 'c' } }];
  const outcome = predicted(externalSecret({ dataFrom: [extract('K', {}, rewrite)] }), inKeyVault('{"a":"x","b":"y"}'));
  assert.equal(outcome.kind, 'unpredictable');
});

test('40 conditions: expressions are not anchored, and an empty condition allows nobody', () => {
  const withConditions = (...conditions: Partial<Store['spec']['conditions'][number]>[]): Store =>
    keyVaultStore(
      {},
      { spec: { conditions: conditions.map((condition) => ({ namespaces: [], namespaceRegexes: [], ...condition })) } },
    );
  const remote = { K: '{"a":"x"}' };
  assert.equal(predicted(all, { store: withConditions({ namespaceRegexes: ['xampl'] }), remote }).kind, 'syncs');
  assert.equal(predicted(all, { store: withConditions({}, { namespaces: ['example'] }), remote }).kind, 'syncs');
  assert.deepEqual(
    summary(predicted(all, { store: withConditions({}), remote })),
    extractFails('using cluster store "store" is not allowed from namespace "example": denied by spec.condition'),
  );
});

test('47 two tenants are one too many for the default client', () => {
  const serviceAccounts = {
    'external-secrets/external-secrets': {
      annotations: {
        'azure.workload.identity/client-id': 'example-client',
        'azure.workload.identity/tenant-id': 'example-tenant',
      },
    },
    'example/external-secrets': {
      annotations: {
        'azure.workload.identity/client-id': 'example-client',
        'azure.workload.identity/tenant-id': 'example-tenant',
      },
    },
  };
  const given = ({ ready: _, ...store }: Store): Given => ({ store, serviceAccounts, remote: { K: '{"a":"x"}' } });
  assert.deepEqual(
    summary(predicted(all, given(keyVaultStore({ tenantId: 'example-tenant' })))),
    extractFails('ClusterSecretStore "store" is not ready'),
  );
  assert.deepEqual(
    summary(
      predicted(
        all,
        given(
          keyVaultStore({ tenantId: 'example-tenant', serviceAccountRef: { name: 'external-secrets', audiences: [] } }),
        ),
      ),
    ),
    extractFails("multiple tenantID found. Check secretRef, 'spec.provider.azurekv.tenantId', and serviceAccountRef"),
  );
  assert.equal(predicted(all, given(keyVaultStore({ tenantId: 'example-tenant', useAzureSDK: true }))).kind, 'syncs');
});

test("49 without a template the ExternalSecret's own metadata is copied", () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
  const outcome = predicted(
    externalSecret({ dataFrom: [extract('K')] }, { annotations, labels: { team: 'a' } }),
    inKeyVault('{"a":"x"}'),
  );
  assert.ok(outcome.kind === 'syncs' && outcome.effect.kind === 'created');
  assert.deepEqual(outcome.effect.secret.annotations, annotations);
  assert.deepEqual(outcome.effect.secret.labels, {
    team: 'a',
    'reconcile.external-secrets.io/managed': 'true',
    'reconcile.external-secrets.io/created-by':
      outcome.effect.secret.labels['reconcile.external-secrets.io/created-by'],
  });
});
