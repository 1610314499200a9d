/** What the lab builds: each server from a Go module of its own in go/, which pins the versions and the checksums. */

/** Binaries that are built together, from the module in `go/<name>/`. */
export type Recipe = {
  readonly name: RecipeName;
  /** What is shown while it is built. */
  readonly title: string;
  /** File name of each binary → the package that it is built from. */
  readonly binaries: Readonly<Record<string, string>>;
  /** Linked into the binaries: `-X <name>=<value>`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Files and folders of a module that the lab also needs. */
  readonly files?: readonly { readonly module: string; readonly path: string; readonly as: string }[];
};

export type RecipeName =
  'supervisor' | 'etcd' | 'kubernetes' | 'vault' | 'external-secrets' | 'argo-cd' | 'kustomize' | 'helm';

const kubernetesVersion = 'v1.34.4';

const recipes: readonly Recipe[] = [
  { name: 'supervisor', title: 'supervisor', binaries: { supervisor: '.' } },
  { name: 'etcd', title: 'etcd 3.6.7', binaries: { etcd: 'go.etcd.io/etcd/server/v3' } },
  {
    name: 'kubernetes',
    title: `Kubernetes ${kubernetesVersion.slice(1)}`,
    binaries: {
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
      kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    },
    // Without them the API server calls itself v0.0.0-master+$Format:%H$, which kubectl and Helm cannot parse.
    variables: {
      'k8s.io/component-base/version.gitVersion': kubernetesVersion,
      'k8s.io/component-base/version.gitMajor': '1',
      'k8s.io/component-base/version.gitMinor': '34',
      'k8s.io/client-go/pkg/version.gitVersion': kubernetesVersion,
    },
  },
  { name: 'vault', title: 'Vault 1.21.4', binaries: { vault: '.' } },
  {
    name: 'external-secrets',
    title: 'External Secrets Operator 0.20.4',
    binaries: { 'external-secrets': 'github.com/external-secrets/external-secrets' },
    files: [
      { module: 'github.com/external-secrets/external-secrets', path: 'deploy/crds/bundle.yaml', as: 'crds.yaml' },
    ],
  },
  {
    name: 'argo-cd',
    title: 'Argo CD 3.2.11',
    binaries: { argocd: 'github.com/argoproj/argo-cd/v3/cmd' },
    files: [{ module: 'github.com/argoproj/argo-cd/v3', path: 'manifests/crds', as: 'crds' }],
  },
  { name: 'kustomize', title: 'kustomize 5.7.1', binaries: { kustomize: 'sigs.k8s.io/kustomize/kustomize/v5' } },
  { name: 'helm', title: 'Helm 3.18.4', binaries: { helm: 'helm.sh/helm/v3/cmd/helm' } },
];

/** Parts of a lab that can be chosen; what one needs of another is chosen with it. */
export const parts = ['kubernetes', 'vault', 'external-secrets', 'argo-cd'] as const;
export type Part = (typeof parts)[number];

const needed: Readonly<Record<Part, readonly RecipeName[]>> = {
  kubernetes: ['etcd', 'kubernetes'],
  vault: ['vault'],
  'external-secrets': ['external-secrets'],
  'argo-cd': ['argo-cd', 'kustomize', 'helm'],
};

/** External Secrets Operator and Argo CD work in a cluster. */
export function withNeededParts(chosen: readonly Part[]): readonly Part[] {
  const wanted = new Set(chosen);
  if (wanted.has('external-secrets') || wanted.has('argo-cd')) wanted.add('kubernetes');
  return parts.filter((part) => wanted.has(part));
}

export function recipesOf(chosen: readonly Part[]): readonly Recipe[] {
  const names = new Set<RecipeName>(['supervisor', ...chosen.flatMap((part) => needed[part])]);
  return recipes.filter(({ name }) => names.has(name));
}
