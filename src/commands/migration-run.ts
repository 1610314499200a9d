/** A migration at work: its progress, its journal, and Ctrl-C. */
import { applyMigration, moveSecrets } from '../migrate/apply-migration.ts';
import { migrated, migratedSecret } from '../migrate/migration-item.ts';
import type { Applied, Migration, MigrationPlan, PlannedSecret } from '../migrate/migration.ts';
import { planMigration } from '../migrate/plan-migration.ts';
import type { Secret } from '../model/platform.ts';
import { renderMigrated } from '../report/migration-report.ts';
import { plural } from '../report/plural.ts';
import type { CommandContext } from './command.ts';
import { openJournal } from './migration-files.ts';
import { showProgress } from './migration-progress.ts';
import { untilStopped } from './until-stopped.ts';

export type MigrationRun = {
  readonly environment: string;
  /** The command. */
  readonly name: string;
  readonly context: CommandContext;
  readonly migration: Migration;
  readonly stopping: AbortController;
  /** Whether each secret is told, and not only those that are not as they should be. */
  readonly tellsEach: boolean;
  /** How often a store was asked again until now. */
  readonly retries: () => number;
};

/** So many lines of what was written a log takes; of more it has the totals. */
const FEW = 25;

/** @param savedNames of a plan that is applied: what it does not name came to the source after it */
export async function planOnly(
  secrets: readonly Secret[],
  declared: readonly Secret[],
  { context, migration, retries }: MigrationRun,
  savedNames: ReadonlySet<string> | undefined,
): Promise<MigrationPlan> {
  context.note(`Reading ${plural(secrets.length, 'secret')} from both stores …`);
  const plan = await planMigration(secrets, declared, migration, {
    onProgress: showProgress(context, 'reading', retries),
  });
  if (savedNames === undefined) return plan;
  return { ...plan, secrets: plan.secrets.filter(({ secret }) => savedNames.has(secret.name)) };
}

/** Of what is there to be written, what nobody has to be asked about. */
export async function planAndWrite(
  secrets: readonly Secret[],
  declared: readonly Secret[],
  run: MigrationRun,
  mayWrite: (planned: PlannedSecret) => boolean,
): Promise<{ readonly plan: MigrationPlan; readonly done: readonly Applied[] }> {
  const { context, migration, retries } = run;
  context.note(`Moving ${plural(secrets.length, 'secret')} …`);
  const onProgress = showProgress(context, 'moving', retries);
  const { plan, applied } = await journalled(run, secrets.length, (onApplied) =>
    moveSecrets(secrets, declared, migration, mayWrite, { onApplied, onProgress, addsUp: !run.tellsEach }),
  );
  return { plan, done: applied };
}

export async function write(writing: readonly PlannedSecret[], run: MigrationRun): Promise<readonly Applied[]> {
  const progress = showProgress(run.context, 'writing', run.retries);
  let done = 0;
  return journalled(run, writing.length, (onApplied) =>
    applyMigration(writing, run.migration, async (one) => {
      done += 1;
      progress(done, writing.length);
      await onApplied(one);
    }),
  );
}

/** @param count of the secrets that are in question */
async function journalled<Result>(
  { environment, name, context, stopping }: MigrationRun,
  count: number,
  work: (onApplied: (applied: Applied) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const journal = openJournal(context.root, environment, name);
  // From here on Ctrl-C ends the write in hand first; before, it ends the process, which has only read.
  void untilStopped().then(() => {
    stopping.abort();
  });
  try {
    return await work(async (one) => {
      const { name: secret, ...line } = migrated(one.planned, one.outcome);
      const isDone = one.outcome.kind === 'written' || one.outcome.kind === 'already';
      if (!isDone || count <= FEW) context.note(renderMigrated(migratedSecret(one.planned, one.outcome)));
      await journal.add({ secret, ...line });
    });
  } finally {
    context.progress(undefined);
    journal.close();
  }
}
