/** Without a cluster: what is verified, shown, edited and given back. What comes of it in a cluster: test/lab/rollout-journey.lab.ts. */
import assert from 'node:assert/strict';
import { chmodSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { rollout as schema } from '../../src/report/rollout-schema.ts';
import { ask } from '../dev/vault-client.ts';
import { DevServers } from '../fixtures/dev-servers.ts';
import type { Run } from '../fixtures/repository.ts';
import { Repository } from '../fixtures/repository.ts';

const canary = 'kJ4-canary-7Qz';
const application = 'ai-platform-engineering';
const file = 'config/applications.ts';
const toAzure = ['--to', 'azure-keyvault-store'];

/** Of the documents' items; every object knows only what is described. */
const validate = new Ajv2020({ strict: false }).compile({ type: 'array', items: close(schema) });

function close(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(close);
  if (typeof node !== 'object' || node === null) return node;
  const closed = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, close(value)]));
  return closed['type'] === 'object' ? { ...closed, additionalProperties: false } : closed;
}

function schemaErrors(stdout: string): object[] {
  return validate((JSON.parse(stdout) as { items: unknown }).items) ? [] : (validate.errors ?? []);
}

/** In the order of a person's way: each step goes on from the one before. */
describe('npm run rollout, where there is no cluster', () => {
  let repository: Repository;
  let servers: DevServers;
  let stock: string;
  /** All that was printed by any run. */
  let shown = '';
  before(async () => {
    repository = new Repository();
    stock = repository.read(file);
    servers = await DevServers.start(repository, ['--seed']);
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
  const rollout = (...args: readonly string[]): Promise<Run> =>
    run('rollout', '--application', application, '--no-watch', ...args);
  async function writeJira(email: string): Promise<void> {
    const data = {
      ...{ ATLASSIAN_TOKEN: canary, ATLASSIAN_EMAIL: email },
      ...{ ATLASSIAN_API_URL: `https://${canary}.internal`, ATLASSIAN_VERIFY_SSL: 'true' },
    };
    const { status } = await ask(servers.vault, {
      ...{ method: 'POST', path: `secret/data/${application}/jira-secret`, body: { data } },
    });
    assert.equal(status, 200);
  }

  it('refuses before anything is changed, where a cluster is to be watched and kubectl knows none', async () => {
    const { status, stderr } = await run('rollout', '--application', application, ...toAzure, '--yes');
    assert.equal(status, 2);
    assert.match(stderr, /kubectl (?:knows no cluster|is not installed).*\n {2}.*--kubeconfig FILE.*--no-watch/);
    assert.equal(repository.read(file), stock);
  });

  it('refuses what differs between the stores, and names what mends it', async () => {
    await writeJira(`${canary}@corp.internal`);
    const { status, stdout } = await rollout(...toAzure, '--yes');
    assert.equal(status, 1, stdout);
    assert.match(stdout, /\n {4}jira +! different {2}differs: ATLASSIAN_API_URL, ATLASSIAN_EMAIL, ATLASSIAN_TOKEN\n/);
    assert.match(stdout, /\n {4}slack +. same\n/);
    assert.match(
      stdout,
      /\nNothing was written\.\nNext: npm run migrate-secrets-to-azure -- --application ai-platform-engineering\n$/,
    );
    assert.equal(repository.read(file), stock);
    const migrated = await run(
      'migrate-secrets-to-azure',
      '--application',
      application,
      '--overwrite',
      '--confirm=dev',
    );
    assert.equal(migrated.status, 0, migrated.stdout);
  });

  it('shows the change and where it counts, and writes nothing: --plan, and where nobody can agree', async () => {
    const planned = await rollout(...toAzure, '--plan');
    assert.equal(planned.status, 1);
    assert.match(planned.stdout, /^Roll out dev\n\nai-platform-engineering → azure-keyvault-store: ~ planned\n/);
    assert.match(planned.stdout, /\n {4}-\/\/ import \{ aiPlat.*\n {4}\+import \{ aiPlat/);
    assert.match(planned.stdout, /\n {4}- {2}\{ name: 'ai-platform-engineering'.*\n {4}\+ {2}aiPlatformAzureConfig,\n/);
    assert.match(planned.stdout, /\n {4}dev +vault-secret-store → azure-keyvault-store\n/);
    assert.match(planned.stdout, /\n {4}staging +vault-secret-store → azure-keyvault-store\n/);
    assert.match(planned.stdout, /\n {4}production +stays on azure-keyvault-store\n/);
    assert.match(planned.stdout, /\nNothing was written\.\nNext: npm run rollout -- .* --yes --no-watch\n$/);
    const without = await run('rollout', '--application', application, ...toAzure, '--plan');
    assert.match(without.stderr, /(?:knows no cluster|not installed).*: no Secret of a cluster is looked at\.\n/);
    assert.equal(without.stdout, planned.stdout.replace(' --no-watch\n', '\n'));
    const unasked = await rollout(...toAzure);
    assert.equal(unasked.stdout, planned.stdout);
    assert.equal(repository.read(file), stock);
    assert.ok(!repository.has('dist') && !repository.has('.lockstep/rollout'));
  });

  it('makes the change, keeps the mode of the file, and synthesises', async () => {
    const where = path.join(repository.root, file);
    chmodSync(where, 0o640);
    const { status, stdout } = await rollout(...toAzure, '--yes');
    assert.equal(status, 0, stdout);
    assert.equal(statSync(where).mode & 0o777, 0o640);
    assert.match(repository.read(file), /^ {2}aiPlatformAzureConfig,$/m);
    assert.match(stdout, /\n {4}idpbuilder create --package dist\/dev\n/);
    assert.match(
      stdout,
      /\n {4}kubectl apply --server-side -k dist\/dev\/external-secrets\/manifests\n {4}kubectl .*\/ai-pl/,
    );
    assert.match(
      repository.read(`dist/dev/${application}/manifests/externalsecret-agent-jira-secrets.yaml`),
      /name: azure-keyvault-store\n/,
    );
    assert.match(
      stdout,
      /\nNext: npm run rollout -- --application ai-platform-engineering --to azure-keyvault-store\n$/,
    );
  });

  it('goes on where it is, and writes no second time', async () => {
    const text = repository.read(file);
    const { status, stdout } = await rollout(...toAzure, '--output', 'json');
    assert.equal(status, 0, stdout);
    assert.deepEqual(schemaErrors(stdout), []);
    const { items } = JSON.parse(stdout) as { items: [{ applications: [{ state: string; diff: string[] }] }] };
    assert.deepEqual([items[0].applications[0].state, items[0].applications[0].diff], ['written', []]);
    assert.equal(repository.read(file), text);
  });

  it('goes back, byte for byte; also where the stores differ by now, which it says', async () => {
    await writeJira('other@corp.internal');
    const planned = await rollout('--back', '--plan');
    assert.match(planned.stdout, /\n {4}jira +! different {2}differs: ATLASSIAN_EMAIL\n/);
    assert.match(planned.stdout, /\n {2}What differs changes for the applications with the way back\.\n/);
    const { status, stdout } = await rollout('--back', '--yes');
    assert.equal(status, 0, stdout);
    assert.equal(repository.read(file), stock);
    assert.match(
      repository.read(`dist/dev/${application}/manifests/externalsecret-agent-jira-secrets.yaml`),
      /name: vault-secret-store\n/,
    );
    const again = await rollout('--back', '--yes');
    assert.equal(again.status, 0, again.stdout);
    assert.equal(repository.read(file), stock);
    await run('migrate-secrets-to-azure', '--application', application, '--overwrite', '--confirm=dev');
  });

  it('goes through all, and back through all; what another edit did meanwhile stays', async () => {
    const all = await run('rollout', '--all', '--no-watch', ...toAzure, '--yes');
    assert.equal(all.status, 0, all.stdout);
    assert.match(all.stdout, /\nexternal-secrets → azure-keyvault-store: ✓ written\n/);
    assert.match(all.stdout, /\nnextjs → azure-keyvault-store: = already there\n/);
    const meanwhile = (text: string): string => text.replace('// HashiCorp Vault, the default.', '// Vault.');
    repository.write(file, meanwhile(repository.read(file)));
    const back = await run('rollout', '--all', '--no-watch', '--back', '--yes');
    assert.equal(back.status, 0, back.stdout);
    assert.equal(repository.read(file), meanwhile(stock));
    repository.write(file, stock);
  });

  it('leads another environment over, which is deployed by git', async () => {
    const { AZURE_KEYVAULT_NAME = '' } = servers.variables('azure');
    repository.edit('config/environments.ts', 'kv-platform-staging', AZURE_KEYVAULT_NAME);
    const args = ['rollout', '--all', '--no-watch', ...toAzure, '--environment', 'staging', '--yes'];
    const { status, stdout, stderr } = await run(...args, '--timeout', '1h');
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /\n {4}dev +stays on vault-secret-store, for want of a Key Vault\n/);
    assert.match(stdout, /\n {4}git add config\/applications\.ts dist\/staging\n {4}git commit .*\n {4}git push\n/);
    assert.match(stdout, /\nNext: npm run rollout -- --environment staging --timeout 1h --all --to \S+\n$/);
    repository.edit('config/environments.ts', AZURE_KEYVAULT_NAME, 'kv-platform-staging');
    repository.write(file, stock);
  });

  it('asks for production by its name, where production changes too', async () => {
    repository.edit(
      'config/environments.ts',
      "defaultStore: 'azure-keyvault-store'",
      "defaultStore: 'vault-secret-store'",
    );
    const unnamed = await rollout(...toAzure, '--yes');
    assert.equal(unnamed.status, 1);
    assert.match(unnamed.stdout, /\n {4}production +vault-secret-store → azure-keyvault-store {2}production\n/);
    assert.match(unnamed.stdout, /\nNext: .* --confirm=production --no-watch\n$/);
    assert.equal(repository.read(file), stock);
    const named = await rollout(...toAzure, '--confirm=production');
    assert.equal(named.status, 0, named.stdout);
    await rollout('--back', '--confirm=production');
    assert.equal(repository.read(file), stock);
  });

  it('does not make an edit that would change more than the store', async () => {
    const ofAi = "chart: { type: 'AiPlatformEngineeringChart' }";
    repository.edit(file, ofAi, ofAi.replace('{ type', '{ ...common, type'));
    const common = "const common = { props: { agents: ['jira', 'slack'] } } as const;";
    repository.edit(file, 'export const', `${common}\nexport const`);
    const text = repository.read(file);
    const { status, stdout } = await rollout(...toAzure, '--yes');
    assert.equal(status, 1);
    assert.match(stdout, /Change it by hand and run this again:\n/);
    assert.equal(repository.read(file), text);
    repository.write(file, stock);
  });

  it('leaves a store that does not answer any more', async () => {
    await rollout(...toAzure, '--yes');
    const { AZURE_KEYVAULT_URI = '', ...azure } = servers.variables('azure');
    const nowhere = { AZURE_KEYVAULT_URI: AZURE_KEYVAULT_URI.replace(/:\d+$/, ':9') };
    const variables = { ...servers.variables('vault'), ...azure, ...nowhere, HOME: repository.root };
    const args = ['rollout', '--application', application, '--no-watch'];
    const { status, stdout, stderr } = await repository.runBeside([...args, '--back', '--yes'], variables);
    assert.equal(status, 0, stdout + stderr);
    assert.match(stderr, /The stores could not be compared: /);
    assert.equal(repository.read(file), stock);
  });

  it('does not edit what it does not understand, and says what to write', async () => {
    const chart = "{ type: 'AiPlatformEngineeringChart' }";
    repository.edit(file, `chart: ${chart}`, 'chart: aiChart');
    repository.edit(file, 'export const', `const aiChart = ${chart} as const;\nexport const`);
    repository.edit(file, '// import { aiPlatformAzureConfig }', '// import {aiPlatformAzureConfig as ai}');
    const text = repository.read(file);
    const { status, stdout } = await rollout(...toAzure, '--yes');
    assert.equal(status, 1);
    assert.match(
      stdout,
      /Change it by hand and run this again:\n {4}in the entry of ai-platform-engineering: chart: \{/,
    );
    assert.equal(repository.read(file), text);
    repository.write(file, stock);
  });

  for (const [args, message] of [
    [['--to', 'azure-keyvault'], /there is no store "azure-keyvault"\n {2}Did you mean azure-keyvault-store\?/],
    [['--application', application], /it is not said which store to go to/],
    [['--all', '--application', application, ...toAzure], /--all and --application exclude each other/],
    [[...toAzure], /it is not said which application/],
    [['--application', 'vault', ...toAzure], /vault has no secrets of its own/],
    [['--all', ...toAzure, '--timeout', 'soon'], /--timeout "soon" is not a duration/],
    [['--all', ...toAzure, '--confirm=prod'], /there is no environment "prod"/],
  ] as const)
    it(`says what is wrong with ${args.join(' ')}`, async () => {
      const application = args[0] === '--to' && args[1] === 'azure-keyvault' ? ['--all'] : [];
      const { status, stderr } = await run('rollout', ...args, ...application);
      assert.equal(status, 2);
      assert.match(stderr, message);
    });

  it('says that a variable would hide what config/ says', async () => {
    const variables = {
      ...servers.variables('azure'),
      HOME: repository.root,
      AI_PLATFORM_SECRET_STORE: 'vault-secret-store',
    };
    const { status, stderr } = await repository.runBeside(['rollout', '--all', ...toAzure], variables);
    assert.equal(status, 2);
    assert.match(stderr, /AI_PLATFORM_SECRET_STORE is set, .*\n {2}unset AI_PLATFORM_SECRET_STORE\n/);
  });

  it('has shown no value, nor written one down', () => {
    assert.ok(shown.length > 1000);
    const written = Object.keys(repository.tree('.lockstep/rollout')).map((name) =>
      repository.read(`.lockstep/rollout/${name}`),
    );
    assert.ok(written.length >= 2);
    for (const text of [shown, ...written])
      for (const form of [canary, btoa(canary), 'other@corp']) assert.ok(!text.includes(form), form);
  });
});
