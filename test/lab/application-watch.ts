/**
 * Sees every state that any Argo CD Application passes through, by a watch and not by asking now and then. Once `settled()` has returned, each
 * state that is not Synced and Healthy is kept with what makes it so: the resources, and the difference as the API server sees it.
 */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Lab } from './lab.ts';
import { until } from './until.ts';

type State = { readonly status?: string; readonly message?: string };

export type ResourceStatus = {
  readonly group?: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly status?: string;
  readonly health?: State;
};

export type Application = {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly source?: Source; readonly sources?: readonly Source[] };
  readonly status?: {
    readonly sync?: State & { readonly revision?: string };
    readonly health?: State;
    readonly reconciledAt?: string;
    readonly resources?: readonly ResourceStatus[];
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly operationState?: { readonly message?: string };
  };
};
type Source = { readonly path?: string };

const run = promisify(execFile);

export class ApplicationWatch {
  readonly #lab: Lab;
  readonly #repository: string;
  readonly #child: ChildProcess;
  readonly #applications = new Map<string, Application>();
  #left: Promise<string>[] = [];
  #ended = false;
  #states = 0;

  /** @param repository the work tree whose commits the Applications follow */
  constructor(lab: Lab, repository: string) {
    [this.#lab, this.#repository] = [lab, repository];
    const resource = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications?watch=true';
    this.#child = spawn(path.join(lab.bin, 'kubectl'), ['get', '--raw', resource], {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child.once('close', () => (this.#ended = true));
    if (this.#child.stdout !== null)
      createInterface(this.#child.stdout).on('line', (line) =>
        this.#see(JSON.parse(line) as { type: string; object: Application }),
      );
  }

  get names(): string[] {
    return [...this.#applications.keys()].toSorted();
  }

  get(name: string): Application | undefined {
    return this.#applications.get(name);
  }

  /** How many states were seen: a watch that sees none proves nothing. */
  get states(): number {
    if (this.#ended) throw new Error('the watch has ended');
    return this.#states;
  }

  /** Waits until these Applications and no others are there, Synced and Healthy, and forgets what was before. */
  async settled(names: readonly string[], deadlineMs = 120_000): Promise<void> {
    const wanted = names.toSorted().join(', ');
    const whole = (): boolean => this.names.join(', ') === wanted && [...this.#applications.values()].every(isSettled);
    try {
      await until('Applications are Synced and Healthy', () => Promise.resolve(whole()), deadlineMs);
    } catch (error) {
      const found = [...this.#applications.values()].filter((one) => !isSettled(one)).map(describe);
      const told = [`wanted: ${wanted}`, `found: ${this.names.join(', ')}`, ...found].join('\n');
      throw new Error(`${(error as Error).message}\n${told}`, { cause: error });
    }
    this.#left = [];
  }

  /** The same, once they have been so for a while without a break. @returns what each break was made of */
  async settledFor(stillMs: number, names: readonly string[], deadlineMs = 120_000): Promise<string[]> {
    const breaks: string[] = [];
    const end = performance.now() + deadlineMs;
    for (;;) {
      await this.settled(names, deadlineMs);
      const still = performance.now() + stillMs;
      while (performance.now() < still && this.#left.length === 0) await wait(100);
      const left = await this.left();
      if (left.length === 0) return breaks;
      breaks.push(...left);
      if (performance.now() > end) throw new Error(`Applications do not stay Synced and Healthy\n${breaks.join('\n')}`);
    }
  }

  /** Each time that one was not Synced and Healthy since `settled()`: what made it so. */
  async left(): Promise<string[]> {
    if (this.#ended) throw new Error('the watch has ended');
    return Promise.all(this.#left);
  }

  stop(): void {
    this.#child.kill();
  }

  #see({ type, object }: { readonly type: string; readonly object: Application }): void {
    this.#states++;
    const { name } = object.metadata;
    if (type === 'DELETED') this.#applications.delete(name);
    else this.#applications.set(name, object);
    // At once: self-healing takes the difference away.
    if (type !== 'DELETED' && !isSettled(object)) this.#left.push(this.#explain(object));
  }

  async #explain(application: Application): Promise<string> {
    const at = new Date().toISOString();
    return `${at} ${describe(application)}${await this.#differences(application)}`;
  }

  async #differences({ spec, status }: Application): Promise<string> {
    if (status?.sync?.status !== 'OutOfSync') return '';
    const folders = [...(spec.sources ?? []), ...(spec.source === undefined ? [] : [spec.source])];
    const texts = folders.flatMap(({ path: folder }) => (folder === undefined ? [] : [this.#difference(folder)]));
    return (await Promise.all(texts)).join('');
  }

  /** What kubectl keeps of the API and what diff compares are files; they belong into the lab's folder. */
  #environment(): Record<string, string> {
    const { folder, kubernetes } = this.#lab;
    const [HOME, TMPDIR] = [path.join(folder, 'home', 'kubectl'), path.join(folder, 'tmp', 'kubectl')];
    return { PATH: process.env['PATH'] ?? '', HOME, TMPDIR, KUBECONFIG: kubernetes.kubeconfig };
  }

  async #difference(folder: string): Promise<string> {
    const args = ['diff', '--server-side', '--force-conflicts', '--field-manager', 'argocd-controller'];
    try {
      const kubectl = path.join(this.#lab.bin, 'kubectl');
      await run(kubectl, [...args, '--kustomize', path.join(this.#repository, folder)], { env: this.#environment() });
      return '';
    } catch (error) {
      // Status 1: there is a difference.
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      const told = renderDifferences(stdout) || stderr.trim();
      return told.replace(/^/gm, '  ').replace(/^/, '\n');
    }
  }
}

/** Of what kubectl diff prints: for each resource that differs its name and the lines, without what the API server and Argo CD keep. */
function renderDifferences(text: string): string {
  return text
    .split(/^diff /m)
    .slice(1)
    .flatMap((part) => {
      const [header = '', ...lines] = part.split('\n');
      const changed = lines.filter((line) =>
        /^[+-](?![+-])(?!\s*(?:generation|argocd\.argoproj\.io\/tracking-id):)/.test(line),
      );
      return changed.length === 0 ? [] : [path.basename(header), ...changed];
    })
    .slice(0, 30)
    .join('\n');
}

function isSettled({ status }: Application): boolean {
  return status?.sync?.status === 'Synced' && status.health?.status === 'Healthy';
}

/** In one text: the Application's state, the resources that are not as they should be, and what Argo CD says of it. */
function describe({ metadata, status }: Application): string {
  const resources = (status?.resources ?? []).filter(
    ({ status: sync, health }) => (sync ?? 'Synced') !== 'Synced' || (health?.status ?? 'Healthy') !== 'Healthy',
  );
  return [
    `${metadata.name}: ${status?.sync?.status ?? 'no sync status'}, ${status?.health?.status ?? 'no health'}`,
    ...resources.map(({ kind, namespace, name, status: sync = '', health }) =>
      `  ${kind} ${namespace ?? ''}/${name}: ${sync} ${health?.status ?? ''} ${health?.message ?? ''}`.trimEnd(),
    ),
    ...(status?.conditions ?? []).map(({ type, message }) => `  ${type}: ${message}`),
    ...(isSettled({ metadata, spec: {}, status: status ?? {} }) ? [] : [`  ${status?.operationState?.message ?? ''}`]),
  ].join('\n');
}
