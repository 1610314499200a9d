/** A platform that others made: ExternalSecrets in the styles that are met, and what its stores hold. */
import { goString } from '../../src/eso/go/go-string.ts';
import type { ProviderAnswer, ProviderRequest } from '../../src/eso/provider.ts';

const vault = 'secretStoreRef: {name: corporate-vault, kind: ClusterSecretStore}';
const keyVault = 'secretStoreRef: {name: keyvault, kind: SecretStore}';

export const stores = `apiVersion: external-secrets.io/v1beta1
kind: ClusterSecretStore
metadata: {name: corporate-vault}
spec:
  provider:
    vault:
      server: https://vault.example.com
      path: kv
      auth: {kubernetes: {mountPath: kubernetes, role: eso, serviceAccountRef: {name: eso, namespace: eso}}}
---
apiVersion: external-secrets.io/v1beta1
kind: SecretStore
metadata: {name: keyvault, namespace: payments}
spec:
  provider:
    azurekv: {authType: WorkloadIdentity, vaultUrl: "https://kv-example.vault.azure.net", serviceAccountRef: {name: eso}}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: eso
  namespace: payments
  annotations:
    azure.workload.identity/client-id: 00000000-0000-4000-8000-0000000000c1
    azure.workload.identity/tenant-id: 00000000-0000-4000-8000-00000000cafe
`;

export function externalSecret(name: string, spec: string, metadata = ''): string {
  return `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: ${name}, namespace: shop${metadata}}\nspec: {${vault}, ${spec}}\n`;
}

export const externalSecrets = {
  'one entry for each key, with other names': externalSecret(
    'database',
    `refreshInterval: 15m, target: {name: database-credentials}, data: [
      {secretKey: username, remoteRef: {key: shop/database, property: user}},
      {secretKey: password, remoteRef: {key: shop/database, property: password}},
      {secretKey: password-copy, remoteRef: {key: shop/database, property: password}}]`,
    ', labels: {team: shop}, annotations: {example.com/owner: shop, kubectl.kubernetes.io/last-applied-configuration: "{}"}',
  ),
  'all fields by extract': externalSecret('settings', 'dataFrom: [{extract: {key: shop/settings}}]'),
  'a template over some fields of a secret that another namespace reads too': externalSecret(
    'database-url',
    `target: {template: {metadata: {labels: {kind: url}}, data: {URL: "postgres://{{ .u }}:{{ .p | urlquery }}@db"}}},
     data: [{secretKey: u, remoteRef: {key: shop/database, property: user}}, {secretKey: p, remoteRef: {key: shop/database, property: password}}]`,
  ).replace('namespace: shop', 'namespace: reports'),
  'a plain text of Key Vault under two keys': externalSecret(
    'webhook',
    `data: [{secretKey: TOKEN, remoteRef: {key: payments-webhook}}, {secretKey: OTHER, remoteRef: {key: secret/payments-webhook}}]`,
  )
    .replace('namespace: shop', 'namespace: payments')
    .replace(vault, keyVault),
  'a JSON of Key Vault by its properties': externalSecret(
    'gateway',
    `data: [{secretKey: id, remoteRef: {key: payments-gateway, property: id}}, {secretKey: API_KEY, remoteRef: {key: payments-gateway, property: key}}]`,
  )
    .replace('namespace: shop', 'namespace: payments')
    .replace(vault, keyVault),
  'a certificate': externalSecret(
    'tls',
    `target: {template: {type: kubernetes.io/tls}}, data: [
      {secretKey: tls.crt, remoteRef: {key: shop/tls, property: tls.crt}}, {secretKey: tls.key, remoteRef: {key: shop/tls, property: tls.key}}]`,
  ),
  'constants merged into what was read': externalSecret(
    'repository',
    `target: {template: {mergePolicy: Merge, metadata: {labels: {argocd.argoproj.io/secret-type: repository}}, data: {type: git}}},
     data: [{secretKey: url, remoteRef: {key: shop/repository, property: url}}, {secretKey: password, remoteRef: {key: shop/repository, property: password}}]`,
  ),
  'a registry, by extract, typed': externalSecret(
    'registry',
    'target: {template: {type: kubernetes.io/dockerconfigjson}}, dataFrom: [{extract: {key: shop/registry}}]',
  ),
};

const held: Readonly<Record<string, string>> = {
  'kv/data/shop/database':
    '{"user": "example-user", "password": "example \\"<pass>\\" é\\n", "unused": "example-other"}',
  'kv/data/shop/settings': '{"LOG_LEVEL": "example-debug", "EMPTY": "", "PORT": 5432, "ON": true}',
  'kv/data/shop/tls': '{"tls.crt": "example-certificate\\n", "tls.key": "example-key\\n"}',
  'kv/data/shop/repository': '{"url": "https://git.example.com", "password": "example-password"}',
  'kv/data/shop/registry': '{".dockerconfigjson": "{\\"auths\\":{}}"}',
  'kv/data/shop/numbers': '{"large": 12345678901234567890}',
  'kv/data/shop/nested': '{"a": {"b": "example-inner"}}',
  'kv/data/shop/odd': '{"a/b": "example-value"}',
  'payments-webhook': 'example-webhook-token\n',
  'payments-fee': '{"fee": 1.50}',
  'payments-gateway': '{"id": "example-id", "key": "example-key"}',
};

export function readForeign(request: ProviderRequest): Promise<ProviderAnswer> {
  const place =
    request.kind === 'vault-secret' ? request.path : request.kind === 'key-vault-secret' ? request.name : '';
  const text = held[place];
  return Promise.resolve(
    text === undefined ? { kind: 'missing' } : { kind: 'present', secret: { value: goString(text), tags: undefined } },
  );
}
