/** sigs.k8s.io/yaml 1.6.0 Marshal: by way of JSON, and written by go.yaml.in/yaml/v2. */
import { formatFloat } from '../go/format-float.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { isJsonNumber } from '../go/json-number.ts';
import { unmarshal } from '../go/json.ts';
import type { GoValue } from '../template/go-value.ts';
import { findBadCharacter } from './check-characters.ts';
import { byNaturalOrder } from './natural-order.ts';
import { resolveScalar } from './resolve-scalar.ts';
import { styleOf, writeQuoted } from './scalar-style.ts';
import { notFollowed } from './yaml-node.ts';

/** Lines are broken behind it, at spaces. */
const width = 80;
/** Keys that are longer are written in another way. */
const longestKey = 120;

/** @param json what json.Marshal gives for the value @returns the empty text where YAML cannot read that: ESO swallows the error */
export function yamlOfJson(json: GoString): GoString {
  if (findBadCharacter(json) !== undefined) return asGoString('');
  if (/\xc2\x85|\xe2\x80[\xa8\xa9]|\\u2028|\\u2029/.test(json)) throw notFollowed();
  return asGoString(linesOf(unmarshal(json, 'literal'), 0, 0).join('\n'));
}

/** @param indent of the collection around the value @param column where the first line begins */
function linesOf(value: GoValue, indent: number, column: number): string[] {
  if (value.kind === 'slice') return value.items.length === 0 ? ['[]'] : listLines(value.items, indent);
  if (value.kind === 'map') return value.entries.size === 0 ? ['{}'] : mapLines(value.entries, indent);
  if (value.kind === 'string' && !isJsonNumber(value)) return textLines(value.value, indent, column);
  return [isJsonNumber(value) ? numberText(value.value) : value.kind === 'bool' ? String(value.value) : 'null'];
}

/** The first line is not indented: it stands behind what is before the collection. */
function listLines(items: readonly GoValue[], indent: number): string[] {
  const lines = items.flatMap((item) => {
    const [first = '', ...others] = linesOf(item, isCollection(item) ? indent + 2 : indent, indent + 2);
    return [`${' '.repeat(indent)}- ${first}`, ...others];
  });
  const [first = '', ...others] = lines;
  return [first.slice(indent), ...others];
}

function mapLines(entries: ReadonlyMap<GoString, GoValue>, indent: number): string[] {
  const lines = [...entries]
    .toSorted(([a], [b]) => byNaturalOrder(a, b))
    .flatMap(([key, value]) => {
      const name = keyText(key);
      const before = `${' '.repeat(indent)}${name}:`;
      if (!isCollection(value)) {
        const [first = '', ...others] = linesOf(value, indent, before.length + 1);
        return [`${before} ${first}`, ...others];
      }
      // A list is not indented within a map.
      const within = value.kind === 'slice' ? indent : indent + 2;
      const [first = '', ...others] = linesOf(value, within, within);
      return [before, ' '.repeat(within) + first, ...others];
    });
  const [first = '', ...others] = lines;
  return [first.slice(indent), ...others];
}

function isCollection(value: GoValue): boolean {
  return (value.kind === 'slice' && value.items.length > 0) || (value.kind === 'map' && value.entries.size > 0);
}

function keyText(key: GoString): string {
  const style = styleOf(key);
  if (style === 'literal' || key.length > longestKey || key.includes('\n') || key.includes('\r')) throw notFollowed();
  return writeQuoted(key, style);
}

function textLines(text: GoString, indent: number, column: number): string[] {
  const style = styleOf(text);
  if (style === 'literal') return literalLines(text, indent + 2);
  const written = writeQuoted(text, style);
  if (column + written.length > width && written.includes(' ')) throw notFollowed();
  return [written];
}

function literalLines(text: GoString, indent: number): string[] {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomping = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return [`|${hint}${chomping}`, ...lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line))];
}

/** Integers that 64 bits hold stay what they are. */
function numberText(number: GoString): string {
  const value = resolveScalar({ kind: 'scalar', value: number, plain: true });
  return value.kind === 'float'
    ? formatFloat(value.value, 'g', -1)
    : value.kind === 'int'
      ? String(value.value)
      : number;
}
