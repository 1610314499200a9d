/** YAML into a map[string]interface{}, as sigs.k8s.io/yaml 1.6.0 does it: by way of JSON, so that numbers are float64. */
import { GoError } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { validUtf8 } from '../go/runes.ts';
import type { GoValue } from '../template/go-value.ts';
import { nil } from '../template/go-value.ts';
import { keyedNodes } from './keyed-nodes.ts';
import { readDocument } from './read-document.ts';
import type { Resolved } from './resolve-scalar.ts';
import { resolveScalar } from './resolve-scalar.ts';
import type { YamlNode } from './yaml-node.ts';

/** Empty for a document that is null or holds nothing, as the operator has it. @throws GoError with the library's text; Unpredictable */
export function unmarshalYamlMap(text: GoString): Map<GoString, GoValue> {
  const value = valueOf(readDocument(text));
  if (value.kind === 'map') return value.entries;
  if (value.kind === 'nil') return new Map();
  const found = { slice: 'array', float: 'number', int: 'number', bool: 'bool', string: 'string' }[value.kind];
  throw new GoError(
    `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
    'template',
  );
}

function valueOf(node: YamlNode): GoValue {
  if (node.kind === 'scalar') return scalarValue(resolveScalar(node));
  if (node.kind === 'list') return { kind: 'slice', type: '[]interface {}', items: node.items.map(valueOf) };
  const entries = new Map(keyedNodes(node.pairs).map(([key, item]) => [key, valueOf(item)] as const));
  return { kind: 'map', type: 'map[string]interface {}', entries };
}

function scalarValue(value: Resolved): GoValue {
  switch (value.kind) {
    case 'null':
      return nil;
    case 'bool':
      return { kind: 'bool', value: value.value };
    case 'int':
      return { kind: 'float', type: 'float64', value: Number(value.value) };
    case 'float':
      if (Number.isFinite(value.value)) return { kind: 'float', type: 'float64', value: value.value };
      throw new GoError(
        `error converting YAML to JSON: json: unsupported value: ${Number.isNaN(value.value) ? 'NaN' : value.value > 0 ? '+Inf' : '-Inf'}`,
        'template',
      );
    case 'string':
      return { kind: 'string', value: validUtf8(value.value) };
  }
}
