/**
 * Synth beside what it is measured against: Node writing the same files bare, and `cdk8s synth` (cdk8s-cli) on one cdk8s app with the same
 * objects. Whole processes are measured, from start to exit, on both sides; of the bare one the time that it takes to get hold of the texts
 * is taken off (`bareInsideMs` is what it measures of its writes alone, as an earlier form of this bench took it).
 *
 * One application changed is measured in a process that stays (`synth --watch`), from outside: from when the changed file is on disk until
 * its report is here, which it prints when the manifests are in place. `oneChangedNewProcess…` is the same for a process of its own.
 *
 * Each round measures everything in turn and in folders of its own, and the medians of the rounds count: nothing is deleted before the end,
 * because ext4 creates files ten to thirty times slower for half a minute after thousands were deleted, which would measure that.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { writeGeneratedConfiguration, writeRealConfiguration, writeRepository } from './generated-configuration.ts';

const ROUNDS = 5;
const APPLICATIONS = 1000;
const SECRETS_EACH = 10;
/** To the process that stays, in each round. */
const CHANGES = 7;

const here = import.meta.dirname;
const repository = path.dirname(here);
const main = path.join(repository, 'src', 'main.js');
const cdk8s = path.join(repository, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');

type Round = {
  readonly full: number;
  readonly peakMb: number;
  readonly bare: number;
  readonly bareInside: number;
  readonly oneChanged: number;
  readonly oneChangedNewProcess: number;
  readonly cdk8sCli: number;
  readonly cold: number;
  readonly coldCdk8sCli: number;
};

export async function benchSynth(): Promise<Record<string, number>> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'lockstep-bench-'));
  try {
    note(`${APPLICATIONS} applications with ${SECRETS_EACH} secrets each, ${ROUNDS} rounds`);
    warmUp(path.join(scratch, 'warm-up'));
    const rounds: Round[] = [];
    for (let index = 0; index < ROUNDS; index++) rounds.push(await measureRound(path.join(scratch, `round-${index}`)));
    const median = (of: keyof Round): number =>
      rounds.map((round) => round[of]).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
    return {
      bareWriteRatio: median('full') / median('bare'),
      cdk8sCliRatio: median('cdk8sCli') / median('full'),
      coldRatio: median('coldCdk8sCli') / median('cold'),
      coldMs: median('cold'),
      oneChangedRatio: median('oneChanged') / median('full'),
      peakMb: Math.max(...rounds.map(({ peakMb }) => peakMb)),
      fullMs: median('full'),
      bareMs: median('bare'),
      cdk8sCliMs: median('cdk8sCli'),
      coldCdk8sCliMs: median('coldCdk8sCli'),
      oneChangedMs: median('oneChanged'),
      oneChangedNewProcessRatio: median('oneChangedNewProcess') / median('full'),
      oneChangedNewProcessMs: median('oneChangedNewProcess'),
      bareInsideMs: median('bareInside'),
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The compile cache, as any run but a clone's first finds it. */
function warmUp(root: string): void {
  writeRepository(root);
  writeRealConfiguration(root);
  synth(root);
}

async function measureRound(folder: string): Promise<Round> {
  const large = path.join(folder, 'large');
  writeRepository(large);
  writeGeneratedConfiguration(large, APPLICATIONS, SECRETS_EACH, '');
  const real = path.join(folder, 'real');
  writeRepository(real);
  writeRealConfiguration(real);

  const full = synth(large);
  const bareWrite = [path.join(here, 'write-bare.js'), path.join(large, 'dist', 'dev'), path.join(folder, 'bare')];
  const bareRun = run(process.execPath, bareWrite, here, {});
  const [reading = Number.NaN, bareInside = Number.NaN] = bareRun.stdout.split(' ').map(Number);
  const bare = bareRun.ms - reading;
  const cold = synth(real);
  const cdk8sCli = measureCdk8sCli(large, path.join(folder, 'cdk8s-large'));
  const coldCdk8sCli = measureCdk8sCli(real, path.join(folder, 'cdk8s-real'));
  writeGeneratedConfiguration(large, APPLICATIONS, SECRETS_EACH, '-changed');
  const oneChangedNewProcess = synth(large).ms;
  const oneChanged = await measureWatch(large);
  note(
    `full ${full.ms.toFixed(0)} ms, bare ${bare.toFixed(0)} ms, one changed ${oneChanged.toFixed(0)} ms (${oneChangedNewProcess.toFixed(0)} ms in a new process), cdk8s-cli ${cdk8sCli.toFixed(0)} ms`,
  );
  return {
    full: full.ms,
    peakMb: full.peakMb,
    bare,
    bareInside,
    oneChanged,
    oneChangedNewProcess,
    cdk8sCli,
    cold: cold.ms,
    coldCdk8sCli,
  };
}

/** @returns the median of several changes of one secret */
async function measureWatch(root: string): Promise<number> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'synth', '--watch'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const until = async (wanted: string): Promise<void> => {
      for (let line = await lines.next(); line.value?.startsWith(wanted) !== true; line = await lines.next())
        if (line.done === true) throw new Error(`synth --watch ended before it printed "${wanted}"`);
    };
    await until('Watching');
    const times: number[] = [];
    for (let change = 0; change < CHANGES; change++) {
      writeGeneratedConfiguration(root, APPLICATIONS, SECRETS_EACH, `-changed-${change}`);
      const start = performance.now();
      await until('✓ 1 application changed');
      times.push(performance.now() - start);
    }
    return times.toSorted((a, b) => a - b)[Math.floor(CHANGES / 2)] ?? Number.NaN;
  } finally {
    child.kill('SIGINT');
    await exited;
  }
}

function measureCdk8sCli(root: string, folder: string): number {
  mkdirSync(folder);
  symlinkSync(path.join(repository, 'node_modules'), path.join(folder, 'node_modules'));
  copyFileSync(path.join(here, 'cdk8s-app.js'), path.join(folder, 'app.mjs'));
  const objects = path.join(folder, 'objects.json');
  writeFileSync(objects, JSON.stringify(objectsOf(path.join(root, 'dist', 'dev'))));
  const app = `${process.execPath} app.mjs`;
  const args = [cdk8s, 'synth', '--check-upgrade', 'false', '--validate', 'false', '--app', app, '--output', 'dist'];
  return run(process.execPath, args, folder, { BENCH_OBJECTS: objects }).ms;
}

/** Every object that synth wrote, by application; the kustomizations are Lockstep's own. */
function objectsOf(dist: string): Record<string, unknown[]> {
  const objects: Record<string, unknown[]> = {};
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'kustomization.yaml') continue;
    const file = path.join(entry.parentPath, entry.name);
    const application =
      path
        .relative(dist, file)
        .split(path.sep)[0]
        ?.replace(/\.yaml$/, '') ?? '';
    (objects[application] ??= []).push(parse(readFileSync(file, 'utf8')));
  }
  return objects;
}

function synth(root: string): { ms: number; peakMb: number } {
  const peakFile = path.join(root, 'peak');
  const args = ['--disable-warning=ExperimentalWarning', '--import', path.join(here, 'report-peak.js'), main, 'synth'];
  const { ms } = run(process.execPath, args, root, { BENCH_PEAK_FILE: peakFile });
  return { ms, peakMb: Number(readFileSync(peakFile, 'utf8')) / 1024 };
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
  environment: Record<string, string>,
): { ms: number; stdout: string } {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status)}:\n${stderr}${stdout}`);
  return { ms, stdout };
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
