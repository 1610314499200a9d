/** What setting Vault up needs of its API: paths below /v1/ and plain objects. The adapter is src/stores/vault/vault-administration.ts. */
import type { SecretValue } from '../model/secret-value.ts';

export type VaultAdministration = {
  /** @returns its `data`; undefined where there is nothing. @throws {PlatformError} */
  read(path: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Never throws because of Vault: what was done before has to be reported. */
  write(request: VaultWrite): Promise<WriteOutcome>;
  /** Of the token in use, for each path. Undefined: it may not even ask. @throws {PlatformError} */
  capabilities(paths: readonly string[]): Promise<Readonly<Record<string, readonly string[]>> | undefined>;
};

/**
 * @property secrets fields that are shown nowhere
 * @property repeatable whether doing it twice is doing it once
 */
export type VaultWrite = {
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, SecretValue>>;
  readonly repeatable: boolean;
};

/** @property because fits after a colon; Vault's own text is not in it */
export type WriteOutcome =
  { readonly kind: 'written' } | { readonly kind: 'failed'; readonly because: string; readonly hint: string };
