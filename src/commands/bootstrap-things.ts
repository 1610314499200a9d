import type { AppliedItem } from '../bootstrap/bootstrap.ts';
import type { PlannedItem } from '../bootstrap/planned-item.ts';
import type { BootstrapThing } from '../report/bootstrap-report.ts';

/** What is reported of an item; what is written for it, secrets included, stays behind. */
export function describeItem(of: AppliedItem | PlannedItem): BootstrapThing {
  const { item, outcome } = 'item' in of ? of : { item: of, outcome: undefined };
  const { thing, name, about, action } = item;
  const planned = action === 'create' || action === 'update' ? 'planned' : action;
  return {
    thing,
    name,
    about,
    action,
    owner: action === 'refused' || (action === 'unchanged' && item.owner === 'others') ? 'others' : 'lockstep',
    differences: action === 'update' ? item.differences : [],
    outcome: outcome ?? planned,
  };
}
