/** What `npm run rollout` is told. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { ClusterAccess } from '../cluster/cluster-access.ts';
import type { StoreName } from '../model/configuration.ts';
import { storeNames } from '../model/configuration.ts';
import { UsageError } from '../model/problem.ts';
import { addPlatformOptions } from './platform-options.ts';
import { unknownName } from './unknown-name.ts';

const DEFAULT_TIMEOUT = '15m';

type Options = Readonly<Record<string, unknown>>;

export type RolloutOptions = {
  /** Undefined: all, one after the other. */
  readonly application: string | undefined;
  readonly to: StoreName | 'back';
  readonly plan: boolean;
  readonly yes: boolean;
  /** Environments that are confirmed by name. */
  readonly confirmed: ReadonlySet<string>;
  /** Undefined: the cluster is not watched. */
  readonly cluster: ClusterAccess | undefined;
  readonly timeoutMs: number;
};

export function addRolloutOptions(command: Command): void {
  addPlatformOptions(command, { all: false });
  command
    .option('--all', 'every application that has secrets, one after the other, up to the first that is not ready')
    .option('--to <store>', `the store to go to: ${storeNames.join(' or ')}`)
    .option('--back', 'to the store that it was on before')
    .option('--plan', 'show what is verified and what would change, and write nothing')
    .option('--yes', 'change the configuration without asking')
    .option(
      '--confirm <environment>',
      'change it also where that changes production; once for each environment',
      (name: string, before: readonly string[] | undefined) => [...(before ?? []), name],
    )
    .option('--kubeconfig <file>', 'the cluster to watch (default: what kubectl uses)')
    .option('--context <name>', 'of the kubeconfig (default: its current one)')
    .option('--timeout <duration>', `how long each application is waited for (default: ${DEFAULT_TIMEOUT})`)
    .option('--no-watch', 'do all but watch the cluster');
}

/** @throws UsageError */
export function parseRolloutOptions(options: Options): RolloutOptions {
  const { application, all, to, back, plan, yes, confirm, watch, kubeconfig, context, timeout } = options;
  if ((typeof application === 'string') === (all === true))
    throw new UsageError(
      all === true ? '--all and --application exclude each other' : 'it is not said which application',
      'Give --application NAME, or --all for one after the other.',
    );
  if ((typeof to === 'string') === (back === true))
    throw new UsageError(
      back === true ? '--back and --to exclude each other' : 'it is not said which store to go to',
      `Give --to ${storeNames[1]}, --to ${storeNames[0]}, or --back.`,
    );
  const store = storeNames.find((name) => name === to);
  if (typeof to === 'string' && store === undefined) throw unknownName('store', to, storeNames);
  if (typeof kubeconfig === 'string' && !existsSync(kubeconfig))
    throw new UsageError(
      `--kubeconfig "${kubeconfig}" is not there`,
      'Give the file that KUBECONFIG names, usually ~/.kube/config.',
    );
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    application: text(application),
    to: store ?? 'back',
    plan: plan === true,
    yes: yes === true,
    confirmed: new Set((confirm ?? []) as readonly string[]),
    cluster: watch === false ? undefined : { kubeconfig: text(kubeconfig), context: text(context) },
    timeoutMs: parseDuration(text(timeout) ?? DEFAULT_TIMEOUT),
  };
}

/** @throws UsageError */
function parseDuration(text: string): number {
  const [, hours = '0', minutes = '0', seconds = '0'] = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  if (ms > 0 && ms <= 24 * 3_600_000) return ms;
  throw new UsageError(`--timeout "${text}" is not a duration`, 'Write it as 90s, 15m or 1h30m; at most a day.');
}

/** The same command again, with `more`: to be pasted. */
export function sameRollout(options: Options, application: string | undefined, ...more: readonly string[]): string {
  const cluster = { kubeconfig: '--kubeconfig', context: '--context', timeout: '--timeout' } as const;
  const names = { environment: '--environment', ...cluster };
  const words = [
    ...Object.entries(names).flatMap(([name, option]) => {
      const value = options[name];
      return typeof value === 'string' ? [option, value] : [];
    }),
    ...(application === undefined ? ['--all'] : ['--application', application]),
    ...more,
    ...(options['watch'] === false ? ['--no-watch'] : []),
  ];
  return `npm run rollout -- ${words.join(' ')}`;
}
