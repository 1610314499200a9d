/** The policies, as text: what External Secrets Operator may read, and what those may do who write secrets. Pure. */
import type { NameProblem } from '../model/names.ts';
import type { Platform } from '../model/platform.ts';

export const operatorPolicy = 'external-secrets';
export const writersPolicy = 'secret-writers';

/** The first line of a policy that Lockstep may write anew. */
export const policyMark = '# Managed by Lockstep: npm run bootstrap-vault writes it anew.';
const marked = /^\s*# Managed by Lockstep\b/;

type Capability = 'create' | 'read' | 'update' | 'list';
export type PolicyRule = { readonly path: string; readonly capabilities: readonly Capability[] };

/**
 * `read` on data/<path> of each secret that the operator reads from Vault: it uses `extract`, which asks for nothing else. And what it does
 * with its own token, which the policy `default` would allow together with much more: docs/decisions/009-what-bootstrap-owns.md.
 */
export function operatorRules({ secrets, environment }: Platform): PolicyRule[] {
  const paths = secrets.filter(({ store }) => store === 'vault-secret-store').map(({ vaultPath }) => vaultPath);
  return [
    ...paths.map((path): PolicyRule => ({ path: `${environment.vault.mount}/data/${path}`, capabilities: ['read'] })),
    { path: 'auth/token/lookup-self', capabilities: ['read'] },
    { path: 'auth/token/revoke-self', capabilities: ['update'] },
  ];
}

/** Every secret of the catalog, also one that is still in Key Vault: it may be on its way. Nothing that deletes. */
export function writersRules({ secrets, environment }: Platform): PolicyRule[] {
  const { mount } = environment.vault;
  const paths = [...new Set(secrets.map(({ vaultPath }) => vaultPath))];
  const folders = new Set(paths.flatMap(foldersOf));
  return [
    ...paths.flatMap((path): PolicyRule[] => [
      { path: `${mount}/data/${path}`, capabilities: ['create', 'read', 'update'] },
      { path: `${mount}/metadata/${path}`, capabilities: ['create', 'read', 'update'] },
    ]),
    ...[...folders].map((folder): PolicyRule => ({ path: `${mount}/metadata/${folder}`, capabilities: ['list'] })),
  ];
}

/** `a/b/c` → '', `a/`, `a/b/` */
function foldersOf(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return ['', ...segments.map((_, index) => `${segments.slice(0, index + 1).join('/')}/`)];
}

export function renderPolicy(rules: readonly PolicyRule[]): string {
  return `${policyMark}\n${ruleLines(rules).join('\n')}\n`;
}

function ruleLines(rules: readonly PolicyRule[]): string[] {
  const lines = rules.map(
    ({ path, capabilities }) =>
      `path "${path.replace(/["\\]/g, '\\$&')}" { capabilities = [${capabilities.map((one) => `"${one}"`).join(', ')}] }`,
  );
  return [...new Set(lines)];
}

/**
 * Whether a rule for `path` is a rule for that path alone. Vault has no way to escape its wildcards (vault/policy.go): `*` at the end is
 * anything, `+` as a segment is any segment, `{{` begins a template; and `${` is an interpolation in HCL. Elsewhere `*` and `+` are themselves.
 */
export function checkPolicyPath(path: string): NameProblem {
  const because = 'a path that no policy of Vault can name alone';
  if (path.endsWith('*')) return `${because}: "*" at its end stands for anything`;
  if (path.split('/').includes('+')) return `${because}: "+" between slashes stands for any segment`;
  const sign = ['+*', '{{', '}}', '${'].find((one) => path.includes(one));
  return sign === undefined ? undefined : `${because}: it holds "${sign}"`;
}

export function isMarked(policy: string): boolean {
  return marked.test(policy);
}

/** The lines that count, without those that are a comment. Two policies with the same are the same, in whatever order. */
function linesOf(policy: string): Set<string> {
  const lines = policy.split('\n').map((line) => line.trim());
  return new Set(lines.filter((line) => line !== '' && !/^(?:#|\/\/)/.test(line)));
}

export type PolicyDifference = { readonly added: readonly string[]; readonly removed: readonly string[] };

/** What would come and what would go if `wanted` took the place of `found`. */
export function comparePolicies(found: string, wanted: string): PolicyDifference {
  const [before, after] = [linesOf(found), linesOf(wanted)];
  return {
    added: [...after].filter((line) => !before.has(line)),
    removed: [...before].filter((line) => !after.has(line)),
  };
}
