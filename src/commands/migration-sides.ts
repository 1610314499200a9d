/** The stores of an environment as clients: Vault as the vault command reaches it, Key Vault as az does. */
import type { StoreSide } from '../migrate/migration.ts';
import type { Platform } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import { UsageError } from '../model/problem.ts';
import { parseKeyVaultSettings } from '../stores/key-vault/key-vault-settings.ts';
import { createKeyVaultStore } from '../stores/key-vault/key-vault-store.ts';
import { createVaultStore } from '../stores/vault/vault-store.ts';
import type { OnRetry } from '../stores/contract.ts';
import type { CommandContext } from './command.ts';
import { vaultConnection } from './vault-connection.ts';

/** Of thousands of requests some fail: a migration is not given up for them. */
const RETRIES = 5;

type Wrong = { readonly kind: 'wrong'; readonly problems: readonly Problem[] };
type OpenSide = { readonly kind: 'open'; readonly side: StoreSide; readonly close: () => Promise<unknown> };

/** @throws {UsageError} where there is no token */
export function openVault(platform: Platform, context: CommandContext, onRetry?: OnRetry): OpenSide | Wrong {
  const connection = vaultConnection(platform, context);
  if (connection.kind === 'wrong') return connection;
  const client = createVaultStore({ ...connection.settings, retries: RETRIES, onRetry });
  const { name, capabilities } = client;
  return {
    kind: 'open',
    side: { store: 'vault-secret-store', name, capabilities, client },
    close: () => client.close(),
  };
}

/** @throws {UsageError} where no Key Vault is named */
export function openKeyVault({ environment }: Platform, context: CommandContext, onRetry?: OnRetry): OpenSide | Wrong {
  const { variables, problems, warnings } = parseKeyVaultSettings(context.environment);
  if (problems.length > 0) return { kind: 'wrong', problems };
  const keyVault = environment.namedKeyVault;
  if (keyVault.kind === 'wrong') return keyVault;
  if (keyVault.kind === 'none')
    throw new UsageError(
      `no Key Vault is named: ${environment.name} has none, and AZURE_KEYVAULT_NAME is not set`,
      'export AZURE_KEYVAULT_NAME=kv-platform-dev',
    );
  const vaultUrl = variables.vaultUrl ?? keyVault.uri;
  // Only names are held against those of other environments: an address of its own must not lead into one of them.
  const [named = ''] = new URL(vaultUrl).hostname.split('.');
  if (named.toLowerCase() !== keyVault.name.toLowerCase())
    throw new UsageError(
      `AZURE_KEYVAULT_URI leads to "${named}", and the Key Vault of ${environment.name} is "${keyVault.name}"`,
      'Unset it, or give the address of that one.',
    );
  warnings.forEach(context.note);
  const { auth, authorityHost, tls } = variables;
  const client = createKeyVaultStore({ vaultUrl, auth, authorityHost, tls, retries: RETRIES, onRetry });
  const { name, capabilities } = client;
  return {
    kind: 'open',
    side: { store: 'azure-keyvault-store', name, capabilities, client },
    close: () => client.close(),
  };
}

export type MigrationSides = {
  readonly kind: 'open';
  readonly vault: StoreSide;
  readonly keyVault: StoreSide;
  /** How often one of them was asked again until now. */
  readonly retries: () => number;
  readonly close: () => Promise<void>;
};

/** Both. @throws {UsageError} */
export function openSides(platform: Platform, context: CommandContext): MigrationSides | Wrong {
  let retries = 0;
  const onRetry = (): void => {
    retries += 1;
  };
  const keyVault = openKeyVault(platform, context, onRetry);
  if (keyVault.kind === 'wrong') return keyVault;
  const vault = openVault(platform, context, onRetry);
  if (vault.kind === 'wrong') return vault;
  return {
    kind: 'open',
    vault: vault.side,
    keyVault: keyVault.side,
    retries: () => retries,
    close: async () => {
      await Promise.all([vault.close(), keyVault.close()]);
    },
  };
}
