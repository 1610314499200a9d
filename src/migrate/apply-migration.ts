/**
 * Writes what a plan says, each secret only while both stores still hold what the plan was about, and reads it back: the same fields, and for
 * every application the same bytes as from the source. It can be ended at any moment and begun again: what is written already is found unchanged.
 */
import type { Secret } from '../model/platform.ts';
import type { Version } from '../stores/contract.ts';
import { addUp, nothingYet } from './add-up.ts';
import { Failures } from './failures.ts';
import { inParallel } from './in-parallel.ts';
import type { Applied, Migration, MigrationPlan, PlannedSecret } from './migration.ts';
import { isUndeclared, isWriting } from './migration.ts';
import type { PlanHooks } from './plan-migration.ts';
import { interrupted, planMigration } from './plan-migration.ts';
import type { Prepared } from './prepare-secret.ts';
import { prepareSecret } from './prepare-secret.ts';
import { prepareVersion } from './source-versions.ts';
import { TargetWriter } from './target-writer.ts';

type Outcome = Applied['outcome'];
type Ready = Extract<Prepared, { readonly kind: 'ready' }>;

/**
 * The others are `not reached` when the signal aborts; what was begun is ended, for what is written is known before this ends.
 *
 * @param writing of the plan, what is to be written
 * @param onApplied called for each as soon as its outcome is known
 * @throws {StoreError} where a store does not answer any more; what was written until then was told by `onApplied`
 */
export async function applyMigration(
  writing: readonly PlannedSecret[],
  migration: Migration,
  onApplied: OnApplied,
): Promise<readonly Applied[]> {
  const failures = new Failures();
  return await inParallel(writing, migration.concurrency, async (planned): Promise<Applied> => {
    const applied = await applyTold(planned, migration, failures);
    await onApplied(applied);
    return applied;
  });
}

/** Awaited for each secret before its place is given to another: for a journal. */
type OnApplied = (applied: Applied) => unknown;

export type MoveHooks = Pick<PlanHooks, 'onProgress'> & {
  readonly onApplied: OnApplied;
  /** What went well is added up, and not kept: what it was is told by `onApplied`. */
  readonly addsUp?: boolean;
};

/**
 * Plans and writes each secret at once, for a run that nobody is asked about: one read of the source less, and no time in which it could change.
 * Those that the catalog does not know come behind, since only then it is known which names are free.
 *
 * @param mayWrite of the plan, what is written; the rest is planned only
 * @throws {StoreError} where a store does not answer
 */
export async function moveSecrets(
  secrets: readonly Secret[],
  declared: readonly Secret[],
  migration: Migration,
  mayWrite: (planned: PlannedSecret) => boolean,
  { onApplied, onProgress, addsUp = false }: MoveHooks,
): Promise<{ readonly plan: MigrationPlan; readonly applied: readonly Applied[] }> {
  const failures = new Failures();
  const applied: Applied[] = [];
  const totals = nothingYet();
  const isAddedUp = (planned: PlannedSecret, outcome?: Outcome): boolean => addsUp && addUp(totals, planned, outcome);
  const tell = async (one: Applied): Promise<void> => {
    applied.push(one);
    await onApplied(one);
  };
  const isWritten = (planned: PlannedSecret): boolean => isWriting(planned) && mayWrite(planned);
  // What is planned is written, interrupted or not; what is not is not begun.
  const planning = { ...migration, signal: undefined };
  const plan = await planMigration(secrets, declared, planning, {
    ...(onProgress && { onProgress }),
    stop: migration.signal,
    async whenPlanned(planned, prepared) {
      if (planned.action === interrupted) await tell({ planned, outcome: { kind: 'not reached' } });
      if (prepared?.kind !== 'ready' || !isWritten(planned)) return isAddedUp(planned) ? undefined : planned;
      const one = await applyTold(planned, planning, failures, prepared);
      if (isAddedUp(planned, one.outcome)) {
        await onApplied(one);
        return undefined;
      }
      await tell(one);
      return planned;
    },
  });
  const others = plan.secrets.filter((planned) => isUndeclared(planned.secret) && isWritten(planned));
  await applyMigration(others, migration, tell);
  return { plan: addsUp ? { ...plan, totals } : plan, applied };
}

async function applyTold(
  planned: PlannedSecret,
  migration: Migration,
  failures: Failures,
  inHand?: Ready,
): Promise<Applied> {
  if (migration.signal?.aborted === true) return { planned, outcome: { kind: 'not reached' } };
  const outcome = await failures.tell(
    () => applyOne(planned, migration, inHand),
    (failure): Outcome => ({ kind: 'failed', ...failure }),
  );
  return { planned, outcome };
}

/** What the source holds, if that is still what the plan was about: made of the same version, it is the same. */
async function prepareAgain({ secret, from }: PlannedSecret, migration: Migration): Promise<Ready | undefined> {
  const source = await migration.from.client.read(from.name);
  if (source.kind !== 'present' || source.version !== from.version) return undefined;
  const prepared = prepareSecret(secret, source, migration);
  return prepared.kind === 'ready' ? prepared : undefined;
}

/** @param inHand what was read a moment ago; otherwise the source is read again */
async function applyOne(planned: PlannedSecret, migration: Migration, inHand?: Ready): Promise<Outcome> {
  const { secret, action, to, older } = planned;
  const prepared = inHand ?? (await prepareAgain(planned, migration));
  if (prepared === undefined) return { kind: 'changed meanwhile', side: 'source' };
  const writer = new TargetWriter(secret, prepared.seen, migration);
  if (action.kind === 'unchanged')
    return action.note === undefined ? { kind: 'already' } : writer.note(to.name, action.note, prepared.metadata);
  if (!('expected' in action)) return { kind: 'already' };
  let expected: Version | 'absent' = action.expected;
  if (action.kind === 'recover') {
    const recovered = await writer.recover(to.name);
    if (typeof recovered === 'object') return recovered;
    expected = recovered;
  }
  const known = new Set(await writer.versionsBefore(to.name, expected));
  for (const version of older) {
    const before = await prepareVersion(secret, version, migration);
    // It was dropped since the plan: those behind it still follow each other.
    if (typeof before === 'string') continue;
    const written = await writer.write(to.name, before, expected);
    // Of an older version it is not what was to become of the secret.
    if (typeof written === 'object')
      return written.kind === 'already' ? { kind: 'changed meanwhile', side: 'target' } : written;
    known.add(written);
    expected = written;
  }
  const written = await writer.write(to.name, prepared, expected);
  if (typeof written === 'object') return written;
  return writer.verifyAlone(to.name, prepared.value, written, known);
}
