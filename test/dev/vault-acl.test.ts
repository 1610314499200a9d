/** Which of a token's rules counts for a path. The order is Vault's (vault/acl.go); test/dev/vault-differential.property.test.ts compares it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAcl } from '../../src/dev/vault/acl.ts';
import type { Operation } from '../../src/dev/vault/backend.ts';
import { parsePolicy, PolicyError } from '../../src/dev/vault/policy.ts';

const rule = (path: string, ...capabilities: string[]): string =>
  `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }`;

/** Policies, a path, and the capabilities there. */
const matrix: readonly (readonly [readonly string[], string, readonly string[]])[] = [
  [[], 'a', ['deny']],
  [[rule('a', 'read')], 'a', ['read']],
  [[rule('/a', 'read')], 'a', ['read']],
  [[rule('a', 'read')], 'a/b', ['deny']],
  [[rule('a/*', 'read')], 'a/b/c', ['read']],
  [[rule('a/*', 'list')], 'a', ['deny']],
  [[rule('a*', 'read')], 'a', ['read']],
  [[rule('a*', 'read')], 'ab/c', ['read']],
  [[rule('*', 'read')], 'anything', ['read']],
  [[rule('a/*/c', 'read')], 'a/b/c', ['deny']],
  [[rule('a/+/c', 'read')], 'a/b/c', ['read']],
  [[rule('a/+/c', 'read')], 'a/b/b/c', ['deny']],
  [[rule('a/+', 'read')], 'a/b', ['read']],
  [[rule('a/+', 'read')], 'a/b/c', ['deny']],
  [[rule('+/b', 'read')], 'a/b', ['read']],
  [[rule('a/+/c*', 'read')], 'a/b/cd/e', ['read']],
  [[rule('a+', 'read')], 'ab', ['deny']],
  // Most specific wins: exact, then later first wildcard, then no *, then fewer +, then longer.
  [[rule('a/*', 'read'), rule('a/b', 'update')], 'a/b', ['update']],
  [[rule('a/*', 'read'), rule('a/b/*', 'update')], 'a/b/c', ['update']],
  [[rule('a/+/c', 'read'), rule('a/b/*', 'update')], 'a/b/c', ['update']],
  [[rule('a/+', 'read'), rule('a/*', 'update')], 'a/b', ['read']],
  [[rule('a/+/+', 'read'), rule('a/+/c', 'update')], 'a/b/c', ['update']],
  [[rule('a/+/c*', 'read'), rule('a/+/cd*', 'update')], 'a/b/cde', ['update']],
  [[rule('a/+/+', 'read'), rule('a/+/!', 'update')], 'a/b/!', ['update']],
  // Deny wins within one path, in whatever policy; a more specific rule still beats it.
  [[rule('a', 'deny', 'read')], 'a', ['deny']],
  [[`${rule('a', 'read')}\n${rule('a', 'deny')}`], 'a', ['deny']],
  [[rule('a', 'deny'), rule('a', 'read')], 'a', ['deny']],
  [[rule('a', 'read'), rule('a', 'update')], 'a', ['read', 'update']],
  [[rule('a/*', 'deny'), rule('a/b', 'read')], 'a/b', ['read']],
  [[rule('a/*', 'read'), rule('a/b', 'deny')], 'a/b', ['deny']],
  [[rule('a/b', 'list')], 'a/b/', ['list']],
  [[`path "a" { policy = "write" }`], 'a', ['create', 'delete', 'list', 'read', 'update']],
  [['{"path":{"a":{"capabilities":["read"]},"b":{"capabilities":["list"]}}}'], 'b', ['list']],
  [['{"path":[{"a":{"capabilities":["read"]}}]}'], 'a', ['read']],
  [['# c\n// c\n/* c */ path "a" {\n capabilities = [\n"read", "list",\n]\n comment = "x"\n}'], 'a', ['list', 'read']],
  [['path "a/{{identity.entity.id}}" { capabilities = ["read"] }'], 'a/{{identity.entity.id}}', ['deny']],
];

describe('which rule counts', () => {
  for (const [policies, path, expected] of matrix)
    it(`${policies.join(' | ').slice(0, 110)} at ${path}: ${expected.join(' ')}`, () =>
      assert.deepEqual(createAcl(policies.map(parsePolicy)).capabilities(path), expected));
});

const parameters = `path "a" { capabilities = ["update", "list"]
  required_parameters = ["ttl"]
  allowed_parameters = { "ttl" = [], "name" = ["x*", "y"], "flag" = [true] }
  denied_parameters = { "admin" = [], "name" = ["xx"] } }`;

/** Fields as raw JSON, and whether they may be sent. */
const sent: readonly (readonly [Operation, Record<string, string>, boolean])[] = [
  ['update', { ttl: '1' }, true],
  ['update', {}, false],
  ['update', { name: '"y"' }, false],
  ['update', { ttl: '1', name: '"y"' }, true],
  ['update', { ttl: '1', name: '"xyz"' }, true],
  ['update', { ttl: '1', name: '"xx"' }, false],
  ['update', { ttl: '1', name: '"z"' }, false],
  ['update', { ttl: '1', name: '["y","xa"]' }, true],
  ['update', { ttl: '1', name: '["y","z"]' }, false],
  ['update', { ttl: '1', name: '"y,xx"' }, false],
  ['update', { ttl: '1', flag: 'true' }, true],
  ['update', { ttl: '1', flag: 'false' }, false],
  ['update', { ttl: '1', admin: '1' }, false],
  ['update', { ttl: '1', other: '1' }, false],
  ['list', {}, true],
  ['read', { ttl: '1' }, false],
];

describe('parameters of a rule', () => {
  const acl = createAcl([parsePolicy(parameters)]);
  for (const [operation, fields, allowed] of sent)
    it(`${operation} ${JSON.stringify(fields)}: ${allowed ? 'allowed' : 'denied'}`, () =>
      assert.equal(acl.allows('a', operation, new Map(Object.entries(fields))), allowed));
});

describe('policies that are refused', () => {
  for (const text of [
    'path "a" {',
    'path "a" { capabilities = ["read" "list"] }',
    'path "a" { capabilities = ["root"] }',
    'path "a/+*" { }',
    'rule "a" { }',
    'path "a" { mfa_methods = ["x"] }',
    '{"path":',
    '@',
  ])
    it(text, () => assert.throws(() => parsePolicy(text), PolicyError));
});
