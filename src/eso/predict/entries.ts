/** The entries of an ExternalSecret in the order in which the operator works on them: all of dataFrom, then all of data. */
import type {
  DataEntry,
  DataFromEntry,
  ExternalSecretSpec,
  Find,
  RemoteReference,
  StoreReference,
} from '../resources.ts';

export type Entry = {
  /** Before the error's own text. */
  readonly prefix: string;
  /** Of the event, where a secret that is missing is no error. It says dataFrom of an entry of data too. */
  readonly missing: string;
} & (
  | {
      readonly kind: 'find';
      readonly store: StoreReference | undefined;
      readonly find: Find;
      readonly entry: DataFromEntry;
    }
  | {
      readonly kind: 'extract';
      readonly store: StoreReference | undefined;
      readonly reference: RemoteReference;
      readonly entry: DataFromEntry;
    }
  | { readonly kind: 'generator'; readonly name: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'data'; readonly store: StoreReference | undefined; readonly entry: DataEntry }
);

export function entriesOf(spec: ExternalSecretSpec): Entry[] {
  return [
    ...spec.dataFrom.map((entry, index) => dataFromEntry(spec, entry, index)),
    ...spec.data.map((entry, index) => dataEntry(spec, entry, index)),
  ];
}

/** Of several, find comes before extract, and that before a generator. */
function dataFromEntry(spec: ExternalSecretSpec, entry: DataFromEntry, index: number): Entry {
  const { find, extract, sourceRef } = entry;
  const where = `error processing spec.dataFrom[${String(index)}]`;
  const missing = `secret does not exist at provider using spec.dataFrom[${String(index)}]`;
  const store = sourceRef?.storeRef ?? spec.secretStoreRef;
  if (find !== undefined) return { kind: 'find', prefix: `${where}.find, err: `, missing, store, find, entry };
  if (extract !== undefined)
    return { kind: 'extract', prefix: `${where}.extract, err: `, missing, store, reference: extract, entry };
  if (sourceRef?.generatorRef !== undefined)
    return {
      kind: 'generator',
      prefix: `${where}.sourceRef.generatorRef, err: `,
      missing,
      name: sourceRef.generatorRef.name,
    };
  return { kind: 'nothing', prefix: '', missing };
}

/** A generator is not possible here: with a sourceRef the store is the one in it, though there be none. */
function dataEntry(spec: ExternalSecretSpec, entry: DataEntry, index: number): Entry {
  const { key } = entry.remoteRef;
  return {
    kind: 'data',
    prefix: `error processing spec.data[${String(index)}] (key: ${key}), err: `,
    missing: `secret does not exist at provider using spec.dataFrom[${String(index)}] (key=${key})`,
    store: entry.sourceRef === undefined ? spec.secretStoreRef : entry.sourceRef.storeRef,
    entry,
  };
}
