/** What adopting a platform is made of and what it gives. Types only. */
import type { ProviderRequest } from '../eso/provider.ts';
import type { ExternalSecret } from '../eso/resources.ts';
import type { Given } from '../manifest-input/parse-resources.ts';
import type { Configuration, StoreName } from '../model/configuration.ts';

/** An ExternalSecret that config/ can say: it reads one remote secret, in one of the two stores. */
export type Candidate = {
  readonly given: Given<ExternalSecret>;
  readonly store: StoreName;
  /** Which Vault or Key Vault: equal for stores that lead to the same. */
  readonly connection: Connection;
  /** The path below the mount, or the name in Key Vault. */
  readonly remote: string;
  readonly request: ProviderRequest;
  readonly use: Use;
  readonly target: AdoptedTarget;
};

export type Connection =
  | { readonly kind: 'vault'; readonly server: string; readonly mount: string }
  | { readonly kind: 'azurekv'; readonly keyVaultName: string; readonly tenantId: string | undefined };

/** What of the remote secret reaches the Kubernetes Secret. */
export type Use =
  | { readonly kind: 'all fields' }
  | { readonly kind: 'fields'; readonly entries: readonly { readonly key: string; readonly field: string }[] }
  /** The whole value, under one key or several. */
  | { readonly kind: 'text'; readonly keys: readonly string[] };

export type AdoptedTarget = {
  readonly name: string;
  readonly namespace: string;
  readonly type: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly template: Readonly<Record<string, string>>;
  /** Whether what was read arrives too, or the template's keys alone. */
  readonly templateOnly: boolean;
};

/** What a remote secret holds, as far as the catalog has to know. */
export type RemoteContent =
  | { readonly kind: 'fields'; readonly fields: readonly { readonly name: string; readonly isEmpty: boolean }[] }
  | { readonly kind: 'text' }
  | { readonly kind: 'unreadable'; readonly because: string };

export type LeftBehind = {
  readonly given: Given<ExternalSecret>;
  readonly because: string;
  readonly hint: string;
};

export type Adoption = {
  readonly configuration: Configuration;
  readonly adopted: readonly AdoptedExternalSecret[];
  readonly left: readonly LeftBehind[];
  /** What will be otherwise although the Secrets are the same, for people. */
  readonly remarks: readonly string[];
  /** Reads of the stores when every ExternalSecret is refreshed once. Of those that are left too. */
  readonly reads: { readonly before: number; readonly after: number };
};

export type AdoptedExternalSecret = {
  readonly given: Given<ExternalSecret>;
  /** In the catalog. */
  readonly secret: string;
  readonly application: string;
  readonly readsBefore: number;
  readonly readsAfter: number;
};
