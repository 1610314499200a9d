/** What an operation of a secret works with. */
import type { ApiVersion } from './api-version.ts';
import type { BackupSeal } from './backup-seal.ts';
import type { KeyVaultReply } from './key-vault-reply.ts';
import type { Route } from './key-vault-request.ts';
import type { VaultTraits } from './secret-bundle.ts';
import type { VaultSecrets } from './vault-secrets.ts';

/**
 * @property name as defined; @property traits of every secret in it; @property createId 32 hexadecimal digits
 */
export type KeyVault = {
  readonly name: string;
  readonly purgeProtection: boolean;
  readonly traits: VaultTraits;
  readonly secrets: VaultSecrets;
  readonly seal: BackupSeal;
  readonly createId: () => string;
};

/** @property query names in lower case */
export type OperationRequest = {
  readonly vault: KeyVault;
  readonly route: Route;
  readonly api: ApiVersion;
  readonly query: ReadonlyMap<string, string>;
  readonly body: Buffer;
  readonly nowMs: number;
};

export type OperationHandler = (request: OperationRequest) => KeyVaultReply;

export function ok(json: object): KeyVaultReply {
  return { status: 200, json };
}
