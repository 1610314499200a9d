/** What is done to secrets: the shapes of the answers, and each documented refusal. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiVersion, backup, createTestVault, del, errorOf, set, startS } from './key-vault-fixture.ts';
import type { Answer, Json } from './key-vault-fixture.ts';

const base = 'https://contoso.vault.azure.net';
const attributes = {
  enabled: true,
  created: startS,
  updated: startS,
  recoveryLevel: 'Recoverable+Purgeable',
  recoverableDays: 90,
};

const versionOf = ({ json }: Answer): string => json.id?.split('/')[5] ?? '';

describe('set and get', () => {
  it('answer a bundle of what was said, and leave out what was not', () => {
    const { ask } = createTestVault();
    const first = ask(set('a'));
    const id = `${base}/secrets/a/${versionOf(first)}`;
    assert.match(id, /\/[0-9a-f]{32}$/);
    assert.equal(first.text, JSON.stringify({ value: 'v', id, attributes }));
    const given = {
      contentType: 'text/plain',
      attributes: { enabled: true, nbf: 1, exp: 2 },
      tags: { b: '2', a: '1' },
    };
    const second = ask(set('a', { value: '', ...given }));
    assert.deepEqual(second.json, {
      value: '',
      id: second.json.id,
      ...given,
      attributes: { ...attributes, nbf: 1, exp: 2 },
    });
    assert.deepEqual(ask({ path: '/secrets/a/' }).json, second.json);
    assert.deepEqual(ask({ path: `/secrets/a/${versionOf(first).toUpperCase()}` }).json, first.json);
  });
  it('inherit nothing from the version before', () => {
    const { ask } = createTestVault();
    ask(set('a', { value: 'v', contentType: 'c', tags: { a: '1' }, attributes: { exp: 5, enabled: false } }));
    assert.deepEqual(Object.keys(ask(set('a')).json), ['value', 'id', 'attributes']);
    assert.deepEqual(ask({ path: '/secrets/a' }).json.attributes, attributes);
  });
  it('know a name in any case, and keep the one that it was made with', () => {
    const { ask } = createTestVault();
    ask(set('Foo'));
    assert.match(ask(set('fOO', { value: 'w' })).json.id ?? '', /\/secrets\/Foo\//);
    assert.equal(ask({ path: '/secrets/foo' }).json.value, 'w');
  });
  it('keep older versions readable when the latest is disabled', () => {
    const { ask } = createTestVault();
    const old = versionOf(ask(set('a')));
    ask(set('a', { value: 'w', attributes: { enabled: false } }));
    const refused = ask({ path: '/secrets/a' });
    assert.equal(errorOf(refused), '403 Forbidden SecretDisabled');
    assert.equal(refused.json.error?.message, 'Operation get is not allowed on a disabled secret.');
    assert.equal(ask({ path: `/secrets/a/${old}` }).json.value, 'v');
  });
  it('give a secret outside of its times', () => {
    const { ask } = createTestVault();
    ask(set('a', { value: 'v', attributes: { nbf: startS + 100, exp: startS - 100 } }));
    assert.equal(ask({ path: '/secrets/a' }).status, 200);
  });
  it('say what is not there', () => {
    const { ask } = createTestVault();
    ask(set('a'));
    const missing = ask({ path: '/secrets/none' });
    assert.equal(errorOf(missing), '404 SecretNotFound');
    assert.match(
      missing.json.error?.message ?? '',
      /^A secret with \(name\/id\) none was not found in this key vault\. /,
    );
    const version = '0'.repeat(32);
    assert.match(ask({ path: `/secrets/a/${version}` }).json.error?.message ?? '', new RegExp(` a/${version} was not`));
  });
  it('of another vault are another secret', () => {
    const { ask } = createTestVault();
    ask(set('a'));
    assert.equal(ask({ path: '/secrets/a', vault: 'other' }).status, 404);
  });
});

describe('update', () => {
  it('changes what is said of the latest or of a version, and tells no value', () => {
    const { ask, clock } = createTestVault();
    const first = versionOf(ask(set('a', { value: 'v', tags: { a: '1', b: '2' }, contentType: 'c' })));
    ask(set('a', { value: 'w' }));
    clock.ms += 2000;
    const patch = { method: 'PATCH', path: `/secrets/a/${first}`, body: { tags: { c: '3' }, attributes: { exp: 9 } } };
    const patched = ask(patch).json;
    const changed = { contentType: 'c', tags: { c: '3' }, attributes: { ...attributes, exp: 9, updated: startS + 2 } };
    assert.deepEqual(patched, { id: `${base}/secrets/a/${first}`, ...changed });
    assert.deepEqual(ask({ path: `/secrets/a/${first}` }).json, { value: 'v', ...patched });
    assert.equal(ask({ ...patch, path: '/secrets/a/', body: { attributes: { enabled: false } } }).status, 200);
    assert.equal(errorOf(ask({ path: '/secrets/a' })), '403 Forbidden SecretDisabled');
    assert.equal(ask({ ...patch, path: '/secrets/a', body: { attributes: { enabled: true, exp: null } } }).status, 200);
    assert.equal(ask({ path: '/secrets/a' }).json.value, 'w');
  });
  it('takes tags away with an empty map, and keeps what is null', () => {
    const { ask } = createTestVault();
    ask(set('a', { value: 'v', tags: { a: '1' }, contentType: 'c', attributes: { exp: 7 } }));
    const patch = (body: object): Json => ask({ method: 'PATCH', path: '/secrets/a', body }).json;
    const kept = patch({ tags: null, contentType: null, attributes: { exp: null } });
    assert.deepEqual([kept.tags, kept['contentType'], kept.attributes?.['exp']], [{ a: '1' }, 'c', 7]);
    assert.deepEqual(patch({ tags: {} }).tags, {});
  });
});

describe('a secret behind a certificate', () => {
  const { ask, core } = createTestVault();
  const first = core.admin('contoso').setManaged('cert', { value: 'pfx', expiresS: 9 });
  const latest = core.admin('contoso').setManaged('cert', { value: 'pfx2' });
  const shape = { contentType: 'application/x-pkcs12', managed: true };

  it('is read and listed as one', () => {
    const kid = `${base}/keys/cert/${latest}`;
    const id = `${base}/secrets/cert/${latest}`;
    assert.deepEqual(ask({ path: '/secrets/cert' }).json, {
      value: 'pfx2',
      id,
      ...shape,
      attributes,
      kid,
      previousVersion: first,
    });
    assert.deepEqual(ask({ path: '/secrets' }).json.value, [{ id: `${base}/secrets/cert`, ...shape, attributes }]);
  });
  it('tells its version before only where the API knows that', () => {
    const keys = (version: string, path: string): boolean =>
      'previousVersion' in ask({ path: `${path}?api-version=${version}` }).json;
    assert.deepEqual(
      [keys('7.6', '/secrets/cert'), keys(apiVersion, '/secrets/cert'), keys(apiVersion, `/secrets/cert/${first}`)],
      [false, true, false],
    );
    core.admin('contoso').set('plain', { value: 'v' });
    core.admin('contoso').set('plain', { value: 'w' });
    assert.ok(!keys(apiVersion, '/secrets/plain'));
  });
  it('is not changed through the secret', () => {
    const asked = [set('cert'), { method: 'PATCH', path: '/secrets/cert', body: {} }, del('cert'), backup('cert')];
    assert.deepEqual(
      asked.map((one) => errorOf(ask(one))),
      asked.map(() => '403 Forbidden'),
    );
    assert.equal(ask({ path: '/secrets/cert' }).json.value, 'pfx2');
  });
  it('and another cannot take the place of each other', () => {
    const admin = core.admin('contoso');
    assert.throws(() => admin.set('cert', { value: 'v' }), /one behind a certificate/);
    assert.throws(() => admin.setManaged('plain', { value: 'v' }), /not one behind a certificate/);
    assert.throws(() => admin.set('a_b', { value: 'v' }), /no name/);
  });
});
