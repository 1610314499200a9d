/** The operator's digests: SHA3-224 of what Go prints of a value with `%+v` (esutils ObjectHash, controllers/util GetResourceVersion). */
import { createHash } from 'node:crypto';
import type { GoString } from '../go/go-string.ts';
import { bytesOf, goString } from '../go/go-string.ts';
import type { SecretBytes } from '../secret-bytes.ts';

type Texts = Readonly<Record<string, string>>;

/** @param printed as Go prints it; of a text that is the text itself */
export function objectHash(printed: string): string {
  return createHash('sha3-224')
    .update(bytesOf(goString(printed)))
    .digest('hex');
}

/** Of a Secret's data, for the annotation `data-hash`. It is a digest of values: it is compared, and never shown. */
export function dataHash(data: ReadonlyMap<string, SecretBytes>): string {
  const entries = sorted([...data]).map(([key, value]) => `${key}:[${bytesOf(value.reveal()).join(' ')}]`);
  return objectHash(`map[${entries.join(' ')}]`);
}

/** `status.syncedResourceVersion`: any change of the spec, a label or an annotation makes another. */
export function resourceVersion(generation: number, labels: Texts, annotations: Texts): string {
  const hash = objectHash(`{annotations:${printedMap(annotations)} labels:${printedMap(labels)}}`);
  return `${String(generation)}-${hash}`;
}

function printedMap(texts: Texts): string {
  return `map[${sorted(Object.entries(texts))
    .map(([key, value]) => `${key}:${value}`)
    .join(' ')}]`;
}

/** By the bytes of the keys. */
function sorted<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  const compare = (a: GoString, b: GoString): number => (a < b ? -1 : 1);
  return entries.toSorted(([a], [b]) => compare(goString(a), goString(b)));
}
