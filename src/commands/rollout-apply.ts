/** Leads one application over, once it is known that it can be: config/, dist/, and then it is for the cluster to follow. */
import type { Configuration, StoreName } from '../model/configuration.ts';
import type { Platform } from '../model/platform.ts';
import { renderRolledOut } from '../report/rollout-report.ts';
import type { Digests, ExpectedSecret } from '../rollout/expected-secret.ts';
import type { RolledOut } from '../rollout/rollout-item.ts';
import { watchCluster } from './rollout-cluster.ts';
import type { ProposedEdit, RolloutRecord } from './rollout-configuration.ts';
import { writeEdit, writeRecord } from './rollout-configuration.ts';
import { agreesTo } from './rollout-consent.ts';
import { deployCommands } from './rollout-deploy.ts';
import type { RolloutSession } from './rollout-session.ts';
import { platformOf, ProblemsError, resolveIn } from './rollout-session.ts';
import { synthesiseOne } from './synth-session.ts';

/** What became of it, and what config/ says then. */
export type Stepped = { readonly rolledOut: RolledOut; readonly configuration: Configuration };

type Prepared = {
  readonly planned: RolledOut;
  /** The store that config/ names now. */
  readonly current: StoreName;
  /** Of the roll-out that is taken back. */
  readonly record: RolloutRecord | undefined;
  readonly configuration: Configuration;
  /** Undefined where config/ says so already. */
  readonly edit: ProposedEdit | undefined;
  readonly expected: readonly ExpectedSecret[];
  /** What the Secrets hold, by namespace and name; of those that are to stay as they are. */
  readonly before: ReadonlyMap<string, Digests>;
};

export async function applyRollout(session: RolloutSession, prepared: Prepared): Promise<Stepped> {
  const { context, options, cluster } = session;
  const { planned, configuration, edit, expected, before } = prepared;
  const { application, to } = planned;
  if (edit !== undefined) {
    const show = (): void => {
      context.note(renderRolledOut(planned).join('\n'));
    };
    if (!(await agreesTo(session, planned, show))) return { rolledOut: planned, configuration };
    const record = recordOf(prepared, options.to === 'back', edit);
    if (record !== undefined) writeRecord(context.root, record);
    writeEdit(context.root, edit);
  }

  const after = edit?.configuration ?? configuration;
  const platform = platformOf(resolveIn(session, after));
  const output = await synthesised(session, platform, edit);
  const deploy = deployCommands(platform, output, application, expected, options);
  const written: RolledOut = { ...planned, deploy, state: 'written' };
  if (cluster === undefined) return { rolledOut: written, configuration: after };
  context.note(`Written: ${output}. Deploy it now:`);
  for (const line of deploy.commands) context.note(`  ${line}`);
  context.note('or, where there is no Argo CD:');
  for (const line of deploy.kubectl) context.note(`  ${line}`);
  const signal = session.stopping();
  const watching = { expected, store: to, before, timeoutMs: options.timeoutMs, signal };
  const externalSecrets = await watchCluster(cluster, watching, context);
  const isReady = externalSecrets.every((one) => one.state === 'ready');
  const isStopped = signal.aborted && !externalSecrets.some((one) => one.state === 'changed');
  const state = isReady ? 'ready' : isStopped ? 'stopped' : 'not ready';
  return { rolledOut: { ...written, state, externalSecrets }, configuration: after };
}

/** Of a way back that nobody remembers, the way is remembered: begun again, it leads to the same store. */
function recordOf(
  { planned: { application, to }, current, record }: Prepared,
  isBack: boolean,
  { before, after }: ProposedEdit,
): RolloutRecord | undefined {
  const common = { format: 1, application, at: new Date().toISOString() } as const;
  if (!isBack) return { ...common, from: current, to, before, after };
  return record === undefined ? { ...common, from: to, to: current, before: after, after: before } : undefined;
}

/** @returns the folder. @throws ProblemsError, and then config/ is as it was */
async function synthesised(
  { context }: RolloutSession,
  platform: Platform,
  edit: ProposedEdit | undefined,
): Promise<string> {
  const outcome = await synthesiseOne(platform, context);
  if (outcome.kind === 'written') return outcome.results[0]?.output ?? '';
  if (edit !== undefined) writeEdit(context.root, { before: edit.after, after: edit.before });
  throw new ProblemsError(outcome.problems);
}
