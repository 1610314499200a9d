/**
 * A policy's text → its rules (vault/policy.go). Refused, with a text that says so, is what this server does not enforce: a rule that is
 * there and not in force would be worse than none.
 */
import { HclError, isHclObject, parseHcl } from './hcl.ts';
import type { HclObject, HclValue } from './hcl.ts';
import { multiError } from './reply.ts';

export type Capability =
  'deny' | 'create' | 'read' | 'update' | 'delete' | 'list' | 'sudo' | 'patch' | 'subscribe' | 'recover';

/**
 * @property path without the `*` at its end where `isPrefix`; a rule with `+` keeps it
 * @property allowedParameters name → values that are allowed; an empty list allows any
 */
export type PathRule = {
  readonly path: string;
  readonly isPrefix: boolean;
  readonly hasSegmentWildcards: boolean;
  readonly capabilities: ReadonlySet<Capability>;
  readonly allowedParameters?: ReadonlyMap<string, readonly HclValue[]>;
  readonly deniedParameters?: ReadonlyMap<string, readonly HclValue[]>;
  readonly requiredParameters: readonly string[];
};

/** The message is for whoever writes the policy; it begins as Vault's does. */
export class PolicyError extends Error {}

const capabilities: readonly Capability[] = [
  'deny',
  'create',
  'read',
  'update',
  'delete',
  'list',
  'sudo',
  'patch',
  'subscribe',
  'recover',
];

/** The older `policy = "…"` of a rule. */
const oldPolicies = new Map<string, readonly Capability[]>([
  ['deny', ['deny']],
  ['read', ['read', 'list']],
  ['write', ['create', 'read', 'update', 'delete', 'list']],
  ['sudo', ['create', 'read', 'update', 'delete', 'list', 'sudo']],
]);

const ruleKeys = [
  'comment',
  'policy',
  'capabilities',
  'allowed_parameters',
  'denied_parameters',
  'required_parameters',
  'min_wrapping_ttl',
  'max_wrapping_ttl',
  'mfa_methods',
  'control_group',
  'subscribe_event_types',
];
const notEnforced = ['min_wrapping_ttl', 'max_wrapping_ttl', 'mfa_methods', 'control_group'];

export function parsePolicy(text: string): readonly PathRule[] {
  try {
    const root = parseHcl(text);
    const odd = root.entries.map(([name]) => name).find((name) => name !== 'path' && name !== 'name');
    if (odd !== undefined) throw new HclError(multiError([`invalid key "${odd}" on line 0`]));
    return root.entries
      .filter(([name]) => name === 'path')
      .flatMap(([, value]) => objectsOf(value))
      .flatMap(({ entries }) => entries)
      .flatMap(([path, value]) => objectsOf(value).map((rule) => parseRule(path, rule)))
      .filter((rule) => rule !== undefined);
  } catch (error) {
    if (error instanceof HclError) throw new PolicyError(`failed to parse policy: ${error.message}`);
    throw error;
  }
}

function objectsOf(value: HclValue): HclObject[] {
  if (Array.isArray(value)) return value.flatMap((item: HclValue) => objectsOf(item));
  return isHclObject(value) ? [value] : [];
}

function parseRule(written: string, { entries }: HclObject): PathRule | undefined {
  const given = new Map(entries);
  const odd = [...given.keys()].filter((key) => !ruleKeys.includes(key));
  if (odd.length > 0)
    throw new HclError(multiError(odd.map((key) => `path "${written}": invalid key "${key}" on line 1`)));
  const unenforced = notEnforced.find((key) => given.has(key));
  if (unenforced !== undefined)
    throw new HclError(`path "${written}": the embedded Vault does not enforce "${unenforced}"`);
  // A template of an identity that a token does not have gives no rule (identitytpl); here no token has one.
  if (written.includes('{{')) return undefined;
  const path = written.replace(/^\//, '');
  if (path.includes('+*')) throw new HclError(`path "${path}": invalid use of wildcards ('+*' is forbidden)`);
  const hasSegmentWildcards = path === '+' || path.includes('/+') || path.startsWith('+/');
  const isPrefix = path.endsWith('*') && !hasSegmentWildcards;
  return {
    path: isPrefix ? path.slice(0, -1) : path,
    isPrefix,
    hasSegmentWildcards,
    capabilities: parseCapabilities(written, given),
    ...parameters('allowedParameters', given.get('allowed_parameters')),
    ...parameters('deniedParameters', given.get('denied_parameters')),
    requiredParameters: texts(given.get('required_parameters')).map((name) => name.toLowerCase()),
  };
}

function parseCapabilities(path: string, given: ReadonlyMap<string, HclValue>): ReadonlySet<Capability> {
  const old = given.get('policy');
  const oldName = texts(old).join();
  const fromOld = old === undefined ? [] : oldPolicies.get(oldName);
  if (fromOld === undefined) throw new HclError(`path "${path}": invalid policy "${oldName}"`);
  const named = [...texts(given.get('capabilities')), ...fromOld];
  const found = new Set<Capability>();
  for (const name of named) {
    const capability = capabilities.find((known) => known === name);
    if (capability === undefined) throw new HclError(`path "${path}": invalid capability "${name}"`);
    // Beside deny nothing else counts, not even what is wrong behind it.
    if (capability === 'deny') return new Set(['deny']);
    found.add(capability);
  }
  return found;
}

function texts(value: HclValue | undefined): string[] {
  if (value === undefined) return [];
  const items: readonly HclValue[] = Array.isArray(value) ? (value as readonly HclValue[]) : [value];
  return items.map((item) => (typeof item === 'object' ? '' : String(item)));
}

function parameters(
  key: 'allowedParameters' | 'deniedParameters',
  value: HclValue | undefined,
): Partial<Record<typeof key, ReadonlyMap<string, readonly HclValue[]>>> {
  if (value === undefined) return {};
  const entries = objectsOf(value).flatMap((object) => object.entries);
  const lists = entries.map(
    ([name, list]) => [name.toLowerCase(), Array.isArray(list) ? (list as HclValue[]) : []] as const,
  );
  return { [key]: new Map(lists) };
}
