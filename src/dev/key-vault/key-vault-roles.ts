/** Who may do what: Azure's built-in roles and custom ones, on a vault or on one secret of it. */
import { forbiddenByRbac } from './key-vault-errors.ts';
import { region } from './key-vault-reply.ts';
import type { KeyVaultError } from './key-vault-reply.ts';
import type { KeyVaultOperation } from './key-vault-request.ts';

/** The identity of a token: `oid`, `appid` and `tid`. */
export type Principal = { readonly objectId: string; readonly appId: string; readonly tenantId: string };

/** As a role definition has them, without `Microsoft.KeyVault/vaults/secrets/`. */
export type DataAction =
  | 'getSecret/action'
  | 'readMetadata/action'
  | 'setSecret/action'
  | 'update/action'
  | 'delete'
  | 'recover/action'
  | 'purge/action'
  | 'backup/action'
  | 'restore/action';

const every: readonly DataAction[] = [
  'getSecret/action',
  'readMetadata/action',
  'setSecret/action',
  'update/action',
  'delete',
  'recover/action',
  'purge/action',
  'backup/action',
  'restore/action',
];

/** What they grant of secrets [doc]. The last four are of the control plane or of keys: on secrets they grant nothing. */
const builtIn = {
  'Key Vault Administrator': every,
  'Key Vault Secrets Officer': every,
  'Key Vault Secrets User': ['getSecret/action', 'readMetadata/action'],
  'Key Vault Reader': ['readMetadata/action'],
  'Key Vault Contributor': [],
  'Key Vault Crypto Service Encryption User': [],
  'Key Vault Data Access Administrator': [],
  'Key Vault Purge Operator': [],
} as const satisfies Readonly<Record<string, readonly DataAction[]>>;

export type KeyVaultRole = keyof typeof builtIn | { readonly actions: readonly DataAction[] };

/** @property secret a name; default: the whole vault, which a list and a restore need */
export type RoleAssignment = {
  readonly objectId: string;
  readonly role: KeyVaultRole;
  readonly secret?: string;
};

const needed: Readonly<Record<KeyVaultOperation, DataAction>> = {
  SecretGet: 'getSecret/action',
  SecretSet: 'setSecret/action',
  SecretUpdate: 'update/action',
  SecretDelete: 'delete',
  SecretList: 'readMetadata/action',
  SecretListVersions: 'readMetadata/action',
  SecretBackup: 'backup/action',
  SecretRestore: 'restore/action',
  SecretGetDeleted: 'readMetadata/action',
  SecretListDeleted: 'readMetadata/action',
  SecretRecover: 'recover/action',
  SecretPurge: 'purge/action',
};

export class RoleAssignments {
  readonly #vault: string;
  /** `object id` and `object id/SECRET` → actions. */
  readonly #granted = new Map<string, Set<DataAction>>();

  constructor(vault: string, assignments: readonly RoleAssignment[]) {
    this.#vault = vault;
    for (const { objectId, role, secret } of assignments) {
      const key = secret === undefined ? objectId.toLowerCase() : scopeKey(objectId.toLowerCase(), secret);
      const actions = this.#granted.get(key) ?? new Set();
      for (const action of typeof role === 'string' ? builtIn[role] : role.actions) actions.add(action);
      this.#granted.set(key, actions);
    }
  }

  /** @param name of the secret; '' where the operation has none. @returns undefined where it is allowed */
  refuse(principal: Principal, operation: KeyVaultOperation, name: string): KeyVaultError | undefined {
    const action = needed[operation];
    const id = principal.objectId.toLowerCase();
    if (this.#granted.get(id)?.has(action) === true) return undefined;
    if (name !== '' && this.#granted.get(scopeKey(id, name))?.has(action) === true) return undefined;
    return forbiddenByRbac(this.#explain(principal, action, name));
  }

  /** [rep], to the letter, with a subscription that there is none of. */
  #explain({ appId, objectId, tenantId }: Principal, action: DataAction, name: string): string {
    const resource = `/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/lockstep/providers/microsoft.keyvault/vaults/${this.#vault}${name === '' ? '' : `/secrets/${name}`}`;
    return [
      'Caller is not authorized to perform action on resource.',
      'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
      `Caller: appid=${appId};oid=${objectId};iss=https://sts.windows.net/${tenantId}/`,
      `Action: 'Microsoft.KeyVault/vaults/secrets/${action}'`,
      `Resource: '${resource}'`,
      'Assignment: (not found)',
      'DenyAssignmentId: null',
      'DecisionReason: null ',
      `Vault: ${this.#vault};location=${region}`,
      '',
    ].join('\r\n');
  }
}

/** Resource ids of Azure have no case. */
function scopeKey(objectId: string, secret: string): string {
  return `${objectId}/${secret.toUpperCase()}`;
}
