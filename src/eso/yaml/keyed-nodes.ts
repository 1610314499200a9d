/** The keys of YAML as those of JSON, which are texts. */
import { Unpredictable } from '../go-error.ts';
import { formatFloat32 } from '../go/format-float.ts';
import type { GoString } from '../go/go-string.ts';
import { goString } from '../go/go-string.ts';
import { validUtf8 } from '../go/runes.ts';
import type { Resolved } from './resolve-scalar.ts';
import { resolveScalar } from './resolve-scalar.ts';
import type { YamlNode, YamlScalar } from './yaml-node.ts';
import { notFollowed } from './yaml-node.ts';

/**
 * In their order, the last of equal keys alone.
 * @throws Unpredictable for keys that differ in YAML and not in JSON (1 and "1"): either may win
 */
export function keyedNodes(
  pairs: readonly (readonly [key: YamlScalar, value: YamlNode])[],
): (readonly [key: GoString, value: YamlNode])[] {
  const found = new Map<GoString, { readonly node: YamlNode; readonly identity: string }>();
  for (const [key, node] of pairs) {
    const resolved = resolveScalar(key);
    // What is no Base64 fails even where another value takes its place.
    if (node.kind === 'scalar') resolveScalar(node);
    const name = nameOf(resolved);
    const identity = resolved.kind === 'null' ? 'null' : `${resolved.kind} ${String(resolved.value)}`;
    const before = found.get(name);
    if (before !== undefined && before.identity !== identity)
      throw new Unpredictable('map-order', 'what its template renders is YAML with two keys that become one');
    found.set(name, { node, identity });
  }
  return [...found].map(([name, { node }]) => [name, node] as const);
}

function nameOf(key: Resolved): GoString {
  switch (key.kind) {
    case 'string':
      return validUtf8(key.value);
    case 'bool':
      return goString(String(key.value));
    case 'int':
      // An uint64 is refused, as null is, by an error that shows the value.
      if (key.value >= 2n ** 63n) throw notFollowed();
      return goString(String(key.value));
    case 'float': {
      const text = formatFloat32(Math.fround(key.value), 'g', -1);
      return goString({ '+Inf': '.inf', '-Inf': '-.inf', NaN: '.nan' }[text as string] ?? text);
    }
    case 'null':
      throw notFollowed();
  }
}
