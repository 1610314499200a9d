/** The role by which External Secrets Operator signs in. A role has no place for a mark: it is Lockstep's where it gives Lockstep's policies alone. */
import { isDeepStrictEqual } from 'node:util';
import type { DesiredVault } from './desired-vault.ts';
import { refuse } from './planned-item.ts';
import type { PlannedItem } from './planned-item.ts';
import { isMarked } from './vault-policy.ts';
import type { Facts, VaultState } from './vault-state.ts';
import { paths } from './vault-state.ts';

export function planRole(desired: DesiredVault, { role: found, policies }: VaultState): PlannedItem {
  const { name, fields } = desired.role;
  const path = paths.role(desired);
  const item = { thing: 'role', name: path } as const;
  const write = { path, fields, repeatable: true };
  if (found === undefined)
    return {
      ...item,
      about: `lets in ServiceAccount ${list(fields['bound_service_account_names'])} of ${list(fields['bound_service_account_namespaces'])}`,
      action: 'create',
      write,
      needs: { path, capabilities: ['create'] },
    };
  const differences = Object.entries(fields)
    .filter(([field, wanted]) => !isSame(found[field], wanted))
    .map(([field, wanted]) => `${field}: ${list(found[field])} → ${list(wanted)}`);
  const isOurs = givesOnlyOurs(found, desired, policies);
  if (differences.length === 0)
    return { ...item, about: '', action: 'unchanged', owner: isOurs ? 'lockstep' : 'others' };
  if (!isOurs)
    return refuse(
      item,
      `is not Lockstep's, and differs: ${differences.join('; ')}`,
      `Look at it (vault read ${path}). If nobody else needs it: vault delete ${path}, then npm run bootstrap-vault`,
    );
  return {
    ...item,
    name: path,
    about: name,
    action: 'update',
    differences,
    adds: false,
    write,
    needs: { path, capabilities: ['update'] },
  };
}

/** A policy that is not there allows nothing yet: Lockstep makes it before the role is written. */
function givesOnlyOurs(role: Facts, desired: DesiredVault, policies: VaultState['policies']): boolean {
  const given = role['token_policies'];
  if (!Array.isArray(given) || given.length === 0) return false;
  const ours = new Set(desired.policies.map(({ name }) => name));
  return given.every((policy) => {
    if (!ours.has(String(policy))) return false;
    const text = policies.get(String(policy));
    return text === undefined || isMarked(text);
  });
}

/** What Vault leaves out of its answer, it has not. */
function isSame(found: unknown, wanted: unknown): boolean {
  return found === undefined ? wanted === '' : isDeepStrictEqual(found, wanted);
}

function list(value: unknown): string {
  if (value === undefined || value === '') return 'none';
  return Array.isArray(value) ? value.map(String).join(', ') : JSON.stringify(value).replaceAll('"', '');
}
