/** How the commands reach Vault: VAULT_* variables and ~/.vault-token, as the vault command does; the address may come from the configuration. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Platform } from '../model/platform.ts';
import type { Problem } from '../model/problem.ts';
import { UsageError } from '../model/problem.ts';
import type { VaultSettings } from '../stores/vault/vault-settings.ts';
import { parseVaultSettings } from '../stores/vault/vault-settings.ts';
import type { CommandContext } from './command.ts';

export type VaultConnection =
  | { readonly kind: 'settings'; readonly settings: VaultSettings }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/** @throws {UsageError} where there is no token */
export function vaultConnection({ environment }: Platform, context: CommandContext): VaultConnection {
  const { variables, problems } = readVaultVariables(context);
  if (problems.length > 0) return { kind: 'wrong', problems };
  const { address = environment.vault.server, namespace, tls, token } = variables;
  if (token === undefined)
    throw new UsageError(
      'there is no token for Vault',
      'Sign in (vault login, which writes ~/.vault-token), or set VAULT_TOKEN.',
    );
  const { mount } = environment.vault;
  return { kind: 'settings', settings: { address, mount, namespace, tls, auth: { kind: 'token', token } } };
}

/** VAULT_* and, where VAULT_TOKEN is not set, ~/.vault-token. */
export function readVaultVariables({
  environment,
}: Pick<CommandContext, 'environment'>): ReturnType<typeof parseVaultSettings> {
  return parseVaultSettings(environment, () => tokenFile(environment['HOME']));
}

function tokenFile(home = os.homedir()): string | undefined {
  try {
    return readFileSync(path.join(home, '.vault-token'), 'utf8');
  } catch {
    return undefined;
  }
}
