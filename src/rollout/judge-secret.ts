/** Whether a Kubernetes Secret comes from the wanted store, with the bytes that it had: from its ExternalSecret and from itself. Pure. */
import type { StoreName } from '../model/configuration.ts';
import { isObject } from '../model/shape.ts';
import type { Digests, ExpectedSecret } from './expected-secret.ts';
import { differingKeys } from './expected-secret.ts';

export type SecretState =
  /** Read from the store, and nothing changed. */
  | 'ready'
  /** Read from the store, and the bytes are others. Final. */
  | 'changed'
  /** The ExternalSecret in the cluster is not the one of the manifests. */
  | 'not deployed'
  /** The operator has not looked at it since it was deployed. */
  | 'not read yet'
  /** The operator could not read the store, or could not write the Secret. It tries again. */
  | 'not ready';

export type JudgedSecret = {
  readonly namespace: string;
  readonly name: string;
  readonly state: SecretState;
  /** For people; empty where it is ready. */
  readonly because: string;
};

export type SeenSecret = {
  /** The ExternalSecret as the cluster gives it; undefined where there is none. */
  readonly externalSecret: unknown;
  /** Of the Secret, read after its ExternalSecret; undefined where there is none. */
  readonly digests: Digests | undefined;
};

export type Wanted = {
  readonly expected: ExpectedSecret;
  readonly store: StoreName;
  /** What it held before; undefined where nothing is known, or where it is to change. */
  readonly before: Digests | undefined;
};

export function judgeSecret(
  { expected, store, before }: Wanted,
  { externalSecret, digests }: SeenSecret,
): JudgedSecret {
  const { namespace, name } = expected;
  const judged = (state: SecretState, because = ''): JudgedSecret => ({ namespace, name, state, because });
  const { metadata, spec, status } = parts(externalSecret);
  if (externalSecret === undefined) return judged('not deployed', 'there is no ExternalSecret of this name');
  const reads = parts(parts(spec)['secretStoreRef'])['name'];
  if (reads !== store) return judged('not deployed', `reads from ${typeof reads === 'string' ? reads : 'elsewhere'}`);
  const ready = conditionsOf(parts(status)).find(({ type }) => type === 'Ready');
  // A failing sync leaves the version of the last one that did not fail; so does one that has not been begun.
  const isOfNow = isOfGeneration(parts(status)['syncedResourceVersion'], parts(metadata)['generation']);
  if (ready?.['status'] === 'False') return judged('not ready', told(ready));
  if (ready?.['status'] !== 'True' || !isOfNow) return judged('not read yet', 'the operator has not read it again yet');
  if (expected.retained) return judged('ready');
  if (digests === undefined) return judged('changed', 'there is no Secret');
  const keys = [
    ...new Set([
      ...differingKeys(expected.digests, digests),
      ...(before === undefined ? [] : differingKeys(before, digests)),
    ]),
  ];
  return keys.length === 0 ? judged('ready') : judged('changed', `other bytes: ${keys.toSorted().join(', ')}`);
}

/** The operator's sentences and reasons are fixed ones; a text that is not is somebody else's, and may hold anything. */
function told({ reason, message }: Record<string, unknown>): string {
  const word = typeof reason === 'string' && /^\w+$/.test(reason) ? reason : 'not ready';
  return typeof message === 'string' && sentences.has(message) ? `${word}: ${message}` : word;
}

/** Release 0.20.4, pkg/controllers/externalsecret: `msgError…`. */
const sentences: ReadonlySet<string> = new Set([
  'could not get secret data from provider',
  'could not update secret',
  'could not update secret, target is immutable',
  'could not delete secret',
  'could not delete orphaned secrets',
  'failed to take ownership of target secret',
  'target is owned by another ExternalSecret',
]);

/** `<generation>-<hash>` */
function isOfGeneration(version: unknown, generation: unknown): boolean {
  return typeof version === 'string' && typeof generation === 'number' && version.startsWith(`${generation}-`);
}

function conditionsOf({ conditions }: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(conditions) ? conditions.filter(isObject) : [];
}

function parts(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
