/** What the journeys of preflight are given: manifests, and a cluster that is a few files. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Repository } from '../fixtures/repository.ts';

/** Manifests of somebody else: each document another outcome. */
export const theirs = `apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata: { name: old }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault-secret-store }
  dataFrom: [{ extract: { key: ai-platform-engineering/global } }]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: synced }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault-secret-store }
  dataFrom: [{ extract: { key: ai-platform-engineering/global } }]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: lacking }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault-secret-store }
  data: [{ secretKey: A, remoteRef: { key: ai-platform-engineering/global, property: NOPE } }]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: missing }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault-secret-store }
  dataFrom: [{ extract: { key: team/never } }]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: random }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault-secret-store }
  target: { template: { data: { A: '{{ randAlphaNum 5 }}' } } }
  dataFrom: [{ extract: { key: ai-platform-engineering/global } }]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: elsewhere }
spec:
  secretStoreRef: { kind: SecretStore, name: mine }
  dataFrom: [{ extract: { key: ai-platform-engineering/global } }]
`;

/** A kubectl that has one object of each resource, and nothing of others. @returns a PATH that begins with it */
export function withKubectl(repository: Repository, objects: Readonly<Record<string, object>>): string {
  const bin = path.join(repository.root, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [resource, object] of Object.entries(objects))
    writeFileSync(path.join(bin, `${resource}.json`), JSON.stringify(object));
  writeFileSync(path.join(bin, 'kubectl'), `#!/bin/sh\ncat "${bin}/$3.json" 2>/dev/null || true\n`);
  chmodSync(path.join(bin, 'kubectl'), 0o755);
  return `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`;
}
