/**
 * Our clients of Vault and Key Vault beside a bare undici loop on the same requests (store-peers.ts), both against the embedded servers, which
 * run in a process of their own. Client and bare loop take many short turns, and the median of the rounds' ratios counts: the load
 * of the machine changes from second to second, and is the same for both of a round. `vaultToBareRatio` and `keyVaultToBareRatio` are the
 * lowest of their four phases: reads and writes, one after the other and 32 at once. The servers' reads per second are those of the bare loop
 * with 32 at once, one core for each side. `readyMs` is from the start of the process to the line that says where the servers are.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startDevProcess, writeDevRepository } from './dev-process.ts';
import { createKeyVaultPeers, createVaultPeers } from './store-peers.ts';
import type { Peer, Peers } from './store-peers.ts';

const ROUNDS = 48;
const SLICE_MS = 60;
const AT_ONCE = 32;
const STARTS = 9;

const phases = [
  { name: 'ReadSequential', operation: 'read', workers: 1 },
  { name: 'ReadParallel', operation: 'read', workers: AT_ONCE },
  { name: 'WriteSequential', operation: 'write', workers: 1 },
  { name: 'WriteParallel', operation: 'write', workers: AT_ONCE },
] as const;

type Phase = (typeof phases)[number];
type Measured = { readonly phase: Phase; readonly ratio: number; readonly client: number; readonly bare: number };

export async function benchStores(): Promise<Record<string, number>> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-bench-'));
  try {
    writeDevRepository(root);
    const ready = await measureStarts(root);
    const servers = await startDevProcess(root);
    try {
      const vault = await measure('vault', await createVaultPeers(servers.variables, AT_ONCE));
      const keyVault = await measure('keyVault', await createKeyVaultPeers(servers.variables, AT_ONCE));
      return {
        vaultToBareRatio: Math.min(...vault.map(({ ratio }) => ratio)),
        keyVaultToBareRatio: Math.min(...keyVault.map(({ ratio }) => ratio)),
        vaultReadsPerSecond: vault.find(({ phase }) => phase.name === 'ReadParallel')?.bare ?? Number.NaN,
        keyVaultReadsPerSecond: keyVault.find(({ phase }) => phase.name === 'ReadParallel')?.bare ?? Number.NaN,
        ...ready,
        ...byPhase('vault', vault),
        ...byPhase('keyVault', keyVault),
      };
    } finally {
      await servers.stop();
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function byPhase(store: string, measured: readonly Measured[]): Record<string, number> {
  return Object.fromEntries(measured.map(({ phase, ratio }) => [`${store}${phase.name}Ratio`, ratio]));
}

async function measureStarts(root: string): Promise<Record<'readyMs' | 'vaultReadyMs' | 'azureReadyMs', number>> {
  const times = { both: [] as number[], vault: [] as number[], azure: [] as number[] };
  const start = async (only?: 'vault' | 'azure'): Promise<number> => {
    const started = await startDevProcess(root, only);
    await started.stop();
    return started.readyMs;
  };
  // The compile cache and the CA, as any start but a clone's first finds them.
  await start();
  for (let count = 0; count < STARTS; count++) {
    times.both.push(await start());
    times.vault.push(await start('vault'));
    times.azure.push(await start('azure'));
  }
  for (const [name, all] of Object.entries(times))
    note(
      `ready ${name}: ${all
        .toSorted((a, b) => a - b)
        .map((ms) => ms.toFixed(0))
        .join(' ')} ms`,
    );
  return { readyMs: median(times.both), vaultReadyMs: median(times.vault), azureReadyMs: median(times.azure) };
}

async function measure(store: string, peers: Peers): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  try {
    for (const phase of phases) {
      await rate(peers.bare, phase);
      await rate(peers.client, phase);
      const rounds: { client: number; bare: number }[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        // Who goes first changes, for what the first leaves to be cleared up.
        const first = round % 2 === 0 ? await rate(peers.bare, phase) : undefined;
        const client = await rate(peers.client, phase);
        rounds.push({ client, bare: first ?? (await rate(peers.bare, phase)) });
      }
      const measured = {
        phase,
        ratio: median(rounds.map(({ client, bare }) => client / bare)),
        client: median(rounds.map(({ client }) => client)),
        bare: median(rounds.map(({ bare }) => bare)),
      };
      const ratios = rounds.map(({ client, bare }) => client / bare);
      note(
        `${store} ${phase.name}: ${measured.client.toFixed(0)} to ${measured.bare.toFixed(0)} per second (at best ${Math.max(...rounds.map(({ bare }) => bare)).toFixed(0)}), ` +
          `ratio ${measured.ratio.toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
      );
      all.push(measured);
    }
  } finally {
    await peers.close();
  }
  return all;
}

/** Operations per second of one turn. */
async function rate(peer: Peer, { operation, workers }: Phase): Promise<number> {
  let done = 0;
  const startMs = performance.now();
  const work = async (worker: number): Promise<void> => {
    while (performance.now() - startMs < SLICE_MS) {
      await peer[operation](worker);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  return (done * 1000) / (performance.now() - startMs);
}

function median(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
