/** Both stores of an environment, to move secrets from one to the other: Vault as the vault command reaches it, Key Vault as az does. */
import type { StoreSide } from '../migrate/migrate.ts';
import type { Platform } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import { UsageError } from '../model/problem.ts';
import { parseKeyVaultSettings } from '../stores/key-vault/key-vault-settings.ts';
import { createKeyVaultStore } from '../stores/key-vault/key-vault-store.ts';
import { createVaultStore } from '../stores/vault/vault-store.ts';
import type { CommandContext } from './command.ts';
import { vaultConnection } from './vault-connection.ts';

export type MigrationSides = {
  readonly kind: 'open';
  readonly vault: StoreSide;
  readonly keyVault: StoreSide;
  readonly close: () => Promise<void>;
};

/** @throws {UsageError} where there is no token for Vault, or no Key Vault is named */
export function openSides(
  platform: Platform,
  context: CommandContext,
): MigrationSides | { readonly kind: 'wrong'; readonly problems: readonly Problem[] } {
  const { variables, problems, warnings } = parseKeyVaultSettings(context.environment);
  if (problems.length > 0) return { kind: 'wrong', problems };
  const vaultUrl = variables.vaultUrl ?? platform.environment.keyVault?.uri;
  if (vaultUrl === undefined)
    throw new UsageError(
      `no Key Vault is named: ${platform.environment.name} has none, and AZURE_KEYVAULT_NAME is not set`,
      'export AZURE_KEYVAULT_NAME=kv-platform-dev',
    );
  const connection = vaultConnection(platform, context);
  if (connection.kind === 'wrong') return connection;
  warnings.forEach(context.note);
  const { auth, authorityHost, tls } = variables;
  const vault = createVaultStore(connection.settings);
  const keyVault = createKeyVaultStore({ vaultUrl, auth, authorityHost, tls });
  return {
    kind: 'open',
    vault: { store: 'vault-secret-store', name: vault.name, capabilities: vault.capabilities, client: vault },
    keyVault: {
      ...{ store: 'azure-keyvault-store', name: keyVault.name },
      ...{ capabilities: keyVault.capabilities, client: keyVault },
    },
    close: async () => {
      await Promise.all([vault.close(), keyVault.close()]);
    },
  };
}
