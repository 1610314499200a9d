/** The upgrade of a file, judged: it is written only where the operator would do the same as before. */
import type { OperatorSettings } from '../eso/prediction.ts';
import { compareUpgrade } from './compare-upgrade.ts';
import type { CheckObject, FileUpgrade } from './plan-upgrade.ts';
import { planUpgrade } from './plan-upgrade.ts';
import { predictAll } from './predict-all.ts';
import { replaceFile } from './replace-file.ts';

export type JudgedUpgrade = {
  readonly plan: FileUpgrade;
  /** What would not be the same afterwards; undefined where all is. */
  readonly refusedBecause: string | undefined;
};

export function judgeUpgrade(
  file: string,
  text: string,
  check: CheckObject,
  version: OperatorSettings['version'],
): JudgedUpgrade {
  const plan = planUpgrade(file, text, check);
  const refusedBecause =
    plan.before === plan.after
      ? undefined
      : compareUpgrade(plan, { version, defaultNamespace: 'default' }, (resources) => predictAll(resources, version));
  return { plan, refusedBecause };
}

/**
 * One after the other; a file that was changed meanwhile is left as it is.
 * @throws what the file system says; those before it are written then
 */
export async function writeUpgrades(
  upgrades: readonly JudgedUpgrade[],
): Promise<ReadonlyMap<JudgedUpgrade, 'written' | 'changed'>> {
  const states = new Map<JudgedUpgrade, 'written' | 'changed'>();
  for (const upgrade of upgrades) {
    const { file, before, after } = upgrade.plan;
    states.set(upgrade, await replaceFile(file, before, after));
  }
  return states;
}
