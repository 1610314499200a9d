/** When the operator leaves an ExternalSecret to another one, without a word (shouldSkipUnmanagedStore). */
import { Unpredictable } from '../go-error.ts';
import type { World } from '../prediction.ts';
import type { ExternalSecret, StoreReference } from '../resources.ts';
import { isManaged } from '../stores/find-store.ts';

/** @returns for people; undefined where it is worked on */
export function skipReason({ metadata, spec }: ExternalSecret, world: World): string | undefined {
  // The operator marks the ExternalSecret with a finalizer first. Before 2.0 it writes all of it back for that, with an empty storeRef beside the
  // generatorRef, which the API server refuses; from 2.0 on it sends the finalizer alone.
  const generated = spec.data.findIndex(
    ({ sourceRef }) => sourceRef?.generatorRef !== undefined && sourceRef.storeRef === undefined,
  );
  if (generated !== -1 && world.operator.version.major < 2)
    return `spec.data[${generated}].sourceRef names a generator, which works in dataFrom only: the API server refuses the operator’s first write, and nothing is ever said`;
  // A ClusterSecretStore makes the operator look for every SecretStore after it in no namespace, where it finds none.
  let isLost = false;
  for (const { kind, name } of references(spec)) {
    if (kind === 'ClusterSecretStore') isLost = true;
    else if (kind !== 'SecretStore' && kind !== '')
      return `the kind of its store, ${kind}, is not one of the operator's`;
    else if (isLost) continue;
    if (name === '') continue;
    const isCluster = kind === 'ClusterSecretStore';
    const store = world.store(
      isCluster ? 'ClusterSecretStore' : 'SecretStore',
      name,
      isCluster ? undefined : metadata.namespace,
    );
    if (store === 'unknown') throw new Unpredictable('store', `${kind} ${name} is not known`);
    if (store !== 'absent' && !isManaged(store, world))
      return `${store.kind} ${name} is of another controller, ${store.spec.controller}`;
  }
  return undefined;
}

function references({ secretStoreRef, data, dataFrom }: ExternalSecret['spec']): StoreReference[] {
  const own = secretStoreRef === undefined || secretStoreRef.name === '' ? [] : [secretStoreRef];
  const others = [...data, ...dataFrom].flatMap(({ sourceRef }) => sourceRef?.storeRef ?? []);
  return [...own, ...others];
}
