/** Argo CD Applications: automated with prune and self-heal, server-side apply and diff. */
import type { GitOpsDefinition } from '../model/configuration.ts';
import type { Application, Environment } from '../model/platform.ts';
import type { Manifest, syncWaves } from './manifest.ts';
import { standardLabels, syncWave } from './manifest.ts';

export type ApplicationSource = {
  readonly repoURL: string;
  readonly path?: string;
  readonly chart?: string;
  readonly targetRevision: string;
  readonly directory?: object;
  readonly helm?: { readonly releaseName: string; readonly valuesObject: object };
};

const argoCdNamespace = 'argocd';

/** Where a folder of the output is found by Argo CD: `cnoe://` names a folder beside the Application's own file (idpbuilder). */
function outputSource(gitOps: GitOpsDefinition, environment: string, folder: string): ApplicationSource {
  return gitOps.kind === 'idpbuilder'
    ? { repoURL: `cnoe://${folder}`, path: '.', targetRevision: 'HEAD' }
    : {
        repoURL: gitOps.repoUrl,
        path: [gitOps.folder ?? 'dist', environment, folder].filter((part) => part !== '').join('/'),
        targetRevision: gitOps.revision ?? 'HEAD',
      };
}

type Wave = keyof typeof syncWaves;

/** @param sources one or more; the first is the application's own */
export function argoCdApplication(
  name: string,
  namespace: string,
  sources: readonly ApplicationSource[],
  wave: Wave,
  partOf: string,
): Manifest {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      namespace: argoCdNamespace,
      labels: standardLabels(partOf),
      annotations: { ...syncWave(wave), 'argocd.argoproj.io/compare-options': 'ServerSideDiff=true' },
      // What the application brought goes with it. Background: no object waits for its dependents.
      finalizers: ['resources-finalizer.argocd.argoproj.io/background'],
    },
    spec: {
      project: 'default',
      destination: { server: 'https://kubernetes.default.svc', namespace },
      ...(sources.length === 1 ? { source: sources[0] } : { sources }),
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ['CreateNamespace=true', 'ServerSideApply=true'],
        // Until the stores and the secrets in them are there, syncs fail. Without an end, because nobody would start them again; and from a
        // newer commit where there is one, because it may be the one that mends them (Argo CD 3.2 and later).
        retry: { limit: -1, refresh: true, backoff: { duration: '10s', factor: 2, maxDuration: '3m0s' } },
      },
    },
  };
}

/** The order between applications: what stores secrets, what brings the stores, what uses them. */
function waveOf(application: Application): Wave {
  if (application.chartType === 'VaultChart') return 'operator';
  return application.chartType === 'ExternalSecretsChart' ? 'store' : 'workload';
}

/** `dist/<environment>/<application>.yaml` */
export function applicationOf(
  application: Application,
  environment: Environment,
  furtherSources: readonly ApplicationSource[],
): Manifest {
  const own = outputSource(environment.gitOps, environment.name, `${application.name}/manifests`);
  return argoCdApplication(
    application.name,
    application.namespace,
    [own, ...furtherSources],
    waveOf(application),
    application.name,
  );
}

/**
 * `dist/<environment>/app-of-apps.yaml`. Undefined for idpbuilder: it applies every Application of the folder it is given, and replaces
 * `cnoe://` only in those, so that an Application that brought the others would undo what it replaced (docs/decisions).
 */
export function appOfApps(environment: Environment): Manifest | undefined {
  if (environment.gitOps.kind === 'idpbuilder') return undefined;
  const source = outputSource(environment.gitOps, environment.name, '');
  return argoCdApplication(
    `platform-${environment.name}`,
    argoCdNamespace,
    [{ ...source, directory: { include: '*.yaml', exclude: 'app-of-apps.yaml' } }],
    'workload',
    `platform-${environment.name}`,
  );
}
