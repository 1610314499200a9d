/** Which engine or auth method answers which path (vault/mount.go, vault/auth.go). */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Backend } from './backend.ts';
import { deleteBelow } from '../storage.ts';
import type { Storage } from '../storage.ts';
import { systemMaxTtlS } from './tokens.ts';

/** @property path ends in `/`; that of an auth method begins with `auth/` */
export type MountEntry = {
  readonly path: string;
  readonly type: string;
  readonly accessor: string;
  readonly uuid: string;
  readonly description: string;
  readonly options: Readonly<Record<string, string>> | null;
};

export type Mount = { readonly entry: MountEntry; readonly backend: Backend };

/** Of all that a mount keeps: a mount of the same name that comes later starts empty. */
export function storagePrefix({ path, uuid }: MountEntry): string {
  return `${path.startsWith('auth/') ? 'auth' : 'logical'}/${uuid}/`;
}

/** Makes what answers below a mount; undefined: no such type, or not in that version. */
export type BackendFactory = (entry: MountEntry) => Backend | undefined;

const key = 'core/mounts';

export class Mounts {
  readonly #storage: Storage;
  readonly #create: BackendFactory;
  /** What `#mounts` was made from: a storage that takes a change back gives another object. */
  #kept: unknown;
  #mounts: ReadonlyMap<string, Mount> = new Map();

  constructor(storage: Storage, create: BackendFactory) {
    this.#storage = storage;
    this.#create = create;
  }

  /** @returns undefined, or why not, in Vault's words */
  add(path: string, type: string, options: MountEntry['options'] = null, description = ''): string | undefined {
    const shown = path.replace(/^auth\//, '');
    const taken = [...this.#all().keys()].find((other) => path.startsWith(other) || other.startsWith(path));
    if (taken !== undefined) return `path is already in use at ${taken.replace(/^auth\//, '')}`;
    const accessor = `${path.startsWith('auth/') ? 'auth_' : ''}${type}_${randomBytes(4).toString('hex')}`;
    const entry = { path, type, accessor, uuid: randomUUID(), description, options };
    if (this.#create(entry) === undefined)
      return shown === '' ? 'missing path' : `plugin not found in the catalog: ${type}`;
    this.#save([...this.#entries(), entry]);
    return undefined;
  }

  /** What the mount keeps goes with it. */
  remove(path: string): void {
    const mount = this.#all().get(path);
    if (mount === undefined) return;
    deleteBelow(this.#storage, storagePrefix(mount.entry));
    this.#save(this.#entries().filter((entry) => entry !== mount.entry));
  }

  get(path: string): Mount | undefined {
    return this.#all().get(path);
  }

  /** The mount that a path is under: `secret/data/a` and `secret` are both under `secret/`. */
  find(path: string): { readonly mount: Mount; readonly rest: string } | undefined {
    const mounts = this.#all();
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      const mount = mounts.get(path.slice(0, slash + 1));
      if (mount !== undefined) return { mount, rest: path.slice(slash + 1) };
    }
    const mount = mounts.get(`${path}/`);
    return mount && { mount, rest: '' };
  }

  /** By path, for sys/mounts, sys/auth and sys/internal/ui/mounts. Auth methods without their `auth/`. */
  entries(kind: 'secret' | 'auth'): readonly MountEntry[] {
    return this.#entries()
      .filter(({ path }) => path.startsWith('auth/') === (kind === 'auth'))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  #entries(): readonly MountEntry[] {
    return [...this.#all().values()].map(({ entry }) => entry);
  }

  #all(): ReadonlyMap<string, Mount> {
    const kept = this.#storage.get(key) as { entries: MountEntry[] } | undefined;
    if (kept === this.#kept) return this.#mounts;
    this.#kept = kept;
    this.#mounts = new Map(
      (kept?.entries ?? []).flatMap((entry) => {
        const backend = this.#create(entry);
        return backend === undefined ? [] : [[entry.path, { entry, backend }] as const];
      }),
    );
    return this.#mounts;
  }

  #save(entries: readonly MountEntry[]): void {
    this.#storage.put(key, { entries });
  }
}

/** The version that each engine of Vault 1.21.4 says it is. */
const pluginVersions: Readonly<Record<string, string>> = {
  kv: 'v0.25.0+builtin',
  kubernetes: 'v0.23.1+builtin',
};

/** @param ttls `effective`: the system's where the mount has none, as the UI is told */
export function describeMount(entry: MountEntry, ttls: 'own' | 'effective'): Record<string, unknown> {
  const isAuth = entry.path.startsWith('auth/');
  const builtIn = ['system', 'token'].includes(entry.type);
  const seconds = ttls === 'own' ? 0 : systemMaxTtlS;
  return {
    accessor: entry.accessor,
    config: {
      default_lease_ttl: seconds,
      force_no_cache: false,
      max_lease_ttl: seconds,
      ...(isAuth && { token_type: 'default-service' }),
      ...(entry.type === 'system' && { passthrough_request_headers: ['Accept'] }),
    },
    ...(!builtIn && { deprecation_status: 'supported' }),
    description: entry.description,
    external_entropy_access: false,
    local: false,
    options: entry.options,
    plugin_version: '',
    running_plugin_version: pluginVersions[entry.type] ?? 'v1.21.4+builtin.vault',
    running_sha256: '',
    seal_wrap: entry.type === 'system',
    type: entry.type,
    uuid: entry.uuid,
  };
}
