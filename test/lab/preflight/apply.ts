/** Applying many objects, with what the API server says of each. */
import type { Kubernetes } from '../kubernetes.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** Of the kinds that cases are made of. */
const plurals: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Secret: 'secrets',
  ConfigMap: 'configmaps',
  ClusterSecretStore: 'clustersecretstores',
  SecretStore: 'secretstores',
  ExternalSecret: 'externalsecrets',
};

export function resourceOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const where = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${group}${where}/${plurals[kind] ?? `no plural of ${kind}`}/${metadata.name}`;
}

/** `kubectl apply --server-side`. @returns in the same order what the API server answered: the object with its defaults, or a refusal */
export async function applyAll(
  kubernetes: Kubernetes,
  objects: readonly KubernetesObject[],
): Promise<readonly { readonly status: number; readonly text: string }[]> {
  const apply = (object: KubernetesObject): ReturnType<Kubernetes['send']> =>
    kubernetes.send(
      'PATCH',
      `${resourceOf(object)}?fieldManager=preflight-test&force=true`,
      object,
      'application/apply-patch+yaml',
    );
  // A namespace and what is in it: those first that others need.
  const first = await inTurn(
    objects.filter(({ kind }) => kind === 'Namespace'),
    apply,
  );
  const answers = await inTurn(
    objects.filter(({ kind }) => kind !== 'Namespace'),
    apply,
  );
  const [namespaces, others] = [first[Symbol.iterator](), answers[Symbol.iterator]()];
  return objects.map(({ kind }) => {
    const next = (kind === 'Namespace' ? namespaces : others).next();
    if (next.done === true) throw new Error('an answer is missing');
    return next.value;
  });
}

/** A few at a time. @returns in the order of the items */
export async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>, atOnce = 8): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
