/**
 * Builds the servers, once: each into a folder of the cache that is named by what went into it (the module's files, the recipe, Go's version).
 * Nothing in the checkout is written. A folder of the cache is either whole or not there, and any of them may be deleted at any time.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isProcess, withLock } from './lock.ts';
import { LabError, checkNeeds } from './needs.ts';
import { recipesOf } from './recipes.ts';
import type { Part, Recipe, RecipeName } from './recipes.ts';

export type Progress = (line: string) => void;

/** Recipe → the folder that holds what was built by it. */
export type Built = Readonly<Partial<Record<RecipeName, string>>>;

type Job = {
  readonly recipe: Recipe;
  readonly folder: string;
  readonly goVersion: string;
  /** Path of the binary, which need not be there yet. */
  readonly supervisor: string;
};

const reminderMs = 30_000;

export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'] ?? '';
  return path.join(path.isAbsolute(base) ? base : path.join(os.homedir(), '.cache'), 'lockstep', 'lab');
}

/** Builds what is missing for the parts; with everything in the cache it takes milliseconds. */
export async function buildServers(chosen: readonly Part[], progress: Progress, cache = cacheFolder()): Promise<Built> {
  const goVersion = await checkNeeds(chosen);
  mkdirSync(cache, { recursive: true });
  const wanted = recipesOf(chosen).map((recipe) => ({
    recipe,
    folder: path.join(cache, buildName(recipe, goVersion)),
  }));
  const missing = wanted.filter(({ folder }) => !existsSync(folder));
  const supervisor = path.join(wanted.find(({ recipe }) => recipe.name === 'supervisor')?.folder ?? '', 'supervisor');
  if (missing.length > 0) {
    deleteUnfinished(cache);
    progress(`building ${missing.length} of ${wanted.length} into ${cache}`);
  }
  // One after the other: the compiler of each uses every core.
  for (const [index, { recipe, folder }] of missing.entries())
    await build({ recipe, folder, goVersion, supervisor }, (line) =>
      progress(`${index + 1}/${missing.length} ${recipe.title}: ${line}`),
    );
  return Object.fromEntries(wanted.map(({ recipe, folder }) => [recipe.name, folder]));
}

/** What a killed build has left. */
function deleteUnfinished(cache: string): void {
  for (const name of readdirSync(cache)) {
    const pid = /\.(\d+)-[0-9a-f]+\.tmp$/.exec(name)?.[1];
    if (pid !== undefined && !isProcess(Number(pid))) rmSync(path.join(cache, name), { recursive: true, force: true });
  }
}

function moduleFolder({ name }: Recipe): string {
  return path.join(import.meta.dirname, 'go', name);
}

/** @param goVersion `go version go1.26.8 linux/amd64` */
export function buildName(recipe: Recipe, goVersion: string): string {
  const hash = createHash('sha256').update(JSON.stringify([recipe, goVersion]));
  for (const file of readdirSync(moduleFolder(recipe)).toSorted())
    hash.update(`\0${file}\0`).update(readFileSync(path.join(moduleFolder(recipe), file)));
  return `${recipe.name}-${hash.digest('hex').slice(0, 16)}`;
}

async function build({ recipe, folder, goVersion, supervisor }: Job, progress: Progress): Promise<void> {
  await withLock(
    `${folder}.lock`,
    () => progress('another process builds it, waiting'),
    async () => {
      if (existsSync(folder)) return;
      const started = performance.now();
      const elapsed = (): string => renderSeconds((performance.now() - started) / 1000);
      progress('building');
      const reminder = setInterval(() => progress(`still building, ${elapsed()}`), reminderMs);
      const unfinished = `${folder}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
      try {
        await buildInto(recipe, unfinished, supervisor);
        if (path.basename(folder) !== buildName(recipe, goVersion))
          throw new LabError(`${moduleFolder(recipe)} changed while it was built; build it again`);
        // Where the lock failed to keep two apart, the first has won; what they built is the same.
        if (!existsSync(folder)) renameSync(unfinished, folder);
      } finally {
        clearInterval(reminder);
        rmSync(unfinished, { recursive: true, force: true });
      }
      progress(`built in ${elapsed()}`);
    },
  );
}

async function buildInto(recipe: Recipe, folder: string, supervisor: string): Promise<void> {
  // A copy, so that Go never has a reason to write into the checkout.
  const source = path.join(folder, 'module');
  const go = (args: readonly string[]): Promise<string> => runGo(args, source, supervisor);
  mkdirSync(folder);
  cpSync(moduleFolder(recipe), source, { recursive: true });
  const variables = Object.entries(recipe.variables ?? {}).map(([name, value]) => ` -X ${name}=${value}`);
  for (const [binary, from] of Object.entries(recipe.binaries)) {
    const flags = ['-mod=readonly', '-trimpath', '-ldflags', `-s -w${variables.join('')}`];
    await go(['build', ...flags, '-o', path.join(folder, binary), from]);
  }
  for (const { module, path: inside, as } of recipe.files ?? []) {
    const found = await go(['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', module]);
    copy(path.join(found.trim(), inside), path.join(folder, as));
  }
  rmSync(source, { recursive: true });
}

/** Go's module cache is read-only, its folders too; unlike cpSync, this gives what can be deleted again. */
function copy(from: string, to: string): void {
  if (statSync(from).isDirectory()) {
    mkdirSync(to);
    for (const name of readdirSync(from)) copy(path.join(from, name), path.join(to, name));
  } else writeFileSync(to, readFileSync(from));
}

/** @returns what it wrote to stdout */
async function runGo(args: readonly string[], folder: string, supervisor: string): Promise<string> {
  // Without cgo no C compiler is needed, and names are resolved by Go itself, from the files that the lab pins.
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
  // A build must not go on for minutes when nobody waits for it any more. The supervisor itself is built without one, in a second.
  const [program = '', ...prefix] = existsSync(supervisor) ? [supervisor, '-lifeline', '3', '--', 'go'] : ['go'];
  const child = spawn(program, [...prefix, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const [out, problems]: Buffer[][] = [[], []];
  child.stdout?.on('data', (chunk: Buffer) => out?.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => problems?.push(chunk));
  const status = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (status === 0) return Buffer.concat(out ?? []).toString();
  const tail = Buffer.concat(problems ?? [])
    .toString()
    .trim()
    .split('\n')
    .slice(-15)
    .join('\n  ');
  throw new LabError(`go ${args[0] ?? ''} failed for ${args.at(-1) ?? ''}\n  ${tail}`);
}

function renderSeconds(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(0)} s` : `${Math.floor(seconds / 60)} min ${(seconds % 60).toFixed(0)} s`;
}
