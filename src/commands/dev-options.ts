/** The options of `npm run dev`, checked. */
import path from 'node:path';
import type { DevServerName } from '../dev/servers/dev-server.ts';
import { devServerNames } from '../dev/servers/start-servers.ts';
import type { StartServersOptions } from '../dev/servers/start-servers.ts';
import { stateKeyVariable } from '../dev/state/state-key.ts';
import { UsageError } from '../model/problem.ts';
import type { CommandContext } from './command.ts';
import { unknownName } from './unknown-name.ts';

type Options = Readonly<Record<string, unknown>>;

export type DevOptions = Omit<StartServersOptions, 'onRequest'> & {
  /** `memory`, or the file as it was given. */
  readonly shownState: string;
};

/** @throws UsageError */
export function parseDevOptions(options: Options, { root, environment }: CommandContext): DevOptions {
  const shownState = String(options['state']);
  if (shownState === '')
    throw new UsageError('--state is empty', 'Give memory, or a file such as .lockstep/dev/state.db.');
  return {
    ports: portsOf(options),
    host: String(options['host']),
    force: options['force'] === true,
    folder: path.join(root, '.lockstep', 'dev'),
    state:
      shownState === 'memory'
        ? undefined
        : { file: path.resolve(root, shownState), givenKey: environment[stateKeyVariable] },
    shownState,
  };
}

function portsOf(options: Options): Partial<Record<DevServerName, number>> {
  const { only } = options;
  const chosen = devServerNames.filter((name) => only === undefined || name === only);
  if (chosen.length === 0) throw unknownName('server', String(only), devServerNames);
  return Object.fromEntries(chosen.map((name) => [name, parsePort(`--${name}-port`, options[`${name}Port`])]));
}

function parsePort(option: string, given: unknown): number {
  const port = Number(given);
  if (typeof given === 'string' && /^\d{1,5}$/.test(given) && port < 65_536) return port;
  throw new UsageError(
    `${option} ${String(given)} is not a port`,
    'Give a number from 0, which is any free one, to 65535.',
  );
}
