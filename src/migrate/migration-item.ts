/** A migration, told without a value: for reports, journals and saved plans. */
import type { Applied, MigrationPlan, PlannedSecret, Totals } from './migration.ts';
import { isUndeclared } from './migration.ts';

export type MigrationItem = {
  readonly environment: string;
  /** Names of stores, for people. */
  readonly from: string;
  readonly to: string;
  /** Made anew each time that they are asked for: of a hundred thousand nobody wants all at once, except a JSON document. */
  readonly secrets: readonly MigratedSecret[];
  /** The same, one by one. */
  readonly each: () => Iterable<MigratedSecret>;
  /** Of others, that are not among them. */
  readonly totals?: Totals;
  /** Names at the source that the catalog does not know. */
  readonly undeclared: readonly string[];
  /** Whether the source could be listed for these. */
  readonly listed: boolean;
};

export type MigratedSecret = {
  /** In the catalog; of what that does not know, at the source. */
  readonly name: string;
  readonly declared: boolean;
  readonly from: { readonly name: string; readonly version: string };
  readonly to: { readonly name: string; readonly version: string };
  readonly action: PlannedSecret['action']['kind'];
  readonly outcome: 'planned' | Applied['outcome']['kind'];
  /** Why it is blocked, refused or otherwise not as it was to be; for people. */
  readonly because: string;
  /** Fields that both sides have otherwise, by fingerprints that can be compared within one run; '–' where a side has none. */
  readonly differences: readonly { readonly field: string; readonly source: string; readonly target: string }[];
  /** Of the source, held against the catalog, fields of one kind in one line: `ATLASSIAN_EMAIL is missing, and required`. */
  readonly findings: readonly string[];
  readonly left: readonly string[];
  readonly asText: readonly string[];
  /** How many versions before the newest go along. */
  readonly older: number;
};

export type Told = {
  readonly environment: string;
  readonly from: string;
  readonly to: string;
};

/** @param applied what came of the plan; undefined where nothing was begun */
export function migrationItem(plan: MigrationPlan, applied: readonly Applied[] | undefined, told: Told): MigrationItem {
  const outcomes = new Map(applied?.map(({ planned, outcome }) => [planned, outcome]));
  function* each(): Generator<MigratedSecret> {
    for (const planned of plan.secrets) yield migratedSecret(planned, outcomes.get(planned));
  }
  return {
    ...{ environment: told.environment, from: told.from, to: told.to },
    get secrets() {
      return [...each()];
    },
    each,
    ...(plan.totals && { totals: plan.totals }),
    undeclared: plan.secrets.some(({ secret }) => isUndeclared(secret)) ? [] : (plan.undeclared ?? []),
    listed: plan.undeclared !== undefined,
  };
}

/** What a journal keeps of it. */
export type Migrated = Pick<MigratedSecret, 'name' | 'from' | 'to' | 'action' | 'outcome' | 'because'>;

export function migrated(planned: PlannedSecret, outcome: Applied['outcome'] | undefined): Migrated {
  const { secret, from, to, action } = planned;
  return {
    name: secret.name,
    from: { name: from.name, version: from.version ?? '' },
    to: { name: to.name, version: outcome?.kind === 'written' ? outcome.version : (to.version ?? '') },
    action: action.kind,
    outcome: outcome?.kind ?? 'planned',
    because: becauseOf(planned, outcome),
  };
}

export function migratedSecret(planned: PlannedSecret, outcome: Applied['outcome'] | undefined): MigratedSecret {
  const { secret, action, older, findings, left, asText } = planned;
  return {
    ...migrated(planned, outcome),
    declared: !isUndeclared(secret),
    differences:
      'differences' in action
        ? action.differences.map(({ field, source = '–', target = '–' }) => ({ field, source, target }))
        : [],
    findings: [...Map.groupBy(findings, ({ message }) => message)].map(
      ([message, of]) =>
        `${of.map(({ field }) => field).join(', ')} ${of.length === 1 ? message : message.replace(/^is /, 'are ').replace('a placeholder, not a value', 'placeholders, not values')}`,
    ),
    ...{ left, asText, older: older.length },
  };
}

function becauseOf({ action }: PlannedSecret, outcome: Applied['outcome'] | undefined): string {
  switch (outcome?.kind) {
    case 'changed meanwhile':
      return outcome.overtaken === undefined
        ? `the ${outcome.side} changed meanwhile`
        : `others wrote version ${outcome.overtaken} at the same moment, which is kept before ours`;
    case 'refused':
      return outcome.because === 'purged' ? 'the deleted secret was purged meanwhile' : outcome.because;
    case 'differs':
      return 'it was not read back as it was written';
    case 'failed':
      return outcome.because;
    default:
  }
  if (action.kind === 'failed') return action.because;
  if (action.kind === 'append') return 'the target holds an older version, as it was copied';
  if (action.kind === 'conflict')
    return action.copyOf === undefined ? '' : `the target holds version ${action.copyOf}, as it was copied`;
  if (action.kind === 'missing') return action.deleted ? 'it is deleted at the source' : 'nothing at the source';
  if (action.kind !== 'blocked') return '';
  const { side, reason, names } = action.because;
  return [
    side === 'source' ? 'source' : 'target',
    `${reason}${names.length === 0 ? '' : ` (${names.join(', ')})`}`,
  ].join(': ');
}
