/**
 * The output of synth in a git repository, and Argo CD: one Application is applied by hand, it brings the others, and all of them become and
 * stay Synced and Healthy. Vault is the store. The Helm charts are stand-ins, found under their own addresses (stand-in-charts.ts).
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { loadConfiguration } from '../../src/configuration/load-configuration.ts';
import { seedSecret } from '../../src/start/seed.ts';
import { platformOf } from '../fixtures/configuration.ts';
import { Repository } from '../fixtures/repository.ts';
import { ApplicationWatch } from './application-watch.ts';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';
import { serveStandInCharts, wantedCharts } from './stand-in-charts.ts';
import type { ServedCharts } from './stand-in-charts.ts';
import { until } from './until.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-argo-cd-journey-'));
const environment = 'staging';
const quietMs = 180_000;
const refreshEveryMs = 30_000;
/** Around a sync Argo CD may compare with what it saw before it, and say OutOfSync for a tenth of a second. */
const stillMs = 15_000;

type ExternalSecret = {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: { readonly refreshInterval: string };
  readonly status?: { readonly refreshTime?: string; readonly conditions?: readonly { readonly message: string }[] };
};

describe('Argo CD with the output of synth', () => {
  let lab: Lab;
  let charts: ServedCharts;
  let watch: ApplicationWatch;
  const repository = new Repository();
  const applications = ['ai-platform-engineering', 'backstage', 'external-secrets', 'headlamp', 'nextjs', 'vault'];
  const children = ['external-secrets-operator', 'vault-server'];
  const all = [`platform-${environment}`, ...applications, ...children];

  const list = async (resource: string): Promise<readonly ExternalSecret[]> =>
    (JSON.parse((await lab.kubernetes.get(resource)).text) as { items: readonly ExternalSecret[] }).items;
  const externalSecrets = (): Promise<readonly ExternalSecret[]> =>
    list('/apis/external-secrets.io/v1/externalsecrets');
  const statusOf = async (resource: string): Promise<number> => (await lab.kubernetes.get(resource)).status;

  /** Makes the operator fetch every ExternalSecret, and waits until it has. */
  async function refreshAll(): Promise<void> {
    const times = (await externalSecrets()).map(({ status }) => status?.refreshTime ?? '');
    const second = times.toSorted().at(-1) ?? '';
    // Times have whole seconds: the next one must differ.
    await until('the next second', () => Promise.resolve(Date.now() > Date.parse(second) + 1000));
    const annotation = `force-sync=${Date.now()}`;
    await lab.kubernetes.kubectl([
      'annotate',
      'externalsecret',
      '--all',
      '--all-namespaces',
      '--overwrite',
      annotation,
    ]);
    await until('every ExternalSecret is refreshed', async () => {
      const waiting = (await externalSecrets()).filter(({ status }) => (status?.refreshTime ?? '') <= second);
      const told = waiting.map((one) => `${nameOf(one)} (${one.status?.conditions?.[0]?.message ?? 'no condition'})`);
      return told.length === 0 || Promise.reject(new Error(told.join(', ')));
    });
  }

  function synth(): void {
    const { status, stdout, stderr } = repository.run(['synth', '--environment', environment]);
    assert.equal(status, 0, stdout + stderr);
  }

  function commit(message: string): void {
    const git = (...args: readonly string[]): unknown => execFileSync('git', args, { cwd: repository.root });
    git('add', 'dist');
    git('-c', 'user.name=lab', '-c', 'user.email=lab@example.invalid', 'commit', '--quiet', '--message', message);
  }

  const head = (): string =>
    execFileSync('git', ['rev-parse', 'HEAD'], { cwd: repository.root, encoding: 'utf8' }).trim();

  before(async () => {
    lab = await startLab({
      folder: path.join(root, 'lab'),
      progress: (line) => void process.stderr.write(`lab: ${line}\n`),
    });
    editConfiguration(repository);
    execFileSync('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd: repository.root });
    synth();
    commit('First');
    await fillVault(lab, repository);
    charts = await serveStandInCharts(lab, wantedCharts(path.join(repository.root, 'dist', environment)));
    await lab.startRepositoryServer(charts);
    watch = new ApplicationWatch(lab, repository.root);
  });
  after(async () => {
    watch.stop();
    charts.close();
    await lab.stop();
    repository.remove();
    rmSync(root, { recursive: true, force: true });
  });

  /** Right after a sync Argo CD may compare with what it had seen before it, and say OutOfSync for a tenth of a second. */
  async function compareAnew(): Promise<void> {
    const compared = (): (string | undefined)[] => all.map((name) => watch.get(name)?.status?.reconciledAt);
    const before = compared();
    // Times of comparison are to the second.
    await wait(1100);
    const refresh = ['argocd.argoproj.io/refresh=normal', '--overwrite'];
    await lab.kubernetes.kubectl(['annotate', 'applications.argoproj.io', '--all', '-n', 'argocd', ...refresh]);
    await until('each Application is compared anew', () =>
      Promise.resolve(compared().every((time, index) => time !== undefined && time !== before[index])),
    );
  }

  it('brings every Application to Synced and Healthy', async (test) => {
    const file = repository.read(`dist/${environment}/app-of-apps.yaml`);
    await lab.kubernetes.kubectl(['apply', '--server-side', '-f', '-'], file);
    await watch.settled(all);
    await compareAnew();
    for (const one of await watch.settledFor(stillMs, all)) test.diagnostic(`after the first sync: ${one}`);
    const wanted = repositoryFiles(repository).filter((file) => /\/externalsecret-/.test(file));
    assert.equal((await externalSecrets()).length, wanted.length);
    for (const { metadata } of await externalSecrets())
      assert.equal(await statusOf(`/api/v1/namespaces/${metadata.namespace}/secrets/${metadata.name}`), 200);
    const [helm, oci] = ['helm.releases.hashicorp.com/vault-0.34.1.tgz', 'ghcr.io/v2/cnoe-io/helm-charts/'];
    assert.ok(charts.asked.has(helm), 'the Helm repository was asked');
    assert.ok(
      [...charts.asked].some((url) => url.startsWith(oci)),
      'the registry was asked',
    );
  });

  it('keeps them so for 3 minutes, while every ExternalSecret is refreshed', async () => {
    const begin = performance.now();
    const states = watch.states;
    const reconciled = watch.get('nextjs')?.status?.reconciledAt ?? '';
    let rounds = 0;
    for (; performance.now() < begin + quietMs; rounds++) {
      await refreshAll();
      const next = Math.min(begin + quietMs, performance.now() + refreshEveryMs);
      await until(
        'the next round, or an Application that is not as it should be',
        async () => performance.now() >= next || (await watch.left()).length > 0,
        refreshEveryMs + 10_000,
      );
      assert.deepEqual(await watch.left(), [], 'Applications that were not Synced and Healthy');
    }
    assert.ok(rounds >= 5, `${rounds} refreshes`);
    // That Argo CD compared all the time, and that the watch was told.
    assert.ok(watch.states > states);
    const compared = Date.parse(watch.get('nextjs')?.status?.reconciledAt ?? '') - Date.parse(reconciled);
    assert.ok(compared > quietMs - 60_000, `the last comparison is ${compared} ms after the first`);
  });

  it('puts back what is changed by hand; the watch tells what it was', async () => {
    const patch = ['patch', 'externalsecret', '-n', 'nextjs', 'nextjs-secrets', '--type', 'merge', '-p'];
    await lab.kubernetes.kubectl([...patch, '{"spec":{"refreshInterval":"5m0s"}}']);
    const resource = '/apis/external-secrets.io/v1/namespaces/nextjs/externalsecrets/nextjs-secrets';
    await until('the change is put back', async () => {
      const { spec } = JSON.parse((await lab.kubernetes.get(resource)).text) as ExternalSecret;
      return spec.refreshInterval === '1h0m0s';
    });
    const told = await until('the watch has seen it', async () => (await watch.left()).join('\n') || false);
    assert.match(told, /nextjs: OutOfSync, /);
    assert.match(told, /ExternalSecret nextjs\/nextjs-secrets: OutOfSync/);
    await watch.settled(all);
  });

  it('tells the field of a commit that the API server refuses: Argo CD says so once, the watch keeps it', async () => {
    const file = `dist/${environment}/nextjs/manifests/externalsecret-nextjs-secrets.yaml`;
    const sound = repository.read(file);
    repository.edit(file, 'refreshPolicy: Periodic', 'refreshPolicyy: Periodic');
    commit('A field that is none');
    // An app-of-apps may be OutOfSync for a moment when one of its Applications has just been synced.
    const told = await until('the watch has seen it', async () => {
      const left = (await watch.left()).join('\n');
      return left.includes('nextjs: Unknown, Healthy') && left;
    });
    assert.match(
      told,
      /ComparisonError: .*ExternalSecret\/nextjs-secrets: .*\.spec\.refreshPolicyy: field not declared/,
    );
    repository.write(file, sound);
    commit('As it was');
    await until('Argo CD has the commit', () =>
      Promise.resolve(watch.get('nextjs')?.status?.sync?.revision === head()),
    );
    await watch.settled(all);
  });

  it('prunes an application that is no longer in the configuration, and leaves its namespace', async () => {
    repository.edit('config/applications.ts', applicationOf(repository, 'headlamp'), '');
    const text = repository.read('config/secrets.ts');
    repository.edit('config/secrets.ts', text.slice(text.indexOf('  // ── Headlamp'), text.lastIndexOf('});')), '');
    synth();
    commit('Without headlamp');
    await watch.settled(all.filter((name) => name !== 'headlamp'));
    for (const resource of [
      '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/headlamp',
      '/apis/external-secrets.io/v1/namespaces/headlamp/externalsecrets/headlamp-oidc',
      '/api/v1/namespaces/headlamp/configmaps/headlamp-stand-in',
      '/api/v1/namespaces/headlamp/secrets/headlamp-oidc',
    ])
      await until(`${resource} is gone`, async () => (await statusOf(resource)) === 404);
    assert.equal(await statusOf('/api/v1/namespaces/headlamp'), 200);
    assert.equal((await externalSecrets()).length, 12);
  });
});

/** Staging as it comes, but: the repository is this one, all secrets come from Vault, and Vault has no TLS in the lab. */
function editConfiguration(repository: Repository): void {
  const file = 'config/environments.ts';
  const text = repository.read(file);
  const at = text.indexOf('  staging: {');
  const edited = text
    .slice(at)
    .replace('https://github.com/example-org/platform.git', `file://${repository.root}`)
    .replace('https://vault-active.vault.svc.cluster.local:8200', 'http://vault.vault.svc.cluster.local:8200');
  repository.write(file, text.slice(0, at) + edited);
  const applications = 'config/applications.ts';
  const vaultOnly = repository.read(applications).replaceAll(", props: { secretStore: 'azure-keyvault-store' }", '');
  repository.write(applications, vaultOnly);
}

function applicationOf(repository: Repository, name: string): string {
  const [entry = ''] =
    new RegExp(`^  \\{\\n    name: '${name}',\\n[\\s\\S]*?\\n  \\},\\n`, 'm').exec(
      repository.read('config/applications.ts'),
    ) ?? [];
  return entry;
}

/** By the program's own command, and the values that npm start shows. */
async function fillVault(lab: Lab, repository: Repository): Promise<void> {
  const variables = { VAULT_ADDR: lab.vault.url, VAULT_TOKEN: readFileSync(lab.vault.rootTokenFile, 'utf8') };
  const audit = ['--audit', lab.vault.auditLog, path.join(lab.folder, 'vault', 'second.log')];
  const args = ['bootstrap-vault', '--environment', environment, '--yes', ...audit];
  const { status, stdout, stderr } = await repository.runBeside(args, variables);
  assert.equal(status, 0, stdout + stderr);
  const { configuration } = await loadConfiguration(repository.root);
  for (const secret of platformOf(configuration, {}, environment).secrets) {
    const data = JSON.parse(seedSecret(secret, 'fields').reveal()) as object;
    await until('KV upgrades its mount', () => lab.vault.request('POST', `secret/data/${secret.vaultPath}`, { data }));
  }
}

function repositoryFiles(repository: Repository): string[] {
  return Object.keys(repository.tree('dist'));
}

function nameOf({ metadata }: ExternalSecret): string {
  return `${metadata.namespace}/${metadata.name}`;
}
