/** RFC 7396 over JSON text, as PATCH applies it to a secret's data: null removes, maps merge, all else replaces. */
import { remarshal } from '../../eso/go-json.ts';
import { parseFields, renderFields } from '../../model/secret-text.ts';

/**
 * @param target valid JSON
 * @param patch valid JSON
 */
export function mergePatch(target: string, patch: string): string {
  const merged = merge(target, patch);
  return remarshal(merged, 'float') ?? 'null';
}

function merge(target: string | undefined, patch: string): string {
  const change = parseFields(patch);
  if (change.kind !== 'fields') return withoutNulls(patch);
  const before = target === undefined ? undefined : parseFields(target);
  const fields = new Map(before?.kind === 'fields' ? before.fields.map(({ name, raw }) => [name, raw]) : []);
  for (const { name, raw } of change.fields)
    if (raw === 'null') fields.delete(name);
    else fields.set(name, merge(fields.get(name), raw));
  return renderFields([...fields].map(([name, raw]) => ({ name, raw })));
}

/** The library behind Vault's PATCH removes null fields inside a list's maps too (evanphx/json-patch, pruneNils), which RFC 7396 does not. */
function withoutNulls(raw: string): string {
  return raw.startsWith('[') && raw.includes('null') ? JSON.stringify(prune(JSON.parse(raw))) : raw;
}

function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([name, inner]) => [name, prune(inner)]),
  );
}
