/** What decides about ExternalSecrets in a cluster, by name: nothing else is asked for, least of all other Secrets. Pure. */
import type { ExternalSecret, SecretKeyReference, Store, StoreReference } from '../eso/resources.ts';

export type WantedObject = {
  readonly kind:
    'ExternalSecret' | 'Secret' | 'ConfigMap' | 'ServiceAccount' | 'Namespace' | 'SecretStore' | 'ClusterSecretStore';
  /** Undefined for what has none. */
  readonly namespace: string | undefined;
  readonly name: string;
};

export function wantedStores(externalSecrets: readonly ExternalSecret[]): readonly WantedObject[] {
  return externalSecrets.flatMap(({ metadata, spec }) =>
    [spec.secretStoreRef, ...[...spec.data, ...spec.dataFrom].map(({ sourceRef }) => sourceRef?.storeRef)]
      .filter((reference) => reference !== undefined)
      .map((reference) => storeObject(reference, metadata.namespace)),
  );
}

function storeObject({ kind, name }: StoreReference, namespace: string): WantedObject {
  return kind === 'ClusterSecretStore'
    ? { kind: 'ClusterSecretStore', namespace: undefined, name }
    : { kind: 'SecretStore', namespace, name };
}

/** What they are now, targets, sources of templates, and namespaces. */
export function wantedByExternalSecrets(externalSecrets: readonly ExternalSecret[]): readonly WantedObject[] {
  return externalSecrets.flatMap(({ metadata, spec }): WantedObject[] => {
    const { namespace } = metadata;
    const sources = (spec.target.template?.templateFrom ?? []).flatMap(({ configMap, secret }): WantedObject[] => [
      ...(configMap === undefined ? [] : [{ kind: 'ConfigMap' as const, namespace, name: configMap.name }]),
      ...(secret === undefined ? [] : [{ kind: 'Secret' as const, namespace, name: secret.name }]),
    ]);
    const target = spec.target.name === '' ? metadata.name : spec.target.name;
    return [
      { kind: 'ExternalSecret', namespace, name: metadata.name },
      { kind: 'Namespace', namespace: undefined, name: namespace },
      { kind: 'Secret', namespace, name: target },
      ...sources,
    ];
  });
}

/** What a store signs in with. @param namespaces of the ExternalSecrets: a ClusterSecretStore may leave the namespace to each of them */
export function wantedByStore({ metadata, spec }: Store, namespaces: readonly string[]): readonly WantedObject[] {
  const { provider } = spec;
  const at = (kind: WantedObject['kind'], reference: SecretKeyReference | undefined): WantedObject[] => {
    const name = reference?.name;
    if (name === undefined || name === '') return [];
    const own = metadata.namespace ?? reference?.namespace;
    return (own === undefined ? namespaces : [own]).map((namespace) => ({ kind, namespace, name }));
  };
  if (provider.kind === 'vault') {
    const { auth, caProvider } = provider.config;
    return [
      ...at('Secret', auth?.tokenSecretRef),
      ...at('Secret', auth?.kubernetes?.secretRef),
      ...at('ServiceAccount', auth?.kubernetes?.serviceAccountRef),
      ...at(caProvider?.type === 'ConfigMap' ? 'ConfigMap' : 'Secret', caProvider),
    ];
  }
  if (provider.kind === 'azurekv') {
    const { authSecretRef, serviceAccountRef } = provider.config;
    return [
      ...at('Secret', authSecretRef?.clientId),
      ...at('Secret', authSecretRef?.clientSecret),
      ...at('Secret', authSecretRef?.clientCertificate),
      ...at('Secret', authSecretRef?.tenantId),
      ...at('ServiceAccount', serviceAccountRef),
    ];
  }
  return [];
}
