/**
 * `npm run migrate-secrets-to-azure` as a whole process, from its start to its exit, beside what is run today for the same: a bare concurrent loop
 * that checks nothing (migration-bare.js, a process too), a loop of curl (migration-curl.sh) and one process of Microsoft's SDK for each
 * secret (migration-sdk.js). The two loops are sampled, since they take as long for each secret: 100 secrets with curl, 12 with the SDK.
 * All run against embedded servers in a process of their own. Three rounds, of which the medians count.
 *
 * Throttled, the embedded Key Vault enforces Azure's limits. Its ceiling is 300 new versions at once and 30 a second after that;
 * `throttleShare` is how long that would take over how long it took, from the start of the process.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bearerOf, Benchmarked, countsOf, namesOf, seedVault, startServers, valueOf } from './migration-set-up.ts';
import type { Servers } from './migration-set-up.ts';

const SECRETS = 10_000;
const ROUNDS = 3;
const CURL_SAMPLE = 100;
const SDK_SAMPLE = 12;
const THROTTLED_SECRETS = 3000;
const LARGE = 100_000;
const AT_ONCE = 32;

const here = import.meta.dirname;

export async function benchMigrate(): Promise<Record<string, number>> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'lockstep-bench-'));
  try {
    const unthrottled = await benchUnthrottled(path.join(scratch, 'unthrottled'));
    const throttled = await benchThrottled(path.join(scratch, 'throttled'));
    const large = await benchLarge(path.join(scratch, 'large'));
    return { ...unthrottled, ...throttled, ...large };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function benchUnthrottled(folder: string): Promise<Record<string, number>> {
  const rounds = Array.from({ length: ROUNDS }, (_, index) => index);
  const servers = await startServers(folder, [
    ...rounds.flatMap((round) => [`kv-ours-${round}`, `kv-bare-${round}`]),
    ...['kv-curl', 'kv-sdk', 'kv-warm'],
  ]);
  try {
    const benchmarked = new Benchmarked(folder, servers, SECRETS);
    await seedVault(servers, SECRETS);
    // The compile cache, as any run but a clone's first finds it.
    await benchmarked.migrate('kv-warm', ['--secret', 'secret-0']);
    const times: { ours: number; bare: number }[] = [];
    for (const round of rounds) {
      const bareFirst = round % 2 === 0 ? await bareLoop(servers, `kv-bare-${round}`) : undefined;
      const ours = await benchmarked.migrate(`kv-ours-${round}`, [], { output: 'text' });
      const { creates } = countsOf(await servers.counts(), `kv-ours-${round}`);
      if (creates !== SECRETS) throw new Error(`of ${SECRETS} secrets ${creates} were written`);
      times.push({ ours: ours.elapsedMs, bare: bareFirst ?? (await bareLoop(servers, `kv-bare-${round}`)) });
      note(`round ${round}: ${JSON.stringify(times.at(-1))}`);
    }
    const before = countsOf(await servers.counts(), 'kv-ours-0');
    const second = await benchmarked.migrate('kv-ours-0');
    if (second.outcomes['unchanged'] !== SECRETS)
      throw new Error(`not all are unchanged: ${JSON.stringify(second.outcomes)}`);
    const after = countsOf(await servers.counts(), 'kv-ours-0');
    const ours = median(times.map((one) => one.ours)) / SECRETS;
    const curl = (await curlLoop(path.join(folder, 'curl'), servers, 'kv-curl')) / CURL_SAMPLE;
    const sdk = sdkLoop(servers, 'kv-sdk') / SDK_SAMPLE;
    return {
      curlLoopRatio: curl / ours,
      sdkProcessLoopRatio: sdk / ours,
      bareLoopRatio: median(times.map((one) => one.bare / one.ours)),
      secondRunWrites: after.creates - before.creates,
      secretsPerSecond: 1000 / ours,
      barePerSecond: (SECRETS * 1000) / median(times.map((one) => one.bare)),
      curlMsEach: curl,
      sdkMsEach: sdk,
      keyVaultCallsEach: before.calls / SECRETS,
      secondRunMs: second.elapsedMs,
    };
  } finally {
    servers.stop();
  }
}

async function benchThrottled(folder: string): Promise<Record<string, number>> {
  const servers = await startServers(folder, ['kv-throttled'], 'throttled');
  try {
    const benchmarked = new Benchmarked(folder, servers, THROTTLED_SECRETS);
    await seedVault(servers, THROTTLED_SECRETS);
    const { elapsedMs, outcomes } = await benchmarked.migrate('kv-throttled', [], { limited: true });
    const { calls, creates, rejected } = countsOf(await servers.counts(), 'kv-throttled');
    note(`throttled: ${elapsedMs.toFixed(0)} ms, ${calls} calls, ${rejected} rejected`);
    return {
      throttleShare: ((THROTTLED_SECRETS - 300) / 30 / elapsedMs) * 1000,
      rejectedShare: rejected / calls,
      // What the command says was written, and what the store says.
      lost: THROTTLED_SECRETS - Math.min(creates, outcomes['written'] ?? 0),
    };
  } finally {
    servers.stop();
  }
}

async function benchLarge(folder: string): Promise<Record<string, number>> {
  const servers = await startServers(folder, ['kv-large']);
  try {
    const benchmarked = new Benchmarked(folder, servers, LARGE);
    await seedVault(servers, LARGE);
    const { peakMb, elapsedMs } = await benchmarked.migrate('kv-large', [], { output: 'text' });
    const { creates } = countsOf(await servers.counts(), 'kv-large');
    if (creates !== LARGE) throw new Error(`of ${LARGE} secrets ${creates} were written`);
    return { rssMb100k: peakMb, seconds100k: elapsedMs / 1000 };
  } finally {
    servers.stop();
  }
}

async function bareLoop(servers: Servers, keyVault: string): Promise<number> {
  const { ready } = servers;
  const input = JSON.stringify({
    ...{ vault: ready.vault.url, token: ready.vault.token, keyVault: ready.azure.vaults[keyVault] },
    ...{ bearer: await bearerOf(servers), ca: ready.azure.ca, names: namesOf(SECRETS), atOnce: AT_ONCE },
  });
  const startMs = performance.now();
  const child = spawn(process.execPath, [path.join(here, 'migration-bare.js')], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin.end(input);
  const status = await new Promise((resolve) => child.once('exit', resolve));
  if (status !== 0) throw new Error('the bare loop failed');
  return performance.now() - startMs;
}

async function curlLoop(folder: string, servers: Servers, keyVault: string): Promise<number> {
  const { ready } = servers;
  mkdirSync(folder, { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(path.join(folder, file), text, { mode: 0o600 });
  write('vault-header', `X-Vault-Token: ${ready.vault.token}\n`);
  write('azure-header', `Authorization: Bearer ${await bearerOf(servers)}\nContent-Type: application/json\n`);
  write('ca.pem', ready.azure.ca);
  write('body', JSON.stringify({ value: valueOf(0) }));
  write(
    'names',
    namesOf(CURL_SAMPLE)
      .map((one) => `${one.path} ${one.name}\n`)
      .join(''),
  );
  const startMs = performance.now();
  const { status } = spawnSync(
    'bash',
    [path.join(here, 'migration-curl.sh'), folder, ready.vault.url, ready.azure.vaults[keyVault] ?? ''],
    { stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('the loop of curl failed');
  return performance.now() - startMs;
}

function sdkLoop(servers: Servers, keyVault: string): number {
  const { vault, azure } = servers.ready;
  const ca = path.join(servers.folder, 'ca.pem');
  const startMs = performance.now();
  for (const name of namesOf(SDK_SAMPLE)) {
    const input = JSON.stringify({
      ...{ vault: vault.url, token: vault.token, keyVault: azure.vaults[keyVault], name },
      ...{ authority: azure.authorityUrl, tenant: azure.tenantId, client: azure.clientId, secret: azure.clientSecret },
    });
    const { status } = spawnSync(process.execPath, [path.join(here, 'migration-sdk.js')], {
      ...{ input, stdio: ['pipe', 'inherit', 'inherit'], env: { ...process.env, NODE_EXTRA_CA_CERTS: ca } },
    });
    if (status !== 0) throw new Error('a process of the SDK failed');
  }
  return performance.now() - startMs;
}

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
