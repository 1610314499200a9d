/** Who agrees to a change of config/: --yes or a person; and, where production changes, its name. */
import type { RolledOut } from '../rollout/rollout-item.ts';
import type { RolloutSession } from './rollout-session.ts';

/** Environments of production that the edit changes. */
export function productionIn({ environments }: Pick<RolledOut, 'environments'>): string[] {
  return environments
    .filter(({ production, from, to }) => production && from !== to)
    .map(({ environment }) => environment);
}

/** @param show what is asked about */
export async function agreesTo(
  { context: { ask }, options: { yes, confirmed } }: RolloutSession,
  planned: RolledOut,
  show: () => void,
): Promise<boolean> {
  const open = productionIn(planned).filter((name) => !confirmed.has(name));
  if (open.length === 0 && (yes || confirmed.size > 0)) return true;
  if (ask === undefined) return false;
  show();
  for (const name of open) {
    const answer = await ask(`Type ${name} to change config/applications.ts: `);
    if (answer.trim() !== name) return false;
  }
  return open.length > 0 || /^y(?:es)?$/i.test((await ask('Change config/applications.ts? [y/N] ')).trim());
}
