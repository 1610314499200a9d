/** Flow collections that are JSON, which YAML reads alike. */
import { GoError } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString, goString } from '../go/go-string.ts';
import { isJsonNumber } from '../go/json-number.ts';
import { unmarshal } from '../go/json.ts';
import type { GoValue } from '../template/go-value.ts';
import type { YamlNode, YamlScalar } from './yaml-node.ts';
import { longestKey } from './yaml-node.ts';

/** Escapes of JSON that are others in YAML (`\/`, halves of a surrogate pair), or are refused. */
const strange = /\\(?:\/|u[dD][89a-fA-F])/;

/** @param text that begins with the collection @returns undefined for what is not JSON */
export function readFlow(text: string): { readonly node: YamlNode; readonly end: number } | undefined {
  const end = endOf(text);
  const json = text.slice(0, end);
  if (end === 0 || strange.test(json) || /\t|\n(---|\.\.\.)/.test(json)) return undefined;
  try {
    const value = unmarshal(asGoString(json), 'literal');
    if (hasRepetition(json, value)) return undefined;
    return { node: nodeOf(value), end };
  } catch (error) {
    if (error instanceof GoError) return undefined;
    throw error;
  }
}

/** Behind the bracket that closes the first. 0: none does. */
function endOf(text: string): number {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth === 0) return index + token.length;
  }
  return 0;
}

/** Keys that are written twice, or too long for YAML. */
function hasRepetition(json: string, value: GoValue): boolean {
  const written = [...json.matchAll(/("(?:[^"\\]|\\.)*")\s*:/gs)];
  return written.length !== countKeys(value) || written.some(([key]) => key.length > longestKey || key.includes('\n'));
}

function countKeys(value: GoValue): number {
  if (value.kind === 'slice') return value.items.reduce((sum, item) => sum + countKeys(item), 0);
  if (value.kind !== 'map') return 0;
  return [...value.entries.values()].reduce((sum, item) => sum + countKeys(item), value.entries.size);
}

function nodeOf(value: GoValue): YamlNode {
  switch (value.kind) {
    case 'slice':
      return { kind: 'list', items: value.items.map(nodeOf) };
    case 'map':
      return { kind: 'map', pairs: [...value.entries].map(([key, item]) => [quoted(key), nodeOf(item)]) };
    case 'string':
      return isJsonNumber(value) ? plain(value.value) : quoted(value.value);
    case 'bool':
      return plain(goString(String(value.value)));
    default:
      return plain(goString('null'));
  }
}

function quoted(value: GoString): YamlScalar {
  return { kind: 'scalar', value, plain: false };
}

function plain(value: GoString): YamlScalar {
  return { kind: 'scalar', value, plain: true };
}
