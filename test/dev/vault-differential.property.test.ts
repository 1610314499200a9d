/** Generated requests, the same to the embedded Vault and to the real one (LOCKSTEP_VAULT_BINARY), compared step by step. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { ask, bodyOf, comparable } from './vault-client.ts';
import type { Ask } from './vault-client.ts';
import { startRealVault, vaultBinary } from './vault-real.ts';
import type { RealVault } from './vault-real.ts';

const seed = 20_261_124;

describe(
  'generated, beside the real Vault',
  { skip: vaultBinary === undefined && 'LOCKSTEP_VAULT_BINARY is not set' },
  () => {
    let real: RealVault;
    let ours: EmbeddedVault;
    let run = 0;
    before(async () => {
      [real, ours] = await Promise.all([startRealVault(vaultBinary ?? ''), createEmbeddedVault()]);
    });
    after(async () => {
      await Promise.all([real.stop(), ours.close()]);
    });

    async function assertSame(asked: Ask): Promise<void> {
      const [theirs, mine] = await Promise.all([ask(real, asked), ask(ours, asked)]);
      assert.equal(comparable(mine), comparable(theirs), `${asked.method} ${asked.path} ${JSON.stringify(asked.body)}`);
    }

    it('sequences of KV v2 operations', async () => {
      const property = fc.asyncProperty(fc.array(kvStep, { minLength: 5, maxLength: 30 }), async (steps) => {
        // Its own folder for each run, so that a sequence can be made smaller.
        run += 1;
        for (const step of steps) {
          await assertSame(step(`run-${run}`));
          await assertSame({ method: 'GET', path: `secret/metadata/run-${run}/a` });
        }
        await assertSame({ method: 'LIST', path: `secret/metadata/run-${run}` });
      });
      await fc.assert(property, { seed, numRuns: 150, interruptAfterTimeLimit: 40_000 });
    });

    it('secrets of any JSON', async () => {
      const property = fc.asyncProperty(
        fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()),
        async (data) => {
          run += 1;
          await assertSame({ method: 'POST', path: `secret/data/json-${run}`, body: { data } });
          await assertSame({ method: 'GET', path: `secret/data/json-${run}` });
          await assertSame({ method: 'GET', path: `secret/subkeys/json-${run}?depth=2` });
        },
      );
      await fc.assert(property, { seed, numRuns: 100, interruptAfterTimeLimit: 20_000 });
    });

    it('policies: what they allow on any path', async () => {
      const rule = fc.record({
        path: rulePath,
        capabilities: fc.uniqueArray(capability, { minLength: 1, maxLength: 3 }),
      });
      const policies = fc.array(fc.array(rule, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 });
      const property = fc.asyncProperty(
        policies,
        fc.array(askedPath, { minLength: 8, maxLength: 8 }),
        async (all, paths) => {
          run += 1;
          const token = `token-${run}`;
          const names = all.map((_, index) => `generated-${index}`);
          for (const [index, rules] of all.entries()) {
            const text = rules
              .map(({ path, capabilities }) => `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }`)
              .join('\n');
            await assertSame({ method: 'PUT', path: `sys/policies/acl/generated-${index}`, body: { policy: text } });
          }
          await assertSame({ method: 'POST', path: 'auth/token/create', body: { id: token, policies: names } });
          await assertSame({ method: 'POST', path: 'sys/capabilities-self', body: { paths }, token });
          for (const path of paths)
            for (const method of ['GET', 'LIST', 'DELETE', 'POST', 'PATCH'])
              await assertSame({ method, path, token, ...(/^P/.test(method) && { body: { data: { a: 1 } } }) });
          await assertSame({ method: 'GET', path: 'sys/internal/ui/mounts/secret/a', token });
        },
      );
      await fc.assert(property, { seed, numRuns: 80, interruptAfterTimeLimit: 40_000 });
    });

    it('logins: what the token is', async () => {
      for (const vault of [real, ours]) {
        await ask(vault, { method: 'POST', path: 'sys/auth/approle', body: { type: 'approle' } });
        const role = { token_policies: ['x'], token_ttl: 600, token_max_ttl: 900 };
        await ask(vault, { method: 'POST', path: 'auth/approle/role/r', body: role });
        await ask(vault, { method: 'POST', path: 'auth/approle/role/r/role-id', body: { role_id: 'rid' } });
        const secret = { secret_id: 'sid' };
        await ask(vault, { method: 'POST', path: 'auth/approle/role/r/custom-secret-id', body: secret });
      }
      const seen = await Promise.all(
        [real, ours].map(async (vault) => {
          const login = { role_id: 'rid', secret_id: 'sid' };
          const told = await ask(vault, { method: 'POST', path: 'auth/approle/login', body: login, token: null });
          const token = (bodyOf(told)['auth'] as { client_token: string }).client_token;
          const steps: Ask[] = [
            { method: 'GET', path: 'auth/token/lookup-self', token },
            { method: 'POST', path: 'auth/token/renew-self', body: { increment: 9000 }, token },
            { method: 'POST', path: 'auth/token/renew-self', body: {}, token },
            { method: 'POST', path: 'secret/data/by-role', body: { data: {} }, token },
            { method: 'POST', path: 'auth/token/revoke-self', token },
          ];
          const answers: string[] = [];
          for (const step of steps) answers.push(comparable(await ask(vault, step)));
          return answers;
        }),
      );
      assert.deepEqual(seen[1], seen[0]);
    });
  },
);

const versionNumber = fc.integer({ min: 0, max: 6 });
const key = fc.constantFrom('a', 'a', 'a', 'b', 'a/b');
const value = fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
const cas = fc.option(fc.record({ cas: versionNumber }), { nil: undefined });

/** Given the folder, a request. */
const kvStep: fc.Arbitrary<(folder: string) => Ask> = fc.oneof(
  { weight: 4, arbitrary: build('POST', 'data', fc.record({ data: value, options: cas })) },
  { weight: 3, arbitrary: build('PATCH', 'data', fc.record({ data: value, options: cas })) },
  { weight: 2, arbitrary: build('DELETE', 'data', fc.constant(undefined)) },
  { weight: 2, arbitrary: build('GET', 'data', fc.constant(undefined)) },
  ...['delete', 'undelete', 'destroy'].map((change) => ({
    weight: 2,
    arbitrary: build('POST', change, fc.record({ versions: fc.array(versionNumber, { maxLength: 3 }) })),
  })),
  {
    weight: 2,
    arbitrary: build(
      'POST',
      'metadata',
      fc.record(
        { max_versions: versionNumber, custom_metadata: fc.dictionary(fc.constantFrom('k', 'l'), fc.string()) },
        { requiredKeys: [] },
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: build(
      'PATCH',
      'metadata',
      fc.record(
        {
          cas_required: fc.boolean(),
          custom_metadata: fc.dictionary(fc.constantFrom('k', 'l'), fc.constantFrom('v', null)),
        },
        { requiredKeys: [] },
      ),
    ),
  },
  { weight: 1, arbitrary: build('DELETE', 'metadata', fc.constant(undefined)) },
  { weight: 1, arbitrary: build('LIST', 'metadata', fc.constant(undefined)) },
  { weight: 1, arbitrary: build('GET', 'subkeys', fc.constant(undefined)) },
);

function build(method: string, kind: string, body: fc.Arbitrary<unknown>): fc.Arbitrary<(folder: string) => Ask> {
  return fc.tuple(key, body, versionNumber).map(([name, sent, version]) => (folder) => ({
    method,
    path: `secret/${kind}/${folder}/${name}${method === 'GET' ? `?version=${version}` : ''}`,
    ...(sent !== undefined && { body: sent }),
  }));
}

const capability = fc.constantFrom('create', 'read', 'update', 'delete', 'list', 'patch', 'sudo', 'deny');
const segment = fc.constantFrom('a', 'ab', 'b', 'a', '+');
const rulePath = fc
  .tuple(
    fc.constantFrom('secret/data/', 'secret/metadata/', 'secret/+/', ''),
    fc.array(segment, { maxLength: 3 }),
    fc.constantFrom('', '*', '/', '/*'),
  )
  .map(([start, segments, end]) => `${start}${segments.join('/')}${end}`)
  .filter((path) => path !== '' && !path.includes('+*') && !path.includes('//'));
const askedPath = fc
  .tuple(
    fc.constantFrom('secret/data/', 'secret/metadata/'),
    fc.array(fc.constantFrom('a', 'ab', 'b', 'c'), { minLength: 1, maxLength: 3 }),
  )
  .map(([start, segments]) => `${start}${segments.join('/')}`);
