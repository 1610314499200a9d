/**
 * 2,000 ExternalSecrets from configuration to synced Secrets, on the real servers of the lab: with the operator's settings that synth writes,
 * without Vault's token cache, and with the operator's own defaults. Each in a cluster of its own, one after the other; the servers
 * share the machine's cores with what applies.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { OperatorOptions } from '../test/lab/external-secrets.ts';
import { startLab } from '../test/lab/lab.ts';
import type { Lab } from '../test/lab/lab.ts';
import { writeGeneratedConfiguration, writeRepository } from './generated-configuration.ts';

const APPLICATIONS = 200;
const SECRETS_EACH = 10;
/** Applications whose ExternalSecrets are refreshed once more, to count the calls of a refresh. */
const REFRESHED = 20;
const KUBECTLS = 4;

/** What the operator does where nothing is set (its --help). */
const cacheFlag = 'experimental-enable-vault-token-cache';
const operatorDefaults: OperatorOptions = {
  concurrent: 1,
  extraArgs: { 'client-qps': 50, 'client-burst': 100, [cacheFlag]: false },
};
/** A login for each refresh, where with the cache each asks Vault whether the token of before is still good. */
const withoutTokenCache: OperatorOptions = { extraArgs: { [cacheFlag]: false } };

const main = path.join(path.dirname(import.meta.dirname), 'src', 'main.js');
const run = promisify(execFile);

type Measured = {
  readonly allReadySeconds: number;
  readonly esoPeakMb: number;
  readonly readsPerRefresh: number;
  readonly callsPerRefresh: number;
};

export async function benchLab(): Promise<Record<string, number>> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'lockstep-bench-lab-'));
  try {
    const chosen = await measure(path.join(scratch, 'chosen'), {});
    const withoutCache = await measure(path.join(scratch, 'without-cache'), withoutTokenCache);
    const defaults = await measure(path.join(scratch, 'defaults'), operatorDefaults);
    return {
      ...chosen,
      withoutCacheAllReadySeconds: withoutCache.allReadySeconds,
      withoutCacheCallsPerRefresh: withoutCache.callsPerRefresh,
      withoutCacheEsoPeakMb: withoutCache.esoPeakMb,
      defaultsAllReadySeconds: defaults.allReadySeconds,
      defaultsEsoPeakMb: defaults.esoPeakMb,
      defaultsToChosenRatio: defaults.allReadySeconds / chosen.allReadySeconds,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measure(folder: string, operator: OperatorOptions): Promise<Measured> {
  const repository = path.join(folder, 'repository');
  writeConfiguration(repository);
  const parts = ['kubernetes', 'vault', 'external-secrets'] as const;
  await using lab = await startLab({ folder: path.join(folder, 'lab'), parts, externalSecrets: operator, progress });
  await prepareVault(lab);
  await synth(repository);
  await apply(lab, manifestsOf(repository, /^(namespace|serviceaccount-external|clustersecretstore)-?/));

  const startMs = performance.now();
  await synth(repository);
  const externalSecrets = manifestsOf(repository, /^externalsecret-/);
  const share = Math.ceil(externalSecrets.length / KUBECTLS);
  const shares = Array.from({ length: KUBECTLS }, (_, index) =>
    externalSecrets.slice(index * share, (index + 1) * share),
  );
  await Promise.all(shares.map((manifests) => apply(lab, manifests)));
  progress(`applied after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  while ((await countReady(lab)) < APPLICATIONS * SECRETS_EACH) await wait(500);
  const allReadySeconds = (performance.now() - startMs) / 1000;
  progress(`all ready after ${allReadySeconds.toFixed(1)} s`);
  return { allReadySeconds, ...(await countCalls(lab)), esoPeakMb: peakMb(lab) };
}

function writeConfiguration(root: string): void {
  mkdirSync(root, { recursive: true });
  writeRepository(root);
  writeGeneratedConfiguration(root, APPLICATIONS, SECRETS_EACH, '');
  const file = path.join(root, 'config', 'applications.ts');
  const operator = `{ name: 'external-secrets', namespace: 'external-secrets', chart: { type: 'ExternalSecretsChart' as const } }`;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/(Array\.from\([\s\S]*\)),\n\);/, `[${operator}, ...$1],\n);`),
  );
}

async function synth(root: string): Promise<void> {
  await run(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'synth'], { cwd: root });
}

function manifestsOf(root: string, name: RegExp): string[] {
  const dist = path.join(root, 'dist', 'dev');
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));
}

async function apply(lab: Lab, manifests: readonly string[]): Promise<void> {
  await lab.kubernetes.kubectl(['apply', '--server-side', '-f', '-'], manifests.join('\n---\n'));
}

async function prepareVault({ vault }: Lab): Promise<void> {
  await vault.request('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } });
  await vault.request('POST', 'sys/auth/kubernetes', { type: 'kubernetes' });
  await vault.request('PUT', 'auth/kubernetes/config', { kubernetes_host: 'https://kubernetes.default.svc' });
  const policy = 'path "secret/data/+/+" { capabilities = ["read"] }';
  await vault.request('PUT', 'sys/policies/acl/external-secrets', { policy });
  await vault.request('PUT', 'auth/kubernetes/role/external-secrets', {
    ...{ bound_service_account_names: 'external-secrets', bound_service_account_namespaces: 'external-secrets' },
    ...{ audience: 'vault', token_policies: 'external-secrets', token_ttl: '20m' },
  });
  const data = { URL: 'https://example.org', USERNAME: 'example', PASSWORD: 'example-password' };
  for (let application = 0; application < APPLICATIONS; application++)
    await Promise.all(
      Array.from({ length: SECRETS_EACH }, (_, index) =>
        vault.request('POST', `secret/data/app-${application}/app-${application}-secret-${index}`, { data }),
      ),
    );
}

type Item = { readonly metadata: { readonly namespace: string }; readonly status?: Status };
type Status = {
  readonly refreshTime?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
};

async function list({ kubernetes }: Lab): Promise<readonly Item[]> {
  const { text } = await kubernetes.get('/apis/external-secrets.io/v1/externalsecrets');
  return (JSON.parse(text) as { items: Item[] }).items;
}

async function countReady(lab: Lab): Promise<number> {
  const isReady = ({ status }: Item): boolean =>
    status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;
  return (await list(lab)).filter(isReady).length;
}

/** One more refresh of some, and what Vault was asked for it. */
async function countCalls(lab: Lab): Promise<Pick<Measured, 'readsPerRefresh' | 'callsPerRefresh'>> {
  const namespaces = Array.from({ length: REFRESHED }, (_, index) => `app-${index}`);
  const refreshTimes = async (): Promise<string[]> =>
    (await list(lab))
      .filter(({ metadata }) => namespaces.includes(metadata.namespace))
      .map(({ status }) => status?.refreshTime ?? '');
  const before = new Set(await refreshTimes());
  const auditedBefore = requestsIn(lab).length;
  // Refresh times are to the second.
  await wait(1100);
  for (const namespace of namespaces)
    await lab.kubernetes.kubectl(['annotate', 'externalsecret', '--all', '-n', namespace, `force-sync=${Date.now()}`]);
  while ((await refreshTimes()).some((time) => before.has(time))) await wait(500);
  const asked = requestsIn(lab).slice(auditedBefore);
  const refreshes = REFRESHED * SECRETS_EACH;
  const reads = asked.filter((request) => request.startsWith('secret/data/'));
  return { readsPerRefresh: reads.length / refreshes, callsPerRefresh: asked.length / refreshes };
}

/** The paths of all requests that Vault has written into its audit log, the lab's own left out. */
function requestsIn({ vault }: Lab): string[] {
  return readFileSync(vault.auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"request"'))
    .map((line) => JSON.parse(line) as { request: { path: string }; auth?: { policies?: readonly string[] } })
    .filter(({ auth }) => auth?.policies?.includes('root') !== true)
    .map(({ request }) => request.path);
}

/** The operator's: its supervisor has one child. */
function peakMb(lab: Lab): number {
  const pid = lab.server('external-secrets').pid ?? 0;
  const child = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0] ?? '';
  const [, kilobytes = ''] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
