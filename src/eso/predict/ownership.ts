/** By which names the operator knows its own Secrets, keys, labels and annotations. */
import type { ExistingSecret } from '../prediction.ts';
import type { NamespacedMetadata } from '../resources.ts';
import { objectHash } from './object-hash.ts';

export const managedLabel = 'reconcile.external-secrets.io/managed';
export const ownerLabel = 'reconcile.external-secrets.io/created-by';
export const dataHashAnnotation = 'reconcile.external-secrets.io/data-hash';

/** The value of {@link ownerLabel}. */
export function ownerLabelOf({ namespace, name }: NamespacedMetadata): string {
  return objectHash(`${namespace}/${name}`);
}

const prefix = 'externalsecrets.external-secrets.io/';
const limit = 63;

/** What it wrote itself before, and takes away before it writes again. */
export function managedKeys({ name }: NamespacedMetadata, existing: ExistingSecret): ReadonlySet<string> {
  const manager = prefix + name;
  return keysOf(existing, manager.length > limit ? hashed(name) : manager, 'data');
}

/** A name is cut in another way here: of one with 28 to 63 characters nothing is found, and stale labels and annotations stay. */
export function managedMetadata(
  { name }: NamespacedMetadata,
  existing: ExistingSecret,
  what: 'labels' | 'annotations',
): ReadonlySet<string> {
  return keysOf(existing, name.length > limit ? hashed(name) : prefix + name, what);
}

function hashed(name: string): string {
  return `${prefix}sha3/${objectHash(name)}`;
}

function keysOf(
  { managed }: ExistingSecret,
  manager: string,
  what: 'data' | 'labels' | 'annotations',
): ReadonlySet<string> {
  return new Set(managed.filter((entry) => entry.manager === manager).flatMap((entry) => entry[what]));
}
