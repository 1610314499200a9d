/**
 * Synth beside what it is measured against: Node writing the same files bare, and `cdk8s synth` (cdk8s-cli) on one cdk8s app with the same
 * objects. Whole processes are measured, from start to exit, each several times in turn; the medians count. Only the bare writes are
 * measured from inside, without their process's start.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { writeGeneratedConfiguration, writeRealConfiguration, writeRepository } from './generated-configuration.ts';

const RUNS = 5;
const APPLICATIONS = 1000;
const SECRETS_EACH = 10;

const here = import.meta.dirname;
const main = path.join(path.dirname(here), 'src', 'main.js');
const cdk8s = path.join(path.dirname(here), 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');

export function benchSynth(): Promise<Record<string, number>> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'lockstep-bench-'));
  try {
    const large = path.join(scratch, 'large');
    writeRepository(large);
    writeGeneratedConfiguration(large, APPLICATIONS, SECRETS_EACH, '');
    const real = path.join(scratch, 'real');
    writeRepository(real);
    writeRealConfiguration(real);
    note(`${APPLICATIONS} applications with ${SECRETS_EACH} secrets each, ${RUNS} runs of each measurement`);

    const full = measureFull(large);
    const cold = measureFull(real);
    const bare = measureBare(path.join(large, 'dist', 'dev'), path.join(scratch, 'bare'));
    const peer = measurePeer(large, scratch);
    const coldPeer = measurePeer(real, scratch);
    const oneChanged = measureOneChanged(large);
    return Promise.resolve({
      bareWriteRatio: full.ms / bare,
      cdk8sCliRatio: peer / full.ms,
      coldRatio: coldPeer / cold.ms,
      coldMs: cold.ms,
      oneChangedRatio: oneChanged / full.ms,
      peakMb: full.peakMb,
      fullMs: full.ms,
      bareMs: bare,
      cdk8sCliMs: peer,
      coldCdk8sCliMs: coldPeer,
      oneChangedMs: oneChanged,
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function measureFull(root: string): { ms: number; peakMb: number } {
  const peaks: number[] = [];
  const ms = median(() => {
    rmSync(path.join(root, 'dist'), { recursive: true, force: true });
    rmSync(path.join(root, '.lockstep'), { recursive: true, force: true });
    const run = synth(root);
    peaks.push(run.peakMb);
    return run.ms;
  });
  return { ms, peakMb: Math.max(...peaks) };
}

function measureOneChanged(root: string): number {
  synth(root);
  let run = 0;
  return median(() => {
    writeGeneratedConfiguration(root, APPLICATIONS, SECRETS_EACH, `-${++run}`);
    return synth(root).ms;
  });
}

function measureBare(from: string, to: string): number {
  return median(() => {
    rmSync(to, { recursive: true, force: true });
    return Number(run(process.execPath, [path.join(here, 'write-bare.js'), from, to], here, {}).stdout);
  });
}

function measurePeer(root: string, scratch: string): number {
  const objects = path.join(scratch, 'objects.json');
  writeFileSync(objects, JSON.stringify(objectsOf(path.join(root, 'dist', 'dev'))));
  const folder = path.join(scratch, 'peer');
  cpSync(path.join(here, 'cdk8s-app.js'), path.join(here, '..', 'node_modules', '.bench-cdk8s-app.js'));
  try {
    return median(() => {
      rmSync(folder, { recursive: true, force: true });
      const app = `${process.execPath} ${path.join(here, '..', 'node_modules', '.bench-cdk8s-app.js')}`;
      const args = [
        cdk8s,
        'synth',
        '--check-upgrade',
        'false',
        '--validate',
        'false',
        '--app',
        app,
        '--output',
        folder,
      ];
      return run(process.execPath, args, scratch, { BENCH_OBJECTS: objects }).ms;
    });
  } finally {
    rmSync(path.join(here, '..', 'node_modules', '.bench-cdk8s-app.js'));
  }
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

function median(measure: () => number): number {
  const values = Array.from({ length: RUNS }, measure).toSorted((a, b) => a - b);
  return values[Math.floor(RUNS / 2)] ?? Number.NaN;
}

function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
