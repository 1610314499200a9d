/** What depends on v1beta1 inside of an object and is not its own apiVersion: for a person to change. */
import type { Node } from 'yaml';
import { isMap, isSeq } from 'yaml';
import { isObject } from '../model/shape.ts';
import { oldApiVersion } from './api-changes.ts';

export type InnerMention = { readonly offset: number; readonly what: string; readonly because: string };

/** Of lists the items are objects of their own: they are not looked into. */
export function findInnerMentions(value: unknown, node: Node | undefined, isOuter = true): InnerMention[] {
  if (isSeq(node) && Array.isArray(value))
    return value.flatMap((item: unknown, index) =>
      findInnerMentions(item, node.items[index] as Node | undefined, false),
    );
  if (!isMap(node) || !isObject(value)) return [];
  const offsetOf = (key: string): number => {
    const at = node.get(key, true) as Node | undefined;
    return at?.range?.[0] ?? node.range?.[0] ?? 0;
  };
  const found: InnerMention[] = [];
  // Kustomize's patches and the like choose objects by group and version.
  if (value['group'] === 'external-secrets.io' && value['version'] === 'v1beta1')
    found.push({
      offset: offsetOf('version'),
      what: 'a selector',
      because: 'it chooses objects of version v1beta1, of which there may be none afterwards',
    });
  // What a policy or a composition is to make.
  if (!isOuter && value['apiVersion'] === oldApiVersion)
    found.push({
      offset: offsetOf('apiVersion'),
      what: typeof value['kind'] === 'string' ? value['kind'] : oldApiVersion,
      because: 'it is part of another object',
    });
  if ('apiVersion' in value && 'items' in value) return found;
  for (const [key, item] of Object.entries(value))
    if (typeof item === 'object') found.push(...findInnerMentions(item, node.get(key, true), false));
  return found;
}
