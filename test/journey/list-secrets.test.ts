import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask } from '../dev/vault-client.ts';
import { DevServers } from '../fixtures/dev-servers.ts';
import { Repository } from '../fixtures/repository.ts';
import type { Run } from '../fixtures/repository.ts';

const canary = 'kJ4-canary-7Qz';

describe('npm run list-secrets', () => {
  let repository: Repository;
  let servers: DevServers;
  before(async () => {
    repository = new Repository();
    servers = await DevServers.start(repository);
  });
  after(async () => {
    await servers.stop();
    repository.remove();
  });

  /** Vault alone: in dev nothing is read from Key Vault, so nobody needs to sign in there. */
  function list(...args: readonly string[]): Promise<Run> {
    const variables = { ...servers.variables('vault'), HOME: repository.root };
    return repository.runBeside(['list-secrets', ...args], variables);
  }
  async function write(path: string, data: Readonly<Record<string, string>>): Promise<void> {
    const { status } = await ask(servers.vault, { method: 'POST', path: `secret/data/${path}`, body: { data } });
    assert.equal(status, 200);
  }

  it('says what is there, what is missing and what is wrong, by application', async () => {
    await write('headlamp/keycloak', {
      OIDC_CLIENT_ID: 'headlamp',
      OIDC_CLIENT_SECRET: canary,
      OIDC_ISSUER_URL: 'https://sso.internal/realms/platform',
    });
    await write('nextjs/application', { NEXTAUTH_SECRET: canary, UNKNOWN: canary });
    await write('team/old', { A: canary });
    const { status, stdout, stderr } = await list();
    assert.equal(status, 1, stderr);
    assert.match(stdout, /^Secrets of dev: Vault http:\/\/\S+\n\n {2}ai-platform-engineering\n/);
    assert.match(stdout, /\n {4}✗ slack +ai-platform-engineering\/slack-secret +missing\n/);
    assert.match(stdout, /\n {4}✓ headlamp +headlamp\/keycloak v1 +3 fields, written today\n/);
    assert.match(
      stdout,
      /\n {4}! nextjs +nextjs\/application v1 +2 fields, written today\n {8}DATABASE_URL is missing, and required\n {8}not in the catalog, and received by nobody: UNKNOWN\n/,
    );
    assert.match(stdout, /\n {2}Not in the catalog: team\/old\n\n! 12 of 13 need a look\nNext: /);
    assert.doesNotMatch(stdout + stderr, new RegExp(canary));
  });

  it('is clean where everything is as it should be', async () => {
    const { status, stdout } = await list('--secret', 'headlamp', '--output', 'json');
    assert.equal(status, 0, stdout);
    assert.doesNotMatch(stdout, new RegExp(canary));
    const { items } = JSON.parse(stdout) as { items: [{ secrets: [{ fields: readonly string[] }] }] };
    assert.deepEqual(items[0].secrets[0].fields, ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_ISSUER_URL']);
  });
});
