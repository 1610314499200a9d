/**
 * Moves secrets from one store to another: reads both sides and plans; writes, each secret only while it is still what the plan was about; reads
 * both sides again, and holds what every application would receive from one against what it would receive from the other.
 *
 * It can be ended at any moment and begun again: what is written already is found unchanged.
 */
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import type { SecretStore, Version } from '../stores/contract.ts';
import { inParallel } from './in-parallel.ts';
import type { Action, PlannedSecret, PlanOptions, Side } from './plan-secret.ts';
import { planSecret } from './plan-secret.ts';

export type StoreSide = Side & { readonly client: SecretStore };

export type Migration = {
  readonly from: StoreSide;
  readonly to: StoreSide;
  readonly options: PlanOptions;
  /** How many secrets are in hand at once. */
  readonly concurrency: number;
  /** What was begun is ended, then this ends. */
  readonly signal?: AbortSignal | undefined;
};

export type MigrationPlan = {
  /** In the order that they were given. */
  readonly secrets: readonly PlannedSecret[];
  /** Names at the source that the catalog does not know, sorted. Undefined where they may not be listed. */
  readonly undeclared: readonly string[] | undefined;
};

/**
 * @param declared every secret of the catalog, for what it does not know
 * @throws {StoreError}
 */
export async function planMigration(
  secrets: readonly Secret[],
  declared: readonly Secret[],
  migration: Migration,
  onPlanned: (planned: PlannedSecret) => void = () => undefined,
): Promise<MigrationPlan> {
  const { from, signal, concurrency } = migration;
  const known = new Set(declared.map((secret) => fold(from, remoteKey({ ...secret, store: from.store }))));
  const undeclared = namesAt(from, signal);
  // It fails together with the reads, or by itself when nobody listens any more.
  undeclared.catch(() => undefined);
  const planned = await inParallel(secrets, concurrency, async (secret) => {
    signal?.throwIfAborted();
    const one = await planOne(secret, migration);
    onPlanned(one);
    return one;
  });
  return {
    secrets: planned,
    undeclared: (await undeclared)?.filter((name) => !known.has(fold(from, name))).toSorted(),
  };
}

async function planOne(secret: Secret, { from, to, options, signal }: Migration): Promise<PlannedSecret> {
  const [source, target] = await Promise.all([
    from.client.read(remoteKey({ ...secret, store: from.store }), { signal }),
    to.client.read(remoteKey({ ...secret, store: to.store }), { signal }),
  ]);
  return planSecret(secret, source, target, { from, to, options });
}

function fold({ capabilities }: Side, name: string): string {
  return capabilities.foldsCase ? name.toLowerCase() : name;
}

/** Undefined where it may not list: that is no reason not to move what it may read. */
export async function namesAt({ client }: StoreSide, signal: AbortSignal | undefined): Promise<string[] | undefined> {
  try {
    const names: string[] = [];
    for await (const name of client.names({ signal })) names.push(name);
    return names;
  } catch (error) {
    if (signal?.aborted === true || !(error instanceof Error) || error.name !== 'StoreError') throw error;
    return undefined;
  }
}

export type Applied = {
  readonly planned: PlannedSecret;
  readonly outcome:
    | { readonly kind: 'written'; readonly version: Version }
    /** The target holds it already: another run was quicker, or the write of one that was killed. */
    | { readonly kind: 'already' }
    /** One of the stores holds something else than when it was planned: plan again. */
    | { readonly kind: 'changed meanwhile'; readonly side: 'source' | 'target' }
    | {
        readonly kind: 'refused';
        readonly because: 'forbidden' | 'too large' | 'not a JSON object' | 'managed' | 'purged';
      }
    /** Written, and not read back as it was written. */
    | { readonly kind: 'differs'; readonly action: Action }
    | { readonly kind: 'not reached' };
};

type Writing = Extract<Action, { readonly expected: unknown }>;

function isWriting(action: Action): action is Writing {
  return 'expected' in action;
}

/**
 * Writes what the plan says, and verifies each write at once. The others are `not reached` when the signal aborts.
 *
 * @param onApplied called for each as soon as its outcome is known: for a journal
 * @throws {StoreError} where a store does not answer any more; what was written until then was told by `onApplied`
 */
export async function applyMigration(
  plan: MigrationPlan,
  migration: Migration,
  onApplied: (applied: Applied) => void,
): Promise<readonly Applied[]> {
  const writing = plan.secrets.filter(({ action }) => isWriting(action));
  return await inParallel(writing, migration.concurrency, async (planned): Promise<Applied> => {
    const applied: Applied =
      migration.signal?.aborted === true
        ? { planned, outcome: { kind: 'not reached' } }
        : { planned, outcome: await applyOne(planned, migration) };
    onApplied(applied);
    return applied;
  });
}

async function applyOne(planned: PlannedSecret, migration: Migration): Promise<Applied['outcome']> {
  const { action, to } = planned;
  if (!isWriting(action)) return { kind: 'already' };
  const expected = action.kind === 'recover' ? await recover(to.name, migration) : action.expected;
  if (typeof expected === 'object') return expected;
  const { value, metadata } = action;
  const written = await migration.to.client.write(to.name, value, { expected, metadata });
  switch (written.kind) {
    case 'written': {
      const version = written.version;
      const outcome = await verifyOne(planned, migration);
      return outcome ?? { kind: 'written', version };
    }
    case 'forbidden':
      return { kind: 'refused', because: 'forbidden' };
    case 'refused':
      return { kind: 'refused', because: written.because };
    case 'conflict':
    case 'deleted':
      return (await verifyOne(planned, migration)) === undefined
        ? { kind: 'already' }
        : { kind: 'changed meanwhile', side: 'target' };
  }
}

async function recover(name: string, { to }: Migration): Promise<Version | Applied['outcome']> {
  const recovered = await to.client.recover(name);
  switch (recovered.kind) {
    case 'recovered':
      return recovered.version;
    case 'present':
      return { kind: 'changed meanwhile', side: 'target' };
    case 'missing':
      return { kind: 'refused', because: 'purged' };
    case 'forbidden':
      return { kind: 'refused', because: 'forbidden' };
    case 'refused':
      return { kind: 'refused', because: recovered.because };
  }
}

/**
 * Reads both sides once more. An interruption does not end it: what is written is known before this ends.
 * @returns undefined where everything is as it should be
 */
async function verifyOne(planned: PlannedSecret, migration: Migration): Promise<Applied['outcome'] | undefined> {
  const again = await planOne(planned.secret, { ...migration, signal: undefined });
  if (again.action.kind === 'unchanged') return undefined;
  return again.from.version === planned.from.version
    ? { kind: 'differs', action: again.action }
    : { kind: 'changed meanwhile', side: 'source' };
}
