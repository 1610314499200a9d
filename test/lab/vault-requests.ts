/** What was asked of the lab's Vault, by its audit log; and asking as somebody else than root. */
import { readFileSync } from 'node:fs';
import type { Cluster } from './journey.ts';
import type { Vault } from './vault.ts';

export type AuditedRequest = { readonly operation: string; readonly path: string };
type AuditEntry = { readonly type: string; readonly request: AuditedRequest };

/** Oldest first. */
export function auditedRequests({ auditLog }: Vault): AuditedRequest[] {
  return readFileSync(auditLog, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEntry)
    .filter(({ type }) => type === 'request')
    .map(({ request: { operation, path } }) => ({ operation, path }));
}

/** @param jwt default: a token of the operator's ServiceAccount, asked for as the operator does. @returns a token of Vault */
export async function logIn({ url }: Vault, { kubectl }: Cluster, jwt?: string): Promise<string> {
  const account = ['create', 'token', '--namespace', 'external-secrets', 'external-secrets', '--audience', 'vault'];
  const body = JSON.stringify({ role: 'external-secrets', jwt: (jwt ?? (await kubectl(account))).trim() });
  const answer = await fetch(`${url}/v1/auth/kubernetes/login`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`Vault does not let in: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { auth: { client_token: string } }).auth.client_token;
}

/** @returns the status */
export async function tryAs({ url }: Vault, token: string, method: string, path: string): Promise<number> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const body = ['POST', 'PATCH'].includes(method) ? { body: JSON.stringify({ data: {} }) } : {};
  const headers = { 'X-Vault-Token': token, 'Content-Type': type };
  const answer = await fetch(`${url}/v1/${path}`, { method, headers, ...body });
  await answer.arrayBuffer();
  return answer.status;
}
