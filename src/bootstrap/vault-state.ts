/** What is in Vault now, of what should be there. */
import { InternalError } from '../model/problem.ts';
import type { DesiredVault } from './desired-vault.ts';
import type { VaultAdministration } from './vault-administration.ts';

export type MountFacts = {
  readonly type: string;
  readonly description: string;
  /** Of KV: `1`, `2`, or undefined for 1. */
  readonly version: string | undefined;
};

export type AuditFacts = {
  readonly type: string;
  readonly description: string;
  readonly filePath: string | undefined;
  /** It writes values as they are. */
  readonly isRaw: boolean;
};

export type Facts = Readonly<Record<string, unknown>>;

/** @property mounts by path, with a slash at its end; likewise `authMethods` and `auditDevices` */
export type VaultState = {
  readonly mounts: ReadonlyMap<string, MountFacts>;
  readonly authMethods: ReadonlyMap<string, MountFacts>;
  readonly auditDevices: ReadonlyMap<string, AuditFacts>;
  /** By name, of those that should be there. */
  readonly policies: ReadonlyMap<string, string>;
  readonly configuration: Facts | undefined;
  readonly role: Facts | undefined;
};

export const paths = {
  mounts: 'sys/mounts',
  authMethods: 'sys/auth',
  auditDevices: 'sys/audit',
  policy: (name: string): string => `sys/policies/acl/${name}`,
  configuration: ({ authMount }: DesiredVault): string => `auth/${authMount}/config`,
  role: ({ authMount, role }: DesiredVault): string => `auth/${authMount}/role/${role.name}`,
} as const;

/** Each path that is read, with what the token must be allowed to do there. */
export function readsOf(desired: DesiredVault): readonly Need[] {
  return [
    { path: paths.mounts, capabilities: ['read'] },
    { path: paths.authMethods, capabilities: ['read'] },
    { path: paths.auditDevices, capabilities: ['read', 'sudo'] },
    ...desired.policies.map(({ name }): Need => ({ path: paths.policy(name), capabilities: ['read'] })),
    { path: paths.configuration(desired), capabilities: ['read'] },
    { path: paths.role(desired), capabilities: ['read'] },
  ];
}

export type Need = { readonly path: string; readonly capabilities: readonly ('create' | 'read' | 'update' | 'sudo')[] };

/** @throws {PlatformError} where Vault does not answer */
export async function readVaultState(vault: VaultAdministration, desired: DesiredVault): Promise<VaultState> {
  const [mounts, authMethods, auditDevices, ...policies] = await Promise.all([
    vault.read(paths.mounts),
    vault.read(paths.authMethods),
    vault.read(paths.auditDevices),
    ...desired.policies.map(({ name }) => vault.read(paths.policy(name))),
  ]);
  const methods = mapOf(needed(authMethods), mountFacts);
  const isThere = methods.get(`${desired.authMount}/`)?.type === 'kubernetes';
  const [configuration, role] = isThere
    ? await Promise.all([vault.read(paths.configuration(desired)), vault.read(paths.role(desired))])
    : [undefined, undefined];
  return {
    mounts: mapOf(needed(mounts), mountFacts),
    authMethods: methods,
    auditDevices: mapOf(needed(auditDevices), auditFacts),
    policies: new Map(
      desired.policies.flatMap(({ name }, index) => {
        const text = policies[index]?.['policy'];
        return typeof text === 'string' ? [[name, text] as const] : [];
      }),
    ),
    configuration,
    role,
  };
}

/** Vault always has these lists, if only empty. */
function needed(facts: Facts | undefined): Facts {
  if (facts === undefined) throw new InternalError(new Error('a list of Vault is missing'));
  return facts;
}

function mapOf<Value>(facts: Facts, parse: (facts: Facts) => Value): ReadonlyMap<string, Value> {
  return new Map(Object.entries(facts).map(([path, value]) => [path, parse(value as Facts)]));
}

function mountFacts(facts: Facts): MountFacts {
  return {
    type: textOf(facts['type']),
    description: textOf(facts['description']),
    version: optionOf(facts, 'version'),
  };
}

function auditFacts(facts: Facts): AuditFacts {
  return {
    type: textOf(facts['type']),
    description: textOf(facts['description']),
    filePath: optionOf(facts, 'file_path') ?? optionOf(facts, 'path'),
    // strconv.ParseBool; what it refuses, Vault has refused.
    isRaw: /^(?:1|t|true)$/i.test(optionOf(facts, 'log_raw') ?? ''),
  };
}

function optionOf(facts: Facts, name: string): string | undefined {
  const value = (facts['options'] as Facts | null | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
