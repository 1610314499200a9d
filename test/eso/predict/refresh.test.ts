import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoreCalls } from '../../../src/eso/calls.ts';
import { callsPerRefresh, totalCalls } from '../../../src/eso/calls.ts';
import { isDue } from '../../../src/eso/is-due.ts';
import { dataHash, resourceVersion } from '../../../src/eso/predict/object-hash.ts';
import type { ExistingSecret } from '../../../src/eso/prediction.ts';
import type { ExternalSecret, ExternalSecretSpec } from '../../../src/eso/resources.ts';
import type { Given } from './sample.ts';
import { data, existing, externalSecret, extract, find, keyVaultStore, list, vaultStore, world } from './sample.ts';

const nowMs = Date.parse('2026-01-01T12:00:00Z');
const target = existing({ a: 'x' });
const valid: ExistingSecret = {
  ...target,
  labels: { 'reconcile.external-secrets.io/managed': 'true' },
  annotations: { 'reconcile.external-secrets.io/data-hash': dataHash(target.data) },
};

describe('whether an ExternalSecret is due', () => {
  const synced = (
    spec: Partial<ExternalSecretSpec>,
    refreshTime: string,
    syncedResourceVersion = resourceVersion(1, {}, {}),
  ): ExternalSecret => ({
    ...externalSecret(spec, { generation: 1 }),
    status: { refreshTime, syncedResourceVersion },
  });
  const minutesAgo = (minutes: number): string => new Date(nowMs - minutes * 60_000).toISOString();

  it('is a question of the interval', () => {
    assert.equal(isDue(externalSecret({}), valid, nowMs), true);
    assert.equal(isDue(synced({}, minutesAgo(59)), valid, nowMs), false);
    assert.equal(isDue(synced({}, minutesAgo(61)), valid, nowMs), true);
    assert.equal(isDue(synced({}, minutesAgo(-1)), valid, nowMs), true, 'a time to come');
    assert.equal(isDue(synced({ refreshInterval: '1.5h' }, minutesAgo(61)), valid, nowMs), false);
  });

  it('39: is never again where the interval is zero', () => {
    assert.equal(isDue(synced({ refreshInterval: '0' }, minutesAgo(600)), valid, nowMs), false);
    assert.equal(isDue(synced({ refreshInterval: '0s' }, minutesAgo(1), '1-changed'), valid, nowMs), false);
    assert.equal(isDue(synced({ refreshInterval: '0' }, minutesAgo(1)), 'absent', nowMs), true);
  });

  it('is a question of what changed', () => {
    assert.equal(isDue(synced({}, minutesAgo(1), '1-changed'), valid, nowMs), true);
    assert.equal(isDue(synced({ refreshPolicy: 'OnChange' }, minutesAgo(600)), valid, nowMs), false);
    assert.equal(isDue(synced({ refreshPolicy: 'OnChange' }, minutesAgo(1), '1-changed'), valid, nowMs), true);
    assert.equal(isDue(synced({ refreshPolicy: 'CreatedOnce' }, minutesAgo(600), '1-changed'), valid, nowMs), false);
  });

  it('is a question of the target', () => {
    const once = synced({ refreshPolicy: 'CreatedOnce' }, minutesAgo(1));
    const tampered = { ...valid, data: existing({ a: 'y' }).data };
    assert.equal(isDue(once, tampered, nowMs), true);
    assert.equal(isDue(once, { ...valid, labels: {} }, nowMs), true);
    const orphan = {
      ...once,
      spec: { ...once.spec, target: { ...once.spec.target, creationPolicy: 'Orphan' as const } },
    };
    assert.equal(isDue(orphan, 'absent', nowMs), false);
  });
});

describe('the calls of one refresh', () => {
  const calls = (resource: ExternalSecret, given: Given): StoreCalls[] => callsPerRefresh(resource, world(given));
  const total = (resource: ExternalSecret, given: Given): number =>
    calls(resource, given).reduce((sum, one) => sum + totalCalls(one), 0);
  const one = externalSecret({ dataFrom: [extract('K')] });

  it('are those that were counted', () => {
    assert.equal(total(one, { store: vaultStore() }), 4);
    assert.equal(total(one, { store: vaultStore(), operator: { vaultTokenCache: true } }), 2);
    assert.equal(total(one, { store: keyVaultStore() }), 3);
    assert.equal(total(one, { store: keyVaultStore({ useAzureSDK: true }) }), 5);
  });

  it('read a key as often as it is named', () => {
    const thrice = externalSecret({ data: ['a', 'b', 'c'].map((key) => data(key, 'K', { property: key })) });
    assert.deepEqual(
      calls(thrice, { store: vaultStore() }).map(({ reads, logins, tokenLookups }) => [reads, logins, tokenLookups]),
      [[3, 1, 1]],
    );
    assert.equal(
      total(thrice, {
        store: vaultStore({ auth: { tokenSecretRef: {}, others: [] } }),
        secrets: { '': existing({ '': 'example' }) },
      }),
      3,
    );
    assert.equal(calls(externalSecret({ dataFrom: [extract('K', { metadataPolicy: 'Fetch' })] }), {})[0]?.reads, 2);
  });

  it('of a find are a page of 25, or a folder, and one for each match', () => {
    const names = Array.from({ length: 30 }, (_, index) => `s${String(index)}`);
    const contents = Object.fromEntries(names.map((name) => [name, 'x']));
    const all = externalSecret({ dataFrom: [find({ name: { regexp: '^s1' } })] });
    const [ofKeyVault] = calls(all, { store: keyVaultStore(), remote: { '*': list(contents) } });
    assert.deepEqual([ofKeyVault?.lists, ofKeyVault?.reads, ofKeyVault?.isComplete], [2, 11, true]);
    const tree = { 'secret/metadata/': list({ a: '{}', 'b/c': '{}', 'b/d/e': '{}' }) };
    const [byName] = calls(externalSecret({ dataFrom: [find({ name: { regexp: 'c' } })] }), {
      store: vaultStore(),
      remote: tree,
    });
    assert.deepEqual([byName?.lists, byName?.reads], [3, 1]);
    const [byTags] = calls(externalSecret({ dataFrom: [find({ tags: {} })] }), { store: vaultStore(), remote: tree });
    assert.deepEqual([byTags?.lists, byTags?.reads], [3, 6]);
    const [unread] = calls(all, { store: keyVaultStore(), remote: {} });
    assert.equal(unread?.isComplete, false);
  });
});
