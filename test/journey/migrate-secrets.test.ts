import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ask } from '../dev/vault-client.ts';
import { tenantId } from '../fixtures/configuration.ts';
import { DevServers } from '../fixtures/dev-servers.ts';
import type { Run } from '../fixtures/repository.ts';
import { Repository } from '../fixtures/repository.ts';

const canary = 'kJ4-canary-7Qz';
const application = 'ai-platform-engineering';

/** In the order of a person's way: each step goes on from the one before. */
describe('npm run migrate-secrets-to-azure, and back', () => {
  let repository: Repository;
  let servers: DevServers;
  /** All that was printed by any run. */
  let shown = '';
  before(async () => {
    repository = new Repository();
    servers = await DevServers.start(repository);
  });
  after(async () => {
    await servers.stop();
    repository.remove();
  });

  async function run(...args: readonly string[]): Promise<Run> {
    const variables = { ...servers.variables('vault'), ...servers.variables('azure'), HOME: repository.root };
    const done = await repository.runBeside(args, variables);
    shown += done.stdout + done.stderr;
    return done;
  }
  const toAzure = (...args: readonly string[]): Promise<Run> =>
    run('migrate-secrets-to-azure', '--application', application, ...args);

  async function writeToVault(name: string, data: Readonly<Record<string, unknown>>): Promise<void> {
    const { status } = await ask(servers.vault, {
      ...{ method: 'POST', path: `secret/data/${application}/${name}`, body: { data } },
    });
    assert.equal(status, 200);
  }
  async function readFromVault(name: string): Promise<unknown> {
    const { text } = await ask(servers.vault, { method: 'GET', path: `secret/data/${application}/${name}` });
    return (JSON.parse(text) as { data: { data: unknown } }).data.data;
  }
  /** Of a run with --output json: secret → what became of it. */
  function outcomes({ stdout }: Run): Record<string, string> {
    const { items } = JSON.parse(stdout) as {
      items: [{ secrets: { name: string; action: string; outcome: string }[] }];
    };
    return Object.fromEntries(items[0].secrets.map(({ name, action, outcome }) => [name, `${action} ${outcome}`]));
  }

  const jira = {
    ATLASSIAN_TOKEN: canary,
    ATLASSIAN_EMAIL: 'someone@corp.internal',
    ATLASSIAN_API_URL: 'https://corp.atlassian.internal',
    ATLASSIAN_VERIFY_SSL: 'true',
  };
  const argocd = {
    ...{ ARGOCD_TOKEN: `${canary}\n"<&>\u2028`, ARGOCD_API_URL: 'https://argocd.internal', ARGOCD_VERIFY_SSL: 'true' },
    OLD_FIELD: `${canary}-old`,
  };

  it('shows a plan, with what is missing and what stays behind, and writes nothing', async () => {
    await writeToVault('jira-secret', jira);
    await writeToVault('argocd-secret', argocd);
    const { status, stdout } = await toAzure('--plan');
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^Migrate dev: Vault http:\/\/\S+ → Key Vault https:\/\/\S+\n\n {2}secret +from +to +result\n/,
    );
    assert.match(
      stdout,
      /\n {2}jira +ai-platform-engineering\/jira-secret v1 +ai-platform-engineering-jira +\+ create\n/,
    );
    assert.match(stdout, /\n {2}slack .* \? missing {2}nothing at the source\n/);
    assert.match(
      stdout,
      /\n {2}argocd .*\n {6}! ARGOCD_TOKEN holds white space, .*\n {6}left behind: the field OLD_FIELD, which the catalog does not know\n/,
    );
    assert.match(stdout, /\n {2}4 missing, 2 create\.\n/);
    assert.match(
      stdout,
      /\nNothing was written\.\nNext: npm run migrate-secrets-to-azure -- --application \S+ --yes\n$/,
    );
    assert.equal((await run('verify-secrets', '--secret', 'jira')).status, 1);
  });

  it('writes what only adds, reads it back, and is done', async () => {
    const written = await toAzure('--output', 'json');
    assert.equal(written.status, 1, written.stderr);
    assert.equal(outcomes(written)['jira'], 'create written');
    assert.match(written.stderr, /^✓ written: jira$/m);
    const verified = await run('verify-secrets', '--secret', 'jira');
    assert.equal(verified.status, 0, verified.stdout);
    assert.match(verified.stdout, /\n✓ 1 of 1 Kubernetes Secrets are the same, to the byte, from either store\n/);
    assert.equal(outcomes(await toAzure('--output', 'json'))['jira'], 'unchanged planned');
  });

  it('overwrites nothing unasked, and then only by name', async () => {
    await writeToVault('jira-secret', { ...jira, ATLASSIAN_EMAIL: 'other@corp.internal' });
    const conflict = await toAzure('--secret', 'jira');
    assert.equal(conflict.status, 1);
    assert.match(
      conflict.stdout,
      /\n {2}jira .* ! differs {2}the target holds version 1, as it was copied\n {6}ATLASSIAN_EMAIL {2}[A-Z2-7]{8} \/ [A-Z2-7]{8}\n/,
    );
    const unnamed = await toAzure('--secret', 'jira', '--overwrite', '--yes');
    assert.equal(unnamed.status, 1);
    assert.match(unnamed.stdout, /\nNothing was written\.\nNext: .* --secret jira --overwrite --confirm=dev\n$/);
    const named = await toAzure('--secret', 'jira', '--overwrite', '--confirm=dev');
    assert.equal(named.status, 0, named.stdout);
    assert.match(
      named.stdout,
      /\n✓ 1 of 1 secret written and read back\n✓ 1 of 1 Kubernetes Secret will be the same, to the byte, from either store \(4 keys compared\)\n/,
    );
  });

  it('takes no required field away', async () => {
    const { ATLASSIAN_EMAIL: _, ...incomplete } = jira;
    await writeToVault('jira-secret', incomplete);
    const { status, stdout } = await toAzure('--secret', 'jira', '--overwrite', '--confirm=dev');
    assert.equal(status, 1);
    assert.match(stdout, / ✗ blocked {2}source: required fields missing \(ATLASSIAN_EMAIL\)\n/);
    await writeToVault('jira-secret', { ...jira, ATLASSIAN_EMAIL: 'other@corp.internal' });
  });

  it('applies a saved plan while it holds, and refuses it afterwards', async () => {
    await writeToVault('github-secret', { GITHUB_PERSONAL_ACCESS_TOKEN: `${canary}-g` });
    const saving = await toAzure('--save-plan', 'plan.json');
    assert.match(saving.stdout, /\nNext: npm run migrate-secrets-to-azure -- --apply plan\.json\n$/);
    assert.doesNotMatch(repository.read('plan.json'), new RegExp(canary));
    await writeToVault('github-secret', { GITHUB_PERSONAL_ACCESS_TOKEN: `${canary}-h` });
    const stale = await run('migrate-secrets-to-azure', '--apply', 'plan.json');
    assert.equal(stale.status, 2);
    assert.match(stale.stderr, /the plan is not about what the stores hold now: github\n {2}Nothing was written\./);
    await toAzure('--save-plan', 'plan.json');
    const applied = await run('migrate-secrets-to-azure', '--apply', 'plan.json', '--output', 'json');
    assert.equal(outcomes(applied)['github'], 'create written');
    repository.write('plan.json', repository.read('plan.json').replace('"format": 2', '"format": 3'));
    const other = await run('migrate-secrets-to-azure', '--apply', 'plan.json');
    assert.equal(other.status, 2);
    assert.match(other.stderr, /its format is 3, and this version of Lockstep knows 2/);
  });

  it('brings everything back as it was', async () => {
    for (const name of ['jira-secret', 'argocd-secret', 'github-secret'])
      await ask(servers.vault, { method: 'DELETE', path: `secret/metadata/${application}/${name}` });
    const back = await run('migrate-secrets-to-vault', '--application', application);
    assert.match(back.stdout, /\n✓ 3 of 3 secrets written and read back/);
    const { OLD_FIELD: _, ...declared } = argocd;
    assert.deepEqual(await readFromVault('argocd-secret'), declared);
    assert.deepEqual(await readFromVault('jira-secret'), { ...jira, ATLASSIAN_EMAIL: 'other@corp.internal' });
  });

  it('says which store is not there, and how to name it', async () => {
    const variables = { ...servers.variables('vault'), HOME: repository.root };
    const { status, stderr } = await repository.runBeside(['verify-secrets'], variables);
    assert.equal(status, 2);
    assert.match(stderr, /no Key Vault is named: dev has none, and AZURE_KEYVAULT_NAME is not set\n {2}export AZURE_/);
  });

  it('is not led into another Key Vault by an address', async () => {
    const { AZURE_KEYVAULT_NAME: _, ...unnamed } = servers.variables('azure');
    const common = { ...servers.variables('vault'), HOME: repository.root };
    const azure = { ...unnamed, AZURE_KEYVAULT_NAME: 'kv-platform-dev', AZURE_TENANT_ID: tenantId };
    const other = await repository.runBeside(['migrate-secrets-to-azure', '--yes'], { ...common, ...azure });
    assert.equal(other.status, 2, other.stdout);
    assert.match(
      other.stderr,
      /AZURE_KEYVAULT_URI leads to "lockstep-dev", and the Key Vault of dev is "kv-platform-dev"\n {2}Unset it, /,
    );
  });

  it('has shown no value, nor written one down', () => {
    assert.ok(shown.length > 1000);
    const journal = readFileSync(path.join(repository.root, '.lockstep', 'migrations', 'dev.jsonl'), 'utf8');
    assert.ok(journal.split('\n').length > 4);
    for (const text of [shown, journal, repository.read('plan.json')])
      for (const form of [canary, btoa(canary), encodeURIComponent(`${canary}\n`), 'other@corp'])
        assert.ok(!text.includes(form), form);
  });
});
