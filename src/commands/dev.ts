import path from 'node:path';
import type { DevServerName, RunningDevServer } from '../dev/servers/dev-server.ts';
import { devServerNames, startServers } from '../dev/servers/start-servers.ts';
import type { RunningDevServers } from '../dev/servers/start-servers.ts';
import { isLoopback } from '../dev/loopback.ts';
import type { Platform } from '../model/platform.ts';
import type { ReportedServer } from '../report/dev-report.ts';
import { renderDev, renderRequest } from '../report/dev-report.ts';
import type { CommandDefinition } from './command.ts';
import { parseDevOptions } from './dev-options.ts';
import { loadPlatforms } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';
import { untilStopped } from './until-stopped.ts';

export const command: CommandDefinition = {
  examples: [
    'npm run dev',
    'npm run dev -- --state .lockstep/dev/state.db --seed',
    'npm run dev -- --only vault --vault-port 0 --output json',
  ],
  formats: ['text', 'json'],
  options: (of) =>
    of
      .option('--only <server>', `only this server: ${devServerNames.join(' or ')}`)
      .option('--vault-port <port>', 'of the embedded Vault; 0: any that is free', '8200')
      .option('--azure-port <port>', 'of the embedded Key Vault and its token service; 0: any that is free', '8443')
      .option('--state <memory|file>', 'keep everything in memory, or encrypted in this file', 'memory')
      .option('--seed', 'put in what config/ declares, with made-up values; what is there stays')
      .option('--log', 'show each request on stderr, without its values')
      .option('--host <address>', 'listen here; other than loopback only with --force', '127.0.0.1')
      .option('--force', 'let other machines reach the servers'),

  async run(options, context) {
    const { shownState, ...parsed } = parseDevOptions(options, context);
    const seeds = options['seed'] === true ? await loadPlatforms({}, context) : undefined;
    if (seeds !== undefined && seeds.problems.length > 0)
      return problemsFound(seeds.environments, seeds.problems, 'Nothing was started. Mend this and run it again.');
    const stopped = untilStopped();
    const running = await startServers({
      ...parsed,
      onRequest: (server, request) => {
        if (options['log'] === true) context.note(renderRequest(server, request));
      },
    });
    const seeded = await seed(running, seeds?.platforms[0]).catch(async (error: unknown) => {
      await running.close();
      throw error;
    });
    const items = running.servers.map((server) => ({
      ...reported(server, context.root),
      state: shownState,
      ...seeded.get(server.name),
    }));
    return {
      outcome: 'clean',
      environments: seeds?.environments ?? [],
      items,
      problems: [],
      render: () => renderDev({ root: context.root, servers: items, open: !isLoopback(parsed.host) }),
      goesOn: async () => {
        await stopped;
        await running.close();
      },
    };
  },
};

async function seed(
  { servers }: RunningDevServers,
  platform: Platform | undefined,
): Promise<ReadonlyMap<DevServerName, Pick<ReportedServer, 'seeded' | 'kept'>>> {
  if (platform === undefined) return new Map();
  const { seedDevServer } = await import('./seed-dev-servers.ts');
  const outcomes = servers.map(async (server) => {
    const { seeded, kept } = await seedDevServer(server, platform);
    return [server.name, { seeded, kept }] as const;
  });
  return new Map(await Promise.all(outcomes));
}

/** Its files relative to the repository. */
function reported(
  { name, title, address, variables, hostNames }: RunningDevServer,
  root: string,
): Omit<ReportedServer, 'state' | 'seeded' | 'kept'> {
  const shown = variables.map((variable) =>
    'file' in variable ? { ...variable, file: path.relative(root, variable.file).replaceAll(path.sep, '/') } : variable,
  );
  return { server: name, title, address, variables: shown, hostNames };
}
