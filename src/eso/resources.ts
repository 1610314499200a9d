/**
 * The Kubernetes objects that decide what the operator does, as its Go types have them: `external-secrets.io/v1`, with the API's defaults filled
 * in (the reader of manifests does that, by the operator's version). Types only.
 */

export type Metadata = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};
export type NamespacedMetadata = Metadata & { readonly namespace: string };

export type ExternalSecret = {
  readonly metadata: NamespacedMetadata & { readonly uid?: string; readonly generation?: number };
  readonly spec: ExternalSecretSpec;
  /** Of one that is in a cluster already. */
  readonly status?: { readonly refreshTime?: string; readonly syncedResourceVersion?: string };
};

export type ExternalSecretSpec = {
  readonly secretStoreRef?: StoreReference;
  /** Go's duration, such as `1h0m0s`; default 1h. */
  readonly refreshInterval: string;
  readonly refreshPolicy: 'Periodic' | 'OnChange' | 'CreatedOnce';
  readonly target: ExternalSecretTarget;
  readonly data: readonly DataEntry[];
  readonly dataFrom: readonly DataFromEntry[];
};

export type StoreReference = {
  readonly name: string;
  readonly kind: 'SecretStore' | 'ClusterSecretStore' | (string & {});
};

/** In place of the spec's own store, for one entry. */
export type SourceReference = {
  readonly storeRef?: StoreReference;
  readonly generatorRef?: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
};

export type ExternalSecretTarget = {
  /** Default: the ExternalSecret's own. */
  readonly name: string;
  readonly creationPolicy: 'Owner' | 'Orphan' | 'Merge' | 'None' | 'CreateOrMerge';
  readonly deletionPolicy: 'Retain' | 'Delete' | 'Merge';
  readonly immutable: boolean;
  readonly template?: Template;
  /** ESO 2.x: another kind than Secret is written. Not predicted. */
  readonly manifest?: { readonly apiVersion: string; readonly kind: string };
};

export type Template = {
  readonly type?: string;
  readonly engineVersion: string;
  readonly mergePolicy: 'Replace' | 'Merge';
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly finalizers: readonly string[];
  };
  readonly data: Readonly<Record<string, string>>;
  readonly templateFrom: readonly TemplateFrom[];
};

export type TemplateFrom = {
  /** Data, Labels or Annotations. */
  readonly target: string;
  readonly literal?: string;
  readonly configMap?: TemplateReference;
  readonly secret?: TemplateReference;
};
export type TemplateReference = {
  readonly name: string;
  readonly items: readonly { readonly key: string; readonly templateAs: 'Values' | 'KeysAndValues' }[];
};

export type DecodingStrategy = 'None' | 'Base64' | 'Base64URL' | 'Auto' | '';
export type ConversionStrategy = 'Default' | 'Unicode' | '';
export type MetadataPolicy = 'None' | 'Fetch' | '';
/** ESO 2.x; `Ignore` before. */
export type NullBytePolicy = 'Ignore' | 'Fail' | '';

export type RemoteReference = {
  readonly key: string;
  readonly property: string;
  readonly version: string;
  readonly metadataPolicy: MetadataPolicy;
  readonly conversionStrategy: ConversionStrategy;
  readonly decodingStrategy: DecodingStrategy;
  readonly nullBytePolicy: NullBytePolicy;
};

export type DataEntry = {
  readonly secretKey: string;
  readonly remoteRef: RemoteReference;
  readonly sourceRef?: SourceReference;
};

export type DataFromEntry = {
  readonly extract?: RemoteReference;
  readonly find?: Find;
  readonly rewrite: readonly Rewrite[];
  readonly sourceRef?: SourceReference;
};

export type Find = {
  readonly path?: string;
  readonly name?: { readonly regexp: string };
  readonly tags?: Readonly<Record<string, string>>;
  readonly conversionStrategy: ConversionStrategy;
  readonly decodingStrategy: DecodingStrategy;
  readonly nullBytePolicy: NullBytePolicy;
};

/** The first that is given in the order merge, regexp, transform counts. */
export type Rewrite = {
  readonly merge?: {
    readonly into: string;
    readonly priority: readonly string[];
    readonly priorityPolicy: 'Strict' | 'IgnoreNotFound' | '';
    readonly conflictPolicy: 'Error' | 'Ignore' | '';
    readonly strategy: 'Extract' | 'JSON' | '';
  };
  readonly regexp?: { readonly source: string; readonly target: string };
  readonly transform?: { readonly template: string };
};

/** A SecretStore (with a namespace) or a ClusterSecretStore (without). */
export type Store = {
  readonly kind: 'SecretStore' | 'ClusterSecretStore';
  readonly metadata: Metadata & { readonly namespace?: string };
  readonly spec: {
    /** Controller class; '' is the default one. */
    readonly controller: string;
    readonly conditions: readonly StoreCondition[];
    /** 0: the operator's --store-requeue-interval. */
    readonly refreshInterval: string | number;
    readonly retrySettings?: { readonly maxRetries?: number; readonly retryInterval?: string };
    readonly provider: Provider;
  };
  /** The Ready condition of one that is in a cluster. */
  readonly ready?: { readonly status: string; readonly reason: string; readonly message: string };
};

export type StoreCondition = {
  readonly namespaces: readonly string[];
  readonly namespaceRegexes: readonly string[];
  /** `{}` matches all. */
  readonly namespaceSelector?: LabelSelector;
};
export type LabelSelector = {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
};

/** `config` is the manifest's own object, as the API has it. */
export type Provider =
  | { readonly kind: 'vault'; readonly config: VaultProvider }
  | { readonly kind: 'azurekv'; readonly config: AzureProvider }
  /** One that is not read here (aws, gcpsm, kubernetes, fake …). */
  | { readonly kind: 'other'; readonly name: string };

export type SecretKeyReference = { readonly name?: string; readonly namespace?: string; readonly key?: string };
export type ServiceAccountReference = {
  readonly name: string;
  readonly namespace?: string;
  readonly audiences: readonly string[];
};

export type VaultProvider = {
  readonly server: string;
  readonly path?: string;
  readonly version: 'v1' | 'v2';
  readonly namespace?: string;
  readonly readYourWrites: boolean;
  readonly forwardInconsistent: boolean;
  readonly caBundle?: string;
  readonly caProvider?: {
    readonly type: string;
    readonly name: string;
    readonly namespace?: string;
    readonly key?: string;
  };
  /** The first method that is configured decides: tokenSecretRef, appRole, kubernetes, ldap, userPass, jwt, cert, iam. */
  readonly auth?: {
    readonly namespace?: string;
    readonly tokenSecretRef?: SecretKeyReference;
    readonly kubernetes?: {
      readonly mountPath: string;
      readonly role: string;
      readonly serviceAccountRef?: ServiceAccountReference;
      readonly secretRef?: SecretKeyReference;
    };
    /** Which others are configured, by their names. */
    readonly others: readonly string[];
  };
};

export type AzureProvider = {
  readonly authType: 'ServicePrincipal' | 'ManagedIdentity' | 'WorkloadIdentity' | (string & {});
  readonly vaultUrl: string;
  readonly tenantId?: string;
  readonly environmentType: string;
  readonly identityId?: string;
  readonly useAzureSDK: boolean;
  readonly serviceAccountRef?: ServiceAccountReference;
  readonly authSecretRef?: {
    readonly clientId?: SecretKeyReference;
    readonly clientSecret?: SecretKeyReference;
    readonly clientCertificate?: SecretKeyReference;
    readonly tenantId?: SecretKeyReference;
  };
  readonly customCloud: boolean;
};
