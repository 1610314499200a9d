/** What will be otherwise although the Secrets are the same: a person should know it before the old manifests go. */
import type { Configuration } from '../model/configuration.ts';
import type { Candidate } from './adoption.ts';
import { ENVIRONMENT } from './build-configuration.ts';
import { canonicalInterval } from './choose-stores.ts';

export function remarksOn(
  candidates: readonly Candidate[],
  { environments }: Configuration,
  offline: boolean,
): readonly string[] {
  const environment = environments[ENVIRONMENT];
  if (candidates.length === 0 || environment === undefined) return [];
  const interval = environment.externalSecrets.refreshInterval;
  const naming = (test: (candidate: Candidate) => boolean): string => {
    const names = candidates
      .filter(test)
      .map(({ given: { resource } }) => `${resource.metadata.namespace}/${resource.metadata.name}`);
    return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
  };
  const renamed = naming(({ given: { resource } }) => resource.metadata.name !== resource.spec.target.name);
  const otherInterval = naming(
    ({ given: { resource } }) => canonicalInterval(resource.spec.refreshInterval) !== interval,
  );
  const deleting = naming(({ given: { resource } }) => resource.spec.target.deletionPolicy === 'Delete');
  const { azure } = environment;
  return [
    'Each Secret gets the labels app.kubernetes.io/managed-by and app.kubernetes.io/part-of.',
    'The operator signs in as Lockstep’s stores say: Vault by Kubernetes auth (npm run bootstrap-vault), Key Vault by Workload Identity.',
    ...(renamed === ''
      ? []
      : [`The ExternalSecret is named as its Secret, and takes over when the old one is gone: ${renamed}.`]),
    ...(otherInterval === '' ? [] : [`Refreshed every ${interval}, as most are: ${otherInterval}.`]),
    ...(deleting === ''
      ? []
      : [`The Secret stays when its remote secret goes (deletionPolicy was Delete): ${deleting}.`]),
    ...(azure !== undefined && (azure.tenantId === undefined || azure.clientId === undefined)
      ? ['The manifests do not tell the tenant or the identity: set AZURE_TENANT_ID and AZURE_CLIENT_ID.']
      : []),
    ...(offline
      ? [
          'No store was read. A value that is a number, a list or an object may arrive in another spelling: npm run preflight tells.',
        ]
      : []),
  ];
}
