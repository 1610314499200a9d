/** The configuration as a platform team writes it in config/. Plain data; `resolve()` turns it into a {@link Platform}. */

export const storeNames = ['vault-secret-store', 'azure-keyvault-store'] as const;
/** The ClusterSecretStores that Lockstep writes. */
export type StoreName = (typeof storeNames)[number];

export const chartTypes = [
  'AiPlatformEngineeringChart',
  'NextJsChart',
  'BackstageChart',
  'HeadlampChart',
  'ExternalSecretsChart',
  'VaultChart',
  'SecretsChart',
] as const;
/** The charts that come with Lockstep; src/manifests/charts/ holds one file for each. */
export type ChartType = (typeof chartTypes)[number];

/** What any chart may be told. A chart reads more of its own from here; src/manifests/charts/ says what. */
export type ChartProps = {
  /** Where this application's secrets are read from. Wins over AI_PLATFORM_SECRET_STORE and the environment's default. */
  readonly secretStore?: StoreName;
  /** The host name of its ingress. Wins over INGRESS_HOST. */
  readonly ingressHost?: string;
  /** The container image, where the chart runs one itself; without it the chart brings the application's secrets and no workload. */
  readonly image?: string;
  /** The port that the image listens on. */
  readonly port?: number;
  /** The agents that AiPlatformEngineeringChart runs. Default: all (src/model/chart-types.ts). */
  readonly agents?: readonly string[];
  readonly [prop: string]: unknown;
};

/**
 * A cdk8s chart of the user's own. It gets the application's props and, under `platform`, what the catalog says about it
 * (src/manifests/chart-class.ts). Typed loosely here because the model does not depend on cdk8s.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a constructor's parameters are contravariant
export type ChartClass = new (scope: any, id: string, props: any) => object;

export type ApplicationDefinition = {
  readonly name: string;
  readonly namespace: string;
  readonly chart: { readonly type: ChartType | ChartClass; readonly props?: ChartProps };
};

export const fieldFormats = ['text', 'token', 'url', 'email', 'boolean', 'guid', 'integer', 'pem', 'json'] as const;
export type FieldFormat = (typeof fieldFormats)[number] | { readonly oneOf: readonly string[] };

/** Required always, never, or as long as another field of the same secret holds one of these values. */
export type Requirement<Field extends string = string> =
  boolean | { readonly whenField: Field; readonly is: readonly string[] };

export type FieldDefinition<Field extends string = string> = {
  readonly description: string;
  readonly format: FieldFormat;
  /** Default: true. */
  readonly required?: Requirement<Field>;
  /** Who makes it: a person gets it from a vendor (the default), or Lockstep generates it. */
  readonly origin?: 'external' | 'generated';
  /** Where a person gets it: a page or a few words. */
  readonly obtainedFrom?: string;
  /** Days after which it should be renewed. */
  readonly rotateAfterDays?: number;
};

/** One Kubernetes Secret that receives the secret. */
export type TargetDefinition<Application extends string = string, Field extends string = string> = {
  /** The name of the Kubernetes Secret. */
  readonly name: string;
  /** The application that uses it, where that is not the secret's own. */
  readonly application?: Application;
  /** Default: the namespace of its application. */
  readonly namespace?: string;
  /** Default: Opaque. */
  readonly type?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The fields that reach this Secret. Default: all of them. */
  readonly fields?: readonly Field[];
  /** Another key in the Secret for a field: `{ FIELD: 'key' }`. Default: the field's name. */
  readonly keys?: { readonly [F in Field]?: string };
  /** The key that a plain text secret gets. */
  readonly key?: string;
  /** Further keys, as text or Go templates over the fields: `{ type: 'git', url: 'https://…' }`. */
  readonly template?: Readonly<Record<string, string>>;
};

type SecretCommon<Application extends string, Field extends string> = {
  readonly description: string;
  /** The application that owns the secret; its store is read. */
  readonly application: Application;
  /** The path below the KV v2 mount. */
  readonly vaultPath: string;
  /** The name of the Key Vault secret. */
  readonly keyVaultName: string;
  readonly targets: readonly TargetDefinition<Application, Field>[];
};

/** A secret that is a map of fields: one KV v2 path, one JSON object in Key Vault. */
export type FieldsSecretDefinition<Application extends string = string, Field extends string = string> = SecretCommon<
  Application,
  Field
> & {
  readonly fields: { readonly [F in Field]: FieldDefinition<Field> };
  readonly text?: never;
};

/** A secret that is one plain text: one Key Vault secret's value, one property of a KV v2 path. */
export type TextSecretDefinition<Application extends string = string> = SecretCommon<Application, never> & {
  readonly text: Omit<FieldDefinition<never>, 'required' | 'description'> & {
    /** The property of the KV v2 path that holds the text. Default: `value`. */
    readonly vaultProperty?: string;
  };
  readonly fields?: never;
};

export type SecretDefinition<Application extends string = string, Field extends string = string> =
  FieldsSecretDefinition<Application, Field> | TextSecretDefinition<Application>;

/** How Argo CD finds the output. */
export type GitOpsDefinition =
  /** idpbuilder serves the folder itself: `cnoe://`. */
  | { readonly kind: 'idpbuilder' }
  | {
      readonly kind: 'git';
      readonly repoUrl: string;
      /** Default: `HEAD`. */
      readonly revision?: string;
      /** The folder that holds the output in that repository. Default: `dist`. */
      readonly folder?: string;
    };

export type EnvironmentDefinition<Secret extends string = string> = {
  /** Production refuses what other environments only note. Default: false. */
  readonly production?: boolean;
  readonly defaultStore: StoreName;
  readonly vault: {
    /** As seen from inside the cluster. */
    readonly server: string;
    /** The KV v2 mount. Default: `secret`. */
    readonly mount?: string;
    /** What VaultChart deploys. */
    readonly profile: 'dev' | 'ha';
  };
  /** Absent: this environment has no Key Vault, unless AZURE_KEYVAULT_NAME gives it one. */
  readonly azure?: {
    /** Its own: two environments never share one. */
    readonly keyVaultName: string;
    /** Default: AZURE_TENANT_ID. */
    readonly tenantId?: string;
    /** The identity that External Secrets Operator uses. Default: AZURE_CLIENT_ID. */
    readonly clientId?: string;
  };
  readonly gitOps: GitOpsDefinition;
  readonly externalSecrets: {
    /** The operator's version; its minor decides which API defaults are written out. */
    readonly version: string;
    /** How often it reads the stores, in the form 1h0m0s. */
    readonly refreshInterval: string;
  };
  /** Default: `cnoe.localtest.me`. INGRESS_HOST wins over it. */
  readonly ingressHost?: string;
  /** Secrets of the catalog that this environment does not have. */
  readonly omitSecrets?: readonly Secret[];
};

/** Everything in config/, as loaded. */
export type Configuration = {
  readonly applications: readonly ApplicationDefinition[];
  readonly secrets: Readonly<Record<string, SecretDefinition>>;
  readonly environments: Readonly<Record<string, EnvironmentDefinition>>;
};
