/** The two ClusterSecretStores. Vault by Kubernetes auth, Key Vault by Workload Identity: no credential is kept in the cluster. */
import type { Environment, KeyVault } from '../model/platform.ts';
import type { Manifest } from './manifest.ts';
import { crdMayBeMissing, standardLabels, syncWave } from './manifest.ts';
import { azureStoreDefaults, parseOperatorVersion } from './operator-version.ts';

/** The operator's identity; its federated credential in Azure and its role in Vault name it. */
export const operatorServiceAccount = { name: 'external-secrets', namespace: 'external-secrets' } as const;
/** Vault's Kubernetes auth: where it is mounted below auth/, the role that bootstrap-vault makes, and the audience its tokens must have. */
export const vaultLogin = { mountPath: 'kubernetes', role: 'external-secrets', audience: 'vault' } as const;
/** Where VaultChart's profile `ha` expects its certificate; External Secrets Operator reads the CA from the same Secret. */
export const vaultTlsSecret = { name: 'vault-server-tls', namespace: 'vault', caKey: 'ca.crt' } as const;

export function secretStores(environment: Environment, application: string): Manifest[] {
  return [
    store(application, 'vault-secret-store', vaultProvider(environment)),
    ...(environment.keyVault === undefined
      ? []
      : [store(application, 'azure-keyvault-store', keyVaultProvider(environment.keyVault, environment))]),
  ];
}

function store(application: string, name: string, provider: object): Manifest {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterSecretStore',
    metadata: {
      name,
      labels: standardLabels(application),
      annotations: { ...syncWave('store'), ...crdMayBeMissing },
    },
    spec: { provider },
  };
}

function vaultProvider({ vault }: Environment): object {
  const { name: caSecret, namespace, caKey } = vaultTlsSecret;
  return {
    vault: {
      server: vault.server,
      path: vault.mount,
      version: 'v2',
      ...(vault.server.startsWith('https:')
        ? { caProvider: { type: 'Secret', name: caSecret, namespace, key: caKey } }
        : {}),
      auth: {
        kubernetes: {
          mountPath: vaultLogin.mountPath,
          role: vaultLogin.role,
          serviceAccountRef: { ...operatorServiceAccount, audiences: [vaultLogin.audience] },
        },
      },
    },
  };
}

/** The tenant is an annotation of the ServiceAccount only: given in both places, the operator's default client refuses it. */
function keyVaultProvider({ uri }: KeyVault, { externalSecrets }: Environment): object {
  return {
    azurekv: {
      authType: 'WorkloadIdentity',
      environmentType: 'PublicCloud',
      ...azureStoreDefaults(parseOperatorVersion(externalSecrets.version)),
      vaultUrl: uri,
      serviceAccountRef: operatorServiceAccount,
    },
  };
}
