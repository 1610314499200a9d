/** What has to be done so that Vault is as desired, and what stands in the way. Pure. docs/decisions/009-what-bootstrap-owns.md */
import type { DesiredVault } from './desired-vault.ts';
import { planAuditDevices } from './plan-audit.ts';
import { planConfiguration } from './plan-configuration.ts';
import { planPolicy } from './plan-policy.ts';
import { planRole } from './plan-role.ts';
import { mark, refuse } from './planned-item.ts';
import type { PlannedItem } from './planned-item.ts';
import type { MountFacts, VaultState } from './vault-state.ts';

/** In the order of writing: the audit log before what belongs into it, a policy before the role that gives it. */
export function planBootstrap(desired: DesiredVault, state: VaultState): readonly PlannedItem[] {
  const authMethod = planAuthMethod(desired, state);
  // In an auth method of another type there is nothing to look for.
  const inside = authMethod.action !== 'refused';
  return [
    ...planAuditDevices(desired.auditPaths, state.auditDevices),
    planMount(desired, state),
    authMethod,
    ...(inside ? [planConfiguration(desired, state)] : []),
    ...desired.policies.map((policy) => planPolicy(policy, state.policies.get(policy.name))),
    ...(inside ? [planRole(desired, state)] : []),
  ];
}

function planMount({ mount }: DesiredVault, { mounts }: VaultState): PlannedItem {
  const item = { thing: 'KV v2 mount', name: `${mount}/` } as const;
  const found = mounts.get(item.name);
  if (found === undefined) {
    const write = {
      path: `sys/mounts/${mount}`,
      fields: { type: 'kv', description: mark, options: { version: '2' } },
      repeatable: false,
    };
    return (
      refusePlace(item, mounts, 'Choose another: vault.mount in config/environments.ts') ?? {
        ...item,
        about: 'an empty one',
        action: 'create',
        write,
        needs: { path: write.path, capabilities: ['update'] },
      }
    );
  }
  if (found.type !== 'kv')
    return refuse(
      item,
      `is of the type ${found.type}, and not kv`,
      'Choose another mount for the secrets: vault.mount in config/environments.ts',
    );
  if (found.version !== '2')
    return refuse(
      item,
      'is KV version 1, which keeps no versions',
      `Upgrade it (vault kv enable-versioning ${mount}; it stays out of service for a moment), or name another: vault.mount in config/environments.ts`,
    );
  return unchanged(item, found);
}

function planAuthMethod({ authMount }: DesiredVault, { authMethods }: VaultState): PlannedItem {
  const item = { thing: 'auth method', name: `auth/${authMount}/` } as const;
  const found = authMethods.get(`${authMount}/`);
  if (found === undefined) {
    const write = {
      path: `sys/auth/${authMount}`,
      fields: { type: 'kubernetes', description: mark },
      repeatable: false,
    };
    const place = { thing: item.thing, name: `${authMount}/` };
    return (
      refusePlace(place, authMethods, 'Move the other one: vault auth move') ?? {
        ...item,
        about: 'of the type kubernetes',
        action: 'create',
        write,
        needs: { path: write.path, capabilities: ['update', 'sudo'] },
      }
    );
  }
  if (found.type !== 'kubernetes')
    return refuse(
      item,
      `is of the type ${found.type}, and not kubernetes`,
      `The ClusterSecretStore signs in there. Move the other one: vault auth move auth/${authMount} auth/NAME`,
    );
  return unchanged(item, found);
}

/** Vault's mounts do not nest. */
function refusePlace(
  item: Pick<PlannedItem, 'thing' | 'name'>,
  mounts: ReadonlyMap<string, MountFacts>,
  hint: string,
): PlannedItem | undefined {
  const taken = [...mounts.keys()].find((other) => item.name.startsWith(other) || other.startsWith(item.name));
  return taken === undefined
    ? undefined
    : refuse(item, `cannot be mounted: ${taken} is there, and mounts do not nest`, hint);
}

function unchanged(item: Pick<PlannedItem, 'thing' | 'name'>, { description }: MountFacts): PlannedItem {
  return { ...item, about: '', action: 'unchanged', owner: description === mark ? 'lockstep' : 'others' };
}
