/** What `npm run lab` does. A lab is a process of its own, which holds its servers; lab.json in its folder says where they are. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildServers } from './build.ts';
import { startLab } from './lab.ts';
import { LabError } from './needs.ts';
import { withNeededParts } from './recipes.ts';
import type { Part } from './recipes.ts';

type Say = (line: string) => void;

/** lab.json, as Lab writes it. */
type Description = {
  readonly pid: number;
  readonly address: string;
  readonly bin: string;
  readonly servers: readonly { readonly name: string; readonly pid?: number; readonly logFile: string }[];
  readonly kubernetes: { readonly server?: string; readonly kubeconfig?: string };
  readonly vault: { readonly url?: string; readonly rootTokenFile?: string };
};

/** From the process of the lab to the one that waits for it. */
type Message = { readonly kind: 'progress' | 'failed'; readonly text: string } | { readonly kind: 'ready' };

const checkout = path.dirname(path.dirname(import.meta.dirname));

function folderOf(name: string): string {
  return path.join(checkout, '.lockstep', 'lab', name);
}

export async function up(
  { name, parts }: { readonly name: string; readonly parts: readonly Part[] },
  say: Say,
  progress: Say,
): Promise<void> {
  const folder = folderOf(name);
  if (running(name) === undefined) {
    const started = performance.now();
    // Here, where a person sees it and can interrupt it; the lab's process then finds everything built.
    await buildServers(withNeededParts(parts), progress);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await startProcess(folder, parts, progress);
    progress(`ready after ${((performance.now() - started) / 1000).toFixed(0)} s`);
  } else progress(`${name} runs already`);
  nextSteps(name, read(name)).forEach(say);
}

function startProcess(folder: string, parts: readonly Part[], progress: Say): Promise<void> {
  const log = openSync(`${folder}.log`, 'w', 0o600);
  const argv = ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'main.ts'), 'serve'];
  const child = spawn(process.execPath, [...argv, folder, parts.join(',')], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  const interrupt = (): void => {
    child.kill('SIGTERM');
  };
  process.once('SIGINT', interrupt);
  return new Promise<void>((resolve, reject) => {
    child.on('message', (message: Message) => {
      if (message.kind === 'progress') progress(message.text);
      else if (message.kind === 'failed') reject(new LabError(message.text));
      else resolve();
    });
    child.once('exit', () => reject(new LabError(`the lab ended before it was ready; its own log is ${folder}.log`)));
  }).finally(() => {
    process.off('SIGINT', interrupt);
    if (child.connected) child.disconnect();
    child.unref();
  });
}

/** The process of a lab: lives until `down`, and its servers with it. */
export async function serve(folder: string, parts: readonly Part[]): Promise<void> {
  const tell = (message: Message): void => {
    if (process.connected) process.send?.(message);
  };
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  let ready = false;
  // Whoever waited for it is gone before it was ready: nobody knows of this lab.
  process.once('disconnect', () => {
    if (!ready) process.exit(1);
  });
  void ended.then(() => {
    if (!ready) process.exit(1);
  });
  try {
    const lab = await startLab({ folder, parts, progress: (text) => tell({ kind: 'progress', text }) });
    ready = true;
    tell({ kind: 'ready' });
    await ended;
    await lab.stop();
  } catch (error) {
    tell({ kind: 'failed', text: error instanceof LabError ? error.message : String((error as Error).stack) });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}

export async function down(name: string, say: Say): Promise<void> {
  const pid = running(name);
  if (pid === undefined) {
    say(`${name} does not run`);
    return;
  }
  process.kill(pid, 'SIGTERM');
  for (let waitedMs = 0; running(name) !== undefined; waitedMs += 100) {
    // Its servers end with it by themselves.
    if (waitedMs === 20_000) process.kill(pid, 'SIGKILL');
    await wait(100);
  }
  say(`${name} is down`);
}

/** @returns whether all of it runs */
export function status(name: string, say: Say): boolean {
  const pid = running(name);
  if (pid === undefined) {
    say(`${name} does not run`);
    return false;
  }
  const { servers, kubernetes, vault } = read(name);
  const width = Math.max(...servers.map((server) => server.name.length));
  const states = servers.map((server) => ({ ...server, runs: server.pid !== undefined && isAlive(server.pid) }));
  for (const { name: server, runs, logFile } of states)
    say(`${runs ? '✓ runs   ' : '✗ stopped'}  ${server.padEnd(width)}  ${logFile}`);
  if (kubernetes.server !== undefined) say(`Kubernetes  ${kubernetes.server}  ${kubernetes.kubeconfig ?? ''}`);
  if (vault.url !== undefined) say(`Vault       ${vault.url}  ${vault.rootTokenFile ?? ''}`);
  return states.every(({ runs }) => runs);
}

export function kubeconfig(name: string): string {
  const { kubeconfig: file } = mustRun(name).kubernetes;
  if (file === undefined) throw new LabError(`the lab ${name} runs without Kubernetes`);
  return file;
}

export async function logs(name: string, server: string, follow: boolean): Promise<void> {
  const { servers } = read(name);
  const found = servers.find((candidate) => candidate.name === server);
  if (found === undefined)
    throw new LabError(`no server ${server}; this lab has ${servers.map((known) => known.name).join(', ')}`);
  const tail = spawn('tail', [...(follow ? ['-f'] : []), '-n', follow ? '20' : '+1', found.logFile], {
    stdio: 'inherit',
  });
  await new Promise((resolve) => tail.once('close', resolve));
}

/** The process of the lab, if it lives: a process id alone may by now be someone else's. */
function running(name: string): number | undefined {
  if (!existsSync(path.join(folderOf(name), 'lab.json'))) return undefined;
  const { pid } = read(name);
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return argv.includes(folderOf(name)) && isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    // A process that has ended and was not waited for is still listed, as Z.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function read(name: string): Description {
  const file = path.join(folderOf(name), 'lab.json');
  if (!existsSync(file)) throw new LabError(`there is no lab ${name}\n  npm run lab -- up${flag(name)}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Description;
}

function mustRun(name: string): Description {
  if (running(name) === undefined) throw new LabError(`the lab ${name} does not run\n  npm run lab -- up${flag(name)}`);
  return read(name);
}

function flag(name: string): string {
  return name === 'default' ? '' : ` --name ${name}`;
}

function nextSteps(name: string, { bin, kubernetes, vault }: Description): string[] {
  return [
    `export PATH=${bin}:$PATH`,
    ...(kubernetes.kubeconfig === undefined ? [] : [`export KUBECONFIG=${kubernetes.kubeconfig}`]),
    ...(vault.url === undefined
      ? []
      : [`export VAULT_ADDR=${vault.url} VAULT_TOKEN=$(cat ${vault.rootTokenFile ?? ''})`]),
    `# npm run lab -- status${flag(name)}, logs <server>${flag(name)}, down${flag(name)}`,
  ];
}
