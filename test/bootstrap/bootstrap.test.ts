/** Setting a Vault up: the embedded one, and the real one where there is one (LOCKSTEP_VAULT_BINARY). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { applyVault, lackingRights, planVault } from '../../src/bootstrap/bootstrap.ts';
import { checkPolicyPath } from '../../src/bootstrap/vault-policy.ts';
import { readsOf } from '../../src/bootstrap/vault-state.ts';
import { checkVaultPath } from '../../src/model/names.ts';
import { ask } from '../dev/vault-client.ts';
import { serviceAccountToken } from '../dev/vault-kubernetes-fixture.ts';
import { vaultBinary } from '../dev/vault-real.ts';
import type { Server } from './bootstrap-fixture.ts';
import {
  actionsOf,
  administer,
  bootstrap,
  desire,
  hasOpenssl,
  logInAsOperator,
  platformWith,
  root,
  startEmbedded,
  startReal,
  tryAs,
} from './bootstrap-fixture.ts';

const everything = [
  'create audit device',
  'create audit device',
  'create KV v2 mount',
  'create auth method',
  'create auth configuration',
  'create policy',
  'create policy',
  'create role',
];

const role = 'auth/kubernetes/role/external-secrets';
const policy = 'sys/policies/acl/external-secrets';
const mark = '# Managed by Lockstep: npm run bootstrap-vault writes it anew.\n';

/** What somebody did to it → what is planned then. */
const drifts: Record<string, readonly [change: (server: Server) => Promise<unknown>, planned: readonly string[]]> = {
  'an audit device is gone': [(vault) => root(vault, 'DELETE', 'sys/audit/file'), ['create audit device']],
  'the mount is gone': [(vault) => root(vault, 'DELETE', 'sys/mounts/secret'), ['create KV v2 mount']],
  'the auth method is gone': [
    (vault) => root(vault, 'DELETE', 'sys/auth/kubernetes'),
    ['create auth method', 'create auth configuration', 'create role'],
  ],
  'Vault asks another cluster': [
    (vault) =>
      root(vault, 'POST', 'auth/kubernetes/config', { kubernetes_host: 'https://evil', disable_local_ca_jwt: true }),
    ['update auth configuration'],
  ],
  'the policy allows more': [
    (vault) => root(vault, 'PUT', policy, { policy: `${mark}path "secret/*" { capabilities = ["read"] }` }),
    ['update policy'],
  ],
  'the policy is gone': [(vault) => root(vault, 'DELETE', policy), ['create policy']],
  'the role is gone': [(vault) => root(vault, 'DELETE', role), ['create role']],
  ...Object.fromEntries(
    [
      { bound_service_account_names: ['*'] },
      { bound_service_account_namespaces: ['external-secrets', 'default'] },
      { audience: 'other' },
      { token_no_default_policy: false },
      { token_ttl: '2h' },
      { token_period: '1h' },
      { token_num_uses: 1 },
      { alias_name_source: 'serviceaccount_name' },
    ].map((body) => [
      `the role has ${JSON.stringify(body)}`,
      [(vault: Server) => root(vault, 'POST', role, body), ['update role']],
    ]),
  ),
};

/** What somebody else has there → what is planned then; nothing may be written. */
const foreign: Record<string, readonly [change: (server: Server) => Promise<unknown>, planned: readonly string[]]> = {
  'a mount below the mount': [
    async (vault) => {
      await root(vault, 'DELETE', 'sys/mounts/secret');
      await root(vault, 'POST', 'sys/mounts/secret/inner', { type: 'kv', options: { version: '2' } });
    },
    ['refused KV v2 mount V001'],
  ],
  'another auth method': [
    async (vault) => {
      await root(vault, 'DELETE', 'sys/auth/kubernetes');
      await root(vault, 'POST', 'sys/auth/kubernetes', { type: 'approle', description: 'managed by lockstep' });
    },
    ['refused auth method V001'],
  ],
  'a configuration in an auth method without the mark': [
    async (vault) => {
      await root(vault, 'DELETE', 'sys/auth/kubernetes');
      await root(vault, 'POST', 'sys/auth/kubernetes', { type: 'kubernetes' });
      const body = { kubernetes_host: 'https://other', disable_local_ca_jwt: true };
      await root(vault, 'POST', 'auth/kubernetes/config', body);
    },
    ['refused auth configuration V001', 'create role'],
  ],
  'a policy without the mark': [
    (vault) => root(vault, 'PUT', policy, { policy: 'path "secret/*" { capabilities = ["read"] }' }),
    ['refused policy V001'],
  ],
  'a role that gives another policy too': [
    (vault) => root(vault, 'POST', role, { token_policies: ['external-secrets', 'other-team'] }),
    ['refused role V001'],
  ],
  'a raw audit device': [
    (vault) =>
      root(vault, 'POST', 'sys/audit/raw', { type: 'file', options: { file_path: '/dev/null', log_raw: 'true' } }),
    ['refused audit device V004'],
  ],
};

function describeBootstrap(name: string, skip: string | false, start: () => Promise<Server>): void {
  describe(name, { skip }, () => {
    let server: Server;
    before(async () => {
      server = await start();
    });
    after(() => server.stop());

    it('an empty one: everything is created, once', async () => {
      const vault = administer(server);
      assert.deepEqual(actionsOf(await planVault(vault, desire(server))), everything);
      assert.equal(vault.writes.length, 0);
      const { items, problems } = await bootstrap(vault, desire(server));
      assert.deepEqual(problems, []);
      assert.ok(items.every(({ outcome }) => outcome === 'written'));
      assert.equal(vault.writes.length, everything.length);
      const again = administer(server);
      const second = await bootstrap(again, desire(server));
      assert.deepEqual([second.problems, again.writes], [[], []]);
      assert.ok(second.items.every(({ item }) => item.action === 'unchanged' && item.owner === 'lockstep'));
    });

    for (const [drift, [change, planned]] of Object.entries(drifts))
      it(`${drift}: planned and mended`, async () => {
        const vault = administer(server);
        await bootstrap(vault, desire(server));
        await change(server);
        assert.deepEqual(actionsOf(await planVault(vault, desire(server))), planned);
        assert.deepEqual((await bootstrap(vault, desire(server))).problems, []);
        assert.deepEqual(actionsOf(await planVault(vault, desire(server))), []);
        assert.equal(typeof (await logInAsOperator(server)), 'string');
      });

    it('writes with exactly the rights that it asks for, and says which of them is missing', async () => {
      for (const path of ['sys/audit/file', 'sys/audit/stdout', 'sys/mounts/secret', 'sys/auth/kubernetes', policy])
        await root(server, 'DELETE', path);
      const desired = desire(server);
      const plan = await planVault(administer(server), desired);
      assert.ok(plan.kind === 'planned');
      const needs = [...readsOf(desired), ...plan.changes.map((item) => item.needs)];
      const tokenWith = async (given: typeof needs, id: string): Promise<void> => {
        const rules = Map.groupBy(given, ({ path }) => path);
        const path = Object.fromEntries(
          [...rules].map(([at, of]) => [at, { capabilities: of.flatMap(({ capabilities }) => capabilities) }]),
        );
        await root(server, 'PUT', `sys/policies/acl/${id}`, { policy: JSON.stringify({ path }) });
        await root(server, 'POST', 'auth/token/create', { id, policies: [id] });
      };
      for (const [index, need] of needs.entries())
        for (const capability of need.capabilities) {
          const left = need.capabilities.filter((one) => one !== capability);
          const id = `lacking-${index}-${capability}`;
          await tokenWith(needs.with(index, { ...need, capabilities: left }), id);
          const vault = administer(server, id);
          const planned = await planVault(vault, desired);
          const problems = planned.kind === 'forbidden' ? planned.problems : await lackingRights(vault, [...needs]);
          assert.deepEqual(
            problems.map(({ code, where, message }) => [code, where, message]),
            [['V003', need.path, `the token lacks "${capability}"`]],
          );
          assert.equal(vault.writes.length, 0);
        }
      await tokenWith(needs, 'enough');
      const vault = administer(server, 'enough');
      assert.deepEqual((await bootstrap(vault, desired)).problems, []);
      assert.equal(vault.writes.length, plan.changes.length);
    });

    it('two runs at once end well', async () => {
      await root(server, 'DELETE', policy);
      await root(server, 'DELETE', role);
      const both = await Promise.all([1, 2].map(() => bootstrap(administer(server), desire(server))));
      assert.ok(both.some(({ problems }) => problems.length === 0));
      assert.deepEqual(actionsOf(await planVault(administer(server), desire(server))), []);
    });

    it('what somebody changes after the plan is not overwritten', async () => {
      const vault = administer(server);
      const desired = desire(server);
      await root(server, 'DELETE', policy);
      await root(server, 'DELETE', role);
      const plan = await planVault(vault, desired);
      assert.ok(plan.kind === 'planned');
      await root(server, 'PUT', policy, { policy: 'path "x" { capabilities = ["read"] }' });
      const { items, problems } = await applyVault(vault, desired, plan, () => undefined);
      assert.deepEqual(
        [problems.map(({ code, where }) => [code, where]), vault.writes],
        [[['V005', 'external-secrets']], []],
      );
      assert.deepEqual(
        items.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'unchanged'),
        ['failed', 'not reached'],
      );
      await root(server, 'DELETE', policy);
      await bootstrap(vault, desired);
    });

    it('the operator’s own token reads each declared path, and can do nothing else', async () => {
      const segment = fc.string({
        unit: fc.constantFrom(...Array.from('aB9 %?#&+;=:@!$()*,~"\\<>[]{}|^`é日🔑.-_')),
        minLength: 1,
        maxLength: 5,
      });
      const path = fc
        .array(segment, { minLength: 1, maxLength: 3 })
        .map((segments) => segments.join('/'))
        .filter((one) => checkVaultPath(one) === undefined && checkPolicyPath(one) === undefined);
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(path, { minLength: 2, maxLength: 6 }), async (paths) => {
          const [other = '', ...declared] = paths;
          await bootstrap(administer(server), desire(server, platformWith(declared)));
          for (const one of paths)
            assert.equal(
              await tryAs(server, server.rootToken, 'POST', `secret/data/${one}`, { data: { a: 'b' } }),
              200,
            );
          const token = await logInAsOperator(server);
          assert.ok(typeof token === 'string');
          const as = (method: string, at: string, body?: object): Promise<number> =>
            tryAs(server, token, method, at, body);
          for (const one of declared) {
            assert.equal(await as('GET', `secret/data/${one}`), 200, one);
            assert.equal(await as('POST', `secret/data/${one}`, { data: { a: 'c' } }), 403, one);
            assert.equal(await as('DELETE', `secret/data/${one}`), 403, one);
            assert.equal(await as('GET', `secret/metadata/${one}`), 403, one);
            assert.equal(await as('POST', `secret/destroy/${one}`, { versions: [1] }), 403, one);
          }
          const folders = paths.map((one) => one.slice(0, one.lastIndexOf('/') + 1));
          for (const folder of new Set(folders))
            assert.equal(await as('GET', `secret/metadata/${folder}?list=true`), 403);
          for (const not of [other, `${declared[0] ?? ''}/x`, `${declared[0] ?? ''}x`].filter(
            (one) => !declared.includes(one),
          ))
            assert.equal(await as('GET', `secret/data/${not}`), 403, not);
          for (const at of [
            'sys/mounts',
            'sys/auth',
            'sys/audit',
            policy,
            role,
            'auth/kubernetes/config',
            'cubbyhole/a',
          ])
            assert.equal(await as('GET', at), 403, at);
          assert.equal(await as('POST', 'auth/token/create', {}), 403);
          assert.equal(await as('PUT', policy, { policy: 'path "*" { capabilities = ["sudo"] }' }), 403);
          assert.equal(await as('GET', 'auth/token/lookup-self'), 200);
          assert.equal(await as('POST', 'auth/token/revoke-self', {}), 204);
          assert.equal(await as('GET', 'auth/token/lookup-self'), 403);
        }),
        { numRuns: 15 },
      );
      await bootstrap(administer(server), desire(server));
    });

    it('nobody but the operator can sign in', async () => {
      for (const jwt of [
        serviceAccountToken({ name: 'default' }),
        serviceAccountToken({ namespace: 'default' }),
        serviceAccountToken({ audiences: ['api'] }),
        serviceAccountToken({ uid: 'forged' }),
      ])
        assert.equal(await logInAsOperator(server, jwt), 403);
      assert.equal(server.review.reviews.at(-1)?.bearer, 'Bearer canary-head.canary-body.canary-signature');
    });

    for (const [what, [change, planned]] of Object.entries(foreign))
      it(`${what}: refused`, async () => {
        const vault = administer(server);
        await change(server);
        const found = await planVault(vault, desire(server));
        assert.deepEqual([found.kind, actionsOf(found), vault.writes], ['refused', planned, []]);
        // As it was, for the next.
        for (const path of ['sys/mounts/secret/inner', 'sys/auth/kubernetes', 'sys/audit/raw', policy])
          await root(server, 'DELETE', path);
        assert.deepEqual((await bootstrap(vault, desire(server))).problems, []);
      });
  });
}

describeBootstrap('the embedded Vault', false, startEmbedded);
describeBootstrap(
  'the real Vault',
  vaultBinary === undefined ? 'LOCKSTEP_VAULT_BINARY is not set' : !hasOpenssl && 'openssl is not installed',
  () => startReal(vaultBinary ?? ''),
);

describe('ended half-way', () => {
  it('after any step: the next run does the rest', async () => {
    for (let survived = 0; survived < everything.length; survived++) {
      const server = await startEmbedded();
      try {
        const vault = administer(server);
        vault.beforeWrite = () => assert.ok(vault.writes.length < survived, 'killed');
        await assert.rejects(bootstrap(vault, desire(server)), /killed/);
        const next = administer(server);
        assert.deepEqual(actionsOf(await planVault(next, desire(server))), everything.slice(survived));
        assert.deepEqual((await bootstrap(next, desire(server))).problems, []);
        assert.equal(next.writes.length, everything.length - survived);
        assert.deepEqual(actionsOf(await planVault(next, desire(server))), []);
      } finally {
        await server.stop();
      }
    }
  });

  it('a write without an answer is told, and what was behind it is not reached', async () => {
    const server = await startEmbedded();
    try {
      const vault = administer(server);
      const { faults } = server as Server &
        Awaited<ReturnType<typeof startEmbedded>> & { faults: { add: (of: object) => void } };
      faults.add({ effect: { kind: 'drop' }, path: 'sys/mounts/secret', times: 1 });
      const { items, problems } = await bootstrap(vault, desire(server));
      assert.deepEqual(
        items.map(({ outcome }) => outcome),
        ['written', 'written', 'failed', ...Array<string>(5).fill('not reached')],
      );
      assert.match(problems[0]?.message ?? '', /could not be written: .*; it is not known whether it was written/);
      const next = await bootstrap(administer(server), desire(server));
      assert.deepEqual(next.problems, []);
      assert.equal(next.items[2]?.outcome, 'unchanged');
    } finally {
      await server.stop();
    }
  });
});

describe('what others have, and is right', () => {
  it('is used and left as it is', async () => {
    const server = await startEmbedded();
    try {
      const desired = desire(server);
      const own = administer(server);
      await bootstrap(own, desired);
      const unmarked = own.writes.map(({ path, fields, secrets }) => {
        const policyText = fields['policy'];
        const body = {
          ...fields,
          ...Object.fromEntries(Object.entries(secrets ?? {}).map(([name, value]) => [name, value.reveal()])),
          ...('description' in fields && { description: 'by hand' }),
          ...(typeof policyText === 'string' && { policy: policyText.replace(/^#.*\n/, '') }),
        };
        return { path, body };
      });
      const other = await startEmbedded();
      for (const { path, body } of unmarked) await ask(other, { method: 'POST', path, body });
      const vault = administer(other);
      const { items } = await bootstrap(vault, desired);
      await other.stop();
      assert.deepEqual(
        items.map(({ item }) => item.action === 'unchanged' && item.owner),
        Array<string>(everything.length).fill('others'),
      );
      assert.equal(vault.writes.length, 0);
    } finally {
      await server.stop();
    }
  });
});
