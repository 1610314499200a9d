/**
 * etcd, kube-apiserver and, of the kube-controller-manager, what deletes: the garbage collector (what an ExternalSecret owns goes with it; Argo
 * CD prunes through it), namespaces, and the ServiceAccounts of new namespaces. No kubelet and no scheduler: no Pod ever runs.
 */
import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { LabSite } from './site.ts';
import { LabError } from './needs.ts';
import type { LabServer } from './server.ts';

/** The issuer of ServiceAccount tokens, as kubeadm, kind and k3s set it. */
const issuer = 'https://kubernetes.default.svc.cluster.local';
const controllers = ['garbage-collector', 'namespace', 'serviceaccount', 'root-ca-certificate-publisher'] as const;

export type Kubernetes = {
  /** `https://127.x.y.1:port`; in the operator's and Vault's view also `https://kubernetes.default.svc`, where port 443 could be had. */
  readonly server: string;
  /** Of an administrator. */
  readonly kubeconfig: string;
  readonly caFile: string;
  readonly issuer: string;
  /** Public key (PEM) of the ServiceAccount tokens, of the lab's own cluster; every cluster gives it at /openid/v1/jwks. */
  readonly tokenKeyFile?: string;
  /** Not the lab's own: given-cluster.ts. */
  readonly given: boolean;
  /** Runs kubectl as an administrator. @returns what it wrote to stdout */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
  /** GET, as an administrator. */
  readonly get: (resource: string) => Promise<Answer>;
  /** POST or PATCH, as an administrator, over connections that stay open: for many requests. @param type of the body; JSON by default */
  readonly send: (method: 'POST' | 'PATCH', resource: string, body: object, type?: string) => Promise<Answer>;
};

type Answer = { readonly status: number; readonly text: string };

export async function startKubernetes(site: LabSite): Promise<Kubernetes> {
  const { loopback } = site;
  const address = loopback.address();
  const folder = site.makeFolder('kubernetes');
  const inFolder = (name: string): string => path.join(folder, name);
  const [client, peer, port] = await Promise.all([loopback.port(), loopback.port(), loopback.port(443)]);
  const server = port === 443 ? `https://${address}` : `https://${address}:${port}`;
  const token = randomBytes(24).toString('hex');
  const caFile = inFolder('apiserver.crt');
  const tokenKeyFile = inFolder('service-accounts.pub');
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeFileSync(inFolder('service-accounts.key'), keys.privateKey, { mode: 0o600 });
  writeFileSync(tokenKeyFile, keys.publicKey);
  writeFileSync(inFolder('tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });

  await startEtcd(site, client, peer);
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const ask = (resource: string, options: Sent): Promise<Answer> =>
    requestJson(`${server}${resource}`, readFileSync(caFile, 'utf8'), token, options);
  const get: Kubernetes['get'] = (resource) => ask(resource, { agent: false });
  const send: Kubernetes['send'] = (method, resource, body, type = 'application/json') =>
    ask(resource, { method, agent, body: JSON.stringify(body), type });
  const apiserver = site.server({
    name: 'kube-apiserver',
    command: [
      site.binary('kubernetes', 'kube-apiserver'),
      `--etcd-servers=http://${address}:${client}`,
      ...[`--bind-address=${address}`, `--advertise-address=${address}`, `--secure-port=${port}`],
      ...[`--cert-dir=${folder}`, `--token-auth-file=${inFolder('tokens.csv')}`, '--authorization-mode=RBAC'],
      ...[`--service-account-issuer=${issuer}`, `--service-account-key-file=${tokenKeyFile}`],
      `--service-account-signing-key-file=${inFolder('service-accounts.key')}`,
      // Endpoints on a loopback address are refused; nothing in the lab uses them.
      ...['--service-cluster-ip-range=10.96.0.0/16', '--endpoint-reconciler-type=none'],
    ],
    ready: async () => (await get('/readyz')).status === 200,
    graceMs: 500,
  });
  await apiserver.start();
  const kubeconfig = path.join(site.folder, 'kubeconfig');
  writeFileSync(kubeconfig, renderKubeconfig(server, readFileSync(caFile), token), { mode: 0o600 });
  const kubectl: Kubernetes['kubectl'] = (args, input) =>
    runKubectl(
      site.binary('kubernetes', 'kubectl'),
      { ...site.variables('kubectl'), KUBECONFIG: kubeconfig },
      args,
      input,
    );
  await (await controllerManager(site, kubeconfig, caFile, get)).start();
  return { server, kubeconfig, caFile, issuer, tokenKeyFile, kubectl, get, send, given: false };
}

type CustomResource = {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
};

/** Applies CRDs and waits until the API serves them: Established is not enough, discovery follows later. */
export async function applyCrds({ kubectl, get }: Kubernetes, yaml: string): Promise<void> {
  await kubectl(['apply', '--server-side', '-f', '-'], yaml);
  const deadline = performance.now() + 60_000;
  while (!(await servesAll(get)))
    if (performance.now() > deadline) throw new LabError('kube-apiserver did not serve the CRDs within 60 s');
    else await wait(200);
}

async function servesAll(get: Kubernetes['get']): Promise<boolean> {
  const { text } = await get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
  const { items } = JSON.parse(text) as { items: readonly CustomResource[] };
  const groups = new Map<string, Promise<string>>();
  const found = items.map(async ({ spec: { group, names, versions } }) => {
    const version = `/apis/${group}/${versions.find(({ served }) => served)?.name ?? ''}`;
    const answer = groups.get(version) ?? get(version).then(({ text }) => text);
    groups.set(version, answer);
    return (await answer).includes(`"name":"${names.plural}"`);
  });
  return (await Promise.all(found)).every(Boolean);
}

async function startEtcd(site: LabSite, client: number, peer: number): Promise<void> {
  const address = site.loopback.address();
  const [clientUrl, peerUrl] = [`http://${address}:${client}`, `http://${address}:${peer}`];
  const etcd = site.server({
    name: 'etcd',
    command: [
      site.binary('etcd', 'etcd'),
      ...['--data-dir', site.makeFolder('etcd'), '--log-level', 'warn'],
      ...['--listen-client-urls', clientUrl, '--advertise-client-urls', clientUrl],
      ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
      ...['--initial-cluster', `default=${peerUrl}`],
      // What a power cut would lose is lost with the lab anyway.
      '--unsafe-no-fsync',
    ],
    ready: async () => (await fetch(`${clientUrl}/health`)).ok,
    graceMs: 500,
  });
  await etcd.start();
}

async function controllerManager(
  site: LabSite,
  kubeconfig: string,
  caFile: string,
  get: Kubernetes['get'],
): Promise<LabServer> {
  const folder = site.makeFolder('kube-controller-manager');
  return site.server({
    name: 'kube-controller-manager',
    command: [
      site.binary('kubernetes', 'kube-controller-manager'),
      ...['--kubeconfig', kubeconfig, '--leader-elect=false', '--use-service-account-credentials=false'],
      `--controllers=${controllers.map((name) => `${name}-controller`).join(',')}`,
      ...['--bind-address', site.loopback.address(), '--secure-port', String(await site.loopback.port())],
      ...['--cert-dir', folder, '--root-ca-file', caFile],
    ],
    ready: async () => (await get('/api/v1/namespaces/default/serviceaccounts/default')).status === 200,
    graceMs: 500,
  });
}

function renderKubeconfig(server: string, ca: Buffer, token: string): string {
  return `apiVersion: v1
kind: Config
clusters: [{ name: lab, cluster: { server: "${server}", certificate-authority-data: ${ca.toString('base64')} } }]
users: [{ name: admin, user: { token: ${token} } }]
contexts: [{ name: lab, context: { cluster: lab, user: admin } }]
current-context: lab
`;
}

export function runKubectl(
  program: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  input?: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { env, maxBuffer: 1 << 30 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new LabError(`kubectl ${args.join(' ')}: ${stderr.trim() || error.message}`));
    });
    child.stdin?.end(input ?? '');
  });
}

type Sent = { readonly method?: string; readonly agent: Agent | false; readonly body?: string; readonly type?: string };

function requestJson(url: string, ca: string, token: string, { method, agent, body, type }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}`, ...(type === undefined ? {} : { 'Content-Type': type }) };
    const sent = request(url, { method, ca, headers, timeout: 5000, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.once('timeout', () => sent.destroy(new Error(`${url} did not answer`)));
    sent.once('error', reject).end(body);
  });
}
