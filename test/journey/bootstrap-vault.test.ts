import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault, EmbeddedVaultOptions } from '../../src/dev/vault/embedded-vault.ts';
import { ask } from '../dev/vault-client.ts';
import { clientId, tenantId } from '../fixtures/configuration.ts';
import { Repository } from '../fixtures/repository.ts';
import type { Run } from '../fixtures/repository.ts';

/** A repository, and a Vault that `run` reaches as its root. */
class Journey {
  readonly repository = new Repository();
  readonly vault: EmbeddedVault;

  private constructor(vault: EmbeddedVault) {
    this.vault = vault;
  }

  static async begin(options: EmbeddedVaultOptions = {}): Promise<Journey> {
    return new Journey(await createEmbeddedVault({ mounts: [], ...options }));
  }

  get variables(): Record<string, string> {
    return { VAULT_ADDR: this.vault.url, VAULT_TOKEN: this.vault.rootToken, HOME: this.repository.root };
  }

  run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Run> {
    return this.repository.runBeside(['bootstrap-vault', ...args], { ...this.variables, ...variables });
  }

  /** What was asked for other than to look. */
  get writes(): string[] {
    return this.vault.requests
      .filter(({ method, path }) => method !== 'GET' && path !== 'sys/capabilities-self')
      .map(({ method, path }) => `${method} ${path}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.repository.remove();
    await this.vault.close();
  }
}

const policy = 'sys/policies/acl/external-secrets';
const production = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId };

describe('npm run bootstrap-vault', () => {
  it('shows its plan and writes nothing with --plan', async () => {
    await using journey = await Journey.begin();
    const { status, stdout } = await journey.run(['--plan']);
    assert.equal(status, 1);
    assert.equal(
      stdout,
      `Vault for dev: ${journey.vault.url}

  + create  audit device        file/                                  writes to /vault/logs/audit.log
  + create  audit device        stdout/                                writes to stdout
  + create  KV v2 mount         secret/                                an empty one
  + create  auth method         auth/kubernetes/                       of the type kubernetes
  + create  auth configuration  auth/kubernetes/config                 https://kubernetes.default.svc, Vault's own CA, Vault's own reviewer
  + create  policy              external-secrets                       External Secrets Operator reads 13 paths
  + create  policy              secret-writers                         people write 13 paths
  + create  role                auth/kubernetes/role/external-secrets  lets in ServiceAccount external-secrets of external-secrets

8 to create.

Nothing was written.
Next: npm run bootstrap-vault -- --yes
`,
    );
    assert.deepEqual(journey.writes, []);
  });

  it('writes nothing without a terminal and without --yes; all of it with; nothing the second time', async () => {
    await using journey = await Journey.begin();
    const unconfirmed = await journey.run([]);
    assert.equal(unconfirmed.status, 1);
    assert.match(unconfirmed.stdout, /\nNothing was written\.\nNext: npm run bootstrap-vault -- --yes\n$/);
    assert.deepEqual(journey.writes, []);

    const first = await journey.run(['--yes']);
    assert.equal(first.status, 0, first.stdout + first.stderr);
    assert.match(
      first.stderr,
      /^Vault for dev: .*\n\n(?: {2}\+ create .*\n){8}\n8 to create\.\n\n(?:✓ created: .*\n){8}$/,
    );
    assert.match(first.stdout, /\n8 created\.\n\n✓ read again: all 8 are as they should be\nNext: npm run synth\n$/);
    assert.equal(journey.writes.length, 8);

    const second = await journey.run(['--yes']);
    assert.equal(second.status, 0);
    assert.match(second.stdout, /\n8 unchanged\.\n\n✓ Vault is as it should be\nNext: npm run synth\n$/);
    assert.equal(journey.writes.length, 8);
  });

  it('adds a new path with --yes; what takes something away is confirmed by the environment’s name', async () => {
    await using journey = await Journey.begin();
    await journey.run(['--yes']);
    journey.repository.edit('config/secrets.ts', "vaultPath: 'headlamp/tls'", "vaultPath: 'headlamp/certificate'");
    const renamed = await journey.run(['--yes']);
    assert.equal(renamed.status, 1);
    assert.match(
      renamed.stdout,
      /\n {6}\+ path "secret\/data\/headlamp\/certificate" \{ capabilities = \["read"\] \}\n/,
    );
    assert.match(renamed.stdout, /\n {6}- path "secret\/data\/headlamp\/tls" \{ capabilities = \["read"\] \}\n/);
    assert.match(renamed.stdout, /\nNext: npm run bootstrap-vault -- --confirm=dev\n$/);
    assert.equal(journey.writes.length, 8);
    assert.equal((await journey.run(['--confirm=prod'])).status, 2);
    assert.equal((await journey.run(['--confirm=dev'])).status, 0);
    assert.deepEqual(journey.writes.slice(8), [`POST ${policy}`, 'POST sys/policies/acl/secret-writers']);

    await ask(journey.vault, {
      method: 'PUT',
      path: policy,
      body: { policy: '# Managed by Lockstep\npath "auth/token/lookup-self" { capabilities = ["read"] }' },
    });
    const { status, stdout } = await journey.run(['--yes']);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /✓ updated +policy +external-secrets/);
  });

  it('writes to production only when its name is given', async () => {
    await using journey = await Journey.begin();
    const environment = ['--environment', 'production'];
    const { status, stdout } = await journey.run([...environment, '--yes'], production);
    assert.equal(status, 1);
    assert.match(stdout, /\nNext: npm run bootstrap-vault -- --environment production --confirm=production\n$/);
    assert.deepEqual(journey.writes, []);
    const confirmed = await journey.run([...environment, '--confirm=production', '--output', 'markdown'], production);
    assert.equal(confirmed.status, 0, confirmed.stdout);
    assert.match(confirmed.stdout, /^\*\*production\*\*: Vault http:\S+: 8 created\.\n\n\| \| Thing \| Name \| \|\n/);
    assert.match(
      confirmed.stdout,
      /\n\| ✓ created \| audit device \| `file\/` \| writes to \/vault\/audit\/audit\.log \|\n/,
    );
  });

  it('refuses what it does not own, says what to do, and writes nothing', async () => {
    await using journey = await Journey.begin({
      policies: { 'external-secrets': 'path "secret/*" { capabilities = ["read"] }' },
    });
    const { status, stdout } = await journey.run(['--confirm=dev']);
    assert.equal(status, 1);
    assert.match(stdout, /\n {2}✗ refused +policy +external-secrets\n/);
    assert.match(
      stdout,
      /\nexternal-secrets is not Lockstep's, and differs: it lacks 15 lines, and has 1 line more {3}V001\n {2}Read it \(vault policy read external-secrets\)\. To give it to Lockstep, make its first line: # Managed by Lockstep: /,
    );
    assert.match(stdout, /\n✗ 1 problem\nNothing was written\. /);
    assert.deepEqual(journey.writes, []);
  });

  it('refuses a path that no policy can name alone', async () => {
    await using journey = await Journey.begin();
    journey.repository.edit('config/secrets.ts', "'headlamp/tls'", "'headlamp/*'");
    const { status, stdout } = await journey.run(['--yes']);
    assert.equal(status, 1);
    assert.match(stdout, /\nexternal-secrets: needs a rule for "secret\/data\/headlamp\/\*", which is .* {3}V002\n/);
    assert.deepEqual(journey.writes, []);
  });

  it('says which capability is lacking, before the first write', async () => {
    const reads = ['sys/mounts', 'sys/auth', `${policy.slice(0, -'external-secrets'.length)}*`, 'auth/kubernetes/*'];
    const rules = [...reads.map((path) => `path "${path}" { capabilities = ["read"] }`)];
    const looking = [...rules, 'path "sys/audit" { capabilities = ["read", "sudo"] }'].join('\n');
    await using journey = await Journey.begin({
      policies: { blind: rules.join('\n'), looking },
      tokens: [
        { id: 'blind', policies: ['blind'] },
        { id: 'looking', policies: ['looking'] },
      ],
    });
    const blind = await journey.run(['--yes'], { VAULT_TOKEN: 'blind' });
    assert.equal(blind.status, 1);
    assert.match(
      blind.stdout,
      /^sys\/audit: the token lacks "read", "sudo" {3}V003\n {2}Use a token with a policy that has: path "sys\/audit" /,
    );
    const looked = await journey.run(['--plan'], { VAULT_TOKEN: 'looking' });
    assert.match(looked.stdout, /\n8 to create\.\n/);
    const { status, stdout } = await journey.run(['--yes'], { VAULT_TOKEN: 'looking' });
    assert.equal(status, 1);
    assert.match(stdout, /\nsys\/audit\/file: the token lacks "update", "sudo" {3}V003\n/);
    assert.match(stdout, /\n✗ 8 problems\nNothing was written\./);
    assert.deepEqual(journey.writes, []);
  });

  it('killed in the middle: the next run does the rest', async () => {
    await using journey = await Journey.begin();
    journey.vault.faults.add({ effect: { kind: 'latency', latencyMs: 5000 }, path: 'sys/auth/kubernetes' });
    const { child, exited } = journey.repository.start(['bootstrap-vault', '--yes'], { variables: journey.variables });
    for (let count = 0; count < 200 && !(await isMounted(journey.vault)); count++) await wait(50);
    child.kill('SIGKILL');
    assert.equal(await exited, null);
    journey.vault.faults.clear();
    const { status, stdout } = await journey.run(['--yes']);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /= unchanged +KV v2 mount +secret\//);
    assert.match(stdout, /✓ created +role /);
  });

  it('a step that fails: says what was done and what was not, and exits 2', async () => {
    await using journey = await Journey.begin();
    journey.vault.faults.add({
      effect: { kind: 'status', status: 400, errors: ['canary'] },
      path: 'sys/mounts/secret',
    });
    const { status, stdout, stderr } = await journey.run(['--yes']);
    assert.equal(status, 2);
    assert.match(stdout, /\n2 created, 1 failed, 5 not reached\.\n/);
    assert.match(stdout, /\nsecret\/: could not be written: Vault refuses it \(400\) {3}V005\n/);
    assert.doesNotMatch(stdout + stderr, /canary/);
  });

  const wrong: Record<string, [variables: Record<string, string>, says: RegExp]> = {
    'no token': [{ VAULT_TOKEN: '' }, /is set, but empty/],
    'a wrong token': [
      { VAULT_TOKEN: 'hvs.wrong' },
      /^Vault http:\S+: could not read sys\/capabilities-self: Vault does not know the token/,
    ],
    'nobody there': [
      { VAULT_ADDR: 'http://127.0.0.1:1' },
      /nothing listens at http:\/\/127\.0\.0\.1:1\n {2}Start Vault/,
    ],
  };
  for (const [name, [variables, says]] of Object.entries(wrong))
    it(`${name}: says so`, async () => {
      await using journey = await Journey.begin();
      const { status, stdout, stderr } = await journey.run(['--yes'], variables);
      assert.equal(status, name === 'no token' ? 1 : 2);
      assert.match(stderr + stdout, says);
    });

  it('a sealed Vault, and no token at all: say so', async () => {
    await using journey = await Journey.begin();
    journey.vault.seal();
    const sealed = await journey.run(['--yes']);
    assert.equal(sealed.status, 2);
    assert.match(sealed.stderr, /Vault is sealed\n {2}Unseal it: vault operator unseal\n/);
    const { VAULT_TOKEN: _token, ...without } = journey.variables;
    const { status, stderr } = await journey.repository.runBeside(['bootstrap-vault', '--yes'], without);
    assert.equal(status, 2);
    assert.match(stderr, /^there is no token for Vault\n {2}Sign in \(vault login/);
    journey.repository.write('.vault-token', `${journey.vault.rootToken}\n`);
    const found = await journey.repository.runBeside(['bootstrap-vault', '--yes'], without);
    assert.match(found.stderr, /Vault is sealed/);
  });

  const options: Record<string, [args: string[], says: RegExp]> = {
    'one audit device': [['--audit', 'stdout'], /^--audit: there must be two different ones\n/],
    'a relative audit path': [['--audit', 'a.log', 'stdout'], /"a\.log" is neither stdout nor an absolute path\n/],
    'a CA that is none': [['--kubernetes-ca', 'package.json'], /package\.json is not a certificate in PEM\n/],
    'a token that is none': [
      ['--reviewer-jwt', 'package.json'],
      /package\.json is not the token of a ServiceAccount\n/,
    ],
    'a file that is not there': [['--reviewer-jwt', 'nothing'], /^--reviewer-jwt: nothing cannot be read\n/],
    'an address that is none': [['--kubernetes-host', 'cluster'], /"cluster" is not an address\n/],
    'nothing to replace by': [['--replace-reviewer-jwt'], /there is no token to replace it by\n/],
  };
  for (const [name, [args, says]] of Object.entries(options))
    it(`${name}: exit 2`, async () => {
      await using journey = await Journey.begin();
      const { status, stderr } = await journey.run([...args]);
      assert.equal(status, 2);
      assert.match(stderr, says);
      assert.deepEqual(journey.vault.requests, []);
    });

  it('shows neither a token nor a certificate, in any format, whether it goes well or not', async () => {
    const jwt = 'canary-head.canary-body.canary-signature';
    const ca = '-----BEGIN CERTIFICATE-----\ncanary-certificate\n-----END CERTIFICATE-----\n';
    for (const failing of [false, true])
      for (const format of ['text', 'markdown', 'json']) {
        await using journey = await Journey.begin({ rootToken: 'hvs.canary-root' });
        journey.repository.write('ca.pem', ca);
        journey.repository.write('jwt', jwt);
        const errors = [`malformed: ${jwt} ${ca}`];
        const kinds = [
          { kind: 'status', status: 400, errors } as const,
          { kind: 'status', status: 500, errors } as const,
        ];
        if (failing)
          for (const effect of kinds)
            journey.vault.faults.add({ effect, path: 'auth/kubernetes/config', operation: 'update', times: 1 });
        const args = ['--yes', '--kubernetes-ca', 'ca.pem', '--output', format];
        for (const [more, variables] of [
          [['--reviewer-jwt', 'jwt'], {}],
          [[], { TOKEN_REVIEWER_JWT: jwt }],
          [['--replace-reviewer-jwt', '--confirm=dev', '--reviewer-jwt', 'jwt'], {}],
          [['--confirm=dev'], { TOKEN_REVIEWER_JWT: `${jwt} canary` }],
        ] as const) {
          const { stdout, stderr } = await journey.run([...args, ...more], variables);
          assert.doesNotMatch(stdout + stderr, /canary/);
        }
        if (!failing) {
          const config = await ask(journey.vault, { method: 'GET', path: 'auth/kubernetes/config' });
          assert.match(config.text, /"token_reviewer_jwt_set":true/);
          assert.match(config.text, /canary-certificate/);
        }
      }
  });
});

async function isMounted(vault: EmbeddedVault): Promise<boolean> {
  return (await ask(vault, { method: 'GET', path: 'sys/mounts/secret' })).status === 200;
}
