import path from 'node:path';
import type { Manifest } from '../../src/manifests/manifest.ts';
import { loadSchemaSet, type SchemaSet } from '../../src/schemas/schema-set.ts';

export const schemasRoot: string = path.join(import.meta.dirname, '../../schemas');

export function loadSets(eso = '0.20.4'): SchemaSet[] {
  return [`external-secrets-${eso}`, 'argo-cd-3.2.11', 'kubernetes-1.34.4'].map((name) =>
    loadSchemaSet(path.join(schemasRoot, name)),
  );
}

const metadata = { name: 'example', namespace: 'apps', labels: { 'app.kubernetes.io/part-of': 'example' } };

type SoundManifest = Manifest & { readonly spec?: object; readonly data?: object };
type SoundManifests = Readonly<
  Record<'externalSecret' | 'clusterSecretStore' | 'application' | 'deployment' | 'secret', SoundManifest>
>;

/** Sound manifests, fresh at each call: each uses other parts of its schema. */
export function soundManifests(): SoundManifests {
  return {
    externalSecret: {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { ...metadata, annotations: { 'argocd.argoproj.io/sync-wave': '-1' }, creationTimestamp: null },
      spec: {
        refreshInterval: '1h0m0s',
        refreshPolicy: 'Periodic',
        secretStoreRef: { name: 'vault-secret-store', kind: 'ClusterSecretStore' },
        target: {
          name: 'agent-github-secrets',
          creationPolicy: 'Owner',
          deletionPolicy: 'Retain',
          template: {
            engineVersion: 'v2',
            mergePolicy: 'Replace',
            type: 'Opaque',
            metadata: { labels: { a: 'b' } },
            data: { TOKEN: '{{ .token }}' },
            templateFrom: [{ target: 'Data', literal: 'a: b' }, { configMap: { name: 'c', items: [{ key: 'k' }] } }],
          },
        },
        data: [
          { secretKey: 'token', remoteRef: { key: 'a/b', property: 'token', conversionStrategy: 'Default' } },
          { secretKey: 'other', remoteRef: { key: 'c' }, sourceRef: { storeRef: { name: 's', kind: 'SecretStore' } } },
        ],
        dataFrom: [
          { extract: { key: 'd', decodingStrategy: 'None' }, rewrite: [{ regexp: { source: 'a', target: 'b' } }] },
          { find: { name: { regexp: '.*' }, tags: { a: 'b' } } },
        ],
      },
    },
    clusterSecretStore: {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ClusterSecretStore',
      metadata: { name: 'vault-secret-store' },
      spec: {
        provider: {
          vault: {
            server: 'https://vault.example.org',
            path: 'secret',
            version: 'v2',
            auth: { kubernetes: { mountPath: 'kubernetes', role: 'external-secrets' } },
          },
        },
      },
    },
    application: {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata,
      spec: {
        project: 'default',
        destination: { server: 'https://kubernetes.default.svc', namespace: 'apps' },
        source: { repoURL: 'https://example.org/repo', path: 'dist', helm: { valuesObject: { any: { thing: [1] } } } },
      },
    },
    deployment: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [
              {
                name: 'web',
                image: 'example.org/web:1',
                ports: [{ containerPort: 8080 }],
                resources: { limits: { memory: '128Mi', cpu: 0.5 } },
                readinessProbe: { httpGet: { path: '/', port: 'http' } },
                livenessProbe: { httpGet: { path: '/', port: 8080 } },
              },
            ],
          },
        },
      },
    },
    secret: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'Opaque',
      data: { a: 'YWJj', wrapped: 'YWJj\nYWJj\n', empty: '' },
    },
  };
}

/** A deep copy with one place changed; `undefined` removes it. */
export function withChange(manifest: object, place: readonly (string | number)[], value: unknown): object {
  const copy = structuredClone(manifest);
  const parent = place.slice(0, -1).reduce<unknown>((at, step) => (at as Record<string | number, unknown>)[step], copy);
  const last = place.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(parent as object, last);
  else Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}
