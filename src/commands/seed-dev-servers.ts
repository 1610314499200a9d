/** `npm run dev -- --seed`: the catalog's secrets, with made-up values, through the clients that the platform itself uses. */
import type { RunningDevServer } from '../dev/servers/dev-server.ts';
import type { StoreName } from '../model/configuration.ts';
import type { Platform } from '../model/platform.ts';
import type { SeededStore } from '../start/start.ts';
import { seedStore } from '../start/start.ts';
import type { SecretStore } from '../stores/contract.ts';
import { createKeyVaultStore } from '../stores/key-vault/key-vault-store.ts';
import { createVaultStore } from '../stores/vault/vault-store.ts';

type Client = { readonly name: StoreName; readonly store: SecretStore; readonly close: () => Promise<unknown> };

function connect(server: RunningDevServer): Client {
  if (server.name === 'vault') {
    const store = createVaultStore({ address: server.address, auth: { kind: 'token', token: server.token } });
    return { name: 'vault-secret-store', store, close: () => store.close() };
  }
  const { vaultUrl, authorityUrl, caCertificate, ...identity } = server.client;
  const store = createKeyVaultStore({
    vaultUrl,
    authorityHost: authorityUrl,
    auth: { kind: 'client-secret', ...identity },
    tls: { ca: caCertificate },
  });
  return { name: 'azure-keyvault-store', store, close: () => store.close() };
}

/** What is there already stays. @throws StoreError */
export async function seedDevServer(server: RunningDevServer, platform: Platform): Promise<SeededStore> {
  const { name, store, close } = connect(server);
  try {
    return await seedStore(name, store, platform);
  } finally {
    await close();
  }
}
