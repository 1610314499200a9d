/** Policies that allow what is declared and nothing else, whatever the paths are called. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  checkPolicyPath,
  comparePolicies,
  isMarked,
  operatorRules,
  policyMark,
  renderPolicy,
  writersRules,
} from '../../src/bootstrap/vault-policy.ts';
import { createAcl } from '../../src/dev/vault/acl.ts';
import type { Acl } from '../../src/dev/vault/acl.ts';
import type { Operation } from '../../src/dev/vault/backend.ts';
import { parsePolicy } from '../../src/dev/vault/policy.ts';
import { checkVaultPath } from '../../src/model/names.ts';
import { platformOf, secret, soundConfiguration } from '../fixtures/configuration.ts';
import type { Platform } from '../../src/model/platform.ts';

/** Signs that mean something to Vault's policies, to HCL or to URLs, among those that mean nothing. */
const segment = fc
  .string({
    unit: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...Array.from('abAB01-_.')) },
      fc.constantFrom(...Array.from('*+{}$"\\#%?&/ é🔑')),
    ),
    minLength: 1,
    maxLength: 6,
  })
  .map((text) => text.replaceAll('/', '+'));
const path = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map((segments) => segments.join('/'))
  .filter((one) => checkVaultPath(one) === undefined);

const operations: readonly Operation[] = ['read', 'list', 'create', 'update', 'patch', 'delete'];

function platformWith(paths: readonly string[], mount = 'secret'): Platform {
  const sound = soundConfiguration();
  const secrets = Object.fromEntries(
    paths.map((vaultPath, index) => [
      `s${index}`,
      { ...secret, vaultPath, keyVaultName: `s${index}`, targets: [{ name: `s${index}` }] },
    ]),
  );
  const platform = platformOf({ ...sound, secrets });
  const { environment } = platform;
  return { ...platform, environment: { ...environment, vault: { ...environment.vault, mount } } };
}

function aclOf(policy: string): Acl {
  return createAcl([parsePolicy(policy)]);
}

function allowed(acl: Acl, at: string): Operation[] {
  return operations.filter((operation) => acl.allows(operation === 'list' ? `${at}/` : at, operation, new Map()));
}

/** A path that is like `one`, and not it. */
const variations: readonly ((one: string) => string)[] = [
  (one) => `${one}x`,
  (one) => `x${one}`,
  (one) => `${one}/x`,
  (one) => one.slice(0, -1),
  (one) => one.slice(0, one.lastIndexOf('/') + 1),
  (one) => one.replaceAll('+', 'x'),
  (one) => one.replaceAll('*', 'x'),
  (one) => one.replaceAll('*', ''),
  (one) => one.replaceAll('\\', ''),
  (one) => one.replaceAll('"', '\\"'),
  (one) => one.toUpperCase(),
  (one) => one.replaceAll('{', ''),
];

describe('the policy of External Secrets Operator', () => {
  it('allows to read each declared path, and nothing else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 6 }), fc.uniqueArray(path), (declared, others) => {
        const nameable = declared.filter((one) => checkPolicyPath(`secret/data/${one}`) === undefined);
        const acl = aclOf(renderPolicy(operatorRules(platformWith(nameable))));
        for (const one of nameable) assert.deepEqual(allowed(acl, `secret/data/${one}`), ['read'], one);
        const tried = [...others, ...declared.flatMap((one) => variations.map((vary) => vary(one)))];
        for (const other of tried.filter((one) => !nameable.includes(one)))
          assert.deepEqual(allowed(acl, `secret/data/${other}`), [], other);
        for (const one of nameable)
          for (const kind of ['metadata', 'delete', 'undelete', 'destroy', 'subkeys'])
            assert.deepEqual(allowed(acl, `secret/${kind}/${one}`), []);
      }),
      { numRuns: 300 },
    );
  });

  it('says of every path that would open more that it does', () => {
    for (const wide of ['a/*', 'a*', '*', '+', 'a/+', '+/a', 'a/+/b', 'a/+*', 'a/{{x}}', 'a/}}', 'a/${x}'])
      assert.match(checkPolicyPath(`secret/data/${wide}`) ?? '', /no policy of Vault can name alone/, wide);
    for (const narrow of ['a', 'a+b', 'a/+b', 'a/b+', 'a*b', 'a/*b', 'a{b}', 'a$b', '"a"', 'a\\b'])
      assert.equal(checkPolicyPath(`secret/data/${narrow}`), undefined, narrow);
  });

  it('names the paths of this environment’s Vault alone', () => {
    const sound = soundConfiguration();
    const applications = [
      ...sound.applications,
      {
        name: 'desk',
        namespace: 'desk',
        chart: { type: 'NextJsChart', props: { secretStore: 'azure-keyvault-store' } },
      } as const,
    ];
    const desk = { ...secret, application: 'desk', vaultPath: 'desk/one', keyVaultName: 'desk-one' };
    const azure = {
      keyVaultName: 'kv-desk-dev',
      tenantId: '00000000-0000-4000-8000-000000000001',
      clientId: '00000000-0000-4000-8000-000000000002',
    };
    const dev = { ...sound.environments['dev'], azure } as (typeof sound.environments)[string];
    const platform = platformOf({ applications, secrets: { ...sound.secrets, desk }, environments: { dev } });
    const dataPaths = (rules: readonly { path: string }[]): string[] =>
      rules.map((rule) => rule.path).filter((one) => one.includes('/data/'));
    assert.deepEqual(dataPaths(operatorRules(platform)), ['secret/data/shop/payment']);
    assert.deepEqual(dataPaths(writersRules(platform)), ['secret/data/shop/payment', 'secret/data/desk/one']);
  });
});

describe('the policy of those who write', () => {
  it('allows to write and to find, and not to delete', () => {
    const acl = aclOf(renderPolicy(writersRules(platformWith(['a/b/c', 'a/d'], 'team/kv'))));
    for (const one of ['a/b/c', 'a/d'])
      for (const kind of ['data', 'metadata'])
        assert.deepEqual(allowed(acl, `team/kv/${kind}/${one}`), ['read', 'create', 'update']);
    for (const folder of ['team/kv/metadata', 'team/kv/metadata/a', 'team/kv/metadata/a/b'])
      assert.deepEqual(allowed(acl, folder), ['list'], folder);
    for (const other of [
      'team/kv/delete/a/d',
      'team/kv/destroy/a/d',
      'team/kv/data/a/e',
      'team/kv/config',
      'sys/mounts',
    ])
      assert.deepEqual(allowed(acl, other), [], other);
  });
});

describe('comparing policies', () => {
  const policy = renderPolicy(operatorRules(platformWith(['a', 'b'])));
  it('order, blank lines and comments do not count', () => {
    const [first = '', ...rules] = policy.trimEnd().split('\n');
    const other = [first, '', '  # a note', ...rules.toReversed()].join('\n\n');
    assert.deepEqual(comparePolicies(other, policy), { added: [], removed: [] });
  });
  it('everything else does', () => {
    const more = `${policy}path "secret/*" {\n  capabilities = ["read"]\n}\n`;
    assert.equal(comparePolicies(more, policy).removed.length, 3);
    const less = policy.replace('path "secret/data/b" { capabilities = ["read"] }\n', '');
    assert.deepEqual(comparePolicies(less, policy).added, ['path "secret/data/b" { capabilities = ["read"] }']);
  });
  it('the mark is a first line that begins so', () => {
    assert.ok(isMarked(policy) && isMarked('# Managed by Lockstep'));
    assert.ok(!isMarked(`path "a" {}\n${policyMark}`) && !isMarked('# Managed by Lockstepper'));
  });
});
