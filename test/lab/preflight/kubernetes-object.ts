export type JsonObject = { readonly [key: string]: unknown };

/** Of a Kubernetes object. */
export type ObjectMetadata = {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly controller?: boolean;
  }[];
  readonly managedFields?: readonly {
    readonly manager: string;
    readonly fieldsV1?: JsonObject;
    readonly subresource?: string;
  }[];
};

export type KubernetesObject = JsonObject & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
};
