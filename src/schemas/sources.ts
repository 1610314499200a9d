import type { KindName } from './reduce.ts';

/** Where the schemas of one project in one version come from: files inside a Go module. */
export type SchemaSource = {
  readonly project: 'external-secrets' | 'argo-cd' | 'kubernetes';
  readonly module: string;
  /** As Go writes it: with a `v` in front. */
  readonly version: string;
  readonly content:
    | { readonly kind: 'crds'; /** Every `*.yaml` in it that holds a CRD. */ readonly folder: string }
    | { readonly kind: 'open-api'; readonly documents: Readonly<Record<string, readonly KindName[]>> };
};

/** The folder below `schemas/`. */
export function schemaFolder({ project, version }: Pick<SchemaSource, 'project' | 'version'>): string {
  return `${project}-${version.replace(/^v/, '')}`;
}

/** The last patch of each minor that is told apart. Releases from 2.0 on cannot be had as a Go module: its path has no `/v2`. */
const ESO_VERSIONS = ['v0.17.0', 'v0.18.2', 'v0.19.2', 'v0.20.4', 'v1.3.2'];

const API_SPEC = 'api/openapi-spec/v3';

export const schemaSources: readonly SchemaSource[] = [
  ...ESO_VERSIONS.map((version): SchemaSource => ({
    project: 'external-secrets',
    module: 'github.com/external-secrets/external-secrets',
    version,
    content: { kind: 'crds', folder: 'config/crds/bases' },
  })),
  {
    project: 'argo-cd',
    module: 'github.com/argoproj/argo-cd/v3',
    version: 'v3.2.11',
    content: { kind: 'crds', folder: 'manifests/crds' },
  },
  {
    project: 'kubernetes',
    module: 'k8s.io/kubernetes',
    version: 'v1.34.4',
    content: {
      kind: 'open-api',
      documents: {
        [`${API_SPEC}/api__v1_openapi.json`]: kinds(
          'v1',
          'ConfigMap Namespace PersistentVolumeClaim Secret Service ServiceAccount',
        ),
        [`${API_SPEC}/apis__apps__v1_openapi.json`]: kinds('apps/v1', 'Deployment StatefulSet'),
        [`${API_SPEC}/apis__autoscaling__v2_openapi.json`]: kinds('autoscaling/v2', 'HorizontalPodAutoscaler'),
        [`${API_SPEC}/apis__batch__v1_openapi.json`]: kinds('batch/v1', 'CronJob Job'),
        [`${API_SPEC}/apis__networking.k8s.io__v1_openapi.json`]: kinds(
          'networking.k8s.io/v1',
          'Ingress NetworkPolicy',
        ),
        [`${API_SPEC}/apis__policy__v1_openapi.json`]: kinds('policy/v1', 'PodDisruptionBudget'),
        [`${API_SPEC}/apis__rbac.authorization.k8s.io__v1_openapi.json`]: kinds(
          'rbac.authorization.k8s.io/v1',
          'ClusterRole ClusterRoleBinding Role RoleBinding',
        ),
      },
    },
  },
];

function kinds(apiVersion: string, names: string): readonly KindName[] {
  return names.split(' ').map((kind) => ({ apiVersion, kind }));
}
