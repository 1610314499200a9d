/** Argo CD: repository server, application controller and their redis. No web interface, no API server, no ApplicationSets. */
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { applyCrds } from './kubernetes.ts';
import type { Kubernetes } from './kubernetes.ts';
import { freePort } from './loopback.ts';
import { findProgram } from './needs.ts';
import type { LabSite } from './site.ts';

export type ArgoCd = {
  readonly namespace: 'argocd';
  /** Starts the repository server again, with these settings. */
  readonly startRepositoryServer: (options: RepositoryServerOptions) => Promise<void>;
};

export type RepositoryServerOptions = {
  /** Host name → address: where Helm repositories and registries are to be found. No other name is resolved then. */
  readonly pinned?: Readonly<Record<string, string>>;
  /** CA certificates (PEM) that it, and Helm, trust in place of the machine's. */
  readonly caFile?: string;
};

/** Without it an app-of-apps is Healthy while a child is Degraded; it is what Argo CD's documentation gives for that. */
const applicationHealth = `hs = {}
hs.status = "Progressing"
hs.message = ""
if obj.status ~= nil then
  if obj.status.health ~= nil then
    hs.status = obj.status.health.status
    if obj.status.health.message ~= nil then
      hs.message = obj.status.health.message
    end
  end
end
return hs
`;

const inCluster = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'argocd-cm', namespace: 'argocd', labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    data: { 'resource.customizations.health.argoproj.io_Application': applicationHealth },
  },
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace: 'argocd' },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ namespace: '*', server: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  },
];

export async function startArgoCd(site: LabSite, kubernetes: Kubernetes): Promise<ArgoCd> {
  const address = site.loopback.address();
  const [redisPort, repoPort, repoMetrics, metrics] = [
    await site.loopback.port(),
    await site.loopback.port(),
    await site.loopback.port(),
    // The controller cannot be told an address: it listens on all of them.
    await freePort('0.0.0.0'),
  ];
  const redis = `${address}:${redisPort}`;
  const program = component(site, 'argocd-repo-server');
  // Repositories of the lab belong to whoever runs it, which need not be who runs git.
  site.write('home/argocd-repo-server/.gitconfig', '[safe]\n\tdirectory = *\n');
  const startRepositoryServer = (options: RepositoryServerOptions): Promise<void> =>
    startRepoServer(site, { program, redis, port: repoPort, metrics: repoMetrics }, options);
  await Promise.all([applyResources(site, kubernetes), startRedis(site, redisPort), startRepositoryServer({})]);
  const controller = site.server({
    name: 'argocd-application-controller',
    command: [
      component(site, 'argocd-application-controller'),
      ...['--kubeconfig', kubernetes.kubeconfig, '--namespace', 'argocd', '--redis', redis],
      ...['--repo-server', `${address}:${repoPort}`, '--repo-server-plaintext', '--metrics-port', String(metrics)],
      // A commit is seen within seconds, where a cluster takes minutes; the health of each resource is in the Application's status.
      ...['--app-resync', '10', '--app-resync-jitter', '0', '--persist-resource-health'],
    ],
    variables: {
      ...site.variables('argocd-application-controller'),
      KUBECONFIG: kubernetes.kubeconfig,
      // Applications name their destination as in a cluster; this makes it the one of the kubeconfig.
      ARGOCD_FAKE_IN_CLUSTER: 'true',
    },
    ready: async () => (await fetch(`http://127.0.0.1:${metrics}/healthz`)).ok,
    graceMs: 500,
  });
  await controller.start();
  return { namespace: 'argocd', startRepositoryServer };
}

/** The binary is every component; the name that it is run under chooses. */
function component(site: LabSite, name: string): string {
  const file = path.join(site.makeFolder('argo-cd'), name);
  symlinkSync(site.binary('argo-cd', 'argocd'), file);
  return file;
}

async function applyResources(site: LabSite, kubernetes: Kubernetes): Promise<void> {
  const { kubectl } = kubernetes;
  await applyCrds(kubernetes, await kubectl(['kustomize', site.binary('argo-cd', 'crds')]));
  const list = { apiVersion: 'v1', kind: 'List', items: inCluster };
  await kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify(list));
}

async function startRedis(site: LabSite, port: number): Promise<void> {
  const address = site.loopback.address();
  const log = site.logFile('redis');
  const server = site.server({
    name: 'redis',
    command: [
      findProgram('redis-server') ?? 'redis-server',
      ...['--bind', address, '--port', String(port), '--dir', site.makeFolder('argo-cd', 'redis')],
      ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
    ],
    logFile: log,
    ready: () => Promise.resolve(server.tail().some((line) => line.includes('Ready to accept connections'))),
    graceMs: 500,
  });
  await server.start();
}

type RepoServer = {
  readonly program: string;
  readonly redis: string;
  readonly port: number;
  readonly metrics: number;
};

async function startRepoServer(
  site: LabSite,
  { program, redis, port, metrics }: RepoServer,
  { pinned, caFile }: RepositoryServerOptions,
): Promise<void> {
  const name = 'argocd-repo-server';
  await site.servers.find((server) => server.name === name)?.stop();
  const address = site.loopback.address();
  const server = site.server({
    name,
    command: [
      ...[program, '--address', address, '--port', String(port)],
      ...['--metrics-address', address, '--metrics-port', String(metrics)],
      ...['--redis', redis, '--disable-tls', '--revision-cache-expiration', '1s'],
    ],
    variables: {
      ...site.variables(name),
      // It otherwise wants the folder of keys that its image has, and a socket in /tmp, one for all labs.
      ...{ ARGOCD_GPG_ENABLED: 'false', ARGOCD_ASK_PASS_SOCK: socketIn(site.folder) },
      ...(caFile === undefined ? {} : { SSL_CERT_FILE: caFile }),
    },
    view: pinned === undefined ? [] : site.view(name, pinned),
    ready: async () => (await fetch(`http://${address}:${metrics}/healthz`)).ok,
    graceMs: 500,
  });
  await server.start();
}

/** The kernel takes 107 bytes. Relative to the folder, in which the server starts, it works but for repositories with a password. */
function socketIn(folder: string): string {
  const socket = path.join(folder, 'argo-cd', 'ask-pass.sock');
  return Buffer.byteLength(socket) <= 107 ? socket : path.relative(folder, socket);
}
