/** Documents that are no flat mapping: nested ones, lists, single scalars. Read by the `yaml` package, and given up wherever that could differ. */
import type { Node } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, parseDocument, Scalar } from 'yaml';
import type { GoString } from '../go/go-string.ts';
import { asGoString, goString, textOf } from '../go/go-string.ts';
import { readFlow } from './flow.ts';
import { readQuoted } from './quoted-scalar.ts';
import type { YamlNode, YamlScalar } from './yaml-node.ts';
import { longestKey, notFollowed, nullNode } from './yaml-node.ts';

/** @throws Unpredictable for what has tabs, anchors, directives, explicit keys, or is not valid: the text of that error is another there */
export function readOtherDocument(text: GoString): YamlNode {
  if (/\t|^%|^\.\.\.|\n---|^ *\?( |$)|[\x80-\xff]{3}---/m.test(text)) throw notFollowed();
  const source = textOf(text);
  const document = parseDocument(source, {
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    merge: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  if (document.errors.length > 0 || document.warnings.length > 0) throw notFollowed();
  return convert(document.contents, source);
}

function convert(node: Node | null, source: string): YamlNode {
  if (node === null) return nullNode;
  if (isAlias(node) || node.anchor !== undefined) throw notFollowed();
  if (isScalar(node)) return convertScalar(node, source);
  if (!isMap<Node | null, Node | null>(node) && !isSeq<Node | null>(node)) throw notFollowed();
  if (node.tag !== undefined) throw notFollowed();
  if (node.flow === true) return flow(source, node.range?.[0] ?? 0);
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => convert(item, source)) };
  return {
    kind: 'map',
    pairs: node.items.map(({ key, value }) => {
      const name = convert(key, source);
      if (name.kind !== 'scalar' || name.value.length > longestKey || (name.plain && ['', '<<'].includes(name.value)))
        throw notFollowed();
      return [name, convert(value, source)] as const;
    }),
  };
}

function flow(source: string, at: number): YamlNode {
  const found = readFlow(goString(source.slice(at)));
  if (found === undefined) throw notFollowed();
  return found.node;
}

function convertScalar(scalar: Scalar, source: string): YamlScalar {
  const tag = { 'tag:yaml.org,2002:binary': 'binary', 'tag:yaml.org,2002:str': 'str' }[scalar.tag ?? ''] as
    'binary' | 'str' | undefined;
  if ((scalar.tag !== undefined && tag === undefined) || typeof scalar.value !== 'string') throw notFollowed();
  const [from, to] = scalar.range ?? [0, 0];
  const written = source.slice(from, to);
  const plain = scalar.type === Scalar.PLAIN;
  // What begins with an indicator is refused by one and taken for a text by another.
  if (plain && !/^$|^[A-Za-z0-9_./+~$^(<=-](?! )/.test(written)) throw notFollowed();
  if (scalar.type === Scalar.BLOCK_FOLDED || scalar.type === Scalar.BLOCK_LITERAL) throw notFollowed();
  if (!plain && /[\n\\]/.test(written)) throw notFollowed();
  if (!plain && readQuoted(goString(written), 0)?.end !== goString(written).length) throw notFollowed();
  return { kind: 'scalar', value: asGoString(goString(scalar.value)), plain, ...(tag === undefined ? {} : { tag }) };
}
