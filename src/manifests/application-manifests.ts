/** Everything of one application, as objects: what its chart brings, its Namespace, its ExternalSecrets, and its Argo CD Application. */
import { App, Chart } from 'cdk8s';
import type { Application, Platform } from '../model/platform.ts';
import { applicationOf } from './argo-cd-application.ts';
import type { ApplicationSource } from './argo-cd-application.ts';
import type { ApplicationChartClass } from './chart-class.ts';
import { sourcesOf } from './chart-class.ts';
import { charts } from './charts/index.ts';
import { externalSecret } from './external-secret.ts';
import type { Manifest } from './manifest.ts';
import { standardLabels, syncWave } from './manifest.ts';

export type ApplicationManifests = {
  readonly manifests: readonly Manifest[];
  /** Undefined where the chart failed. */
  readonly argoCdApplication: Manifest;
};

/** @throws what a chart of the user's own throws */
export function applicationManifests(application: Application, platform: Platform): ApplicationManifests {
  const { environment } = platform;
  const chart = instantiate(application, platform);
  return {
    manifests: [
      ...(application.ownsNamespace ? [namespace(application)] : []),
      ...(chart.toJson() as Manifest[]).map(withoutForeignNamespace),
      ...application.targets.map((target) => externalSecret(target, environment)),
    ],
    argoCdApplication: applicationOf(application, environment, sources(chart)),
  };
}

/** cdk8s gives every object the namespace of its chart; these kinds have none. */
const clusterScoped: ReadonlySet<string> = new Set([
  'ClusterSecretStore',
  'ClusterExternalSecret',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
]);

function withoutForeignNamespace(manifest: Manifest): Manifest {
  if (!clusterScoped.has(manifest.kind)) return manifest;
  const { namespace: _, ...metadata } = manifest.metadata;
  return { ...manifest, metadata };
}

function instantiate(application: Application, platform: Platform): Chart {
  const { chartType, name, namespace: of, props } = application;
  const chartClass =
    typeof chartType === 'function' ? (chartType as unknown as ApplicationChartClass) : charts[chartType];
  const chart: unknown = new chartClass(new App(), name, {
    disableResourceNameHashes: true,
    ...props,
    namespace: of,
    application,
    environment: platform.environment,
    platform,
  });
  if (chart instanceof Chart) return chart;
  throw new TypeError(`${typeof chartType === 'function' ? chartType.name : chartType} is not a cdk8s Chart`);
}

/** A chart may contain others: the sources of all of them count. */
function sources(chart: Chart): ApplicationSource[] {
  return chart.node
    .findAll()
    .filter((node) => Chart.isChart(node))
    .flatMap((node) => sourcesOf(node));
}

/** Kept when the application goes: deleting a namespace deletes everything in it, other people's objects too. */
function namespace({ name, namespace: of }: Application): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: of,
      labels: standardLabels(name),
      annotations: { ...syncWave('namespace'), 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' },
    },
  };
}
