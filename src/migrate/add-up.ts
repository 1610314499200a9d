/** Of secrets that are as they should be, where there are too many to be shown one by one, only how many they are is kept. */
import type { Applied, MigrationPlan, PlannedSecret, Totals } from './migration.ts';

export type Sum = { -readonly [Total in keyof Totals]: Totals[Total] };

export function nothingYet(): Sum {
  return { written: 0, already: 0, unchanged: 0, targets: 0, keys: 0 };
}

/** Zeros where nothing was added up. */
export function totalsOf({ totals }: Pick<MigrationPlan, 'totals'>): Totals {
  return totals ?? nothingYet();
}

/**
 * @param outcome undefined where it was not to be written
 * @returns whether it is added up, and need not be kept
 */
export function addUp(sum: Sum, planned: PlannedSecret, outcome: Applied['outcome'] | undefined): boolean {
  const { secret, action, older, findings, left, asText } = planned;
  if (older.length + findings.length + left.length + asText.length > 0) return false;
  if (action.kind === 'unchanged' && (outcome === undefined || outcome.kind === 'already')) sum.unchanged += 1;
  else if (action.kind === 'create' && outcome?.kind === 'written') sum.written += 1;
  else if (action.kind === 'create' && outcome?.kind === 'already') sum.already += 1;
  else return false;
  sum.targets += secret.targets.length;
  for (const { keys } of secret.targets) sum.keys += keys.length;
  return true;
}
