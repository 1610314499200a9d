/** What of a cluster decides about ExternalSecrets: stores first, then what those and the ExternalSecrets name. */
import type { ClusterObject } from '../cluster/read-objects.ts';
import { readObjects } from '../cluster/read-objects.ts';
import type { ExternalSecret, Store } from '../eso/resources.ts';
import type { InputDocument } from '../manifest-input/parse-manifests.ts';
import type { ParseResourcesOptions, Resources } from '../manifest-input/parse-resources.ts';
import { parseResources } from '../manifest-input/parse-resources.ts';
import { isObject } from '../model/shape.ts';
import type { SeenCluster } from '../preflight/create-world.ts';
import { objectId } from '../preflight/create-world.ts';
import type { WantedObject } from '../preflight/wanted-objects.ts';
import { wantedByExternalSecrets, wantedByStore, wantedStores } from '../preflight/wanted-objects.ts';

const resourceNames: Readonly<Record<WantedObject['kind'], string>> = {
  ExternalSecret: 'externalsecrets.external-secrets.io',
  Secret: 'secrets',
  ConfigMap: 'configmaps',
  ServiceAccount: 'serviceaccounts',
  Namespace: 'namespaces',
  SecretStore: 'secretstores.external-secrets.io',
  ClusterSecretStore: 'clustersecretstores.external-secrets.io',
};

/**
 * @param note is told what may not be read
 * @throws PlatformError `CLUSTER`
 */
export async function readCluster(
  kubeconfig: string,
  externalSecrets: readonly ExternalSecret[],
  givenStores: readonly Store[],
  options: ParseResourcesOptions,
  note: (line: string) => void,
): Promise<SeenCluster> {
  const lookedFor = new Set<string>();
  const documents: InputDocument[] = [];
  const look = async (wanted: readonly WantedObject[]): Promise<readonly InputDocument[]> => {
    const found: InputDocument[] = [];
    for (const { kind, namespace, names } of grouped(wanted.filter((one) => !lookedFor.has(idOf(one))))) {
      const objects = await readObjects(kubeconfig, { resource: resourceNames[kind], namespace, names });
      if (objects === 'forbidden') {
        note(`${resourceNames[kind]} of the cluster may not be read here: what depends on them is not predicted.`);
        continue;
      }
      for (const name of names) lookedFor.add(objectId(kind, namespace, name));
      found.push(...objects.map(documentOf));
    }
    documents.push(...found);
    return found;
  };

  const parse = (of: readonly InputDocument[]): Resources => parseResources(of, options);
  const stores = parse(await look(wantedStores(externalSecrets))).stores.map(({ resource }) => resource);
  const namespaces = [...new Set(externalSecrets.map(({ metadata }) => metadata.namespace))];
  await look([
    ...wantedByExternalSecrets(externalSecrets),
    ...[...givenStores, ...stores].flatMap((store) => wantedByStore(store, namespaces)),
  ]);
  return { resources: parse(documents), lookedFor };
}

function idOf({ kind, namespace, name }: WantedObject): string {
  return objectId(kind, namespace, name);
}

function grouped(
  wanted: readonly WantedObject[],
): Iterable<Pick<WantedObject, 'kind' | 'namespace'> & { readonly names: readonly string[] }> {
  const groups = new Map<string, Pick<WantedObject, 'kind' | 'namespace'> & { readonly names: string[] }>();
  for (const { kind, namespace, name } of wanted) {
    const id = objectId(kind, namespace, '');
    const group = groups.get(id) ?? { kind, namespace, names: [] };
    groups.set(id, group);
    if (name !== '' && !group.names.includes(name)) group.names.push(name);
  }
  return groups.values();
}

function documentOf(object: ClusterObject): InputDocument {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = isObject(metadata) ? metadata : {};
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    file: 'cluster',
    line: 1,
    apiVersion: text(apiVersion),
    kind: text(kind),
    namespace: text(namespace),
    name: text(name),
    value: object,
  };
}
