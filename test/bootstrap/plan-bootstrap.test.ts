import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { desireVault } from '../../src/bootstrap/desired-vault.ts';
import type { KubernetesFacts } from '../../src/bootstrap/desired-vault.ts';
import { planBootstrap } from '../../src/bootstrap/plan-bootstrap.ts';
import type { PlannedItem } from '../../src/bootstrap/planned-item.ts';
import type { AuditFacts, MountFacts, VaultState } from '../../src/bootstrap/vault-state.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { platformWith } from './bootstrap-fixture.ts';

const empty: VaultState = {
  mounts: new Map(),
  authMethods: new Map(),
  auditDevices: new Map(),
  policies: new Map(),
  configuration: undefined,
  role: undefined,
};

function plan(state: Partial<VaultState>, kubernetes: KubernetesFacts = {}): readonly PlannedItem[] {
  const desired = desireVault(platformWith(), { kubernetes, auditPaths: ['/audit.log', 'stdout'] });
  return planBootstrap(desired, { ...empty, ...state });
}

function only(thing: PlannedItem['thing'], items: readonly PlannedItem[]): PlannedItem {
  const found = items.find((item) => item.thing === thing);
  assert.ok(found !== undefined);
  return found;
}

describe('the mount', () => {
  const at = (path: string, facts: Partial<MountFacts>): PlannedItem => {
    const mounts = new Map([[path, { type: 'kv', description: '', version: '2', ...facts }]]);
    return only('KV v2 mount', plan({ mounts }));
  };
  const refused: Record<string, [item: PlannedItem, says: RegExp, hint: RegExp]> = {
    'KV version 1': [at('secret/', { version: '1' }), /KV version 1/, /vault kv enable-versioning secret/],
    'KV version 1, marked as ours': [
      at('secret/', { version: undefined, description: 'managed by lockstep' }),
      /KV version 1/,
      /enable-versioning/,
    ],
    'another engine': [at('secret/', { type: 'transit' }), /of the type transit, and not kv/, /vault\.mount/],
    'a mount below': [at('secret/a/', {}), /secret\/a\/ is there, and mounts do not nest/, /vault\.mount/],
  };
  for (const [name, [item, says, hint]] of Object.entries(refused))
    it(`${name}: refused`, () => {
      assert.ok(item.action === 'refused');
      assert.match(item.problem.message, says);
      assert.match(item.problem.hint, hint);
    });
  it('a neighbour does not matter', () => assert.equal(at('secrets/', { type: 'transit' }).action, 'create'));
});

describe('audit devices', () => {
  const file = (filePath: string, more: Partial<AuditFacts> = {}): AuditFacts => ({
    type: 'file',
    description: '',
    filePath,
    isRaw: false,
    ...more,
  });
  const socket = file('', { type: 'socket', filePath: undefined });
  const cases: Record<string, [devices: Record<string, AuditFacts>, planned: readonly string[]]> = {
    none: [{}, ['create file/', 'create stdout/']],
    'one of them': [{ 'a/': file('stdout') }, ['create file/', 'unchanged a/']],
    'one other': [{ 'a/': socket }, ['create file/', 'unchanged a/']],
    'two others': [{ 'a/': socket, 'b/': file('/b') }, ['unchanged a/', 'unchanged b/']],
    'another of that name': [{ 'file/': file('/b') }, ['create file-2/', 'unchanged file/']],
    'a raw one': [{ 'raw/': file('/b', { isRaw: true }) }, ['refused raw/', 'create file/']],
    'a raw one in the place of one of them': [
      { 'raw/': file('stdout', { isRaw: true, description: 'managed by lockstep' }) },
      ['refused raw/', 'create file/'],
    ],
  };
  for (const [name, [devices, planned]] of Object.entries(cases))
    it(name, () => {
      const items = plan({ auditDevices: new Map(Object.entries(devices)) });
      assert.deepEqual(
        items.filter(({ thing }) => thing === 'audit device').map((item) => `${item.action} ${item.name}`),
        planned,
      );
    });
});

describe('the auth configuration', () => {
  const authMethods = new Map([
    ['kubernetes/', { type: 'kubernetes', description: 'managed by lockstep', version: undefined }],
  ]);
  const found = {
    kubernetes_host: 'https://kubernetes.default.svc',
    kubernetes_ca_cert: '',
    token_reviewer_jwt_set: false,
    disable_local_ca_jwt: false,
    pem_keys: [],
  };
  const planned = (facts: object, kubernetes: KubernetesFacts = {}): PlannedItem =>
    only('auth configuration', plan({ authMethods, configuration: { ...found, ...facts } }, kubernetes));
  const jwt = new SecretValue('canary.canary.canary');
  const ca = '-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----';

  it('as it should be', () => {
    assert.equal(planned({}).action, 'unchanged');
    const given = { kubernetes_ca_cert: `${ca}\n`, token_reviewer_jwt_set: true, disable_local_ca_jwt: true };
    assert.equal(planned(given, { caCertificate: ca, reviewerJwt: jwt }).action, 'unchanged');
  });

  const differing: Record<string, [facts: object, kubernetes: KubernetesFacts, line: string]> = {
    host: [{ kubernetes_host: 'https://evil' }, {}, 'kubernetes_host: https://evil → https://kubernetes.default.svc'],
    CA: [{ kubernetes_ca_cert: ca }, {}, "kubernetes_ca_cert: another → Vault's own"],
    'CA given': [{}, { caCertificate: ca }, "kubernetes_ca_cert: Vault's own → the one given"],
    reviewer: [{}, { reviewerJwt: jwt }, "token_reviewer_jwt: Vault's own → the one given"],
    'reviewer replaced': [
      { token_reviewer_jwt_set: true },
      { reviewerJwt: jwt, replaceReviewerJwt: true },
      'token_reviewer_jwt: set → the one given',
    ],
    'Vault’s own': [{ disable_local_ca_jwt: true }, {}, 'disable_local_ca_jwt: true → false'],
    keys: [{ pem_keys: ['canary'] }, {}, 'pem_keys: set → none'],
  };
  for (const [name, [facts, kubernetes, line]] of Object.entries(differing))
    it(`${name}: told without the value of a secret`, () => {
      const item = planned(facts, kubernetes);
      assert.ok(item.action === 'update');
      assert.deepEqual([item.differences, item.adds], [[line], false]);
      assert.doesNotMatch(JSON.stringify({ ...item, write: undefined }), /canary/);
      const { fields, ...others } = item.write;
      assert.doesNotMatch(inspect(others, { depth: Infinity, showHidden: true }) + JSON.stringify(others), /canary/);
      assert.ok(!('token_reviewer_jwt' in fields));
    });
});
