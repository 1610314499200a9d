/** YAML into a map[string]string: k8s.io/apimachinery/pkg/util/yaml, which is sigs.k8s.io/yaml 1.6.0 here: by way of JSON. */
import { Buffer } from 'node:buffer';
import { GoError } from '../go-error.ts';
import { formatFloat32 } from '../go/format-float.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString, goString, goStringOfBytes } from '../go/go-string.ts';
import { validUtf8 } from '../go/runes.ts';
import { keyedNodes } from './keyed-nodes.ts';
import { readDocument } from './read-document.ts';
import type { Resolved } from './resolve-scalar.ts';
import { resolveScalar } from './resolve-scalar.ts';
import type { YamlNode } from './yaml-node.ts';
import { longestKey, notFollowed } from './yaml-node.ts';

/**
 * What ESO makes of the rendered text of a literal, or of a template with KeysAndValues: numbers and booleans become their canonical texts, null
 * and nothing the empty one, `!!binary` its bytes (those that are not UTF-8 become U+FFFD); of equal keys the last counts.
 * @throws GoError with the library's text, which ESO puts behind `could not unmarshal template to 'map[string][]byte': `; Unpredictable
 */
export function unmarshalYamlStringMap(text: GoString): Map<GoString, GoString> {
  return readBinaryLines(text) ?? readAny(text);
}

const binaryLine = /"([A-Za-z0-9_.-]+)": !!binary "([A-Za-z0-9+/]*={0,2})"(?:\n|$)/y;

/** The lines of the templates that this project writes, which make up most of what is read. Undefined: there are others. */
function readBinaryLines(text: GoString): Map<GoString, GoString> | undefined {
  const found = new Map<GoString, GoString>();
  binaryLine.lastIndex = 0;
  while (binaryLine.lastIndex < text.length) {
    const [, key, value = ''] = binaryLine.exec(text) ?? [];
    if (key === undefined || value.length % 4 !== 0 || key.length > longestKey) return undefined;
    found.set(asGoString(key), validUtf8(goStringOfBytes(Buffer.from(value, 'base64'))));
  }
  return found;
}

function readAny(text: GoString): Map<GoString, GoString> {
  const document = readDocument(text);
  if (document.kind !== 'map') return ofOther(document);
  const found = new Map<GoString, GoString>();
  const nested: [GoString, 'object' | 'array'][] = [];
  for (const [key, node] of keyedNodes(document.pairs)) {
    if (node.kind === 'scalar') found.set(key, textOf(resolveScalar(node)));
    else {
      checkNested(node);
      nested.push([key, node.kind === 'map' ? 'object' : 'array']);
    }
  }
  // The JSON has its keys sorted, and the first of the errors counts.
  const [first] = nested.toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (first !== undefined) throw notAssignable(first[1], 'string');
  return found;
}

function ofOther(document: Exclude<YamlNode, { kind: 'map' }>): Map<GoString, GoString> {
  if (document.kind === 'list') {
    checkNested(document);
    throw notAssignable('array', 'map[string]string');
  }
  const { kind } = finite(resolveScalar(document));
  if (kind === 'null') return new Map<GoString, GoString>();
  throw notAssignable(kind === 'int' || kind === 'float' ? 'number' : kind, 'map[string]string');
}

function textOf(value: Resolved): GoString {
  switch (value.kind) {
    case 'null':
      return asGoString('');
    case 'bool':
    case 'int':
      return goString(String(value.value));
    case 'float':
      return formatFloat32(Math.fround(value.value), 'g', -1);
    case 'string':
      return validUtf8(value.value);
  }
}

/** What is nested is read too: what is wrong in it comes first. */
function checkNested(node: YamlNode): void {
  if (node.kind === 'scalar') finite(resolveScalar(node));
  else if (node.kind === 'list') node.items.forEach(checkNested);
  else keyedNodes(node.pairs).forEach(([, item]) => checkNested(item));
}

/** An infinity has no JSON. */
function finite(value: Resolved): Resolved {
  if (value.kind === 'float' && !Number.isFinite(value.value)) throw notFollowed();
  return value;
}

function notAssignable(found: string, type: string): GoError {
  const text = `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into Go value of type ${type}`;
  return new GoError(text, 'template');
}
