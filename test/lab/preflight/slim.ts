/** A Kubernetes object without what nobody reads of it here: times, versions, and who wrote it, other than the operator a Secret. */
import type { KubernetesObject, ObjectMetadata } from './kubernetes-object.ts';

export function slim({ apiVersion, kind, metadata, ...rest }: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations, ownerReferences, uid, managedFields } = metadata;
  const { status, ...parts } = rest;
  const kept: ObjectMetadata = {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(labels !== undefined && { labels }),
    ...(annotations !== undefined && { annotations }),
    ...(ownerReferences !== undefined && { ownerReferences }),
    ...(kind === 'Secret' && uid !== undefined && { uid }),
    ...(kind === 'Secret' &&
      managedFields !== undefined && {
        managedFields: managedFields
          .filter(({ manager }) => manager.startsWith('externalsecrets.external-secrets.io/'))
          .map(({ manager, fieldsV1 }) => ({ manager, ...(fieldsV1 && { fieldsV1 }) })),
      }),
  };
  return {
    apiVersion,
    kind,
    metadata: kept,
    ...parts,
    ...(kind.endsWith('Store') && status !== undefined && { status: { conditions: conditionsOf(status) } }),
  };
}

function conditionsOf(status: unknown): readonly object[] {
  const { conditions = [] } = status as { readonly conditions?: readonly Readonly<Record<string, string>>[] };
  return conditions.map(({ type, status, reason, message }) => ({ type, status, reason, message }));
}
