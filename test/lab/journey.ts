/**
 * A person's way with Lockstep, through real servers: a checkout whose config/ is edited, its commands as npm runs them, `kubectl apply` of the
 * manifests as they are, and the Secrets that come of it. The cluster may be anybody's: all that is needed of it is a kubectl.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { loadConfiguration } from '../../src/configuration/load-configuration.ts';
import type { Platform } from '../../src/model/platform.ts';
import { resolve } from '../../src/model/resolve.ts';
import { parseVariables } from '../../src/model/variables.ts';
import { Repository } from '../fixtures/repository.ts';
import type { Kubernetes } from './kubernetes.ts';
import { notReady } from './readiness.ts';
import type { SyncedObject } from './readiness.ts';
import { until } from './until.ts';

export type Cluster = Pick<Kubernetes, 'kubectl' | 'given'>;

/** What `kubectl get --output json` gives, of what is asked here. */
type List<T> = { readonly items: readonly T[] };
type KubernetesObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
};

export type JourneyOptions = {
  readonly cluster: Cluster;
  readonly environment: string;
  /** The AZURE_ variables of the guide. */
  readonly variables?: Readonly<Record<string, string>>;
};

const operatorSynced = 'externalsecrets.external-secrets.io';
const operatorStores = 'clustersecretstores.external-secrets.io';
/** Those that others have as well: not deleted with what a journey made. */
const shared = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);
/** Its namespace is there before a journey begins, for Vault's ServiceAccount; the lab deletes it again. */
const ofTheLab = 'vault';
/** Argo CD's, which is not in these labs, and receives a Secret. */
const argoCdNamespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: argocd\n';

export class Journey {
  readonly repository = new Repository();
  readonly cluster: Cluster;
  readonly #environment: string;
  variables: Readonly<Record<string, string>>;
  /** In the order in which they were applied. */
  readonly #made = new Map<string, KubernetesObject>();

  constructor({ cluster, environment, variables = {} }: JourneyOptions) {
    this.cluster = cluster;
    this.#environment = environment;
    this.variables = variables;
  }

  /** `npm run synth`. */
  synth(): void {
    const { status, stderr } = this.repository.run(['synth', '--environment', this.#environment], this.variables);
    assert.equal(status, 0, stderr);
  }

  /** What config/ says; asked once, since Node keeps what it has imported. */
  async platform(): Promise<Platform> {
    const { configuration, problems } = await loadConfiguration(this.repository.root);
    assert.deepEqual(problems, []);
    const resolution = resolve(
      configuration,
      this.#environment,
      parseVariables(this.variables).variables,
      new Set<string>(),
    );
    assert.equal(resolution.kind, 'resolved');
    return resolution.platform;
  }

  /** The manifests that synth wrote, without what only Argo CD knows; namespaces first, and ServiceAccounts before stores. */
  get manifests(): string[] {
    const output = path.join('dist', this.#environment);
    const kinds = ['namespace', 'serviceaccount', 'clustersecretstore', 'externalsecret'];
    const order = (file: string): number => (kinds.indexOf(path.basename(file).split('-')[0] ?? '') + 9) % 9;
    return Object.keys(this.repository.tree(output))
      .filter((file) => /^[^/]+\/manifests\/(?!kustomization|application-)/.test(file))
      .toSorted((a, b) => order(a) - order(b))
      .map((file) => path.join(output, file));
  }

  /** What is in `manifests`. */
  texts(edit: (manifest: string) => string = (manifest) => manifest): string[] {
    return this.manifests.map((file) => edit(this.repository.read(file)));
  }

  /**
   * `kubectl apply --server-side`, once for all, and byte for byte what synth wrote.
   * @param edit what a test breaks on purpose
   */
  async apply(edit: (manifest: string) => string = (manifest) => manifest): Promise<void> {
    await this.applyYaml([argoCdNamespace, ...this.texts(edit)].join('---\n'));
  }

  async applyYaml(yaml: string): Promise<void> {
    const { kubectl } = this.cluster;
    const before = await this.#namespaces();
    if (this.cluster.given) this.#refuseNamespaces(yaml, before);
    const applied = await kubectl(['apply', '--server-side', '--output', 'json', '-f', '-'], yaml);
    const { items = [JSON.parse(applied) as KubernetesObject] } = JSON.parse(applied) as Partial<
      List<KubernetesObject>
    >;
    for (const made of items) {
      const { name, namespace = '' } = made.metadata;
      if (made.kind !== 'Namespace' || !before.has(name)) this.#made.set(`${made.kind} ${namespace} ${name}`, made);
    }
  }

  /** In a cluster that exists, a namespace of the same name is somebody's. */
  #refuseNamespaces(yaml: string, before: ReadonlySet<string>): void {
    const names = [...yaml.matchAll(/^kind: Namespace\nmetadata:\n {2}name: (\S+)$/gm)].map(([, name = '']) => name);
    const foreign = names.filter(
      (name) => before.has(name) && name !== ofTheLab && !this.#made.has(`Namespace  ${name}`),
    );
    assert.deepEqual(foreign, [], 'the cluster has these namespaces already, and nothing was changed');
  }

  async #namespaces(): Promise<ReadonlySet<string>> {
    const { items } = await this.#list<KubernetesObject>(['namespaces']);
    return new Set([...shared, ...items.map(({ metadata }) => metadata.name)]);
  }

  /**
   * Waits until every ExternalSecret of a namespace, or of all, has been synced in its newest form.
   * @throws Error that says of each that is not, and of each store, why
   */
  async ready({ namespace, deadlineMs = 60_000, ...options }: ReadyOptions = {}): Promise<readonly SyncedObject[]> {
    const where = namespace === undefined ? ['--all-namespaces'] : ['--namespace', namespace];
    let waitsFor: readonly SyncedObject[] = [];
    try {
      return await until(
        'every ExternalSecret is ready',
        async () => {
          const { items } = await this.#list<SyncedObject>([operatorSynced, ...where]);
          waitsFor = items.filter((item) => !isSynced(item, options.after));
          return items.length > 0 && waitsFor.length === 0 && items;
        },
        deadlineMs,
      );
    } catch (error) {
      const { items: stores } = await this.#list<SyncedObject>([operatorStores]);
      const because = await notReady(this.cluster, [...waitsFor, ...stores]);
      throw new Error(`${(error as Error).message}\n${because.join('\n')}`, { cause: error });
    }
  }

  /** Has the ExternalSecrets of a namespace, or all, read again now, as the guide does it, and waits until they are. */
  async refresh(options: Omit<ReadyOptions, 'after'> = {}): Promise<void> {
    const { namespace } = options;
    const where = namespace === undefined ? ['--all-namespaces'] : ['--namespace', namespace];
    const { items } = await this.#list<SyncedObject>([operatorSynced, ...where]);
    assert.notEqual(items.length, 0, 'there is no ExternalSecret');
    const after = new Map(items.map(({ metadata, status }) => [metadata.uid, status?.syncedResourceVersion]));
    await this.cluster.kubectl([
      'annotate',
      operatorSynced,
      ...where,
      '--all',
      '--overwrite',
      `force-sync=${randomUUID()}`,
    ]);
    await this.ready({ ...options, after });
  }

  async #list<T>(what: readonly string[]): Promise<List<T>> {
    return JSON.parse(await this.cluster.kubectl(['get', ...what, '--output', 'json'])) as List<T>;
  }

  /** Deletes what was applied, newest first, and what is told of it; what it owned goes with it. The operator must run. */
  async undo(): Promise<void> {
    const { kubectl } = this.cluster;
    const made = { apiVersion: 'v1', kind: 'List', items: [...this.#made.values()].toReversed() };
    await kubectl(['delete', '--ignore-not-found', '--timeout', '120s', '-f', '-'], JSON.stringify(made));
    this.#made.clear();
    const ofStores = ['--field-selector', 'involvedObject.kind=ClusterSecretStore'];
    await kubectl(['delete', 'events', '--namespace', 'default', ...ofStores]);
  }

  /** In a cluster that goes with its lab there is nothing to undo. */
  async end(): Promise<void> {
    if (this.cluster.given) await this.undo();
    this.repository.remove();
  }
}

type ReadyOptions = {
  readonly namespace?: string;
  readonly deadlineMs?: number;
  /** uid → what was synced before: something newer is waited for. */
  readonly after?: ReadonlyMap<string, string | undefined>;
};

/** Ready alone may still be said of what was there before the last apply. */
function isSynced({ metadata, status }: SyncedObject, after: ReadyOptions['after']): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const version = status?.syncedResourceVersion;
  return (
    ready?.status === 'True' &&
    version?.startsWith(`${metadata.generation}-`) === true &&
    (after === undefined || after.get(metadata.uid) !== version)
  );
}

/** The two edits of docs/guide.md, "Moving the AI platform to Key Vault". */
export function aiPlatformToKeyVault(repository: Repository): void {
  const line = "import { aiPlatformAzureConfig } from './ai-platform-azure-config';";
  const name = 'ai-platform-engineering';
  const entry = `{ name: '${name}', namespace: '${name}', chart: { type: 'AiPlatformEngineeringChart' } },`;
  repository.edit('config/applications.ts', `// ${line}`, line);
  repository.edit('config/applications.ts', entry, 'aiPlatformAzureConfig,');
}
