/** A migration, told without a value: for reports, journals and saved plans. */
import { fingerprint } from '../report/fingerprint.ts';
import type { Applied, MigrationPlan } from './migrate.ts';
import type { PlannedSecret } from './plan-secret.ts';

export type MigrationItem = {
  readonly environment: string;
  /** Names of stores, for people. */
  readonly from: string;
  readonly to: string;
  readonly secrets: readonly MigratedSecret[];
  /** Names at the source that the catalog does not know. */
  readonly undeclared: readonly string[];
  /** Whether the source could be listed for these. */
  readonly listed: boolean;
};

export type MigratedSecret = {
  /** In the catalog. */
  readonly name: string;
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
};

export type Told = {
  readonly environment: string;
  readonly from: string;
  readonly to: string;
  /** Made for this run. */
  readonly fingerprintKey: Uint8Array;
};

/** @param applied what came of the plan; undefined where nothing was begun */
export function migrationItem(plan: MigrationPlan, applied: readonly Applied[] | undefined, told: Told): MigrationItem {
  const outcomes = new Map(applied?.map(({ planned, outcome }) => [planned, outcome]));
  return {
    ...{ environment: told.environment, from: told.from, to: told.to },
    secrets: plan.secrets.map((planned) => migratedSecret(planned, outcomes.get(planned), told.fingerprintKey)),
    undeclared: plan.undeclared ?? [],
    listed: plan.undeclared !== undefined,
  };
}

export function migratedSecret(
  planned: PlannedSecret,
  outcome: Applied['outcome'] | undefined,
  fingerprintKey: Uint8Array,
): MigratedSecret {
  const { secret, from, to, action, findings, left, asText } = planned;
  const show = (field: string, value: Parameters<typeof fingerprint>[2][number] | undefined): string =>
    value === undefined ? '–' : fingerprint(fingerprintKey, `${secret.name} ${field}`, [value]);
  return {
    name: secret.name,
    from: { name: from.name, version: from.version ?? '' },
    to: { name: to.name, version: outcome?.kind === 'written' ? outcome.version : (to.version ?? '') },
    action: action.kind,
    outcome: outcome?.kind ?? 'planned',
    because: becauseOf(planned, outcome),
    differences:
      'differences' in action
        ? action.differences.map(({ field, source, target }) => ({
            field,
            source: show(field, source),
            target: show(field, target),
          }))
        : [],
    findings: [...Map.groupBy(findings, ({ message }) => message)].map(
      ([message, of]) =>
        `${of.map(({ field }) => field).join(', ')} ${of.length === 1 ? message : message.replace(/^is /, 'are ').replace('a placeholder, not a value', 'placeholders, not values')}`,
    ),
    left,
    asText,
  };
}

function becauseOf({ action }: PlannedSecret, outcome: Applied['outcome'] | undefined): string {
  switch (outcome?.kind) {
    case 'changed meanwhile':
      return `the ${outcome.side} changed meanwhile`;
    case 'refused':
      return outcome.because === 'purged' ? 'the deleted secret was purged meanwhile' : outcome.because;
    case 'differs':
      return 'it was not read back as it was written';
    default:
  }
  if (action.kind === 'missing') return action.deleted ? 'it is deleted at the source' : 'nothing at the source';
  if (action.kind !== 'blocked') return '';
  const { side, reason, names } = action.because;
  return [
    side === 'source' ? 'source' : 'target',
    `${reason}${names.length === 0 ? '' : ` (${names.join(', ')})`}`,
  ].join(': ');
}
