/** What a token's policies allow together (vault/acl.go): the most specific rule for a path decides, and in it deny wins. */
import type { Fields } from './fields.ts';
import { parametersAllow } from './acl-parameters.ts';
import type { Operation } from './backend.ts';
import type { PathRule } from './policy.ts';

export type Acl = {
  allows(path: string, operation: Operation, fields: Fields): boolean;
  hasSudo(path: string): boolean;
  /** As sys/capabilities-self tells them, sorted. */
  capabilities(path: string): readonly string[];
  /** Something is allowed at the path or below it: enough to be told that a mount is there. */
  reaches(prefix: string): boolean;
};

/** The policy `root`: everything. */
export const rootAcl: Acl = {
  allows: () => true,
  hasSudo: () => true,
  capabilities: () => ['root'],
  reaches: () => true,
};

/** @param policies the rules of each policy of the token */
export function createAcl(policies: readonly (readonly PathRule[])[]): Acl {
  const exact = new Map<string, PathRule>();
  const prefixes = new Map<string, PathRule>();
  const wildcards = new Map<string, PathRule>();
  for (const rule of policies.flat()) {
    const rules = rule.hasSegmentWildcards ? wildcards : rule.isPrefix ? prefixes : exact;
    const before = rules.get(rule.path);
    rules.set(rule.path, before === undefined ? rule : merge(before, rule));
  }

  const inexact = (path: string): PathRule | undefined => {
    const candidates = [longestPrefix(prefixes, path), ...wildcards.values()]
      .filter((rule) => rule !== undefined)
      .flatMap((rule) => describe(rule, path) ?? []);
    return candidates.toSorted(compareSpecificity).at(-1)?.rule;
  };

  const ruleFor = (path: string, operation: Operation): PathRule | undefined => {
    const bare = path.endsWith('/') ? path.slice(0, -1) : path;
    return (
      exact.get(path) ??
      // A list is asked for with a slash at its end, which rules may leave out.
      (operation === 'list' ? (exact.get(bare) ?? (bare === path ? undefined : inexact(bare))) : undefined) ??
      inexact(path)
    );
  };

  return {
    allows: (path, operation, fields) => {
      const rule = ruleFor(path, operation);
      return rule?.capabilities.has(operation) === true && parametersAllow(rule, operation, fields);
    },
    hasSudo: (path) => ruleFor(path, 'update')?.capabilities.has('sudo') === true,
    capabilities: (path) => {
      const held = [...(ruleFor(path, 'list')?.capabilities ?? [])].toSorted();
      return held.length === 0 ? ['deny'] : held;
    },
    reaches: (prefix) =>
      ruleFor(prefix, 'list')?.capabilities.has('deny') === false ||
      [...exact.values(), ...prefixes.values(), ...wildcards.values()].some(
        (rule) => rule.capabilities.size > 0 && !rule.capabilities.has('deny') && mayMeet(rule, prefix),
      ),
  };
}

/** Two policies on one path: the capabilities of both, unless one denies. */
function merge(first: PathRule, second: PathRule): PathRule {
  if (first.capabilities.has('deny')) return first;
  if (second.capabilities.has('deny')) return { ...first, capabilities: new Set(['deny']), requiredParameters: [] };
  const allowed = mergeLists(first.allowedParameters, second.allowedParameters);
  const denied = mergeLists(first.deniedParameters, second.deniedParameters);
  return {
    ...first,
    capabilities: new Set([...first.capabilities, ...second.capabilities]),
    ...(allowed && { allowedParameters: allowed }),
    ...(denied && { deniedParameters: denied }),
    requiredParameters: [...new Set([...first.requiredParameters, ...second.requiredParameters])],
  };
}

type Parameters = PathRule['allowedParameters'];

/** An empty list takes every value, and so it does when another list is merged into it. */
function mergeLists(first: Parameters, second: Parameters): Parameters {
  if (first === undefined || second === undefined) return first ?? second;
  const merged = new Map(first);
  for (const [name, values] of second) {
    const before = first.get(name);
    merged.set(name, values.length === 0 || before?.length === 0 ? [] : [...values, ...(before ?? [])]);
  }
  return merged;
}

function longestPrefix(rules: ReadonlyMap<string, PathRule>, path: string): PathRule | undefined {
  for (let length = path.length; length >= 0; length--) {
    const rule = rules.get(path.slice(0, length));
    if (rule !== undefined) return rule;
  }
  return undefined;
}

/**
 * @property firstWildcard where the first `+`, or the `*`, stands: a `*` behind a `+` counts as the `+`
 * @property text the rule's path without a `*` at its end
 */
type Candidate = { rule: PathRule; firstWildcard: number; isPrefix: boolean; wildcards: number; text: string };

function describe(rule: PathRule, path: string): Candidate | undefined {
  if (!rule.hasSegmentWildcards)
    return { rule, firstWildcard: rule.path.length, isPrefix: true, wildcards: 0, text: rule.path };
  const isPrefix = rule.path.endsWith('*');
  const text = isPrefix ? rule.path.slice(0, -1) : rule.path;
  const [wanted, given] = [text.split('/'), path.split('/')];
  if (given.length < wanted.length || (!isPrefix && given.length !== wanted.length)) return undefined;
  const matches = wanted.every(
    (segment, index) =>
      segment === '+' ||
      segment === given[index] ||
      (isPrefix && index === wanted.length - 1 && given[index]?.startsWith(segment) === true),
  );
  const wildcards = wanted.filter((segment) => segment === '+').length;
  return matches ? { rule, firstWildcard: rule.path.indexOf('+'), isPrefix, wildcards, text } : undefined;
}

/** The more specific one is the greater (acl.go, CheckAllowedFromNonExactPaths): first wildcard later, no `*`, fewer `+`, longer, by name. */
function compareSpecificity(a: Candidate, b: Candidate): number {
  return (
    a.firstWildcard - b.firstWildcard ||
    Number(b.isPrefix) - Number(a.isPrefix) ||
    b.wildcards - a.wildcards ||
    a.text.length - b.text.length ||
    (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)
  );
}

/** A path below the mount `prefix` can match the rule. */
function mayMeet(rule: PathRule, prefix: string): boolean {
  if (!rule.hasSegmentWildcards) return rule.path.startsWith(prefix);
  const wanted = rule.path.split('/');
  return prefix
    .split('/')
    .slice(0, -1)
    .every((segment, index) => wanted[index] === '+' || wanted[index] === segment);
}
