/** A rule's required, denied and allowed parameters (vault/acl.go, AllowOperation). */
import { parseFields, unquoteText } from '../../model/secret-text.ts';
import type { Fields } from './fields.ts';
import type { Operation } from './backend.ts';
import type { HclValue } from './hcl.ts';
import type { PathRule } from './policy.ts';

/** Only for operations that carry parameters: a list and a delete pass. */
export function parametersAllow(rule: PathRule, operation: Operation, fields: Fields): boolean {
  if (operation === 'list' || operation === 'delete') return true;
  if (rule.requiredParameters.some((name) => !fields.has(name))) return false;
  if (fields.size === 0) return true;
  const { deniedParameters: denied, allowedParameters: allowed } = rule;
  if (denied !== undefined && denied.size > 0) {
    if (denied.has('*')) return false;
    for (const [name, raw] of fields) {
      const values = denied.get(name.toLowerCase());
      if (values !== undefined && (values.length === 0 || partsOf(raw).some((part) => isIn(part, values))))
        return false;
    }
  }
  if (allowed === undefined || allowed.size === 0 || (allowed.size === 1 && allowed.has('*'))) return true;
  return [...fields].every(([name, raw]) => {
    const values = allowed.get(name.toLowerCase());
    if (values === undefined) return allowed.has('*');
    const parts = partsOf(raw);
    return (
      values.length === 0 ||
      isIn(raw, values) ||
      (parts.length > 1 && parts.slice(1).every((part) => isIn(part, values)))
    );
  });
}

/** The value itself, then its parts: the items of a list, or what stands between the commas of a text. */
function partsOf(raw: string): string[] {
  if (raw.startsWith('[')) return [raw, ...(JSON.parse(raw) as unknown[]).map((item) => JSON.stringify(item))];
  const text = unquoteText(raw);
  return text === undefined ? [raw] : [raw, ...text.split(',').map((part) => JSON.stringify(part.trim()))];
}

function isIn(raw: string, values: readonly HclValue[]): boolean {
  const text = unquoteText(raw);
  return values.some((value) => {
    if (typeof value === 'string') return text !== undefined && matchesGlob(value, text);
    if (typeof value === 'object') return false;
    return parseFields(raw).kind === 'not-an-object' && raw === String(value);
  });
}

/** strutil.GlobbedStringsMatch: a `*` at the beginning, at the end or at both. */
function matchesGlob(pattern: string, text: string): boolean {
  if (pattern.length < 2) return pattern === '*' || pattern === text;
  const [starts, ends] = [pattern.startsWith('*'), pattern.endsWith('*')];
  if (starts && ends) return text.includes(pattern.slice(1, -1));
  if (starts) return text.endsWith(pattern.slice(1));
  return ends ? text.startsWith(pattern.slice(0, -1)) : pattern === text;
}
