/** What Vault should be like, from the platform and from what only whoever sets it up can know. Pure. */
import type { Platform } from '../model/platform.ts';
import type { SecretValue } from '../model/secret-value.ts';
import { operatorServiceAccount, vaultLogin } from '../manifests/secret-stores.ts';
import type { PolicyRule } from './vault-policy.ts';
import { operatorPolicy, operatorRules, writersPolicy, writersRules } from './vault-policy.ts';

/**
 * How Vault asks the cluster whether a ServiceAccount token is genuine.
 *
 * @property host default: the address of the API server inside the cluster
 * @property caCertificate PEM. Undefined: Vault's own, from its pod
 * @property reviewerJwt the token that it asks with. Undefined: Vault's own, from its pod
 * @property replaceReviewerJwt also where there is one, which cannot be read back
 */
export type KubernetesFacts = {
  readonly host?: string | undefined;
  readonly caCertificate?: string | undefined;
  readonly reviewerJwt?: SecretValue | undefined;
  readonly replaceReviewerJwt?: boolean | undefined;
};

export type BootstrapOptions = {
  readonly kubernetes: KubernetesFacts;
  /** Where audit devices write, `stdout` or files on each Vault server. Default: a file, by the profile, and stdout. */
  readonly auditPaths?: readonly string[] | undefined;
};

/** Fields of the role as Vault gives them back. */
type RoleFields = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export type DesiredVault = {
  /** Without a slash at its end. */
  readonly mount: string;
  /** Below `auth/`. */
  readonly authMount: string;
  readonly kubernetes: KubernetesFacts & { readonly host: string };
  readonly policies: readonly {
    readonly name: string;
    readonly rules: readonly PolicyRule[];
    readonly about: string;
  }[];
  readonly role: { readonly name: string; readonly fields: RoleFields };
  readonly auditPaths: readonly string[];
};

/** Vault goes on where one audit device is blocked, as long as there is another. */
export const neededAuditDevices = 2;

/** In the `ha` profile the chart mounts a volume there; in the other the folder comes with the image. */
const auditFiles = { dev: '/vault/logs/audit.log', ha: '/vault/audit/audit.log' } as const;

export function desireVault(platform: Platform, options: BootstrapOptions): DesiredVault {
  const { vault } = platform.environment;
  const { kubernetes, auditPaths = [auditFiles[vault.profile], 'stdout'] } = options;
  const reads = operatorRules(platform);
  const writes = writersRules(platform);
  return {
    mount: vault.mount,
    authMount: vaultLogin.mountPath,
    kubernetes: { ...kubernetes, host: kubernetes.host ?? 'https://kubernetes.default.svc' },
    policies: [
      { name: operatorPolicy, rules: reads, about: `External Secrets Operator reads ${secretsIn(reads)}` },
      { name: writersPolicy, rules: writes, about: `people write ${secretsIn(writes)}` },
    ],
    role: {
      name: vaultLogin.role,
      fields: {
        bound_service_account_names: [operatorServiceAccount.name],
        bound_service_account_namespaces: [operatorServiceAccount.namespace],
        bound_service_account_namespace_selector: '',
        audience: vaultLogin.audience,
        alias_name_source: 'serviceaccount_uid',
        token_policies: [operatorPolicy],
        token_no_default_policy: true,
        token_ttl: 20 * 60,
        token_max_ttl: 0,
        token_explicit_max_ttl: 0,
        token_period: 0,
        token_num_uses: 0,
        token_type: 'default',
      },
    },
    auditPaths,
  };
}

function secretsIn(rules: readonly PolicyRule[]): string {
  const count = rules.filter(({ path }) => path.includes('/data/')).length;
  return `${count} path${count === 1 ? '' : 's'}`;
}
