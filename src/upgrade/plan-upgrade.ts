/**
 * `external-secrets.io/v1beta1` → `v1` in the text of a file. Only the characters of the version change: comments, order, quotes and line ends
 * stay byte for byte, because nothing is printed anew. Pure.
 */
import type { Node } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import { readYamlDocuments } from '../manifest-input/yaml-documents.ts';
import { isObject } from '../model/shape.ts';
import { findInnerMentions } from './find-mentions.ts';
import { apiChangeOf, newApiVersion, oldApiVersion } from './api-changes.ts';

export type FileUpgrade = {
  readonly file: string;
  readonly before: string;
  /** The same text where nothing changes. */
  readonly after: string;
  readonly upgraded: readonly UpgradedObject[];
  readonly left: readonly LeftAlone[];
};

export type UpgradedObject = {
  /** Of its apiVersion, from 1. */
  readonly line: number;
  readonly kind: string;
  /** '' where it gives none. */
  readonly namespace: string;
  readonly name: string;
};

/** A mention of v1beta1 that stays, or an object that cannot be v1. */
export type LeftAlone = {
  readonly line: number;
  readonly what: string;
  readonly because: string;
  /** Whether something may stop to work for it; a comment does not. */
  readonly matters: boolean;
};

/** What an API server with the CRDs of v1 finds wrong with an object; never a value. */
export type CheckObject = (object: Readonly<Record<string, unknown>>) => readonly { path: string; message: string }[];

type Edit = { readonly from: number; readonly to: number };

export function planUpgrade(file: string, text: string, check: CheckObject): FileUpgrade {
  const { entries, placeOf } = readYamlDocuments(text);
  const edits: Edit[] = [];
  const upgraded: UpgradedObject[] = [];
  const left: LeftAlone[] = [];

  for (const entry of entries)
    if (entry.kind === 'document') visit(entry.value, entry.contents);
    else if (mentions(text.slice(entry.from, entry.to)))
      left.push({
        line: placeOf(entry.offset).line,
        what: 'a document',
        because: entry.code === 'M105' ? 'it is a Helm template' : `it cannot be read: ${entry.because}`,
        matters: true,
      });

  edits.sort((a, b) => a.from - b.from);
  const unread = entries.flatMap((entry) => (entry.kind === 'unreadable' ? [entry] : []));
  const known = new Set(left.map(({ line }) => line));
  for (const { index } of text.matchAll(MENTION)) {
    const { line } = placeOf(index);
    const isTold =
      known.has(line) ||
      edits.some(({ from, to }) => index >= from && index < to) ||
      unread.some(({ from, to }) => index >= from && index < to);
    if (!isTold)
      left.push({ line, what: oldApiVersion, because: 'it is in a comment or inside a text', matters: false });
  }
  left.sort((a, b) => a.line - b.line);
  return { file, before: text, after: applyEdits(text, edits), upgraded, left };

  function visit(value: unknown, node: Node | undefined): void {
    if (!isObject(value) || !isMap(node)) return;
    const { apiVersion, kind, metadata, items } = value;
    if (Array.isArray(items) && typeof kind === 'string' && kind.endsWith('List')) {
      const itemNodes = node.get('items', true);
      if (isSeq(itemNodes))
        items.forEach((item: unknown, index) => visit(item, itemNodes.items[index] as Node | undefined));
    }
    for (const { offset, what, because } of findInnerMentions(value, node))
      left.push({ line: placeOf(offset).line, what, because, matters: true });
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') return;
    const { name, namespace } = isObject(metadata) ? metadata : {};
    const object = {
      kind,
      namespace: typeof namespace === 'string' ? namespace : '',
      name: typeof name === 'string' ? name : '',
    };
    const at = node.get('apiVersion', true) as Node | undefined;
    const offset = at?.range?.[0] ?? node.range?.[0] ?? 0;
    const { line } = placeOf(offset);
    const leave = (because: string): void => {
      left.push({ line, what: describe(object), because, matters: true });
    };

    const change = apiChangeOf(apiVersion, kind);
    if (change.kind === 'none') return;
    if (change.kind === 'impossible') {
      leave(change.because);
      return;
    }
    const faults = kind.endsWith('List') ? [] : check({ ...withoutNulls(value), apiVersion: newApiVersion });
    const [fault] = faults;
    if (fault !== undefined) {
      const more = faults.length > 1 ? `, and ${faults.length - 1} more` : '';
      leave(`v1 would refuse it: ${fault.path} ${fault.message}${more}`);
      return;
    }
    // An alias follows the text at its anchor, which is an object's apiVersion as well where it was edited.
    if (isAlias(at)) upgraded.push({ line, ...object });
    else if (isScalar(at) && at.range != null) {
      const [from, to] = at.range;
      const index = text.slice(from, to).indexOf(oldApiVersion);
      if (index === -1) leave('its apiVersion is spelled with escapes or over several lines');
      else {
        edits.push({ from: from + index, to: from + index + oldApiVersion.length });
        upgraded.push({ line, ...object });
      }
    }
  }
}

/** The API server drops a property that is null before it looks at the object. */
function withoutNulls(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = (item: unknown): unknown =>
    Array.isArray(item) ? item.map(kept) : isObject(item) ? withoutNulls(item) : item;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, kept(item)] as const])),
  );
}

const MENTION = /external-secrets\.io\/v1beta1(?![a-z0-9])/g;

function mentions(text: string): boolean {
  return text.search(MENTION) !== -1;
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let after = '';
  let at = 0;
  for (const { from, to } of edits) {
    after += text.slice(at, from) + newApiVersion;
    at = to;
  }
  return after + text.slice(at);
}

function describe({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`.trimEnd();
}
