/** The smallest resources, to be changed in one place by each test. */
import type { ExternalSecret, ExternalSecretSpec, RemoteReference, Store } from '../../src/eso/resources.ts';

export const vaultStore: Store = {
  kind: 'ClusterSecretStore',
  metadata: { name: 'vault-secret-store', labels: {}, annotations: {} },
  spec: {
    controller: '',
    conditions: [],
    refreshInterval: 0,
    provider: {
      kind: 'vault',
      config: {
        server: 'http://vault.vault.svc:8200',
        path: 'secret',
        version: 'v2',
        readYourWrites: false,
        forwardInconsistent: false,
        auth: { tokenSecretRef: { name: 'vault-token', namespace: 'vault', key: 'token' }, others: [] },
      },
    },
  },
};

export const keyVaultStore: Store = {
  ...vaultStore,
  metadata: { ...vaultStore.metadata, name: 'azure-keyvault-store' },
  spec: {
    ...vaultStore.spec,
    provider: {
      kind: 'azurekv',
      config: {
        authType: 'WorkloadIdentity',
        vaultUrl: 'https://kv-example.vault.azure.net',
        environmentType: 'PublicCloud',
        useAzureSDK: false,
        customCloud: false,
      },
    },
  },
};

export function reference(key: string, changes: Partial<RemoteReference> = {}): RemoteReference {
  return {
    key,
    property: '',
    version: '',
    metadataPolicy: 'None',
    conversionStrategy: 'Default',
    decodingStrategy: 'None',
    nullBytePolicy: '',
    ...changes,
  };
}

export function externalSecretOf(name: string, changes: Partial<ExternalSecretSpec> = {}): ExternalSecret {
  return {
    metadata: { name, namespace: 'team', labels: {}, annotations: {} },
    spec: {
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault-secret-store' },
      refreshInterval: '1h0m0s',
      refreshPolicy: 'Periodic',
      target: { name, creationPolicy: 'Owner', deletionPolicy: 'Retain', immutable: false },
      data: [],
      dataFrom: [{ extract: reference(`team/${name}`), rewrite: [] }],
      ...changes,
    },
  };
}
