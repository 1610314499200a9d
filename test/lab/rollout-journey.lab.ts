/** `npm run rollout` beside the real operator: it watches while the manifests are applied. What does not become ready, or changes, it says. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Platform } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';
import { checkout } from '../fixtures/repository.ts';
import type { Run } from '../fixtures/repository.ts';
import { bootstrapVault } from './bootstrap-vault.ts';
import { awkward, pairsOf, writeAll } from './journey-values.ts';
import { Journey } from './journey.ts';
import { startLabAzure } from './lab-azure.ts';
import type { LabAzure } from './lab-azure.ts';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { secretsIn } from './received-secrets.ts';
import type { Seen } from './received-secrets.ts';

const keyVault = 'kv-platform-dev';
const application = 'ai-platform-engineering';
const file = 'config/applications.ts';
const toAzure = ['--to', 'azure-keyvault-store', '--yes'];
/** Whom the operator and the command are, by a token of the operator's ServiceAccount. */
const audience = 'api://AzureADTokenExchange';

describe('npm run rollout, beside a cluster', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-rollout-'));
  /** In the order in which it is made; all of it also when `before` fails. */
  const cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rmSync(root, { recursive: true, force: true }));
  let lab: Lab;
  let labAzure: LabAzure;
  let journey: Journey;
  let platform: Platform;
  let stock: string;
  let first: Record<string, Seen>;
  let token: string;
  /** All that was printed by any run. */
  let shown = '';

  before(async () => {
    const parts = ['vault', 'external-secrets'] as const;
    lab = cleanup.use(await startLab({ folder: path.join(root, 'lab'), parts, externalSecrets: 'later' }));
    labAzure = await startLabAzure(lab, keyVault);
    cleanup.defer(labAzure.close);
    await lab.startOperator(labAzure.operatorOptions);
    journey = new Journey({ cluster: lab.kubernetes, environment: 'dev' });
    cleanup.defer(() => journey.end());
    for (const _ of ['nextjs', 'backstage', 'headlamp'])
      journey.repository.edit(file, ", props: { secretStore: 'azure-keyvault-store' }", '');
    stock = journey.repository.read(file);
    platform = await journey.platform();
    const bootstrap = bootstrapVault(lab, journey, '--yes');
    assert.equal(bootstrap.status, 0, bootstrap.stdout + bootstrap.stderr);
    token = readFileSync(lab.vault.rootTokenFile, 'utf8');
    const store = createVaultStore({ address: lab.vault.url, auth: { kind: 'token', token: new SecretValue(token) } });
    await writeAll(store, pairsOf(platform, 'vault-secret-store', 'strings'));
    await store.close();
    await labAzure.write(pairsOf(platform, 'azure-keyvault-store', 'strings'));
    journey.synth();
    await journey.apply();
    await journey.ready();
    first = await secretsIn(lab.kubernetes, platform);
  });
  after(() => cleanup.disposeAsync());

  /** Of the operator's identity; as what a Pod of it would have. */
  async function asOperator(): Promise<Record<string, string>> {
    const args = ['create', 'token', 'external-secrets', '--namespace', 'external-secrets', '--audience', audience];
    const tokenFile = path.join(root, 'token');
    writeFileSync(tokenFile, (await lab.kubernetes.kubectl(args)).trim(), { mode: 0o600 });
    return { ...labAzure.variables, AZURE_FEDERATED_TOKEN_FILE: tokenFile };
  }
  function asWriter(): Record<string, string> {
    const writer = labAzure.azure.identities.find(({ clientSecret }) => clientSecret !== undefined);
    const { AZURE_TENANT_ID = '' } = labAzure.variables;
    return {
      AZURE_TENANT_ID,
      AZURE_CLIENT_ID: writer?.clientId ?? '',
      AZURE_CLIENT_SECRET: writer?.clientSecret?.reveal() ?? '',
    };
  }

  /** Where the Key Vault has its real name. @param onDeploy called when it says that it is time to deploy, once for each application */
  function run(
    identity: Readonly<Record<string, string>>,
    args: readonly string[],
    onDeploy: (kill: (signal: NodeJS.Signals) => void, time: number) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<Run> {
    const main = [process.execPath, '--disable-warning=ExperimentalWarning', path.join(checkout, 'src', 'main.js')];
    const [program = '', ...rest] = lab.inView([...main, ...args]);
    const child = spawn(program, rest, {
      cwd: journey.repository.root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...{ PATH: `${lab.bin}:${process.env['PATH'] ?? ''}`, HOME: journey.repository.root },
        ...{ KUBECONFIG: lab.kubernetes.kubeconfig, VAULT_ADDR: lab.vault.url, VAULT_TOKEN: token },
        ...{ AZURE_KEYVAULT_NAME: keyVault, LOCKSTEP_AZURE_CACERT: labAzure.operatorOptions.caFile, ...identity },
      },
    });
    const texts = { stdout: '', stderr: '' };
    let deployed = 0;
    const deploying: Promise<unknown>[] = [];
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] += text;
        const times = texts.stderr.split('Deploy it now').length - 1;
        while (deployed < times) deploying.push(onDeploy((signal) => child.kill(signal), ++deployed));
      });
    return new Promise((resolve, reject) => {
      child.once('close', (status) => {
        shown += texts.stdout + texts.stderr;
        Promise.all(deploying).then(() => resolve({ status, ...texts }), reject);
      });
    });
  }
  const rollout = async (
    args: readonly string[],
    onDeploy?: (kill: (signal: NodeJS.Signals) => void, time: number) => Promise<unknown>,
  ): Promise<Run> => run(await asOperator(), ['rollout', ...args], onDeploy);
  const one = ['--application', application];
  const deploy = (): Promise<void> => journey.apply();
  const untouched = async (): Promise<void> => assert.deepEqual(await secretsIn(lab.kubernetes, platform), first);
  /** Store → how many ExternalSecrets read from it. */
  async function stores(): Promise<Record<string, number>> {
    const names = (await journey.ready()).map(({ spec }) => spec.secretStoreRef?.name ?? '');
    return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
  }

  it('ends at the deadline where nobody deploys, and says what the cluster shows', async () => {
    const { status, stdout, stderr } = await rollout([...one, ...toAzure, '--timeout', '3s']);
    assert.equal(status, 1, stdout + stderr);
    assert.match(stderr, /The cluster is that of kubectl's context \S+\.\n/);
    assert.match(
      stdout,
      /\n {4}\? not deployed +ai-platform-engineering\/agent-jira-secrets +reads from vault-secret-store\n/,
    );
    assert.match(
      stdout,
      /\n✗ 0 of 6 ExternalSecrets Ready from azure-keyvault-store\nTo go back: npm run rollout -- .* --back\nNext: /,
    );
    await untouched();
  });

  it('is ended by Ctrl-C with what it knows', async () => {
    const { status, stdout } = await rollout([...one, ...toAzure], (kill) => {
      kill('SIGTERM');
      return Promise.resolve();
    });
    assert.equal(status, 2, stdout);
    assert.match(stdout, /: – stopped\n/);
  });

  it('goes on where it is, also after it was killed, and ends when all are ready and nothing has changed', async () => {
    await rollout([...one, ...toAzure], (kill) => {
      kill('SIGKILL');
      return Promise.resolve();
    });
    const { status, stdout, stderr } = await rollout([...one, ...toAzure], deploy);
    assert.equal(status, 0, stdout + stderr);
    assert.match(stderr, /^✓ ready: ai-platform-engineering\/agent-slack-secrets$/m);
    assert.match(
      stdout,
      /\n✓ ai-platform-engineering: 6 of 6 ExternalSecrets Ready from azure-keyvault-store, bytes unchanged\n/,
    );
    assert.deepEqual(await stores(), { 'azure-keyvault-store': 6, 'vault-secret-store': 8 });
    await untouched();
    const again = await rollout([...one, ...toAzure]);
    assert.equal(again.status, 0, again.stdout);
    assert.match(again.stdout, /: = already there\n/);
  });

  it('goes back', async () => {
    const { status, stdout, stderr } = await rollout([...one, '--back', '--yes'], deploy);
    assert.equal(status, 0, stdout + stderr);
    assert.equal(journey.repository.read(file), stock);
    assert.deepEqual(await stores(), { 'vault-secret-store': 14 });
    await untouched();
  });

  it('tells of a Secret that changed all the same, and leads back to what it was', async () => {
    const vaultPath = 'secret/data/ai-platform-engineering/jira-secret';
    const read = await lab.vault.request('GET', vaultPath);
    const overwriting = ['--secret', 'jira', '--overwrite', '--confirm=dev'];
    const { data } = (read as { data: { data: Record<string, string> } }).data;
    const changed = await rollout([...one, ...toAzure], async () => {
      // After it was verified.
      await lab.vault.request('POST', vaultPath, { data: { ...data, ATLASSIAN_EMAIL: 'other@corp.internal' } });
      const migrated = await run(asWriter(), ['migrate-secrets-to-azure', ...overwriting]);
      assert.equal(migrated.status, 0, migrated.stdout + migrated.stderr);
      await lab.vault.request('POST', vaultPath, { data });
      await deploy();
    });
    assert.equal(changed.status, 1, changed.stdout + changed.stderr);
    assert.match(
      changed.stdout,
      /✗ changed +ai-platform-engineering\/agent-jira-secrets +other bytes: ATLASSIAN_EMAIL\n/,
    );
    assert.match(changed.stdout, /\nNext: npm run rollout -- --application ai-platform-engineering --back\n$/);
    const back = await rollout([...one, '--back', '--yes'], deploy);
    assert.equal(back.status, 0, back.stdout + back.stderr);
    assert.match(back.stdout, /\n {4}jira +! different {2}differs: ATLASSIAN_EMAIL\n/);
    await untouched();
    const mended = await run(asWriter(), ['migrate-secrets-to-azure', ...overwriting]);
    assert.equal(mended.status, 0, mended.stdout + mended.stderr);
  });

  it('refuses a Secret that the operator has not read since the store changed', async () => {
    const { kubectl } = lab.kubernetes;
    const where = ['secret', 'agent-github-secrets', '--namespace', application];
    const kept = JSON.parse(await kubectl(['get', ...where, '--output', 'json'])) as { data: Record<string, string> };
    const patch = (data: object): Promise<string> => kubectl(['patch', ...where, '--patch', JSON.stringify({ data })]);
    await lab.server('external-secrets').stop();
    try {
      await patch({ GITHUB_PERSONAL_ACCESS_TOKEN: btoa('old') });
      const { status, stdout } = await rollout([...one, ...toAzure, '--timeout', '3s']);
      assert.equal(status, 1, stdout);
      assert.match(
        stdout,
        /agent-github-secrets holds other bytes than the stores: GITHUB_PERSONAL_ACCESS_TOKEN\. Have/,
      );
      assert.equal(journey.repository.read(file), stock);
    } finally {
      await patch(kept.data);
      await lab.server('external-secrets').start();
    }
  });

  it('leads all over one after the other, and stops at the first that is not ready', async () => {
    const stopped = await rollout(['--all', ...toAzure, '--timeout', '20s'], (_kill, time) =>
      time === 1 ? deploy() : Promise.resolve(),
    );
    assert.equal(stopped.status, 1, stopped.stdout + stopped.stderr);
    assert.match(stopped.stdout, /^external-secrets → azure-keyvault-store: ✓ ready$/m);
    assert.match(stopped.stdout, /^ai-platform-engineering → azure-keyvault-store: ✗ not ready$/m);
    assert.match(stopped.stdout, /\nNot begun: nextjs, backstage, headlamp\n/);
    const all = await rollout(['--all', ...toAzure], deploy);
    assert.equal(all.status, 0, all.stdout + all.stderr);
    assert.match(all.stdout, /^external-secrets → azure-keyvault-store: = already there$/m);
    assert.deepEqual(await stores(), { 'azure-keyvault-store': 14 });
    await untouched();
  });

  it('leads all back', async () => {
    const { status, stdout, stderr } = await rollout(['--all', '--back', '--yes'], deploy);
    assert.equal(status, 0, stdout + stderr);
    assert.equal(journey.repository.read(file), stock);
    assert.deepEqual(await stores(), { 'vault-secret-store': 14 });
    await untouched();
  });

  it('has shown no value', () => {
    assert.ok(shown.length > 5000);
    const long = Object.values(awkward).filter((value) => value.length > 10);
    for (const value of [...long, 'other@corp'])
      for (const form of [value, Buffer.from(value).toString('base64'), encodeURIComponent(value)])
        assert.ok(!shown.includes(form), form);
  });
});
