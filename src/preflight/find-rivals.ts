/** ExternalSecrets that write one Secret: each by itself would sync, and together they do not. */
import { hasRival } from './codes.ts';
import type { PreflightItem } from './preflight-item.ts';
import type { CheckedExternalSecret } from './preflight-result.ts';

export type CheckedItem = { readonly item: PreflightItem; readonly checked: CheckedExternalSecret };

/** @returns in the same order, those that would sync and have a rival unpredictable */
export function findRivals(all: readonly CheckedItem[]): readonly CheckedExternalSecret[] {
  const writers = new Map<string, CheckedExternalSecret[]>();
  for (const { item, checked } of all) {
    if (!replaces(item)) continue;
    const id = `${checked.namespace}/${checked.target}`;
    const there = writers.get(id);
    if (there === undefined) writers.set(id, [checked]);
    else there.push(checked);
  }
  return all.map(({ item, checked }) => {
    const rivals = writers.get(`${checked.namespace}/${checked.target}`) ?? [];
    const [rival] = rivals.filter((one) => one !== checked);
    if (rival === undefined || checked.outcome !== 'syncs' || !replaces(item)) return checked;
    const { name, namespace, application, where, target, assumed, reads } = checked;
    return {
      ...{ name, namespace, application, where, target, assumed, reads },
      outcome: 'unpredictable',
      code: hasRival,
      because: `${rival.name} writes the Secret ${target} too`,
      fix: 'Give each a target.name of its own, or set creationPolicy: Merge in one of them.',
      events: [],
    };
  });
}

/** Merge adds to what others write, and None writes nothing. */
function replaces({ externalSecret }: PreflightItem): boolean {
  const { creationPolicy } = externalSecret.spec.target;
  return creationPolicy === 'Owner' || creationPolicy === 'Orphan';
}
