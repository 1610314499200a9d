/** Where a lab lives: its folder, its addresses, its binaries and its servers. What the modules of the single servers work with. */
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Built, Progress } from './build.ts';
import type { Loopback } from './loopback.ts';
import { LabError } from './needs.ts';
import type { RecipeName } from './recipes.ts';
import { LabServer } from './server.ts';
import type { ServerSettings } from './server.ts';

/** A folder is emptied only if it has this in it: it was made by a lab. */
const marker = '.lockstep-lab';
/** Argo CD's programs call one another by these names. */
const shown = ['kubectl', 'kustomize', 'helm', 'argocd'];

export class LabSite {
  readonly folder: string;
  readonly loopback: Loopback;
  readonly progress: Progress;
  /** kubectl, kustomize, helm and argocd, for a PATH. */
  readonly bin: string;
  readonly #built: Built;
  readonly #servers = new Map<string, LabServer>();

  constructor(folder: string, loopback: Loopback, built: Built, progress: Progress) {
    this.folder = path.resolve(folder);
    this.loopback = loopback;
    this.progress = progress;
    this.#built = built;
    emptyFolder(this.folder);
    this.bin = this.makeFolder('bin');
    for (const built_ of Object.values(built))
      for (const name of shown.filter((name) => existsSync(path.join(built_, name))))
        symlinkSync(path.join(built_, name), path.join(this.bin, name));
  }

  get servers(): readonly LabServer[] {
    return [...this.#servers.values()];
  }

  makeFolder(...names: readonly string[]): string {
    const folder = path.join(this.folder, ...names);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  write(name: string, text: string): string {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  /** Something that was built: a binary or a file. */
  binary(recipe: RecipeName, name: string): string {
    const folder = this.#built[recipe];
    if (folder === undefined) throw new Error(`${recipe} was not built for this lab`);
    return path.join(folder, name);
  }

  logFile(server: string): string {
    return path.join(this.makeFolder('logs'), `${server}.log`);
  }

  /** The environment of a process: its home and its temporary files are in the lab's folder. */
  variables(owner: string): Record<string, string> {
    const [home, temporary] = [this.makeFolder('home', owner), this.makeFolder('tmp', owner)];
    return { PATH: `${this.bin}:/usr/local/bin:/usr/bin:/bin`, HOME: home, TMPDIR: temporary, LANG: 'C.UTF-8' };
  }

  /** Options of the supervisor for a view with these hosts, and no other name to be resolved. */
  view(owner: string, hosts: Readonly<Record<string, string>>): string[] {
    const lines = Object.entries(hosts).map(([host, address]) => `${address} ${host}\n`);
    const hostsFile = this.write(`${owner}/hosts`, `127.0.0.1 localhost\n${lines.join('')}`);
    // Nobody listens there: a name that is not pinned is an error at once, and never the real thing.
    const resolvFile = this.write(`${owner}/resolv.conf`, `nameserver ${this.loopback.address(254)}\n`);
    return ['-hosts', hostsFile, '-resolv', resolvFile];
  }

  get supervisor(): string {
    return this.binary('supervisor', 'supervisor');
  }

  /** To be started. One of the same name is replaced. */
  server(settings: Omit<ServerSettings, 'logFile' | 'folder' | 'variables'> & Partial<ServerSettings>): LabServer {
    const { name } = settings;
    const own = { folder: this.folder, variables: this.variables(name), logFile: this.logFile(name) };
    const server = new LabServer(this.supervisor, { ...own, ...settings });
    this.#servers.set(name, server);
    return server;
  }
}

function emptyFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = readdirSync(folder);
  if (names.length > 0 && !names.includes(marker))
    throw new LabError(`${folder} is not a lab's folder and not empty; a lab would delete what is in it`);
  for (const name of names) rmSync(path.join(folder, name), { recursive: true, force: true });
  writeFileSync(path.join(folder, marker), '');
}
