/**
 * The real Vault, initialised and unsealed, with nothing mounted: setting it up is what is tested. With a cluster it sees the names and the
 * ServiceAccount token that it would see in its Pod, so `vault write auth/kubernetes/config kubernetes_host=https://kubernetes.default.svc`
 * does here what it does there.
 */
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Kubernetes } from './kubernetes.ts';
import type { LabSite } from './site.ts';

export type Vault = {
  /** `http://127.x.y.1:8200`; in the operator's view also `http://vault.vault.svc.cluster.local:8200`. */
  readonly url: string;
  /** Of the only file that holds the root token. Mode 0600. */
  readonly rootTokenFile: string;
  /** One JSON object for each request and each response; values are hashed, paths are not. */
  readonly auditLog: string;
  /** As root. @returns the body of the answer; fails on any status of 400 or more */
  readonly request: (method: string, path: string, body?: object) => Promise<unknown>;
};

/** As Vault's Helm chart makes it: the ServiceAccount of the Pod, which may have tokens reviewed. */
const inCluster = `apiVersion: v1
kind: Namespace
metadata: { name: vault }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: vault, namespace: vault }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: vault-server-binding }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:auth-delegator }
subjects: [{ kind: ServiceAccount, name: vault, namespace: vault }]
`;

export async function startVault(
  site: LabSite,
  kubernetes: Kubernetes | undefined,
  hosts: Readonly<Record<string, string>>,
): Promise<Vault> {
  const address = site.loopback.address();
  const port = await site.loopback.port(8200);
  const url = `http://${address}:${port}`;
  const folder = site.makeFolder('vault');
  const initFile = path.join(folder, 'init.json');
  const server = site.server({
    name: 'vault',
    command: [
      site.binary('vault', 'vault'),
      ...['-listen', `${address}:${port}`, '-storage', site.makeFolder('vault', 'data'), '-init-file', initFile],
    ],
    view:
      kubernetes === undefined ? [] : [...site.view('vault', hosts), ...(await podServiceAccount(site, kubernetes))],
    ready: async () => (await fetch(`${url}/v1/sys/health`)).status === 200,
    graceMs: 1000,
  });
  await server.start();
  const { root_token: rootToken } = JSON.parse(readFileSync(initFile, 'utf8')) as { root_token: string };
  const rootTokenFile = site.write('vault/root-token', rootToken);
  const request: Vault['request'] = async (method, name, body) => {
    const answer = await fetch(`${url}/v1/${name}`, {
      method,
      headers: { 'X-Vault-Token': rootToken },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Vault: ${method} ${name}: ${answer.status} ${text.trim()}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
  const auditLog = path.join(folder, 'audit.log');
  await request('PUT', 'sys/audit/file', { type: 'file', options: { file_path: auditLog } });
  return { url, rootTokenFile, auditLog, request };
}

async function podServiceAccount(site: LabSite, kubernetes: Kubernetes): Promise<string[]> {
  await kubernetes.kubectl(['apply', '--server-side', '-f', '-'], inCluster);
  const token = await kubernetes.kubectl(['create', 'token', '--namespace', 'vault', 'vault', '--duration', '8760h']);
  const folder = path.dirname(site.write('vault/service-account/token', token.trim()));
  site.write('vault/service-account/namespace', 'vault');
  copyFileSync(kubernetes.caFile, path.join(folder, 'ca.crt'));
  return ['-service-account', folder];
}
