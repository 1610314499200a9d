/**
 * YAML as Kubernetes reads it: YAML 1.1's booleans (`yes`, `on`, `y`), whole numbers in Go's notations, no times of day (`1:30` is a text) and
 * no dates. Source: sigs.k8s.io/yaml, which reads by go.yaml.in/yaml/v2 (resolve.go).
 */
import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions } from 'yaml';

function plainScalar(
  tag: string,
  test: RegExp,
  resolve: ScalarTag['resolve'],
  identify: ScalarTag['identify'],
): ScalarTag {
  return {
    tag: `tag:yaml.org,2002:${tag}`,
    default: true,
    test,
    resolve,
    ...(identify === undefined ? {} : { identify }),
  };
}

const nothing = plainScalar(
  'null',
  /^(?:~|[Nn]ull|NULL)?$/,
  () => null,
  (value) => value === null,
);

const flag = plainScalar(
  'bool',
  /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/,
  (text) => /^(?:y|t|on)/i.test(text),
  (value) => typeof value === 'boolean',
);

const integer = plainScalar(
  'int',
  /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]*|[1-9][0-9_]*)$/,
  (text) => {
    const digits = text.replaceAll('_', '');
    const unsigned = digits.replace(/^[-+]/, '');
    const value = Number(/^0[0-7]/.test(unsigned) ? `0o${unsigned.slice(1)}` : unsigned);
    return digits.startsWith('-') ? -value : value;
  },
  undefined,
);

const float = plainScalar(
  'float',
  /^(?:[-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9_]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  (text) => {
    if (/nan/i.test(text)) return NaN;
    if (/inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
    return Number(text.replaceAll('_', ''));
  },
  undefined,
);

/** Without pretty errors: those quote the text around the fault, which may be a value. */
export const manifestYaml = {
  version: '1.1',
  schema: 'failsafe',
  customTags: [nothing, flag, integer, float],
  merge: true,
  prettyErrors: false,
  logLevel: 'silent',
} as const satisfies ParseOptions & DocumentOptions & SchemaOptions;
