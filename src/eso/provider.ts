/** What the operator asks of a store for one entry, and what the store answers: the border between the predictor and those who read. */
import type { GoString } from './go/go-string.ts';
import type { Store } from './resources.ts';

/** Two requests with one {@link requestId} are one. */
export type ProviderRequest =
  /** GET {vaultUrl}/secrets/{name}/{version}; `version` '' is the newest. */
  | { readonly kind: 'key-vault-secret'; readonly store: Store; readonly name: string; readonly version: string }
  /** All secrets of the vault with their values, tags and whether they are enabled: for `find`. `match` tells which values are needed. */
  | {
      readonly kind: 'key-vault-secrets';
      readonly store: Store;
      readonly match: (name: string, tags: Tags) => boolean;
      readonly id: string;
    }
  /** `path` is what the operator asks for, below /v1/: `secret/data/team/app`. `version` '' is the newest. */
  | { readonly kind: 'vault-secret'; readonly store: Store; readonly path: string; readonly version: string }
  /** `path`: `secret/metadata/team/app`. */
  | { readonly kind: 'vault-metadata'; readonly store: Store; readonly path: string }
  /** Every secret below `path` (`secret/metadata/team/`), with values and custom metadata: for `find`. */
  | {
      readonly kind: 'vault-secrets';
      readonly store: Store;
      readonly path: string;
      readonly match: (name: string) => boolean;
      readonly id: string;
    };

export type Tags = Readonly<Record<string, string>>;

export type ProviderAnswer =
  | { readonly kind: 'present'; readonly secret: ProviderSecret }
  /** Of `key-vault-secrets` and `vault-secrets`; names relative to the request's path, sorted by their bytes. */
  | { readonly kind: 'list'; readonly secrets: readonly ListedProviderSecret[] }
  /** 404: it never was, is deleted, or the version is not there. */
  | { readonly kind: 'missing' }
  /** Vault's answers of 200 or 404 that hold warnings and no data, as from the wrong kind of mount. */
  | { readonly kind: 'no-data-field' }
  /** Key Vault: 403 for everybody. */
  | { readonly kind: 'disabled'; readonly message: string }
  /**
   * The operator itself gets this answer, for certain. `errors`: Vault's list; Key Vault's message alone. `code` and `innerCode` (of `innererror`):
   * Key Vault's. `namespace`: the header X-Vault-Namespace of Vault's answer.
   */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly errors: readonly string[];
      readonly innerCode?: string;
      readonly namespace?: string;
    }
  /** We may not read it; the operator may or may not. */
  | { readonly kind: 'forbidden-to-us' }
  /** It could not be read. `because` is for people. */
  | { readonly kind: 'unknown'; readonly because: string };

export type ProviderSecret = {
  /** Key Vault: the value. Vault: the JSON text of `data` (KV v2: `data.data`), numbers with their digits; `null` where it is null. */
  readonly value: GoString;
  /** Key Vault: its tags. Vault: custom_metadata, where it was asked for. */
  readonly tags: Tags | undefined;
};

export type ListedProviderSecret = {
  readonly name: string;
  readonly tags: Tags | undefined;
  readonly enabled: boolean;
  /** Undefined where `match` did not ask for it. */
  readonly answer: ProviderAnswer | undefined;
};

export function requestId(request: ProviderRequest): string {
  const { kind, metadata } = request.store;
  const where = [kind, metadata.namespace ?? '', metadata.name];
  switch (request.kind) {
    case 'key-vault-secret':
      return JSON.stringify([request.kind, ...where, request.name, request.version]);
    case 'vault-secret':
      return JSON.stringify([request.kind, ...where, request.path, request.version]);
    case 'vault-metadata':
      return JSON.stringify([request.kind, ...where, request.path]);
    case 'key-vault-secrets':
      return JSON.stringify([request.kind, ...where, request.id]);
    case 'vault-secrets':
      return JSON.stringify([request.kind, ...where, request.path, request.id]);
  }
}
