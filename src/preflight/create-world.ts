/** What the operator would find, of manifests and of a cluster: the manifests go before, for they are what is about to be applied. Pure. */
import type { ExistingSecret, Known, OperatorSettings, World } from '../eso/prediction.ts';
import type { Store } from '../eso/resources.ts';
import type { Resources } from '../manifest-input/parse-resources.ts';

export type SeenCluster = {
  readonly resources: Resources;
  /** What was looked for: of anything else it is not known whether it is there. */
  readonly lookedFor: ReadonlySet<string>;
};

/** `Secret team/app`; of what has no namespace `Namespace /team`. */
export function objectId(kind: string, namespace: string | undefined, name: string): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}

export type WorldOptions = {
  readonly manifests: Resources;
  /** Stores of config/, for manifests that name one of them and do not bring it. */
  readonly platformStores: readonly Store[];
  readonly cluster: SeenCluster | undefined;
  readonly operator: OperatorSettings;
};

export function createWorld({ manifests, platformStores, cluster, operator }: WorldOptions): Omit<World, 'read'> {
  const given = collect(manifests);
  const seen = cluster === undefined ? undefined : collect(cluster.resources);
  const stores = mergeStores(
    seen?.stores ?? [],
    platformStores,
    manifests.stores.map(({ resource }) => resource),
  );

  /** Who looked and did not find it knows that it is not there. */
  function known<T>(id: string, found: T | undefined): Known<T> {
    if (found !== undefined) return found;
    return cluster?.lookedFor.has(id) === true ? 'absent' : 'unknown';
  }

  return {
    operator,
    store: likeBefore((kind: Store['kind'], name, namespace) => {
      const id = objectId(kind, namespace, name);
      return known(id, stores.get(id));
    }),
    namespaceLabels: (namespace) => {
      const id = objectId('Namespace', undefined, namespace);
      return given.namespaces.get(id) ?? seen?.namespaces.get(id) ?? 'unknown';
    },
    // The Secret in the cluster is what the operator finds; one of the manifests is about to be there.
    secret: (namespace, name) => {
      const id = objectId('Secret', namespace, name);
      return known(id, seen?.secrets.get(id) ?? given.secrets.get(id));
    },
    configMap: (namespace, name) => {
      const id = objectId('ConfigMap', namespace, name);
      return known(id, given.configMaps.get(id) ?? seen?.configMaps.get(id));
    },
    serviceAccount: likeBefore((namespace: string, name) => {
      const id = objectId('ServiceAccount', namespace, name);
      return known(id, given.serviceAccounts.get(id) ?? seen?.serviceAccounts.get(id));
    }),
  };
}

/** Thousands ask for the same few, one after the other: the answer of before serves them. */
function likeBefore<First extends string, Found>(
  find: (first: First, second: string, third: string | undefined) => Found,
): (first: First, second: string, third?: string) => Found {
  let before:
    | { readonly first: First; readonly second: string; readonly third: string | undefined; readonly found: Found }
    | undefined;
  return (first, second, third) => {
    if (before?.first === first && before.second === second && before.third === third) return before.found;
    before = { first, second, third, found: find(first, second, third) };
    return before.found;
  };
}

type Collected = {
  readonly stores: readonly Store[];
  readonly secrets: ReadonlyMap<string, ExistingSecret>;
  readonly configMaps: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly serviceAccounts: ReadonlyMap<string, { readonly annotations: Readonly<Record<string, string>> }>;
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
};

function collect(resources: Resources): Collected {
  return {
    stores: resources.stores.map(({ resource }) => resource),
    secrets: new Map(
      resources.secrets.map(({ resource }) => [objectId('Secret', resource.namespace, resource.name), resource.secret]),
    ),
    configMaps: new Map(
      resources.configMaps.map(({ resource }) => [
        objectId('ConfigMap', resource.namespace, resource.name),
        resource.data,
      ]),
    ),
    serviceAccounts: new Map(
      resources.serviceAccounts.map(({ resource }) => [
        objectId('ServiceAccount', resource.namespace, resource.name),
        { annotations: resource.annotations },
      ]),
    ),
    namespaces: new Map(
      resources.namespaces.map(({ resource }) => [objectId('Namespace', undefined, resource.name), resource.labels]),
    ),
  };
}

/** Later lists go before earlier ones; whether a store is ready only the cluster knows. */
function mergeStores(...lists: readonly (readonly Store[])[]): ReadonlyMap<string, Store> {
  const stores = new Map<string, Store>();
  for (const list of lists)
    for (const store of list) {
      const id = storeId(store);
      const ready = store.ready ?? stores.get(id)?.ready;
      stores.set(id, ready === undefined ? store : { ...store, ready });
    }
  return stores;
}

export function storeId({ kind, metadata }: Pick<Store, 'kind' | 'metadata'>): string {
  return objectId(kind, metadata.namespace, metadata.name);
}
