/**
 * Where the prediction and the operator differ, and why that stays: docs/preflight-agreement.md tells each at length. What is in this list is
 * counted apart; nothing is left out of the test because of it.
 */
import type { Comparison } from './compare.ts';
import type { Recorded } from './observed.ts';

type KnownDisagreement = {
  /** Of docs/preflight-agreement.md. */
  readonly title: string;
  readonly applies: (recorded: Recorded, comparison: Extract<Comparison, { kind: 'disagreed' }>) => boolean;
};

const knownDisagreements: readonly KnownDisagreement[] = [];

/** @returns the title of the first that applies */
export function knownDisagreement(recorded: Recorded, comparison: Comparison): string | undefined {
  if (comparison.kind !== 'disagreed') return undefined;
  return knownDisagreements.find(({ applies }) => applies(recorded, comparison))?.title;
}
