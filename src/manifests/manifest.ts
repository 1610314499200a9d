/** A Kubernetes object as it will be written: plain data, no `undefined`. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [property: string]: unknown;
  };
  readonly [property: string]: unknown;
};

/**
 * Argo CD's order within one sync: a wave begins when the one before is applied and healthy.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export const syncWaves = {
  namespace: -5,
  operator: -4,
  serviceAccount: -3,
  store: -2,
  externalSecret: -1,
  workload: 0,
} as const;

export function syncWave(wave: keyof typeof syncWaves): Readonly<Record<string, string>> {
  return { 'argocd.argoproj.io/sync-wave': String(syncWaves[wave]) };
}

/** For objects whose CRD arrives with the operator, in the same sync. */
export const crdMayBeMissing = { 'argocd.argoproj.io/sync-options': 'SkipDryRunOnMissingResource=true' } as const;

export function standardLabels(application: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/managed-by': 'lockstep', 'app.kubernetes.io/part-of': application };
}
