/** Reads both sides, and says what is to be done. */
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import type { ReadOutcome, Version } from '../stores/contract.ts';
import { Failures } from './failures.ts';
import { inParallel } from './in-parallel.ts';
import { checkKeyVaultSecretName, checkVaultPath } from '../model/names.ts';
import type { Action, Blocked, Migration, MigrationPlan, PlannedSecret, StoreSide } from './migration.ts';
import { AbsentNames, undeclaredNames } from './names-at.ts';
import { planSecret, prepareFrom } from './plan-secret.ts';
import type { Prepared } from './prepare-secret.ts';
import { findCopied, olderVersions, versionsBefore } from './source-versions.ts';
import { blockTakenNames, undeclaredSecret } from './undeclared.ts';

export type PlanHooks = {
  /** How many are planned, and of how many. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Awaited for each secret of the catalog before its place is given to another. @returns what is kept of it, if it is kept */
  readonly whenPlanned?: (planned: PlannedSecret, prepared: Prepared | undefined) => Promise<PlannedSecret | undefined>;
  /** Those that were not begun by then are told as failed. */
  readonly stop?: AbortSignal | undefined;
};

/** What nobody began any more. */
export const interrupted: Action = {
  kind: 'failed',
  because: 'not reached: it was interrupted',
  hint: 'Run it again: it goes on where it was.',
};

/**
 * @param declared every secret of the catalog, for what it does not know
 * @throws {StoreError} where a store does not answer; `signal.reason`
 */
export async function planMigration(
  secrets: readonly Secret[],
  declared: readonly Secret[],
  migration: Migration,
  { onProgress = () => undefined, whenPlanned, stop }: PlanHooks = {},
): Promise<MigrationPlan> {
  const { from, to, undeclaredSecrets = false, signal, concurrency } = migration;
  const undeclared = undeclaredNames(from, declared, signal);
  // It fails together with the reads, or by itself when nobody listens any more.
  undeclared.catch(() => undefined);
  const absent = new AbsentNames(to);
  const failures = new Failures();
  let done = 0;
  const told = async (secret: Secret, plan: () => Promise<Planning>): Promise<Planning> => {
    signal?.throwIfAborted();
    if (stop?.aborted === true) return { planned: unread(secret, interrupted, migration) };
    return failures.tell(plan, (failure) => ({ planned: unread(secret, { kind: 'failed', ...failure }, migration) }));
  };
  try {
    const all = await inParallel(secrets, concurrency, async (secret) => {
      const { planned, prepared } = await told(secret, () => planOne(secret, migration, absent));
      const kept = whenPlanned === undefined ? planned : await whenPlanned(planned, prepared);
      done += 1;
      onProgress(done, secrets.length);
      return kept;
    });
    failures.throwIfNothing();
    const ofCatalog = all.filter((planned) => planned !== undefined);
    const names = (await undeclared)?.toSorted();
    if (!undeclaredSecrets || names === undefined) return { secrets: ofCatalog, undeclared: names };
    const applications = [...new Set(declared.map(({ application }) => application))];
    const others = await inParallel(names, concurrency, async (name) => {
      const nothing = undeclaredSecret(name, undefined, migration, applications);
      const { planned } = await told(nothing, () => planUndeclared(name, applications, migration, absent));
      done += 1;
      onProgress(done, secrets.length + names.length);
      return planned;
    });
    const taken = declared.map((secret) => remoteKey({ ...secret, store: to.store }));
    return { secrets: [...ofCatalog, ...blockTakenNames(others, taken, to)], undeclared: names };
  } finally {
    await absent.end();
  }
}

type Planning = { readonly planned: PlannedSecret; readonly prepared?: Prepared | undefined };

/** @param absent names that the target does not have */
async function planOne(secret: Secret, migration: Migration, absent?: Pick<AbsentNames, 'has'>): Promise<Planning> {
  const { from, to, signal } = migration;
  const target = remoteKey({ ...secret, store: to.store });
  const [source, there] = await Promise.all([
    from.client.read(remoteKey({ ...secret, store: from.store }), { signal }),
    readTarget(target, migration, absent),
  ]);
  return planRead(secret, source, there, migration);
}

/** What a store would refuse to be asked for. */
function isName(name: string, { capabilities }: StoreSide): boolean {
  return (capabilities.folders ? checkVaultPath(name) : checkKeyVaultSecretName(name)) === undefined;
}

async function planUndeclared(
  name: string,
  applications: readonly string[],
  migration: Migration,
  absent: AbsentNames,
): Promise<Planning> {
  const cannotBe = (secret: Secret, side: Blocked['side'], of: string): Planning => {
    const because: Blocked = { side, reason: 'its name cannot be one there', names: [of] };
    return { planned: unread(secret, { kind: 'blocked', because }, migration) };
  };
  if (!isName(name, migration.from))
    return cannotBe(undeclaredSecret(name, undefined, migration, applications), 'source', name);
  // Its name at the target may be in its tags.
  const source = await migration.from.client.read(name, { signal: migration.signal });
  const present = source.kind === 'present' ? source : undefined;
  const secret = undeclaredSecret(name, present, migration, applications);
  if (present?.metadata.managed === true)
    return {
      planned: unread(
        secret,
        { kind: 'blocked', because: { side: 'source', reason: 'managed', names: [] } },
        migration,
      ),
    };
  const target = remoteKey({ ...secret, store: migration.to.store });
  if (!isName(target, migration.to)) return cannotBe(secret, 'target', target);
  return planRead(secret, source, await readTarget(target, migration, absent), migration);
}

async function readTarget(
  name: string,
  { to, signal }: Migration,
  absent?: Pick<AbsentNames, 'has'>,
): Promise<ReadOutcome> {
  return absent?.has(name) === true ? { kind: 'missing' } : to.client.read(name, { signal });
}

async function planRead(
  secret: Secret,
  source: ReadOutcome,
  target: ReadOutcome,
  migration: Migration,
): Promise<Planning> {
  const prepared = prepareFrom(secret, source, migration);
  let planned = planSecret(secret, source, target, migration, prepared);
  if (source.kind !== 'present') return { planned };
  const { history } = migration.options;
  let copied: Version | undefined;
  const isOlder = planned.action.kind === 'unchanged' ? history && planned.action.note !== undefined : true;
  if (target.kind === 'present' && isOlder) {
    const candidates = history ? (await versionsBefore(secret, source.version, migration)).versions : [];
    copied = await findCopied(secret, target, migration, candidates);
    // What comes between two versions that are the same is a part of the history too.
    if (copied !== undefined)
      planned =
        planned.action.kind === 'unchanged'
          ? { ...planned, action: { kind: 'append', expected: target.version } }
          : planSecret(secret, source, target, migration, prepared, copied);
  }
  const { kind } = planned.action;
  const carries = kind === 'create' || kind === 'recover' || kind === 'append';
  if (!history || !carries) return { planned, prepared };
  const { older, left } = await olderVersions(secret, source.version, copied, migration);
  return { planned: { ...planned, older, left: [...planned.left, ...left] }, prepared };
}

/** Of which nothing more is known. */
function unread(secret: Secret, action: PlannedSecret['action'], { from, to }: Migration): PlannedSecret {
  return {
    ...{ secret, action, older: [], findings: [], left: [], asText: [] },
    from: { name: remoteKey({ ...secret, store: from.store }), version: undefined },
    to: { name: remoteKey({ ...secret, store: to.store }), version: undefined },
  };
}
