/** What a YAML document holds, before its scalars are resolved, and how reading one ends otherwise. */
import type { SecretValue } from '../../model/secret-value.ts';
import { GoError, Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { OperatorText } from '../operator-text.ts';

export type YamlScalar = {
  readonly kind: 'scalar';
  readonly value: GoString;
  /** Neither quoted nor a block: what looks like a number, a boolean or null is one. */
  readonly plain: boolean;
  readonly tag?: 'binary' | 'str';
};
export type YamlNode =
  | YamlScalar
  | { readonly kind: 'map'; readonly pairs: readonly (readonly [key: YamlScalar, value: YamlNode])[] }
  | { readonly kind: 'list'; readonly items: readonly YamlNode[] };

/** Longer ones are no keys to YAML, or nearly none: by characters. */
export const longestKey = 1000;

export const nullNode: YamlScalar = { kind: 'scalar', value: '' as GoString, plain: true };

/** go.yaml.in/yaml/v2 in sigs.k8s.io/yaml: an error of the first within the second. */
export function yamlError(...parts: readonly (string | SecretValue)[]): GoError {
  return new GoError(new OperatorText('error converting YAML to JSON: yaml: ', ...parts), 'template');
}

/** An error of the scanner. @param line from 0; the first is not named */
export function scannerError(line: number, problem: string): GoError {
  return yamlError(line === 0 ? problem : `line ${line + 1}: ${problem}`);
}

/** An error of the parser, which names the line before. */
export function parserError(line: number, problem: string): GoError {
  return yamlError(line === 0 ? problem : `line ${line}: ${problem}`);
}

export function notFollowed(): Unpredictable {
  return new Unpredictable('template', 'what its template renders is YAML that is not followed here');
}
