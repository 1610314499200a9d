/** Whether a ClusterSecretStore lets an ExternalSecret of a namespace use it: `spec.conditions` (the operator's client manager). */
import { cachedRegexp } from '../cached-regexp.ts';
import { Unpredictable } from '../go-error.ts';
import { goString } from '../go/go-string.ts';
import type { World } from '../prediction.ts';
import type { LabelSelector, Store, StoreCondition } from '../resources.ts';
import type { LabelLookup } from './label-selector.ts';
import { matchesLabels } from './label-selector.ts';

/** Set by the API server on every namespace. */
const nameLabel = 'kubernetes.io/metadata.name';

/**
 * Any member of any condition is enough; regular expressions are not anchored; `{}` as a condition allows nobody.
 * @throws GoError for a regular expression that does not compile, where it is reached
 * @throws Unpredictable where a label decides that nobody knows
 */
export function allowsNamespace(store: Store, namespace: string, world: World): boolean {
  const { conditions } = store.spec;
  if (store.kind !== 'ClusterSecretStore' || conditions.length === 0) return true;
  const labelOf = labelLookup(namespace, world);
  let unknown = false;
  for (const condition of conditions) {
    for (const selector of selectorsOf(condition)) {
      const verdict = matchesLabels(selector, labelOf);
      if (verdict === true) return true;
      unknown ||= verdict === 'unknown';
    }
    if (condition.namespaceRegexes.some((regexp) => matches(regexp, namespace))) return true;
  }
  if (unknown)
    throw new Unpredictable('resource', `the labels of namespace ${namespace} decide whether its store may be used`);
  return false;
}

function selectorsOf({ namespaceSelector, namespaces }: StoreCondition): LabelSelector[] {
  const named = namespaces.map((name) => ({ matchLabels: { [nameLabel]: name }, matchExpressions: [] }));
  return namespaceSelector === undefined ? named : [namespaceSelector, ...named];
}

function labelLookup(namespace: string, world: World): LabelLookup {
  return (key) => {
    const labels = world.namespaceLabels(namespace);
    if (labels !== 'unknown' && Object.hasOwn(labels, key)) return labels[key];
    if (key === nameLabel) return namespace;
    return labels === 'unknown' ? { unknown: true } : undefined;
  };
}

function matches(regexp: string, namespace: string): boolean {
  return cachedRegexp(regexp, `failed to compile regex ${regexp}: `).test(goString(namespace));
}
