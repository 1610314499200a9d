/** One thing in Vault, and what is to become of it. */
import type { Problem } from '../model/problem.ts';
import type { VaultWrite } from './vault-administration.ts';
import type { Need } from './vault-state.ts';

/** The description of mounts, auth methods and audit devices that Lockstep made. */
export const mark = 'managed by lockstep';

export type Thing = 'audit device' | 'KV v2 mount' | 'auth method' | 'auth configuration' | 'policy' | 'role';

/**
 * @property name its path or name in Vault
 * @property about what a person should know of it, in a few words
 */
export type PlannedItem = { readonly thing: Thing; readonly name: string; readonly about: string } & (
  | { readonly action: 'create'; readonly write: VaultWrite; readonly needs: Need }
  | {
      readonly action: 'update';
      /** What differs, a line each; no value of a secret. */
      readonly differences: readonly string[];
      /** Nothing that is there would go. */
      readonly adds: boolean;
      readonly write: VaultWrite;
      readonly needs: Need;
    }
  /** `others`: it is right, and not marked as Lockstep's. It is used, and never changed. */
  | { readonly action: 'unchanged'; readonly owner: 'lockstep' | 'others' }
  | { readonly action: 'refused'; readonly problem: Problem }
);

export function refuse(
  item: Pick<PlannedItem, 'thing' | 'name'>,
  message: string,
  hint: string,
  code: Problem['code'] = 'V001',
): PlannedItem {
  const problem: Problem = { code, where: item.name, path: '', message, hint };
  return { ...item, about: '', action: 'refused', problem };
}
