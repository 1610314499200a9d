/**
 * The platform: one environment of the configuration, resolved. Every default is filled in, every reference followed, every rule held.
 * All jobs are projections of this; none keeps a list of names of its own.
 */
import type {
  ApplicationDefinition,
  ChartProps,
  FieldFormat,
  GitOpsDefinition,
  Requirement,
  StoreName,
} from './configuration.ts';
import type { Problem } from './problem.ts';

export type Platform = {
  readonly environment: Environment;
  /** In the order of config/applications.ts. */
  readonly applications: readonly Application[];
  /** In the order of config/secrets.ts, without those that the environment omits. */
  readonly secrets: readonly Secret[];
  /** What was decided that a person should know, a line each. */
  readonly notes: readonly string[];
};

export type KeyVault = {
  readonly name: string;
  /** `https://<name>.vault.azure.net` */
  readonly uri: string;
  readonly tenantId: string;
  /** The identity that External Secrets Operator uses. */
  readonly clientId: string;
};

/** @property problems that it is another environment's, or that config/ and the variable name two */
export type NamedKeyVault =
  | { readonly kind: 'named'; readonly name: string; readonly uri: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

export type Environment = {
  readonly name: string;
  readonly production: boolean;
  readonly defaultStore: StoreName;
  readonly vault: { readonly server: string; readonly mount: string; readonly profile: 'dev' | 'ha' };
  /** Undefined where no application reads from one. */
  readonly keyVault: KeyVault | undefined;
  /** Where secrets may be moved to before an application reads from there. */
  readonly namedKeyVault: NamedKeyVault;
  readonly gitOps: GitOpsDefinition;
  readonly externalSecrets: { readonly version: string; readonly refreshInterval: string };
  readonly ingressHost: string;
};

export type Application = {
  readonly name: string;
  readonly namespace: string;
  readonly chartType: ApplicationDefinition['chart']['type'];
  readonly props: ChartProps;
  /** The store that its secrets are read from. */
  readonly store: StoreName;
  /** Whether its manifests hold the Namespace: the first application of a namespace does. */
  readonly ownsNamespace: boolean;
  readonly ingressHost: string;
  /** The Kubernetes Secrets that it receives, of whichever application's secret. */
  readonly targets: readonly ApplicationTarget[];
};

export type ApplicationTarget = { readonly secret: Secret; readonly target: Target };

export type Secret = {
  readonly name: string;
  readonly description: string;
  readonly application: string;
  /** The store of its application. */
  readonly store: StoreName;
  readonly vaultPath: string;
  readonly keyVaultName: string;
  readonly content: FieldsContent | TextContent;
  readonly targets: readonly Target[];
};

/** A map of fields: one KV v2 path, one JSON object in Key Vault. */
export type FieldsContent = { readonly kind: 'fields'; readonly fields: readonly Field[] };
/** One plain text: the whole value in Key Vault, one property of a KV v2 path. */
export type TextContent = { readonly kind: 'text'; readonly field: Field; readonly vaultProperty: string };

export type Field = {
  readonly name: string;
  readonly description: string;
  readonly format: FieldFormat;
  readonly required: Requirement;
  readonly origin: 'external' | 'generated';
  readonly obtainedFrom: string | undefined;
  readonly rotateAfterDays: number | undefined;
};

/** One Kubernetes Secret. */
export type Target = {
  readonly name: string;
  readonly namespace: string;
  readonly application: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Which field arrives under which key, in the order of the catalog. A text secret has one. */
  readonly keys: readonly { readonly field: string; readonly key: string }[];
  /** Further keys: Go templates over the fields. */
  readonly template: Readonly<Record<string, string>>;
};

/** The name that a secret has in its store: what External Secrets Operator asks for. */
export function remoteKey(secret: Pick<Secret, 'store' | 'vaultPath' | 'keyVaultName'>): string {
  return secret.store === 'vault-secret-store' ? secret.vaultPath : secret.keyVaultName;
}

/** What a target cannot do without, whatever else its secret holds: names of fields or, of a plain text, its key. In the order of the catalog. */
export function alwaysRequired({ content }: Pick<Secret, 'content'>, target: Pick<Target, 'keys'>): readonly string[] {
  if (content.kind === 'text') return target.keys.map(({ key }) => key);
  const names: string[] = [];
  for (const { name, required } of content.fields)
    if (required === true && target.keys.some(({ field }) => field === name)) names.push(name);
  return names;
}
