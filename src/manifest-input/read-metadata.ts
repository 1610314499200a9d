/** `metadata`, of which everything else is the API server's business. */
import type { ObjectReader } from './object-reader.ts';

export type ReadMetadata = {
  readonly name: string;
  /** '' where it gives none. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly uid: string | undefined;
  readonly generation: number | undefined;
  readonly creationTimestamp: string | undefined;
};

export function readMetadata(object: ObjectReader): ReadMetadata | undefined {
  const metadata = object.object('metadata', { required: true });
  if (metadata === undefined) return undefined;
  const name = metadata.text('name');
  if (name === undefined || name === '') {
    // One of another type was complained of already.
    if (name === '' || !metadata.has('name'))
      metadata.refuse(
        undefined,
        metadata.has('generateName') ? 'has a generateName and no name: nobody knows its name yet' : 'has no name',
        'Give it a name.',
      );
    return undefined;
  }
  return {
    name,
    namespace: metadata.text('namespace') ?? '',
    labels: metadata.textMap('labels'),
    annotations: metadata.textMap('annotations'),
    uid: metadata.text('uid'),
    generation: metadata.integer('generation'),
    creationTimestamp: metadata.text('creationTimestamp'),
  };
}
