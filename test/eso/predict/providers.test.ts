import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dataPath, listPath, metadataPath } from '../../../src/eso/providers/vault-path.ts';
import type { ProviderAnswer } from '../../../src/eso/provider.ts';
import type { ExternalSecret, RemoteReference, Store, VaultProvider } from '../../../src/eso/resources.ts';
import type { Given, Summary } from './sample.ts';
import {
  data,
  externalSecret,
  extract,
  find,
  keyVaultStore,
  list,
  predicted,
  present,
  summary,
  vaultStore,
} from './sample.ts';

const noSecret = 'Secret does not exist';
const dataError = 'error processing spec.data[0] (key: K), err: ';
const whole = externalSecret({ data: [data('out', 'K')] });

function eventOf(resource: ExternalSecret, given: Given): string {
  const outcome = summary(predicted(resource, given));
  assert.ok(outcome.kind === 'fails', JSON.stringify(outcome));
  return outcome.event;
}

function created(contents: Readonly<Record<string, string>>): Summary {
  return { kind: 'created', data: contents };
}

function vaultConfig(change: Partial<Record<'path' | 'version', string | undefined>>): VaultProvider {
  const { provider } = vaultStore().spec;
  assert.ok(provider.kind === 'vault');
  const { path: _, ...rest } = provider.config;
  const { path = 'secret', version = 'v2' } = change;
  const withoutPath = 'path' in change && change.path === undefined;
  return { ...rest, version: version === 'v1' ? 'v1' : 'v2', ...(withoutPath ? {} : { path }) };
}

describe('the path in Vault', () => {
  it('of a key in KV v2 has the mount and data/ once', () => {
    const paths = {
      foo: 'secret/data/foo',
      'secret/foo': 'secret/data/foo',
      'secret/data/foo': 'secret/data/foo',
      'data/foo': 'secret/data/data/foo',
      secret: 'secret/data/secret',
      'secrets/foo': 'secret/data/secrets/foo',
      'secret/secret/foo': 'secret/data/secret/foo',
      'a//b/./c/../d/': 'secret/data/a/b/d',
    };
    for (const [key, path] of Object.entries(paths)) assert.equal(dataPath(key, vaultConfig({})), path, key);
    assert.equal(dataPath('secret/foo', vaultConfig({ path: 'secret/' })), 'secret/data/secret/foo');
    assert.equal(dataPath('a/b', vaultConfig({ path: 'team/kv' })), 'team/kv/data/a/b');
  });

  it('of a key in KV v1 has the mount alone', () => {
    assert.equal(dataPath('foo', vaultConfig({ version: 'v1' })), 'secret/foo');
    assert.equal(dataPath('secret/data/foo', vaultConfig({ version: 'v1' })), 'secret/data/foo');
    assert.equal(dataPath('a/foo', vaultConfig({ version: 'v1', path: undefined })), 'a/foo');
  });

  it('without a path of the store takes the first part for the mount', () => {
    const config = vaultConfig({ path: undefined });
    assert.equal(dataPath('kv/foo', config), 'kv/data/foo');
    assert.equal(dataPath('team/kv/data/foo', config), 'team/kv/data/foo');
    assert.equal(dataPath('/foo', config), 'data/foo');
    assert.equal(metadataPath('kv/data/foo', config), 'kv/metadata/foo');
    assert.throws(() => metadataPath('kv/foo', config));
  });

  it('of metadata is not stripped, and that of a list ends in a slash', () => {
    assert.equal(metadataPath('secret/foo', vaultConfig({})), 'secret/metadata/secret/foo');
    assert.equal(listPath('', vaultConfig({})), 'secret/metadata/');
    assert.equal(listPath('team/', vaultConfig({})), 'secret/metadata/team/');
    assert.throws(() => dataPath('../../x', vaultConfig({ path: undefined })), /leaves the part of Vault/);
  });
});

describe('what Vault answers', () => {
  const answered = (answer: ProviderAnswer, store: Store = vaultStore()): Given => ({
    store,
    remote: { 'secret/data/K': answer, 'secret/K': answer },
  });

  it('without data is an error of KV v2, and no secret in KV v1', () => {
    const v1 = vaultStore({ version: 'v1' });
    assert.equal(eventOf(whole, answered({ kind: 'no-data-field' })), `${dataError}failed to find data field`);
    assert.equal(eventOf(whole, answered({ kind: 'no-data-field' }, v1)), dataError + noSecret);
    assert.equal(eventOf(whole, answered(present('null'))), dataError + noSecret);
    assert.equal(eventOf(whole, answered(present('[]'))), `${dataError}failed to unmarshall JSON`);
  });

  it('with an error names the path as a URL, and the namespace that answered', () => {
    const refused = { kind: 'refused', status: 500, code: '', errors: ['a', 'b'], namespace: 'team/' } as const;
    assert.equal(
      eventOf(externalSecret({ data: [data('out', "a b/é(x)!'*;,:@&=+$~#?%[]/c/", { version: '2' })] }), {
        store: vaultStore({ server: 'https://vault.example.com/' }),
        remote: { "secret/data/a b/é(x)!'*;,:@&=+$~#?%[]/c?2": refused },
      }),
      "error processing spec.data[0] (key: a b/é(x)!'*;,:@&=+$~#?%[]/c/), err: cannot read secret data from Vault: Error making API request.\n\nNamespace: team/\nURL: GET https://vault.example.com/v1/secret/data/a%20b/%C3%A9%28x%29%21%27%2A;,:@&=+$~%23%3F%25%5B%5D/c?version=2\nCode: 500. Errors:\n\n* a* b",
    );
  });

  it('and may not be read by us is unpredictable', () => {
    const forbidden = predicted(whole, answered({ kind: 'forbidden-to-us' }));
    assert.ok(forbidden.kind === 'unpredictable' && forbidden.reason === 'forbidden');
    const unknown = predicted(whole, answered({ kind: 'unknown', because: 'it is asleep' }));
    assert.ok(unknown.kind === 'unpredictable' && unknown.because === 'it is asleep');
  });

  it('as a whole is JSON of Go', () => {
    const given = answered(present('{"b": "<", "a": 1.50, "c": {"z": 1, "y": null}}'));
    assert.deepEqual(
      summary(predicted(whole, given)),
      created({ out: String.raw`{"a":1.50,"b":"\u003c","c":{"y":null,"z":1}}` }),
    );
  });

  it('of metadata is custom_metadata', () => {
    const fetch = (rest: Partial<RemoteReference> = {}): ExternalSecret =>
      externalSecret({ data: [data('out', 'K', { metadataPolicy: 'Fetch', ...rest })] });
    const given: Given = { store: vaultStore(), remote: { 'secret/metadata/K': present('null', { b: '<', a: 'x' }) } };
    assert.deepEqual(summary(predicted(fetch(), given)), created({ out: String.raw`{"a":"x","b":"\u003c"}` }));
    assert.deepEqual(summary(predicted(fetch({ property: 'b' }), given)), created({ out: '<' }));
    const none: Given = { store: vaultStore(), remote: { 'secret/metadata/K': present('null', {}) } };
    assert.deepEqual(summary(predicted(fetch({ property: 'b' }), none)), created({ out: '' }));
    assert.equal(
      eventOf(externalSecret({ dataFrom: [extract('K', { metadataPolicy: 'Fetch' })] }), none),
      'error processing spec.dataFrom[0].extract, err: unexpected end of JSON input',
    );
    assert.equal(
      eventOf(fetch(), { store: vaultStore({ version: 'v1' }) }),
      `${dataError}cannot perform metadata fetch operations with kv version v1`,
    );
    const later = predicted(fetch(), { ...given, operator: { version: { major: 2, minor: 9, patch: 0 } } });
    assert.equal(later.kind, 'unpredictable');
  });

  it('of a list are the secrets below a path, and what is deleted is passed over', () => {
    const below = externalSecret({ dataFrom: [find({ path: 'team', name: { regexp: '^team/a' } })] });
    const contents = list({ a: '{"k":"x"}', 'a/b': '{}', ab: { answer: { kind: 'missing' } }, c: '{}' });
    assert.deepEqual(
      summary(predicted(below, { store: vaultStore(), remote: { 'secret/metadata/team/': contents } })),
      created({ team_a: '{"k":"x"}', team_a_b: '{}' }),
    );
    const prefix = 'error processing spec.dataFrom[0].find, err: error getting all secrets: ';
    assert.equal(eventOf(below, { store: vaultStore() }), prefix + noSecret);
    assert.equal(
      eventOf(below, {
        store: vaultStore(),
        remote: { 'secret/metadata/team/': { kind: 'refused', status: 403, code: '', errors: ['permission denied'] } },
      }),
      `${prefix}cannot read secret data from Vault: Error making API request.\n\nURL: GET https://vault.example.com:8200/v1/secret/metadata/team?list=true\nCode: 403. Errors:\n\n* permission denied`,
    );
    assert.equal(
      eventOf(externalSecret({ dataFrom: [find({ tags: { a: 'b' } })] }), { store: vaultStore({ version: 'v1' }) }),
      `${prefix}cannot perform find by tag operations with kv version v1`,
    );
  });

  it('of a list by tags are those whose metadata has them all', () => {
    const byTags = externalSecret({ dataFrom: [find({ tags: { t: '1' } })] });
    const contents = list({
      a: { tags: { t: '1', u: '2' }, answer: present('{"k":1}') },
      b: { tags: { t: '2' }, answer: present('{}') },
      c: '{}',
    });
    assert.deepEqual(
      summary(predicted(byTags, { store: vaultStore(), remote: { 'secret/metadata/': contents } })),
      created({ a: '{"k":1}' }),
    );
  });

  it('of a list below the name of its own mount is read elsewhere', () => {
    const all = externalSecret({ dataFrom: [find({ name: { regexp: '.' } })] });
    const outcome = predicted(all, { store: vaultStore(), remote: { 'secret/metadata/': list({ 'secret/a': '{}' }) } });
    assert.equal(outcome.kind, 'unpredictable');
  });
});

describe('what Key Vault answers', () => {
  it('is of a type, which decides before anything is read', () => {
    const extractError = 'error processing spec.dataFrom[0].extract, err: ';
    const of = (key: string): string => eventOf(externalSecret({ dataFrom: [extract(key)] }), {});
    assert.equal(of('cert/K'), `${extractError}cannot get use dataFrom to get certificate secret`);
    assert.equal(of('key/K'), `${extractError}cannot get use dataFrom to get key secret`);
    assert.equal(of('certificates/K'), `${extractError}unknown Azure Keyvault object Type for K`);
    assert.equal(
      eventOf(externalSecret({ data: [data('out', '/K')] }), {}),
      'error processing spec.data[0] (key: /K), err: unknown Azure Keyvault object Type for K',
    );
    assert.equal(
      eventOf(externalSecret({ data: [data('out', 'secret/')] }), { store: keyVaultStore({ useAzureSDK: true }) }),
      'error processing spec.data[0] (key: secret/), err: parameter name cannot be empty',
    );
  });

  it('of another version is another secret', () => {
    const versioned = externalSecret({ data: [data('out', 'K', { version: 'v1' })] });
    assert.deepEqual(summary(predicted(versioned, { remote: { K: 'new', 'K?v1': 'old' } })), created({ out: 'old' }));
  });

  it('with an error has its inner code where there is one', () => {
    const refused = { kind: 'refused', status: 403, code: 'Forbidden', errors: ['no\r\nCaller: "x"'] } as const;
    const text = `${dataError}keyvault.BaseClient#GetSecret: Failure responding to request: StatusCode=403 -- Original Error: autorest/azure: Service returned an error. Status=403 Code="Forbidden" Message="no\\r\\nCaller: \\"x\\""`;
    assert.equal(eventOf(whole, { remote: { K: refused } }), text);
    assert.equal(
      eventOf(whole, { remote: { K: { ...refused, innerCode: 'ForbiddenByRbac' } } }),
      `${text} InnerError={"code":"ForbiddenByRbac"}`,
    );
    const outcome = predicted(whole, { remote: { K: { ...refused, errors: [] } } });
    assert.equal(outcome.kind, 'unpredictable');
  });

  it('of a list fails with the first secret that cannot be got', () => {
    const all = externalSecret({ dataFrom: [find({})], target: { deletionPolicy: 'Merge' } });
    const contents = list({ a: 'x', b: { answer: { kind: 'missing' } } });
    assert.deepEqual(summary(predicted(all, { remote: { '*': contents } })), created({}));
    const refused = { kind: 'refused', status: 403, code: 'Forbidden', errors: ['no'] } as const;
    assert.match(
      eventOf(all, { remote: { '*': refused } }),
      /err: error getting all secrets: keyvault\.BaseClient#GetSecrets: Failure/,
    );
  });

  it('of tags are the tags', () => {
    const tags = { plain: 'x', json: '{"a":"1","b":null}', number: '{"a":1}' };
    const given: Given = { remote: { K: present('value', tags) } };
    const one = (property: string): ExternalSecret =>
      externalSecret({ data: [data('out', 'K', { metadataPolicy: 'Fetch', property })] });
    assert.deepEqual(
      summary(predicted(one(''), given)),
      created({ out: String.raw`{"json":"{\"a\":\"1\",\"b\":null}","number":"{\"a\":1}","plain":"x"}` }),
    );
    assert.deepEqual(summary(predicted(one('plain'), given)), created({ out: 'x' }));
    assert.deepEqual(summary(predicted(one('json.a'), given)), created({ out: '1' }));
    assert.equal(eventOf(one('none'), given), `${dataError}tag none does not exist`);
    assert.equal(eventOf(one('.none'), given), `${dataError}tag .none does not exist`);
    assert.equal(eventOf(one('json.c'), given), `${dataError}property c does not exist in key json.c`);
    const all = (key: string, property = ''): ExternalSecret =>
      externalSecret({ dataFrom: [extract(key, { metadataPolicy: 'Fetch', property })] });
    assert.deepEqual(
      summary(predicted(all('K'), given)),
      created({ K_plain: 'x', K_json_a: '1', K_json_b: '', K_number: '{"a":1}' }),
    );
    assert.deepEqual(summary(predicted(all('K', 'plain'), given)), created({ K_plain: 'x' }));
    assert.deepEqual(summary(predicted(all('secret/K', 'plain'), given)), created({ secret_K_plain: '' }));
    assert.deepEqual(summary(predicted(all('K', 'json'), given)), created({ K_json: '' }));
  });
});
