/** What an untagged plain scalar is to go.yaml.in/yaml/v2, which follows YAML 1.1 mostly: `yes` is true, `010` is 8, `1:30` is a text. */
import { Buffer } from 'node:buffer';
import { GoError } from '../go-error.ts';
import { decodeBase64 } from '../go/base64.ts';
import type { GoString } from '../go/go-string.ts';
import { goStringOfBytes } from '../go/go-string.ts';
import { parseInt64 } from '../template/functions/conversions.ts';
import type { YamlScalar } from './yaml-node.ts';
import { yamlError } from './yaml-node.ts';

export type Resolved =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** An int, or a uint64 where it is beyond an int64. */
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: GoString };

const words = new Map<string, Resolved>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word) => [word, { kind: 'bool', value: true }] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word) => [word, { kind: 'bool', value: false }] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, { kind: 'null' }] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, { kind: 'float', value: NaN }] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, { kind: 'float', value: Infinity }] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, { kind: 'float', value: -Infinity }] as const),
]);

/** @throws GoError for what is tagged !!binary and is no Base64 */
export function resolveScalar({ value, plain, tag }: YamlScalar): Resolved {
  if (tag === 'binary') return { kind: 'string', value: binary(value) };
  const string: Resolved = { kind: 'string', value };
  if (!plain || tag === 'str') return string;
  return words.get(value) ?? number(value) ?? string;
}

function binary(value: GoString): GoString {
  // The form that encoders write is decoded at once.
  if (value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value))
    return goStringOfBytes(Buffer.from(value, 'base64'));
  try {
    return decodeBase64(value, 'standard');
  } catch (error) {
    if (error instanceof GoError) throw yamlError('!!binary value contains invalid base64 data');
    throw error;
  }
}

function number(value: GoString): Resolved | undefined {
  if (!/^[-+.0-9]/.test(value)) return undefined;
  if (value.startsWith('.')) {
    // Go's own reading of a float, without underscores.
    return /^\.[0-9]+([eE][-+]?[0-9]+)?$/.test(value) ? finite(value) : undefined;
  }
  if (isDate(value)) return undefined;
  const written = value.replaceAll('_', '');
  const parsed = parseInt64(written, 0);
  if (parsed.kind === 'parsed') return { kind: 'int', value: parsed.value };
  if (parsed.kind === 'range' && !written.startsWith('-') && !written.startsWith('+')) {
    const unsigned = BigInt(written.replace(/^0(?=[0-7])/, '0o'));
    if (unsigned < 2n ** 64n) return { kind: 'int', value: unsigned };
  }
  return /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(written) ? finite(written) : undefined;
}

function finite(written: string): Resolved | undefined {
  const value = Number(written);
  return Number.isFinite(value) ? { kind: 'float', value } : undefined;
}

/** A timestamp stays the text that it is; so does what only looks like one, but for a year with nothing behind it. */
function isDate(value: string): boolean {
  return /^[0-9]{4}-/.test(value);
}
