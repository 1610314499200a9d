import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { defaultSettings } from '../../src/eso/operator-settings.ts';
import type { ExternalSecretSpec, ExternalSecretTarget, Store } from '../../src/eso/resources.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { problemPages } from '../../src/model/problem-pages.ts';
import { failureCodes, unpredictableCodes } from '../../src/preflight/codes.ts';
import { createWorld } from '../../src/preflight/create-world.ts';
import { findRivals } from '../../src/preflight/find-rivals.ts';
import { preflight } from '../../src/preflight/preflight.ts';
import type { CheckedExternalSecret, PreflightResult } from '../../src/preflight/preflight-result.ts';
import { createVaultReader } from '../../src/preflight/store-reader.ts';
import { parseResources } from '../../src/manifest-input/parse-resources.ts';
import { renderPreflightMarkdown } from '../../src/report/preflight-markdown.ts';
import { renderPreflight } from '../../src/report/preflight-report.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { externalSecretOf, reference, vaultStore } from './resources-fixture.ts';

const version = { major: 0, minor: 20, patch: 4 };
const operator = defaultSettings(version);
const { target: usual } = externalSecretOf('app').spec;

function targetOf(changes: Partial<ExternalSecretTarget>): Partial<ExternalSecretSpec> {
  return { target: { ...usual, ...changes } };
}

async function check(
  secrets: Readonly<Record<string, string>>,
  changes: Partial<ExternalSecretSpec> = {},
  store: Store = vaultStore,
): Promise<CheckedExternalSecret> {
  const memory = createMemoryStore({ name: 'Vault in memory', capabilities: vaultCapabilities });
  for (const [name, value] of Object.entries(secrets))
    await memory.write(name, new SecretValue(value), { expected: 'absent' });
  const result = await preflight({
    items: [{ externalSecret: externalSecretOf('app', changes), where: 'app.yaml:3', application: 'team' }],
    world: createWorld({
      manifests: parseResources([], { version, defaultNamespace: 'default' }),
      platformStores: [store],
      cluster: undefined,
      operator,
    }),
    readers: createVaultReader(memory, 'secret'),
    isUnread: () => false,
    fingerprintKey: randomBytes(32),
    dollarsPer10000: 0.03,
  });
  for (const text of [
    JSON.stringify(result),
    inspect(result, { depth: Infinity, showHidden: true }),
    ...renderings(result),
  ])
    assert.doesNotMatch(text, /canary/);
  const [checked] = result.externalSecrets;
  assert.ok(checked);
  return checked;
}

function renderings(found: Pick<PreflightResult, 'externalSecrets' | 'calls'>): string[] {
  const result: PreflightResult = {
    environment: 'dev',
    operatorVersion: '0.20.4',
    source: 'in app.yaml',
    given: true,
    cluster: false,
    stores: [],
    ...found,
  };
  return [renderPreflight(result, { colour: true, isIncomplete: false }), renderPreflightMarkdown(result)];
}

describe('preflight', () => {
  it('says that it syncs and which keys there will be', async () => {
    const checked = await check({ 'team/app': '{"B":"example-canary","A":"example-canary"}' });
    assert.equal(checked.outcome, 'syncs');
    assert.equal(checked.code, undefined);
    assert.deepEqual(checked.keys, ['A', 'B']);
    assert.equal(checked.effect, 'created');
    assert.equal(checked.condition?.message, 'secret synced');
    assert.equal(checked.changes, undefined);
  });

  it('says that a success writes nothing', async () => {
    const checked = await check({ 'team/app': '{}' });
    assert.equal(checked.outcome, 'syncs');
    assert.equal(checked.code, 'P201');
    assert.equal(checked.effect, 'untouched');
    assert.equal(checked.condition?.message, 'secret retained due to DeletionPolicy=Retain');
  });

  it('says that a success leaves out what is missing', async () => {
    const checked = await check(
      { 'team/app': '{"A":"example-canary"}' },
      {
        ...targetOf({ deletionPolicy: 'Delete' }),
        dataFrom: ['team/app', 'team/never'].map((key) => ({ extract: reference(key), rewrite: [] })),
      },
    );
    assert.equal(checked.outcome, 'syncs');
    assert.equal(checked.code, 'P203');
    assert.match(checked.because ?? '', /secret does not exist at provider using spec\.dataFrom\[1\]/);
  });

  it('says what is missing, where, and how to write it', async () => {
    const checked = await check({});
    assert.equal(checked.outcome, 'fails');
    assert.equal(checked.code, 'P101');
    assert.equal(checked.because, 'there is no secret/data/team/app in Vault');
    assert.equal(
      checked.fix,
      'Write it: vault kv put -mount=secret team/app @FILE.json; or correct the name in app.yaml:3.',
    );
    assert.equal(checked.condition?.message, 'could not get secret data from provider');
    assert.equal(
      checked.events.at(-1)?.message,
      'error processing spec.dataFrom[0].extract, err: Secret does not exist',
    );
  });

  it('names the property that is missing in the command that adds it', async () => {
    const checked = await check(
      { 'team/app': '{"A":"example-canary"}' },
      { data: [{ secretKey: 'B', remoteRef: reference('team/app', { property: 'B' }) }], dataFrom: [] },
    );
    assert.equal(checked.code, 'P104');
    assert.match(checked.fix ?? '', /^Add B: vault kv patch -mount=secret team\/app B=-;/);
  });

  it('redacts what the event would repeat of a value', async () => {
    const template = {
      engineVersion: 'v2',
      mergePolicy: 'Replace',
      metadata: { labels: {}, annotations: {}, finalizers: [] },
      data: { A: '{{ fail .A }}' },
      templateFrom: [],
    } as const;
    const checked = await check({ 'team/app': '{"A":"example-canary"}' }, targetOf({ template }));
    assert.equal(checked.code, 'P107');
    assert.match(checked.events.at(-1)?.message ?? '', /error calling fail: <redacted>$/);
    assert.equal(checked.because, '<redacted>');
  });

  it('says that a store which does not serve the namespace is refused, and why', async () => {
    const closed = {
      ...vaultStore,
      spec: { ...vaultStore.spec, conditions: [{ namespaces: [], namespaceRegexes: ['^other$'] }] },
    };
    const checked = await check({ 'team/app': '{}' }, {}, closed);
    assert.equal(checked.code, 'P114');
    assert.match(checked.fix ?? '', /namespace team/);
  });

  it('has a page for every code, and a code of its own for every reason', () => {
    const codes = [...Object.values(failureCodes), ...Object.values(unpredictableCodes)];
    assert.equal(new Set(codes).size, codes.length);
    for (const code of codes) assert.ok(problemPages[code].why.length > 0);
  });
});

describe('ExternalSecrets that write one Secret', () => {
  const item = (name: string, changes: Partial<ExternalSecretTarget>) => ({
    item: {
      externalSecret: externalSecretOf(name, { target: { ...usual, name: 'shared', ...changes } }),
      where: '',
      application: 'team',
    },
    checked: {
      name,
      namespace: 'team',
      application: 'team',
      where: '',
      target: 'shared',
      outcome: 'syncs',
      events: [],
      assumed: [],
      reads: 1,
    } as const,
  });

  it('are not predicted, where each would replace it', () => {
    const found = findRivals([item('a', {}), item('b', {}), item('c', { creationPolicy: 'Merge' })]);
    assert.deepEqual(
      found.map(({ outcome, code, because }) => [outcome, code, because]),
      [
        ['unpredictable', 'P309', 'b writes the Secret shared too'],
        ['unpredictable', 'P309', 'a writes the Secret shared too'],
        ['syncs', undefined, undefined],
      ],
    );
  });

  it('do not exist, where all but one merge', () => {
    const found = findRivals([item('a', {}), item('c', { creationPolicy: 'Merge' })]);
    assert.deepEqual(
      found.map(({ outcome }) => outcome),
      ['syncs', 'syncs'],
    );
  });
});
