/**
 * The lab of the differential test: Vault and the embedded Key Vaults under their real names, an operator that reads both, and stores of every
 * kind that cases refer to by name.
 */
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { createEmbeddedAzure } from '../../../src/dev/azure/embedded-azure.ts';
import type { EmbeddedAzure } from '../../../src/dev/azure/embedded-azure.ts';
import type { JwksKeys } from '../../../src/dev/json-web-token.ts';
import { SecretValue } from '../../../src/model/secret-value.ts';
import { startLab } from '../lab.ts';
import type { Lab } from '../lab.ts';
import { startNoSuchHost } from '../no-such-host.ts';
import { until } from '../until.ts';
import { namespace } from './case.ts';
import type { Place } from './case.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { applyAll } from './apply.ts';
import { labStores, operatorToken } from './lab-stores.ts';
import { vaultPolicy } from './vault-policy.ts';

const tenantId = '00000000-0000-4000-8000-0000000000a0';
const operator = {
  ...{ clientId: '00000000-0000-4000-8000-0000000000a1', objectId: '00000000-0000-4000-8000-0000000000b1' },
  clientSecret: new SecretValue('example-client-secret'),
};
const writer = { clientId: '00000000-0000-4000-8000-0000000000a3', objectId: '00000000-0000-4000-8000-0000000000b3' };
const workload = { clientId: '00000000-0000-4000-8000-0000000000a4', objectId: '00000000-0000-4000-8000-0000000000b4' };
const authorityHost = 'login.microsoftonline.com';
const vaultDomain = 'vault.azure.net';

/** Place → name of the Key Vault. In the last the operator has no role. */
export const keyVaults = {
  'key-vault': 'kv-preflight',
  'key-vault-find': 'kv-preflight-find',
  'key-vault-denied': 'kv-preflight-denied',
} as const satisfies Partial<Record<Place, string>>;

export type PreflightLab = {
  readonly lab: Lab;
  readonly azure: EmbeddedAzure;
  /** The Secrets and ServiceAccounts that the stores need. */
  readonly prepared: readonly KubernetesObject[];
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** With their conditions, as the operator left them. */
  readonly stores: readonly KubernetesObject[];
  /** DELETE in a Key Vault, as a client that may. */
  readonly deleteSecret: (vaultName: string, name: string) => Promise<void>;
  /** GET as the operator. @returns the body of the answer */
  readonly askAsOperator: (vaultName: string, resource: string) => Promise<string>;
};

export async function startPreflightLab(
  folder: string,
  cleanup: AsyncDisposableStack,
  progress: (line: string) => void,
): Promise<PreflightLab> {
  const lab = cleanup.use(
    await startLab({ folder, parts: ['external-secrets', 'vault'], externalSecrets: 'later', progress }),
  );
  const host = lab.loopback.address(2);
  const jwks = JSON.parse((await lab.kubernetes.get('/openid/v1/jwks')).text) as JwksKeys;
  const subject = `system:serviceaccount:${namespace}:reader`;
  const azure = await createEmbeddedAzure({
    ...{ host, port: 443, tenantId, authorityHost, vaultDomain },
    identities: [
      operator,
      writer,
      { ...workload, federatedCredentials: [{ issuer: lab.kubernetes.issuer, subject, jwks }] },
    ],
    vaults: Object.values(keyVaults).map((name) => ({
      name,
      roleAssignments: [
        { objectId: writer.objectId, role: 'Key Vault Secrets Officer' },
        ...(name === keyVaults['key-vault-denied']
          ? []
          : [operator, workload].map(({ objectId }) => ({ objectId, role: 'Key Vault Secrets User' as const }))),
      ],
    })),
  });
  cleanup.defer(() => azure.close());
  const noSuchHost = await startNoSuchHost(lab.loopback.address(254));
  cleanup.defer(() => noSuchHost.close());
  const caFile = path.join(lab.folder, 'azure-ca.crt');
  writeFileSync(caFile, azure.caCertificate);
  const names = [authorityHost, ...Object.values(keyVaults).map((name) => `${name}.${vaultDomain}`)];
  await lab.startOperator({ pinned: Object.fromEntries(names.map((name) => [name, host])), caFile });

  const secretOf = (clientId: string): string =>
    azure.identities.find((identity) => identity.clientId === clientId)?.clientSecret?.reveal() ?? '';
  const token = await prepareVault(lab);
  progress('applying the stores');
  const { prepared, stores } = labStores({
    ...{ tenantId, clientId: operator.clientId, clientSecret: secretOf(operator.clientId) },
    ...{ workloadClientId: workload.clientId, vaultToken: token },
  });
  const applied = await applyAll(lab.kubernetes, [...prepared, ...stores]);
  const refused = applied.filter(({ status }) => status >= 400);
  if (refused.length > 0) throw new Error(refused.map(({ text }) => text).join('\n'));

  const ask = async (clientId: string, method: string, vaultName: string, resource: string): Promise<Answer> => {
    const bearer = await tokenFor(azure, host, clientId, secretOf(clientId));
    return send(azure, host, `${vaultName}.${vaultDomain}`, method, resource, { Authorization: `Bearer ${bearer}` });
  };
  return {
    ...{ lab, azure },
    prepared: applied.slice(0, prepared.length).map(({ text }) => JSON.parse(text) as KubernetesObject),
    namespaceLabels: (JSON.parse(applied[0]?.text ?? '') as KubernetesObject).metadata.labels ?? {},
    stores: await settledStores(lab, stores),
    deleteSecret: async (vaultName, name) => {
      const { status, text } = await ask(writer.clientId, 'DELETE', vaultName, `/secrets/${name}?api-version=7.4`);
      if (status !== 200) throw new Error(`${vaultName}: ${name} could not be deleted: ${text}`);
    },
    askAsOperator: async (vaultName, resource) => (await ask(operator.clientId, 'GET', vaultName, resource)).text,
  };
}

/** @returns the operator's token */
async function prepareVault({ vault }: Lab): Promise<string> {
  await vault.request('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } });
  await vault.request('POST', 'sys/mounts/kv1', { type: 'kv', options: { version: '1' } });
  await vault.request('POST', 'sys/auth/kubernetes', { type: 'kubernetes' });
  await vault.request('PUT', 'auth/kubernetes/config', { kubernetes_host: 'https://kubernetes.default.svc' });
  await vault.request('PUT', 'sys/policies/acl/preflight', { policy: vaultPolicy });
  await vault.request('PUT', 'auth/kubernetes/role/preflight', {
    ...{ bound_service_account_names: 'reader', bound_service_account_namespaces: namespace },
    ...{ audience: 'vault', token_policies: 'preflight', token_ttl: '1h' },
  });
  await vault.request('POST', 'auth/token/create', { id: operatorToken, policies: ['preflight'], ttl: '2h' });
  return operatorToken;
}

/** Waits until the operator has said something of each that it looks at. */
async function settledStores(lab: Lab, stores: readonly KubernetesObject[]): Promise<readonly KubernetesObject[]> {
  type Stored = KubernetesObject & {
    readonly spec: { readonly controller?: string };
    readonly status?: { readonly conditions?: readonly unknown[] };
  };
  return until('every store has a condition', async () => {
    const kinds = ['clustersecretstores', `namespaces/${namespace}/secretstores`];
    const lists = await Promise.all(kinds.map((kind) => lab.kubernetes.get(`/apis/external-secrets.io/v1/${kind}`)));
    const found = lists.flatMap(({ text }) => {
      const { items } = JSON.parse(text) as { items: Stored[] };
      const kind = text.includes('"kind":"ClusterSecretStoreList"') ? 'ClusterSecretStore' : 'SecretStore';
      return items.map((item): Stored => ({ ...item, apiVersion: 'external-secrets.io/v1', kind }));
    });
    const settled = found.filter(({ spec, status }) => spec.controller !== undefined || status?.conditions?.length);
    return settled.length === stores.length && settled;
  });
}

type Answer = { readonly status: number; readonly text: string };

async function tokenFor(azure: EmbeddedAzure, host: string, clientId: string, clientSecret: string): Promise<string> {
  const form = new URLSearchParams({
    ...{ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
    scope: `https://${vaultDomain}/.default`,
  });
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const resource = `/${tenantId}/oauth2/v2.0/token`;
  const { text } = await send(azure, host, authorityHost, 'POST', resource, headers, form.toString());
  return (JSON.parse(text) as { access_token: string }).access_token;
}

function send(
  { caCertificate }: EmbeddedAzure,
  host: string,
  servername: string,
  method: string,
  resource: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host, port: 443, servername, ca: caCertificate, method, path: resource, agent: false as const };
    const sent = request({ ...options, headers: { Host: servername, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.once('error', reject).end(body);
  });
}
