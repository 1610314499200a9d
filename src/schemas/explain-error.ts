/** What ajv says of an object, in words for a person who has to mend it. Never shows a value that could be secret. Pure. */
import type { ErrorObject } from 'ajv';
import { suggest } from '../model/names.ts';
import { QUANTITY_PATTERN } from './formats.ts';
import { isObject, type JsonSchema } from './json-schema.ts';

export type SchemaFinding = {
  /** `spec.data[0].remoteRef.key`; empty for the object as a whole. */
  readonly path: string;
  /** Goes on where the path ends: `is missing`. */
  readonly message: string;
  readonly hint?: string;
};

export type Checked = {
  readonly manifest: unknown;
  /** Whose schema it is, for a person. */
  readonly source: string;
};

/** One finding per thing that is wrong, in the order of the schema. @param errors with their `parentSchema` (ajv's `verbose`) */
export function explainErrors(errors: readonly ErrorObject[], checked: Checked): readonly SchemaFinding[] {
  const findings = new Map<string, SchemaFinding>();
  for (const error of errors) {
    if (IN_BRANCH.test(error.schemaPath)) continue;
    const finding = explain(error, checked);
    findings.set(`${finding.path} ${finding.message}`, finding);
  }
  return [...findings.values()];
}

/** Errors of one branch say nothing: another branch may fit. The branches' parent has its own error. */
const IN_BRANCH = /(?<!\/properties)\/(?:anyOf|oneOf|not)\//;
/** An enum's values are no secrets, but what stands in their place might be. */
const SHOWN_LENGTH = 40;
const LISTED = 12;

function explain(error: ErrorObject, { manifest, source }: Checked): SchemaFinding {
  const steps = error.instancePath.split('/').slice(1).map(decodePointer);
  const params = error.params as Readonly<Record<string, unknown>>;
  const parent: JsonSchema = error.parentSchema ?? {};
  const value = valueAt(manifest, steps);
  const at = (message: string, hint?: string): SchemaFinding => finding(renderPath(manifest, steps), message, hint);
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      const path = renderPath(manifest, [...steps, name]);
      return finding(path, `is not a field in ${source}`, hintForField(name, parent));
    }
    case 'required':
      return finding(renderPath(manifest, [...steps, String(params.missingProperty)]), 'is missing');
    case 'type':
      return at(...explainType([params.type].flat() as string[], value));
    case 'enum':
      return at(...explainEnum(params.allowedValues as unknown[], value));
    case 'pattern':
      return at(PATTERNS[String(params.pattern)] ?? `does not match the pattern ${String(params.pattern)}`);
    case 'format':
      return at(FORMATS[String(params.format)] ?? `is not of the format ${String(params.format)}`);
    case 'uniqueItems':
      return at(
        `holds the same entry twice (${Math.min(Number(params.i), Number(params.j))} and ${Math.max(Number(params.i), Number(params.j))})`,
      );
    case 'x-kubernetes-list-map-keys':
      return at(`has two entries with the same ${listKeys(parent)}`);
    case 'anyOf':
    case 'oneOf':
    case 'not':
      return explainJunctor(error, steps, manifest, parent);
    default:
      return at(explainBound(error.keyword, Number(params.limit ?? params.multipleOf)));
  }
}

function finding(path: string, message: string, hint?: string): SchemaFinding {
  return hint === undefined ? { path, message } : { path, message, hint };
}

function hintForField(name: string, { properties }: JsonSchema): string {
  const known = Object.keys(properties ?? {});
  if (known.length === 0) return 'No field is allowed there.';
  const nearest = suggest(name, known);
  return nearest === undefined ? `Fields there: ${list(known)}.` : `Did you mean "${nearest}"?`;
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a text',
};

function explainType(expected: readonly string[], value: unknown): [message: string, hint?: string] {
  const wanted = expected.filter((type) => type !== 'null').map((type) => TYPES[type] ?? type);
  const actual = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const message = `is ${actual === 'boolean' ? 'a boolean' : (TYPES[actual] ?? actual)}, where ${wanted.join(' or ')} is expected`;
  if (actual === 'null') return [message, 'Leave the field out, or give it a value.'];
  if (expected.includes('string') && (actual === 'number' || actual === 'boolean'))
    return [message, 'Put it in quotes.'];
  if (actual === 'string' && /^(integer|number|boolean)$/.test(expected[0] ?? ''))
    return [message, 'Write it without quotes.'];
  if (actual === 'number' && expected.includes('integer')) return [`is not ${wanted.join(' or ')}`];
  return [message];
}

function explainEnum(allowed: readonly unknown[], value: unknown): [message: string, hint?: string] {
  const shown =
    typeof value === 'string' && value.length < SHOWN_LENGTH ? `is ${JSON.stringify(value)}` : 'is another value';
  const message = `${shown}; allowed: ${list(allowed.map((one) => (one === '' ? '""' : String(one))))}`;
  const nearest =
    typeof value === 'string'
      ? suggest(
          value,
          allowed.filter((one) => typeof one === 'string'),
        )
      : undefined;
  return nearest === undefined || nearest === '' ? [message] : [message, `Did you mean "${nearest}"?`];
}

/** The patterns of External Secrets Operator and Kubernetes, in words. */
const PATTERNS: Readonly<Record<string, string>> = {
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$':
    'is not a DNS name (lower-case letters, digits, "-" and ".", starting and ending with a letter or digit)',
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$':
    'is not a DNS label (lower-case letters, digits and "-", starting and ending with a letter or digit)',
  '^[-._a-zA-Z0-9]+$': 'may hold only letters, digits, "-", "_" and "."',
  [QUANTITY_PATTERN]: 'is not a quantity such as 500m, 2 or 128Mi',
  '^[a-z0-9-]+$': 'may hold only lower-case letters, digits and "-"',
};

const FORMATS: Readonly<Record<string, string>> = {
  int32: 'is outside the range of a 32-bit number',
  int64: 'is outside the range of a 64-bit number',
  'date-time': 'is not a time such as 2026-01-31T12:00:00Z',
  byte: 'is not Base64',
  'go-byte': 'is not Base64',
};

function explainBound(keyword: string, limit: number): string {
  switch (keyword) {
    case 'minLength':
      return limit === 1 ? 'is empty' : `is shorter than ${limit} characters`;
    case 'maxLength':
      return `is longer than ${limit} characters`;
    case 'minItems':
      return limit === 1 ? 'is an empty list' : `has fewer than ${limit} entries`;
    case 'maxItems':
      return `has more than ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
    case 'minProperties':
      return limit === 1 ? 'is empty: it needs a field' : `has fewer than ${limit} fields`;
    case 'maxProperties':
      return `has more than ${limit} field${limit === 1 ? '' : 's'}`;
    case 'minimum':
      return `is less than ${limit}`;
    case 'maximum':
      return `is more than ${limit}`;
    case 'exclusiveMinimum':
      return `is not more than ${limit}`;
    case 'exclusiveMaximum':
      return `is not less than ${limit}`;
    case 'multipleOf':
      return `is not a multiple of ${limit}`;
    default:
      return `does not satisfy "${keyword}" of its schema`;
  }
}

function explainJunctor(
  error: ErrorObject,
  steps: readonly string[],
  manifest: unknown,
  parent: JsonSchema,
): SchemaFinding {
  const branches = (parent[error.keyword] ?? []) as readonly JsonSchema[] | JsonSchema;
  const demanded = Array.isArray(branches)
    ? (branches as readonly JsonSchema[]).map(({ required = [] }) => required.join(' with '))
    : [];
  const path = renderPath(manifest, steps);
  if (path === 'metadata' && demanded[0] === 'name') return finding('metadata.name', 'is missing');
  const several = Array.isArray((error.params as { passingSchemas?: unknown }).passingSchemas);
  const whole = demanded.length > 0 && demanded.every((names) => names !== '');
  if (whole) return finding(path, `has ${several ? 'more than one' : 'none'} of ${list(demanded)}`);
  if (error.keyword === 'not') return finding(path, 'has a form that its schema excludes');
  return finding(
    path,
    several
      ? 'fits more than one form of its schema, of which only one may fit'
      : 'fits none of the forms of its schema',
  );
}

function listKeys(parent: JsonSchema): string {
  return (parent['x-kubernetes-list-map-keys'] ?? []).join(' and ');
}

function list(names: readonly string[]): string {
  const more = names.length - LISTED;
  return more > 0 ? `${names.slice(0, LISTED).join(', ')} and ${more} more` : names.join(', ');
}

function valueAt(root: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], root);
}

function decodePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function renderPath(manifest: unknown, steps: readonly string[]): string {
  let value = manifest;
  let path = '';
  for (const step of steps) {
    const name = step.length > 60 ? `${step.slice(0, 57)}…` : step;
    if (Array.isArray(value)) path += `[${name}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(name)) path += path === '' ? name : `.${name}`;
    else path += `[${JSON.stringify(name)}]`;
    value = isObject(value) || Array.isArray(value) ? (value as Record<string, unknown>)[step] : undefined;
  }
  return path;
}
