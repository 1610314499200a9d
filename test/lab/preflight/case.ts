/**
 * One case of the differential test: what is in the stores and in the cluster, and the ExternalSecret that is then applied.
 *
 * Texts of a case hold placeholders, so that a case has names that no other has:
 * `@{a}` is the key of the remote secret that the case calls `a`, as its store knows it; `@{case}` the case's own name; `@{version a 0}` the id of
 * the oldest version of `a` in the Key Vault; `@{uid}` that of an owner.
 */
import type { JsonObject, KubernetesObject } from './kubernetes-object.ts';

/** Where the lab's stores read: a store of the lab belongs to one of these. */
export type Place = 'vault' | 'vault-v1' | 'key-vault' | 'key-vault-find' | 'key-vault-denied';

export type RemoteSecret = {
  /** Within the case. In Vault it may have slashes. */
  readonly name: string;
  readonly place: Place;
  /** Key Vault: the value. Vault: the JSON text of its data, an object. */
  readonly value: string;
  /** Vault: custom metadata. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly state?: 'disabled' | 'deleted';
  /** Values of the versions before it, oldest first. */
  readonly older?: readonly string[];
};

export type Case = {
  /** Of lower-case letters, digits and dashes: it is in names of every kind. */
  readonly id: string;
  readonly family: string;
  /** What is looked at, for those who read a disagreement. */
  readonly about: string;
  readonly remote: readonly RemoteSecret[];
  /** Applied before the ExternalSecret: a target that exists, ConfigMaps, stores of the case's own. */
  readonly resources: readonly JsonObject[];
  /** Applied before those: what they are owned by. `@{uid}` is the uid of the first. */
  readonly owners?: readonly JsonObject[];
  /** What the ExternalSecret was before, and was synced as: then the case is what comes of the change. */
  readonly before?: Pick<Case, 'spec' | 'labels' | 'annotations'>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Of the ExternalSecret. */
  readonly spec: JsonObject;
};

export const namespace = 'preflight';

export function remoteKey({ id }: Pick<Case, 'id'>, { place, name }: Pick<RemoteSecret, 'place' | 'name'>): string {
  return place.startsWith('vault') ? `cases/${id}/${name}` : `${id}-${name}`;
}

/** @property versions for each key the ids of its versions, oldest first */
export type Filling = { readonly versions?: ReadonlyMap<string, readonly string[]>; readonly ownerUid?: string };

/** With the placeholders of a case filled in. */
export function fillIn<T extends JsonObject>(
  one: Case,
  value: T,
  { versions = new Map(), ownerUid = '' }: Filling = {},
): T {
  const keys = new Map(one.remote.map((secret) => [secret.name, remoteKey(one, secret)]));
  const fill = (text: string): string =>
    text
      .replaceAll('@{case}', one.id)
      .replaceAll('@{uid}', ownerUid)
      .replaceAll(/@\{version ([^ }]+) (\d+)\}/g, (_, name: string, index: string) => {
        const found = versions.get(keys.get(name) ?? '')?.[Number(index)];
        return found ?? `no-version-${index}`;
      })
      // What a generated value has of this form is no placeholder.
      .replaceAll(/@\{([^}]+)\}/g, (text, name: string) => keys.get(name) ?? text);
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return fill(part);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [fill(key), walk(inner)]));
  };
  return walk(value) as T;
}

/** @param as what it is, or was before */
export function externalSecretOf(
  one: Case,
  filling: Filling | undefined,
  as: Pick<Case, 'spec' | 'labels' | 'annotations'> = one,
): KubernetesObject {
  const { id } = one;
  const { labels, annotations, spec } = as;
  return fillIn(
    one,
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: {
        ...{ name: id, namespace },
        ...(labels !== undefined && { labels }),
        ...(annotations !== undefined && { annotations }),
      },
      spec,
    },
    filling,
  );
}

/** The name of the Secret that it writes. */
export function targetOf({ spec, metadata }: KubernetesObject): string {
  return (spec as { readonly target?: { readonly name?: string } }).target?.name ?? metadata.name;
}
