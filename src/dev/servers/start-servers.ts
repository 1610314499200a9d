/** Starts the servers of `npm run dev` on one state, and ends them together. */
import path from 'node:path';
import { UsageError } from '../../model/problem.ts';
import { isLoopback } from '../loopback.ts';
import type { LoggedRequest } from '../request-log.ts';
import { below, createMemoryStorage } from '../storage.ts';
import type { Storage } from '../storage.ts';
import type { DevServerName, DevServerOptions, RunningDevServer } from './dev-server.ts';

/** A further server is an entry here, and its port an option of the command. Each is loaded only where it is started. */
const starters: Readonly<Record<DevServerName, (options: DevServerOptions) => Promise<RunningDevServer>>> = {
  vault: async (options) => (await import('./dev-vault.ts')).startDevVault(options),
  azure: async (options) => (await import('./dev-azure.ts')).startDevAzure(options),
};

export const devServerNames = Object.keys(starters) as readonly DevServerName[];

/**
 * @property ports of those that are to start
 * @property folder for tokens
 * @property state undefined: in memory
 */
export type StartServersOptions = {
  readonly ports: Readonly<Partial<Record<DevServerName, number>>>;
  readonly host: string;
  readonly force: boolean;
  readonly folder: string;
  readonly state: { readonly file: string; readonly givenKey: string | undefined } | undefined;
  readonly onRequest: (server: DevServerName, request: LoggedRequest) => void;
};

export type RunningDevServers = { readonly servers: readonly RunningDevServer[]; close(): Promise<void> };

/** @throws UsageError where the host is not allowed or a port taken; StateError */
export async function startServers(options: StartServersOptions): Promise<RunningDevServers> {
  const { host, force, folder, ports, onRequest } = options;
  if (!isLoopback(host) && !force)
    throw new UsageError(
      `--host ${host} would open the embedded servers to other machines`,
      'Leave it out, or add --force where every machine that reaches this one may read and change what is in them.',
    );
  const storage = await openStorage(options.state);
  const servers: RunningDevServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
    storage.close();
  };
  try {
    for (const name of devServerNames) {
      const port = ports[name];
      if (port === undefined) continue;
      const own = {
        storage: below(storage, `${name}/`),
        onRequest: (request: LoggedRequest) => onRequest(name, request),
      };
      servers.push(await starters[name]({ host, force, port, folder, ...own }).catch(explain(name, host, port)));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { servers, close };
}

async function openStorage(state: StartServersOptions['state']): Promise<Storage & { close(): void }> {
  if (state === undefined) return { ...createMemoryStorage(), close: () => undefined };
  const { openSqliteStorage } = await import('../state/sqlite-storage.ts');
  const { readStateKey } = await import('../state/state-key.ts');
  const file = path.resolve(state.file);
  return openSqliteStorage(file, (isNew) => readStateKey(`${file}.key`, state.givenKey, isNew));
}

const refusals: ReadonlyMap<string | undefined, string> = new Map([
  ['EADDRINUSE', 'is in use'],
  ['EACCES', 'is not allowed to you'],
  ['EADDRNOTAVAIL', 'is on no interface of this machine'],
]);

function explain(name: DevServerName, host: string, port: number): (error: unknown) => never {
  return (error) => {
    const because = refusals.get((error as { code?: string }).code);
    if (because === undefined) throw error;
    throw new UsageError(
      `the embedded ${name} cannot listen: port ${port} of ${host} ${because}`,
      `Choose another, or 0 for any that is free: npm run dev -- --${name}-port 0`,
    );
  };
}
