/** One application for each namespace and store, since an application reads one store. */
import type { ApplicationDefinition, StoreName } from '../model/configuration.ts';
import type { Candidate } from './adoption.ts';

const OPERATOR = 'external-secrets';

export type NamedApplications = {
  readonly applications: readonly ApplicationDefinition[];
  readonly applicationOf: (candidate: Candidate) => string;
};

export function nameApplications(candidates: readonly Candidate[], defaultStore: StoreName): NamedApplications {
  const applications: ApplicationDefinition[] = [
    { name: OPERATOR, namespace: OPERATOR, chart: { type: 'ExternalSecretsChart' } },
  ];
  const taken = new Set([OPERATOR]);
  const names = new Map([[groupOf(OPERATOR, defaultStore), OPERATOR]]);
  for (const { target, store } of candidates) {
    const group = groupOf(target.namespace, store);
    if (names.has(group)) continue;
    const isSecond = [...names.keys()].some((other) => other.startsWith(`${target.namespace} `));
    const wanted = isSecond
      ? `${target.namespace}-${store === 'vault-secret-store' ? 'vault' : 'azure'}`
      : target.namespace;
    const name = uniqueName(wanted, taken);
    names.set(group, name);
    applications.push({
      name,
      namespace: target.namespace,
      // Without an image this chart brings the application's secrets and nothing else.
      chart: { type: 'SecretsChart', ...(store === defaultStore ? {} : { props: { secretStore: store } }) },
    });
  }
  return {
    applications,
    applicationOf: ({ target, store }) => names.get(groupOf(target.namespace, store)) ?? target.namespace,
  };
}

function groupOf(namespace: string, store: StoreName): string {
  return `${namespace} ${store}`;
}

/** `name`, `name-2`, … and takes it. Compared without case, as Key Vault does. */
export function uniqueName(wanted: string, taken: Set<string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}
