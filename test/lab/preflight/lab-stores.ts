/** The stores of the lab that cases refer to, and what those need. */
import { namespace } from './case.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** Vault takes a token that root chooses. */
export const operatorToken = 'example-preflight-operator-token';

export type StoreParts = {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly workloadClientId: string;
  readonly vaultToken: string;
};

const v1 = 'external-secrets.io/v1';
const vaultServer = 'http://vault.vault.svc.cluster.local:8200';

export function labStores(parts: StoreParts): {
  readonly prepared: readonly KubernetesObject[];
  readonly stores: readonly KubernetesObject[];
} {
  const { tenantId, clientId, clientSecret, workloadClientId, vaultToken } = parts;
  const secret = (name: string, data: Readonly<Record<string, string>>): KubernetesObject => ({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: data },
  });
  const clusterStore = (name: string, provider: object, rest: object = {}): KubernetesObject => ({
    ...{ apiVersion: v1, kind: 'ClusterSecretStore', metadata: { name }, spec: { provider, ...rest } },
  });
  const localStore = (name: string, provider: object): KubernetesObject => ({
    ...{ apiVersion: v1, kind: 'SecretStore', metadata: { name, namespace }, spec: { provider } },
  });
  const token = (name: string, key = 'token'): object => ({ tokenSecretRef: { name, namespace, key } });
  const vault = (changes: object = {}): object => ({
    vault: { server: vaultServer, path: 'secret', version: 'v2', auth: token('vault-token'), ...changes },
  });
  const principal = (at?: string): object => {
    const where = at === undefined ? {} : { namespace: at };
    return {
      clientId: { name: 'azure-principal', key: 'client-id', ...where },
      clientSecret: { name: 'azure-principal', key: 'client-secret', ...where },
    };
  };
  const keyVault = (name: string, changes: object = {}): object => ({
    azurekv: {
      ...{ vaultUrl: `https://${name}.vault.azure.net`, tenantId, authType: 'ServicePrincipal' },
      ...{ authSecretRef: principal(namespace), ...changes },
    },
  });
  const workloadIdentity = {
    ...{ authType: 'WorkloadIdentity', authSecretRef: undefined },
    serviceAccountRef: { name: 'reader', namespace },
  };
  return {
    prepared: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { team: 'example' } } },
      {
        ...{ apiVersion: 'v1', kind: 'ServiceAccount' },
        metadata: {
          ...{ name: 'reader', namespace },
          annotations: { 'azure.workload.identity/client-id': workloadClientId },
        },
      },
      secret('vault-token', { token: vaultToken, newline: `${vaultToken}\n`, wrong: 'example-wrong-token' }),
      secret('azure-principal', {
        'client-id': clientId,
        'client-secret': clientSecret,
        wrong: 'example-wrong-secret',
      }),
    ],
    stores: [
      clusterStore('vault', vault()),
      localStore('vault-local', vault({ auth: { tokenSecretRef: { name: 'vault-token', key: 'token' } } })),
      clusterStore('vault-no-path', vault({ path: undefined })),
      clusterStore('vault-slash', vault({ path: 'secret/' })),
      clusterStore('vault-v1', vault({ path: 'kv1', version: 'v1' })),
      clusterStore('vault-v2-on-v1', vault({ path: 'kv1' })),
      clusterStore(
        'vault-kubernetes',
        vault({
          auth: {
            kubernetes: {
              ...{ mountPath: 'kubernetes', role: 'preflight' },
              serviceAccountRef: { name: 'reader', namespace, audiences: ['vault'] },
            },
          },
        }),
      ),
      clusterStore('vault-wrong-token', vault({ auth: token('vault-token', 'wrong') })),
      clusterStore('vault-newline-token', vault({ auth: token('vault-token', 'newline') })),
      clusterStore('vault-no-secret', vault({ auth: token('vault-token-absent') })),
      // Without a namespace it is looked for in that of each ExternalSecret: the store controller checks nothing.
      clusterStore('vault-referent', vault({ auth: { tokenSecretRef: { name: 'vault-token', key: 'token' } } })),
      clusterStore('vault-referent-absent', vault({ auth: { tokenSecretRef: { name: 'absent', key: 'token' } } })),
      clusterStore(
        'vault-referent-no-key',
        vault({ auth: { tokenSecretRef: { name: 'vault-token', key: 'absent' } } }),
      ),
      clusterStore(
        'vault-referent-newline',
        vault({ auth: { tokenSecretRef: { name: 'vault-token', key: 'newline' } } }),
      ),
      clusterStore('vault-referent-wrong', vault({ auth: { tokenSecretRef: { name: 'vault-token', key: 'wrong' } } })),
      clusterStore('other-class', vault(), { controller: 'another' }),
      clusterStore('denied-all', vault(), { conditions: [{}] }),
      clusterStore('denied-elsewhere', vault(), { conditions: [{ namespaces: ['elsewhere'] }] }),
      clusterStore('allowed-here', vault(), {
        conditions: [{ namespaces: ['elsewhere'] }, { namespaces: [namespace] }],
      }),
      clusterStore('allowed-regexp', vault(), { conditions: [{ namespaceRegexes: ['flig'] }] }),
      clusterStore('denied-regexp', vault(), { conditions: [{ namespaceRegexes: ['^flight$'] }] }),
      clusterStore('allowed-label', vault(), {
        conditions: [{ namespaceSelector: { matchLabels: { team: 'example' } } }],
      }),
      clusterStore('denied-label', vault(), {
        conditions: [{ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] } }],
      }),
      clusterStore('key-vault', keyVault('kv-preflight')),
      localStore('key-vault-local', keyVault('kv-preflight', { authSecretRef: principal() })),
      clusterStore('key-vault-slash', keyVault('kv-preflight', { vaultUrl: 'https://kv-preflight.vault.azure.net/' })),
      clusterStore('key-vault-sdk', keyVault('kv-preflight', { useAzureSDK: true })),
      clusterStore('key-vault-workload', keyVault('kv-preflight', workloadIdentity)),
      clusterStore('key-vault-workload-sdk', keyVault('kv-preflight', { ...workloadIdentity, useAzureSDK: true })),
      clusterStore('key-vault-find', keyVault('kv-preflight-find')),
      clusterStore('key-vault-find-sdk', keyVault('kv-preflight-find', { useAzureSDK: true })),
      clusterStore('key-vault-denied', keyVault('kv-preflight-denied')),
      clusterStore('key-vault-no-tenant', keyVault('kv-preflight', { tenantId: undefined })),
    ],
  };
}
