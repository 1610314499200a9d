/**
 * What changes between `external-secrets.io/v1beta1` and `v1`: the version's name, and nothing that v1beta1 has.
 *
 * Source: both versions of each CRD in config/crds/bases of 0.17.0, 0.18.2, 0.19.2, 0.20.4 and 1.3.2 (externalsecrets, secretstores,
 * clustersecretstores, clusterexternalsecrets), compared field by field: every field of v1beta1 is in v1 with the same type, default and
 * pattern. What differs is wider in v1: more kinds of generators, AzureStackCloud, a webhook provider without `result`, more providers.
 * From 0.17.0 on v1beta1 is in the CRDs and not served: the API server refuses it.
 */
const GROUP = 'external-secrets.io';
export const oldApiVersion = `${GROUP}/v1beta1`;
export const newApiVersion = `${GROUP}/v1`;

/** The kinds that v1beta1 had. PushSecrets and generators are v1alpha1 still. */
const upgradable = new Set(['ExternalSecret', 'SecretStore', 'ClusterSecretStore', 'ClusterExternalSecret']);

export type ApiChange =
  /** It is none of the operator's, or needs no change. */
  { readonly kind: 'none' } | { readonly kind: 'upgrade' } | { readonly kind: 'impossible'; readonly because: string };

export function apiChangeOf(apiVersion: string, kind: string): ApiChange {
  if (apiVersion === oldApiVersion)
    return upgradable.has(kind) || (kind.endsWith('List') && upgradable.has(kind.slice(0, -'List'.length)))
      ? { kind: 'upgrade' }
      : { kind: 'impossible', because: `there is no ${kind} in ${newApiVersion}` };
  // The API of 0.4 and before: data and dataFrom were lists of keys. It left the CRDs before v1 came.
  if (apiVersion === `${GROUP}/v1alpha1` && upgradable.has(kind))
    return { kind: 'impossible', because: `${apiVersion} had other fields: write it anew as ${newApiVersion}` };
  return { kind: 'none' };
}
