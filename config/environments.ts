import { defineEnvironments } from '../src/model/define';
import { secrets } from './secrets';

const externalSecrets = { version: '0.20.4', refreshInterval: '1h0m0s' } as const;

export const environments = defineEnvironments(secrets, {
  // One machine, no cloud: idpbuilder's cluster and a Vault in development mode.
  dev: {
    defaultStore: 'vault-secret-store',
    vault: { server: 'http://vault.vault.svc.cluster.local:8200', profile: 'dev' },
    gitOps: { kind: 'idpbuilder' },
    externalSecrets,
  },
  // AZURE_TENANT_ID and AZURE_CLIENT_ID name the tenant and the identity of External Secrets Operator; they may stand here too.
  staging: {
    defaultStore: 'vault-secret-store',
    vault: { server: 'https://vault-active.vault.svc.cluster.local:8200', profile: 'ha' },
    azure: { keyVaultName: 'kv-platform-staging' },
    gitOps: { kind: 'git', repoUrl: 'https://github.com/example-org/platform.git', revision: 'main' },
    externalSecrets,
  },
  production: {
    production: true,
    defaultStore: 'azure-keyvault-store',
    vault: { server: 'https://vault-active.vault.svc.cluster.local:8200', profile: 'ha' },
    azure: { keyVaultName: 'kv-platform-prod' },
    gitOps: { kind: 'git', repoUrl: 'https://github.com/example-org/platform.git', revision: 'main' },
    externalSecrets,
  },
});
