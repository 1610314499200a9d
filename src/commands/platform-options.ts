/** The options that say which environment and which applications, and what they lead to: loaded, checked and resolved platforms. */
import type { Command } from 'commander';
import type { ConfigurationMemory } from '../configuration/load-configuration.ts';
import { createMemory, loadConfiguration } from '../configuration/load-configuration.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Platform } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import { UsageError } from '../model/problem.ts';
import type { ResolvedBefore } from '../model/resolve.ts';
import { nothingResolved, resolve } from '../model/resolve.ts';
import type { Variables } from '../model/variables.ts';
import { parseVariables } from '../model/variables.ts';
import type { CommandContext } from './command.ts';
import { unknownName } from './unknown-name.ts';

const DEFAULT_ENVIRONMENT = 'dev';

export function addEnvironmentOption(command: Command): void {
  command.option(
    '-e, --environment <name>',
    `an environment of config/environments.ts (default: ${DEFAULT_ENVIRONMENT})`,
  );
}

export function addPlatformOptions(command: Command, { all }: { readonly all: boolean }): void {
  addEnvironmentOption(command);
  if (all) command.option('--all', 'every environment');
  command.option('-a, --application <name>', 'only this application');
}

/** The one that is meant, before it is known whether there is one of that name. */
export function environmentName({ environment }: Readonly<Record<string, unknown>>): string {
  return typeof environment === 'string' ? environment : DEFAULT_ENVIRONMENT;
}

export type LoadedPlatforms = {
  readonly environments: readonly string[];
  readonly platforms: readonly Platform[];
  /** Undefined: all. */
  readonly only: ReadonlySet<string> | undefined;
  readonly problems: readonly Problem[];
};

/** What a process that stays keeps of the platforms that it loaded. */
export type PlatformMemory = ConfigurationMemory & { readonly resolved: Map<string, ResolvedBefore> };

export function createPlatformMemory(): PlatformMemory {
  return { ...createMemory(), resolved: new Map() };
}

/**
 * @param memory of a process that stays, and brought up to date
 * @throws UsageError where an option names what config/ does not have
 */
export async function loadPlatforms(
  options: Readonly<Record<string, unknown>>,
  { root, environment }: Pick<CommandContext, 'root' | 'environment'>,
  memory?: PlatformMemory,
): Promise<LoadedPlatforms> {
  const { configuration, problems } = await loadConfiguration(root, memory);
  const { variables, problems: variableProblems } = parseVariables(environment);
  if (problems.length > 0)
    return { environments: [], platforms: [], only: undefined, problems: [...problems, ...variableProblems] };
  const environments = chosenEnvironments(options, configuration);
  const only = chosenApplication(options, configuration);
  const malformed = new Set(variableProblems.map(({ where }) => where));
  const before = (name: string): ResolvedBefore | undefined => {
    if (memory === undefined) return undefined;
    const known = memory.resolved.get(name) ?? nothingResolved();
    memory.resolved.set(name, known);
    return known;
  };
  const resolutions = environments.map((name) =>
    resolve(
      configuration,
      name,
      environments.length === 1 ? variables : meantFor(name, configuration, variables),
      malformed,
      before(name),
    ),
  );
  return {
    environments,
    platforms: resolutions.flatMap((resolution) => (resolution.kind === 'resolved' ? [resolution.platform] : [])),
    only,
    problems: [
      ...variableProblems,
      ...resolutions.flatMap((resolution) => (resolution.kind === 'wrong' ? resolution.problems : [])),
    ],
  };
}

/** With several environments an identity is that of those that have a Key Vault; to one without it says nothing. */
function meantFor(name: string, { environments }: Configuration, variables: Variables): Variables {
  if (environments[name]?.azure !== undefined || variables.AZURE_KEYVAULT_NAME !== undefined) return variables;
  const { AZURE_TENANT_ID: _tenant, AZURE_CLIENT_ID: _client, ...others } = variables;
  return others;
}

function chosenEnvironments(
  { environment, all }: Readonly<Record<string, unknown>>,
  { environments }: Configuration,
): string[] {
  const known = Object.keys(environments);
  if (all === true) {
    if (environment !== undefined) throw new UsageError('--all and --environment exclude each other', 'Leave one out.');
    return known;
  }
  const name =
    typeof environment === 'string'
      ? environment
      : known.includes(DEFAULT_ENVIRONMENT)
        ? DEFAULT_ENVIRONMENT
        : known[0];
  if (name === undefined) throw new UsageError('there is no environment', 'Add one to config/environments.ts.');
  if (!known.includes(name)) throw unknownName('environment', name, known);
  return [name];
}

function chosenApplication(
  { application }: Readonly<Record<string, unknown>>,
  { applications }: Configuration,
): Set<string> | undefined {
  if (typeof application !== 'string') return undefined;
  const known = applications.map(({ name }) => name);
  if (!known.includes(application)) throw unknownName('application', application, known);
  return new Set([application]);
}
