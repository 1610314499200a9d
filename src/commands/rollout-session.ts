/** What the steps of one `npm run rollout` share. */
import { randomBytes } from 'node:crypto';
import type { Configuration, StoreName } from '../model/configuration.ts';
import type { Platform } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import { PlatformError } from '../model/problem.ts';
import type { Resolution } from '../model/resolve.ts';
import { resolve } from '../model/resolve.ts';
import type { Variables } from '../model/variables.ts';
import type { CommandContext } from './command.ts';
import { RolloutCluster } from './rollout-cluster.ts';
import type { RolloutOptions } from './rollout-options.ts';
import { untilStopped } from './until-stopped.ts';

export type RolloutSession = {
  readonly context: CommandContext;
  readonly options: RolloutOptions;
  readonly environment: string;
  readonly variables: Variables;
  /** Undefined: it is not watched. */
  readonly cluster: RolloutCluster | undefined;
  /** Made for this run. */
  readonly key: Uint8Array;
  /** Whether config/ is not to be changed: asked for, or nobody is there to agree. */
  readonly planOnly: boolean;
  /** From the first call on, Ctrl-C does not end the process, and aborts this. */
  readonly stopping: () => AbortSignal;
};

/** @throws PlatformError where the cluster is to be watched, and kubectl knows none: before anything is changed */
export async function openSession(
  options: RolloutOptions,
  context: CommandContext,
  environment: string,
  variables: Variables,
): Promise<RolloutSession> {
  const key = randomBytes(32);
  const cluster = await openCluster(options, context, key);
  let signal: AbortSignal | undefined;
  const stopping = (): AbortSignal => {
    if (signal !== undefined) return signal;
    const controller = new AbortController();
    void untilStopped().then(() => {
      controller.abort();
    });
    return (signal = controller.signal);
  };
  const isAgreed = options.yes || options.confirmed.size > 0;
  const planOnly = options.plan || (context.ask === undefined && !isAgreed);
  return { ...{ context, options, environment, variables, cluster, key, planOnly, stopping } };
}

/** A plan can do without. */
async function openCluster(
  { cluster: access, plan }: RolloutOptions,
  { note }: CommandContext,
  key: Uint8Array,
): Promise<RolloutCluster | undefined> {
  if (access === undefined) return undefined;
  const cluster = new RolloutCluster(access, key);
  try {
    note(`The cluster is that of kubectl's context ${await cluster.name()}.`);
    return cluster;
  } catch (error) {
    if (!plan || !(error instanceof PlatformError)) throw error;
    note(`${error.message}: no Secret of a cluster is looked at.`);
    return undefined;
  }
}

/** What is wrong ends the command as it does any other. */
export class ProblemsError extends PlatformError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('PROBLEMS', problems.map(({ message }) => message).join('; '), '');
    this.problems = problems;
  }
}

export function resolveIn({ environment, variables }: RolloutSession, configuration: Configuration): Resolution {
  return resolve(configuration, environment, variables);
}

/** @throws ProblemsError */
export function platformOf(resolution: Resolution): Platform {
  if (resolution.kind === 'wrong') throw new ProblemsError(resolution.problems);
  return resolution.platform;
}

export function otherStore(store: StoreName): StoreName {
  return store === 'azure-keyvault-store' ? 'vault-secret-store' : 'azure-keyvault-store';
}
