/** The Kubernetes Secrets of a journey, and what they must be: by the catalog, by what the store holds, and by src/eso. Values are compared by hash. */
import { createHash } from 'node:crypto';
import { receive } from '../../src/eso/receive.ts';
import { readRemoteSecret } from '../../src/eso/remote-secret.ts';
import type { Application, Platform, Secret } from '../../src/model/platform.ts';
import { standardLabels } from '../../src/manifests/manifest.ts';
import type { SecretValue } from '../../src/model/secret-value.ts';
import type { Cluster } from './journey.ts';

/** Everything of a Secret but its owner. A value is its hash, so that a test's output has none. */
export type Seen = {
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
};

export type SecretObject = {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly type: string;
  readonly data?: Readonly<Record<string, string>>;
};

/** What the operator adds to each, by itself; their values are its own. */
const added = {
  labels: { 'reconcile.external-secrets.io/created-by': '(any)', 'reconcile.external-secrets.io/managed': 'true' },
  annotations: { 'reconcile.external-secrets.io/data-hash': '(any)' },
} as const;

export function hashOf(value: Buffer | string): string {
  return createHash('sha256').update(value).digest('base64url').slice(0, 16);
}

export function seen({ metadata, type, data = {} }: SecretObject): Seen {
  const blank = (given: Readonly<Record<string, string>> = {}, any: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, any[name] === '(any)' ? '(any)' : value]));
  return {
    type,
    labels: blank(metadata.labels, added.labels),
    annotations: blank(metadata.annotations, added.annotations),
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, hashOf(Buffer.from(value, 'base64'))])),
  };
}

/** `namespace/name` → what it is, of every Secret in the namespaces that the platform has targets in. */
export async function secretsIn({ kubectl }: Cluster, platform: Platform): Promise<Record<string, Seen>> {
  const found: [string, Seen][] = [];
  for (const namespace of new Set(targetsOf(platform).map(({ target }) => target.namespace))) {
    const got = await kubectl(['get', 'secrets', '--namespace', namespace, '--output', 'json']);
    for (const secret of (JSON.parse(got) as { items: SecretObject[] }).items)
      found.push([`${namespace}/${secret.metadata.name}`, seen(secret)]);
  }
  return sorted(found);
}

/** @param stored what the store of the secret holds */
export function expectedSecrets(platform: Platform, stored: (secret: Secret) => SecretValue): Record<string, Seen> {
  return sorted(
    targetsOf(platform).map(({ secret, target }): [string, Seen] => {
      const received = receive(secret, target, readRemoteSecret(secret, stored(secret)));
      if (received.kind !== 'synced')
        throw new Error(`${target.name} would not be synced: ${JSON.stringify(received)}`);
      return [
        `${target.namespace}/${target.name}`,
        {
          type: target.type,
          labels: { ...standardLabels(target.application), ...target.labels, ...added.labels },
          annotations: { ...target.annotations, ...added.annotations },
          data: Object.fromEntries(
            received.keys.map(({ key, value }) => [key, value === 'unpredictable' ? value : hashOf(value.reveal())]),
          ),
        },
      ];
    }),
  );
}

function targetsOf(platform: Platform): Application['targets'] {
  return platform.applications.flatMap(({ targets }) => targets);
}

function sorted(entries: readonly [string, Seen][]): Record<string, Seen> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
