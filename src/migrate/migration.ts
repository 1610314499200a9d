/** What a migration is about, and what it comes to. None of these holds a value: a plan of a hundred thousand secrets stays small, and can be shown. */
import type { StoreName } from '../model/configuration.ts';
import type { Secret } from '../model/platform.ts';
import type { ValueFinding } from '../model/value-rules.ts';
import type { ReadOutcome, SecretStore, StoreCapabilities, Version } from '../stores/contract.ts';

export type Side = {
  readonly store: StoreName;
  /** For people and for the copy's tags: `Vault http://localhost:8200`. */
  readonly name: string;
  readonly capabilities: StoreCapabilities;
};

export type Present = Extract<ReadOutcome, { readonly kind: 'present' }>;

export type StoreSide = Side & { readonly client: SecretStore };

export type PlanOptions = {
  /** What the catalog does not know goes along. */
  readonly includeUndeclared: boolean;
  /** What differs at the target is overwritten; its old version is kept by the store. */
  readonly overwrite: boolean;
  /** Older versions go along, in their order, where the target has nothing or an older version as it was copied. */
  readonly history: boolean;
};

export type Sides = {
  readonly from: Side;
  readonly to: Side;
  readonly options: PlanOptions;
  /** Made for this run: differences are shown by fingerprints. */
  readonly fingerprintKey: Uint8Array;
};

export type Migration = Sides & {
  readonly from: StoreSide;
  readonly to: StoreSide;
  /** Whether secrets that the catalog does not know go along too, and not their fields alone. */
  readonly undeclaredSecrets?: boolean;
  /** How many secrets are in hand at once. */
  readonly concurrency: number;
  /** What was begun is ended, then this ends. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * A field that both sides hold, and not alike, or that one holds. A plain text has one, named ''. The sides are fingerprints, undefined where
 * there is nothing.
 */
export type Difference = {
  readonly field: string;
  readonly source: string | undefined;
  readonly target: string | undefined;
};

/** What the target must still be when it is written. */
type Guarded = { readonly expected: Version | 'absent' };

export type Action =
  | ({ readonly kind: 'create' } & Guarded)
  /** The name holds a deleted secret, which is recovered first: its versions stay. */
  | ({ readonly kind: 'recover' } & Guarded)
  /** With history: the target holds an older version of the source, as it was copied, and those after it follow. */
  | ({ readonly kind: 'append' } & Guarded)
  /** The target holds something else, and it was asked for to be overwritten. */
  | ({ readonly kind: 'update'; readonly differences: readonly Difference[] } & Guarded)
  /** @property note the version whose tags do not say where it came from, or no longer rightly */
  | { readonly kind: 'unchanged'; readonly note?: Version }
  /** @property copyOf the older version of the source that the target holds, as it was copied */
  | { readonly kind: 'conflict'; readonly differences: readonly Difference[]; readonly copyOf: Version | undefined }
  /** At the source. `deleted`: it can be recovered there. */
  | { readonly kind: 'missing'; readonly deleted: boolean }
  | { readonly kind: 'blocked'; readonly because: Blocked }
  /** One of the stores did not answer as it should: another run may do it. */
  | ({ readonly kind: 'failed' } & Failure);

/** What a StoreError says. */
export type Failure = { readonly because: string; readonly hint: string };

export type Blocked = {
  readonly side: 'source' | 'target';
  readonly reason:
    | 'disabled'
    | 'forbidden'
    | 'managed' // by a certificate, which alone may change it
    | 'not a JSON object'
    | 'field missing'
    | 'number too large'
    | 'too large'
    | 'required fields missing' // which the target has, and would lose
    | 'applications would see a difference'
    | 'its name cannot be one there'
    | 'its name is taken there'; // by another secret of this migration, case aside where the store folds it
  /** Fields, names or Kubernetes Secrets that it is about. */
  readonly names: readonly string[];
};

export type PlannedSecret = {
  readonly secret: Secret;
  readonly from: { readonly name: string; readonly version: Version | undefined };
  readonly to: { readonly name: string; readonly version: Version | 'absent' | undefined };
  readonly action: Action;
  /** Versions before the newest that are written first, oldest first. */
  readonly older: readonly Version[];
  /** Of the source, held against the catalog. */
  readonly findings: readonly ValueFinding[];
  /** What does not go along, for people. */
  readonly left: readonly string[];
  /** Fields that were no texts and become such, so that applications receive the same bytes. */
  readonly asText: readonly string[];
};

export type MigrationPlan = {
  /** In the order that they were given; behind them those that the catalog does not know, if they go along. */
  readonly secrets: readonly PlannedSecret[];
  /** Names at the source that the catalog does not know, sorted. Undefined where they may not be listed. */
  readonly undeclared: readonly string[] | undefined;
  /** Of those that are not among them, because there are too many to be told one by one. */
  readonly totals?: Totals;
};

/** Of secrets that are as they should be, with nothing to tell of them. @property targets their Kubernetes Secrets. @property keys in those */
export type Totals = Readonly<Record<'written' | 'already' | 'unchanged' | 'targets' | 'keys', number>>;

export type Applied = {
  readonly planned: PlannedSecret;
  readonly outcome:
    | { readonly kind: 'written'; readonly version: Version }
    /** The target holds it already: another run was quicker, or the write of one that was killed. */
    | { readonly kind: 'already' }
    /** One of the stores holds something else than when it was planned: plan again. */
    /** @property overtaken what others wrote at the same moment, and ours came after: the store keeps it */
    | { readonly kind: 'changed meanwhile'; readonly side: 'source' | 'target'; readonly overtaken?: Version }
    | { readonly kind: 'refused'; readonly because: Refusal }
    /** Written, and not read back as it was written. */
    | { readonly kind: 'differs' }
    /** It may have been written: another run finds out, and does what is left. */
    | ({ readonly kind: 'failed' } & Failure)
    | { readonly kind: 'not reached' };
};

export type Refusal = 'forbidden' | 'too large' | 'not a JSON object' | 'managed' | 'purged';

/** Whether the plan is to write it. */
export function isWriting({ action }: PlannedSecret): boolean {
  return 'expected' in action || (action.kind === 'unchanged' && action.note !== undefined);
}

/** Whether the catalog does not know it: it goes along because everything does. */
export function isUndeclared({ application }: Pick<Secret, 'application'>): boolean {
  return application === '';
}
