/**
 * A lab: the real servers on this machine, without containers. For tests; `npm run lab` is the same for a person.
 *
 *     await using lab = await startLab({ folder });             // builds what is missing, then everything runs
 *     await lab.kubernetes.kubectl(['apply', '-f', '-'], yaml);
 *     await lab.vault.request('POST', 'secret/data/a', { data: { KEY: 'value' } });
 *
 * - `parts` chooses: kubernetes, vault, external-secrets, argo-cd. What is not in it is not built, and asking for it throws.
 * - The operator starts last. With `externalSecrets: 'later'` it starts when `lab.startOperator({ pinned, caFile })` is called, for names that
 *   a test answers itself: `lab.loopback.address(2)` and higher are addresses for that, on which port 443 is free. Called again, it restarts
 *   the operator with other settings.
 * - `lab.startRepositoryServer({ pinned, caFile })` does the same for the Helm repositories of Argo CD.
 * - `kubeconfig` names a cluster that exists, to be used in place of the lab's own; when the lab stops, that has what it had.
 * - `lab.inView([…])` is the command line that runs a program with the names as the operator sees them.
 * - `lab.server('vault').kill()`, `.stop()`, `.start()`: a crash, an outage, and their end. Data outlives them.
 * - A lab keeps its process alive until `stop()`. It ends then, or with the process, however that ends. Its folder stays, for its logs, until
 *   the next one.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { startArgoCd } from './argo-cd.ts';
import type { ArgoCd, RepositoryServerOptions } from './argo-cd.ts';
import { buildServers } from './build.ts';
import type { Progress } from './build.ts';
import { applyOperatorCrds, startOperator } from './external-secrets.ts';
import type { OperatorOptions } from './external-secrets.ts';
import { hostsOf, leaveCluster, useCluster } from './given-cluster.ts';
import { startKubernetes } from './kubernetes.ts';
import type { Kubernetes } from './kubernetes.ts';
import { Loopback } from './loopback.ts';
import { LabError } from './needs.ts';
import { parts as allParts, withNeededParts } from './recipes.ts';
import type { Part } from './recipes.ts';
import type { LabServer } from './server.ts';
import { LabSite } from './site.ts';
import { startVault } from './vault.ts';
import type { Vault } from './vault.ts';

export type LabOptions = {
  /** Of the lab alone: what an earlier lab left in it is deleted. */
  readonly folder: string;
  /** Default: all. */
  readonly parts?: readonly Part[];
  readonly externalSecrets?: OperatorOptions | 'later';
  /** Of an administrator of a cluster that exists. Default: what LOCKSTEP_LAB_KUBECONFIG names, or a cluster of its own. */
  readonly kubeconfig?: string | undefined;
  readonly progress?: Progress;
};

export class Lab {
  readonly #site: LabSite;
  readonly #parts: readonly Part[];
  #kubernetes: Kubernetes | undefined;
  #vault: Vault | undefined;
  #argoCd: ArgoCd | undefined;
  #view: readonly string[] = [];
  #hosts: Readonly<Record<string, string>> = {};

  /** Of startLab alone. */
  constructor(site: LabSite, parts: readonly Part[]) {
    this.#site = site;
    this.#parts = parts;
  }

  get folder(): string {
    return this.#site.folder;
  }

  /** A folder with kubectl, kustomize, helm and argocd, for a PATH. */
  get bin(): string {
    return this.#site.bin;
  }

  get loopback(): Pick<Loopback, 'address' | 'port'> {
    return this.#site.loopback;
  }

  get kubernetes(): Kubernetes {
    return this.#kubernetes ?? this.#without('kubernetes');
  }

  get vault(): Vault {
    return this.#vault ?? this.#without('vault');
  }

  get servers(): readonly LabServer[] {
    return this.#site.servers;
  }

  server(name: string): LabServer {
    const found = this.servers.find((server) => server.name === name);
    if (found !== undefined) return found;
    throw new LabError(`no server ${name} in this lab; it has ${this.servers.map((server) => server.name).join(', ')}`);
  }

  inView(command: readonly string[]): string[] {
    return [this.#site.supervisor, ...this.#view, '--', ...command];
  }

  async startOperator(options: OperatorOptions = {}): Promise<void> {
    await this.servers.find(({ name }) => name === 'external-secrets')?.stop();
    this.#view = await startOperator(this.#site, this.kubernetes, this.#hosts, options);
    this.#describe();
  }

  /** Restarts Argo CD's repository server where the names of Helm repositories lead to what a test answers itself. */
  async startRepositoryServer(options: RepositoryServerOptions): Promise<void> {
    await (this.#argoCd ?? this.#without('argo-cd')).startRepositoryServer(options);
    this.#describe();
  }

  /** Of startLab alone. */
  async start(operator: OperatorOptions | 'later', kubeconfig: string | undefined): Promise<void> {
    const has = (part: Part): boolean => this.#parts.includes(part);
    const { progress } = this.#site;
    if (has('kubernetes')) {
      progress('starting Kubernetes');
      this.#kubernetes = await (kubeconfig === undefined
        ? startKubernetes(this.#site)
        : useCluster(this.#site, kubeconfig));
    }
    this.#hosts = await this.#clusterHosts();
    progress(`starting ${this.#parts.filter((part) => part !== 'kubernetes').join(', ') || 'nothing more'}`);
    await allOf([
      ...(has('vault') ? [this.#startVault()] : []),
      ...(has('argo-cd') ? [this.#startArgoCd()] : []),
      ...(has('external-secrets') ? [applyOperatorCrds(this.#site, this.kubernetes)] : []),
    ]);
    if (has('external-secrets') && operator !== 'later') await this.startOperator(operator);
    this.#describe();
  }

  async #startArgoCd(): Promise<void> {
    this.#argoCd = await startArgoCd(this.#site, this.kubernetes);
  }

  async #startVault(): Promise<void> {
    this.#vault = await startVault(this.#site, this.#kubernetes, this.#hosts);
  }

  /** The cluster's own names, as a Pod would find them. */
  async #clusterHosts(): Promise<Record<string, string>> {
    const address = this.#site.loopback.address();
    const given = this.#kubernetes?.given === true ? this.#kubernetes : undefined;
    const services = [...(given === undefined ? ['kubernetes.default.svc'] : []), 'vault.vault.svc'];
    const names = services.flatMap((name) => [name, `${name}.cluster.local`]);
    return {
      ...Object.fromEntries(names.map((name) => [name, address])),
      ...(given === undefined ? {} : await hostsOf(given)),
    };
  }

  /** Into lab.json, for other processes. No secret is in it. */
  #describe(): void {
    const { kubeconfig, server } = this.#kubernetes ?? {};
    const { url, rootTokenFile } = this.#vault ?? {};
    const servers = this.servers.map(({ name, pid, settings }) => ({ name, pid, logFile: settings.logFile }));
    const description = {
      ...{ pid: process.pid, address: this.loopback.address(), bin: this.bin, servers },
      ...{ kubernetes: { server, kubeconfig }, vault: { url, rootTokenFile } },
    };
    writeFileSync(path.join(this.folder, 'lab.json'), `${JSON.stringify(description, undefined, 2)}\n`);
  }

  async stop(): Promise<void> {
    // Those that use others first, so that no log ends in complaints.
    for (const server of this.servers.toReversed()) await server.stop();
    this.#site.loopback.release();
    if (this.#kubernetes?.given === true) await leaveCluster(this.#kubernetes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #without(part: Part): never {
    throw new LabError(`this lab was started without ${part}: ${this.#parts.join(', ')}`);
  }
}

export async function startLab(options: LabOptions): Promise<Lab> {
  const { folder, progress = () => undefined, externalSecrets = {} } = options;
  const { kubeconfig = process.env['LOCKSTEP_LAB_KUBECONFIG'] } = options;
  const chosen = withNeededParts(options.parts ?? allParts);
  const built = await buildServers(chosen, progress);
  const loopback = await Loopback.claim();
  let lab: Lab | undefined;
  try {
    lab = new Lab(new LabSite(folder, loopback, built, progress), chosen);
    await lab.start(externalSecrets, kubeconfig);
    return lab;
  } catch (error) {
    await lab?.stop();
    loopback.release();
    throw error;
  }
}

/** Waits for all, also when one fails: what is still starting must be there to be stopped. */
async function allOf(started: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(started);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
