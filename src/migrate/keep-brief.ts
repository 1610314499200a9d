/** What is kept of a secret that is as it should be, where there are too many to be shown one by one: that it is, and whose it is. */
import type { Action, Applied, PlannedSecret } from './migration.ts';

const none: readonly never[] = [];
const unnamed = { name: '', version: undefined } as const;
const created: Action = { kind: 'create', expected: 'absent' };
const written: Applied['outcome'] = { kind: 'written', version: '' as never };
const already: Applied['outcome'] = { kind: 'already' };

/** The same where there is anything to tell of it. */
export function keepBrief(planned: PlannedSecret): PlannedSecret {
  const { secret, action, older, findings, left, asText } = planned;
  const isFine = action.kind === 'create' || action.kind === 'unchanged';
  if (!isFine || older.length + findings.length + left.length + asText.length > 0) return planned;
  return {
    ...{ secret, from: unnamed, to: unnamed, older: none, findings: none, left: none, asText: none },
    action: action.kind === 'create' && action.expected === 'absent' ? created : action,
  };
}

/** @param planned what is kept of the plan */
export function keepOutcome({ outcome }: Applied, planned: PlannedSecret): Applied {
  switch (outcome.kind) {
    case 'written':
      return { planned, outcome: written };
    case 'already':
      return { planned, outcome: already };
    default:
      return { planned, outcome };
  }
}
