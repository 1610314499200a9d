import path from 'node:path';
import { SecretValue } from '../../model/secret-value.ts';
import { createEmbeddedVault } from '../vault/embedded-vault.ts';
import type { DevServerOptions, RunningDevVault } from './dev-server.ts';
import { readToken, writeToken } from './token-file.ts';

/** The root token is the one in `vault-token`, so that a shell that has it still has it after a restart; without a state too. */
export async function startDevVault(options: DevServerOptions): Promise<RunningDevVault> {
  const { folder, storage, ...rest } = options;
  const file = path.join(folder, 'vault-token');
  const given = readToken(file);
  const vault = await createEmbeddedVault({ ...rest, storage, ...(given !== undefined && { rootToken: given }) });
  try {
    writeToken(file, vault.rootToken);
  } catch (error) {
    await vault.close();
    throw error;
  }
  return {
    name: 'vault',
    title: 'Vault',
    address: vault.url,
    variables: [
      { name: 'VAULT_ADDR', value: vault.url },
      { name: 'VAULT_TOKEN', file },
    ],
    hostNames: [],
    token: new SecretValue(vault.rootToken),
    close: () => vault.close(),
  };
}
