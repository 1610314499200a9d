/** A judged upgrade → an item of the report, and what is wrong with it. */
import { inputProblem } from '../manifest-input/input-problem.ts';
import type { Problem } from '../model/problem.ts';
import { unifiedDiff } from '../upgrade/unified-diff.ts';
import type { JudgedUpgrade } from '../upgrade/upgrade-files.ts';
import type { UpgradeItem } from './upgrade-report.ts';

/** @param written what became of it, where it was to be written */
export function upgradeItem(
  { plan: { file, before, after, upgraded, left }, refusedBecause }: JudgedUpgrade,
  written?: 'written' | 'changed',
): UpgradeItem {
  const state = refusedBecause !== undefined ? 'refused' : upgraded.length === 0 ? 'unchanged' : (written ?? 'planned');
  return {
    file,
    state,
    upgraded,
    left: left.map(({ line, what, because }) => ({ line, what, because })),
    diff: state === 'refused' ? '' : unifiedDiff(file, before, after),
  };
}

export function upgradeProblems({ plan: { file, left }, refusedBecause }: JudgedUpgrade): Problem[] {
  const problems = left.flatMap(({ line, what, because, matters }): Problem[] =>
    matters
      ? [inputProblem('M109', { file, line }, '', `${what} stays as it is: ${because}`, 'Upgrade it by hand.')]
      : [],
  );
  if (refusedBecause === undefined) return problems;
  const message = `is not written: it would not be the same afterwards: ${refusedBecause}`;
  return [...problems, inputProblem('M110', { file }, '', message, 'Please report it, with the file if you can.')];
}

export function changedMeanwhile({ file }: UpgradeItem): Problem {
  return inputProblem('M111', { file }, '', 'was changed meanwhile, and not written', 'Run the command again.');
}
