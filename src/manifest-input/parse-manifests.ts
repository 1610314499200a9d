/** The text of a manifest file → its Kubernetes objects. What cannot be read is a problem; the other documents are read all the same. */
import type { Node } from 'yaml';
import { isMap, isNode, isSeq } from 'yaml';
import { isObject } from '../model/shape.ts';
import { SecretValue } from '../model/secret-value.ts';
import type { InputPlace, InputProblem } from './input-problem.ts';
import { inputProblem } from './input-problem.ts';
import { readYamlDocuments } from './yaml-documents.ts';

/** One Kubernetes object. */
export type InputDocument = {
  /** As it was given, or `stdin`. */
  readonly file: string;
  /** From 1: where the object begins. */
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
  /** '' where it gives none. */
  readonly namespace: string;
  readonly name: string;
  /** Plain data: what JSON can hold. In a Secret every value of `data` and `stringData` that is a text is a SecretValue. */
  readonly value: Readonly<Record<string, unknown>>;
};

export type ParsedManifests = {
  readonly documents: readonly InputDocument[];
  readonly problems: readonly InputProblem[];
};

export function parseManifests(file: string, text: string): ParsedManifests {
  const documents: InputDocument[] = [];
  const problems: InputProblem[] = [];
  const { entries, placeOf } = readYamlDocuments(text);
  const place = (offset: number): InputPlace => ({ file, ...placeOf(offset) });
  for (const entry of entries) {
    if (entry.kind === 'document') collect(entry.value, entry.contents, entry.contents.range?.[0] ?? 0);
    else problems.push(inputProblem(entry.code, place(entry.offset), '', entry.because, entry.hint));
  }
  return { documents, problems };

  function collect(value: unknown, node: Node | undefined, offset: number): void {
    const here = place(node?.range?.[0] ?? offset);
    if (!isObject(value)) {
      problems.push(inputProblem('M104', here, '', 'is no Kubernetes object', notAnObject));
      return;
    }
    const { apiVersion, kind, metadata } = value;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || apiVersion === '' || kind === '') {
      problems.push(
        inputProblem('M104', here, '', 'is no Kubernetes object: it lacks apiVersion or kind', notAnObject),
      );
      return;
    }
    if (kind.endsWith('List') && Array.isArray(value['items'])) {
      const items: Node | undefined = isMap(node) ? nodeOf(node.get('items', true)) : undefined;
      value['items'].forEach((item: unknown, index) => {
        // The items of a typed list may leave out what the list says already.
        const typed =
          isObject(item) && kind !== 'List' ? { apiVersion, kind: kind.slice(0, -'List'.length), ...item } : item;
        collect(typed, isSeq(items) ? nodeOf(items.items[index]) : undefined, offset);
      });
      return;
    }
    const { name, namespace } = isObject(metadata) ? metadata : {};
    documents.push({
      file,
      line: here.line ?? 1,
      apiVersion,
      kind,
      namespace: typeof namespace === 'string' ? namespace : '',
      name: typeof name === 'string' ? name : '',
      value: kind === 'Secret' && apiVersion === 'v1' ? hideValues(value) : value,
    });
  }
}

function nodeOf(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined;
}

/** Of the annotations, kubectl's copy of the whole Secret holds the values once more. */
function hideValues(secret: Record<string, unknown>): Record<string, unknown> {
  const hidden = (values: unknown): unknown =>
    isObject(values)
      ? Object.fromEntries(
          Object.entries(values).map(([key, value]) => [
            key,
            typeof value === 'string' ? new SecretValue(value) : value,
          ]),
        )
      : typeof values === 'string'
        ? new SecretValue(values)
        : values;
  const { metadata, data, stringData, ...rest } = secret;
  const shown = { ...rest, ...(metadata === undefined ? {} : { metadata: withoutCopy(metadata) }) };
  return {
    ...shown,
    ...(data === undefined ? {} : { data: hidden(data) }),
    ...(stringData === undefined ? {} : { stringData: hidden(stringData) }),
  };
}

function withoutCopy(metadata: unknown): unknown {
  if (!isObject(metadata) || !isObject(metadata['annotations'])) return metadata;
  const { 'kubectl.kubernetes.io/last-applied-configuration': _copy, ...annotations } = metadata['annotations'];
  return { ...metadata, annotations };
}

const notAnObject = 'Give manifests only, or name the files rather than their folder.';
