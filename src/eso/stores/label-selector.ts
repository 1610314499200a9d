/** Kubernetes' label selectors (apimachinery's LabelSelectorAsSelector), with labels of which some may not be known. */
import { Unpredictable } from '../go-error.ts';
import type { LabelSelector } from '../resources.ts';

/** Of one label: its value, undefined where it is not set, or that nobody knows. */
export type LabelLookup = (key: string) => string | undefined | { readonly unknown: true };

type Verdict = boolean | 'unknown';

/**
 * All requirements must hold; one that is known to fail decides.
 * @throws Unpredictable where the operator would refuse the selector itself
 */
export function matchesLabels(selector: LabelSelector, labelOf: LabelLookup): Verdict {
  const verdicts = [
    ...Object.entries(selector.matchLabels).map(([key, value]) => holds(labelOf(key), 'In', [value])),
    ...selector.matchExpressions.map(({ key, operator, values }) => holds(labelOf(key), operator, values)),
  ];
  if (verdicts.includes(false)) return false;
  return verdicts.includes('unknown') ? 'unknown' : true;
}

function holds(label: ReturnType<LabelLookup>, operator: string, values: readonly string[]): Verdict {
  const isList = operator === 'In' || operator === 'NotIn';
  if (!(isList || operator === 'Exists' || operator === 'DoesNotExist') || isList !== values.length > 0)
    throw new Unpredictable('store', `a namespaceSelector of its store is invalid (${operator})`);
  if (typeof label === 'object') return 'unknown';
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Exists':
      return label !== undefined;
    default:
      return label === undefined;
  }
}
