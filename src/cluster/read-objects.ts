/** Objects of a cluster by name, through kubectl: only those that are named are read. Values of Secrets become SecretValues at once. */
import { execFile } from 'node:child_process';
import { PlatformError } from '../model/problem.ts';
import { SecretValue } from '../model/secret-value.ts';
import { isObject } from '../model/shape.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { accessArguments } from './cluster-access.ts';

const TIMEOUT_MS = 60_000;
const MAX_BYTES = 256 * 2 ** 20;
/** Names are arguments of a process. */
const NAMES_AT_ONCE = 200;

export type ClusterObject = Readonly<Record<string, unknown>>;

export type ReadObjects = {
  /** As kubectl takes it: `secrets`, `clustersecretstores.external-secrets.io`. */
  readonly resource: string;
  /** Undefined for what has none. */
  readonly namespace: string | undefined;
  readonly names: readonly string[];
};

/**
 * Needs `get` on the resource.
 * @param cluster a kubeconfig, or more
 * @returns those that are there; `forbidden` where they may not be read
 * @throws PlatformError `CLUSTER`
 */
export async function readObjects(
  cluster: string | ClusterAccess,
  { resource, namespace, names }: ReadObjects,
): Promise<readonly ClusterObject[] | 'forbidden'> {
  const objects: ClusterObject[] = [];
  for (let start = 0; start < names.length; start += NAMES_AT_ONCE) {
    const answer = await kubectl(resource, [
      ...accessArguments(typeof cluster === 'string' ? { kubeconfig: cluster } : cluster),
      ...['get', resource, '--ignore-not-found', '--show-managed-fields', '--output=json'],
      ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
      '--',
      ...names.slice(start, start + NAMES_AT_ONCE),
    ]);
    if (answer.kind === 'forbidden') return 'forbidden';
    if (answer.kind === 'answered') objects.push(...objectsOf(answer.text));
  }
  return objects;
}

type KubectlAnswer =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'forbidden' }
  /** The cluster has no such resource: the operator is not installed. */
  | { readonly kind: 'no such resource' };

function kubectl(resource: string, args: readonly string[]): Promise<KubectlAnswer> {
  return new Promise((resolve, reject) => {
    execFile('kubectl', args, { timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES }, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: 'answered', text: stdout });
      else if (stderr.includes('Error from server (Forbidden)')) resolve({ kind: 'forbidden' });
      else if (stderr.includes("the server doesn't have a resource type")) resolve({ kind: 'no such resource' });
      else reject(couldNotRead(error, stderr, resource));
    });
  });
}

/** One object, a list of them, or nothing at all. */
function objectsOf(text: string): ClusterObject[] {
  if (text.trim() === '') return [];
  const answer: unknown = JSON.parse(text);
  if (!isObject(answer)) return [];
  const items: readonly unknown[] = Array.isArray(answer['items']) ? answer['items'] : [answer];
  return items.filter(isObject).map(hideValues);
}

/** kubectl's copy of the object in an annotation holds the values once more. */
function hideValues(object: ClusterObject): ClusterObject {
  if (object['kind'] !== 'Secret') return object;
  const { data, metadata } = object;
  const { annotations, ...others } = isObject(metadata) ? metadata : {};
  const { 'kubectl.kubernetes.io/last-applied-configuration': _copy, ...kept } = isObject(annotations)
    ? annotations
    : {};
  const hidden = Object.entries(isObject(data) ? data : {}).map(([key, value]) => [
    key,
    new SecretValue(String(value)),
  ]);
  return { ...object, metadata: { ...others, annotations: kept }, data: Object.fromEntries(hidden) as object };
}

function couldNotRead(
  error: Error & { code?: unknown; killed?: boolean },
  stderr: string,
  resource: string,
): PlatformError {
  if (error.code === 'ENOENT')
    return new PlatformError(
      'CLUSTER',
      'kubectl is not installed',
      'Install it, or leave out --kubeconfig: then nothing is compared with a cluster.',
      error,
    );
  const told = stderr.trim().split('\n').at(-1) ?? '';
  return new PlatformError(
    'CLUSTER',
    `${resource} of the cluster could not be read: ${error.killed === true ? 'kubectl did not answer within a minute' : told}`,
    `kubectl --kubeconfig … get ${resource} should work from here; or leave out --kubeconfig.`,
    error,
  );
}
