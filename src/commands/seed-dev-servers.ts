/** `npm run dev -- --seed`: the catalog's secrets, with made-up values, through the clients that the platform itself uses. */
import type { DevServerName, RunningDevServer } from '../dev/servers/dev-server.ts';
import type { StoreName } from '../model/configuration.ts';
import type { Platform } from '../model/platform.ts';
import type { SeededStore } from '../start/start.ts';
import { seedStore } from '../start/start.ts';
import type { SecretStore } from '../stores/contract.ts';
import { createVaultStore } from '../stores/vault/vault-store.ts';

type Client = { readonly name: StoreName; readonly store: SecretStore; readonly close: () => Promise<unknown> };

const clients: Readonly<Record<DevServerName, (server: RunningDevServer) => Client>> = {
  vault: ({ address, token }) => {
    const store = createVaultStore({ address, auth: { kind: 'token', token } });
    return { name: 'vault-secret-store', store, close: () => store.close() };
  },
};

/** What is there already stays. @throws StoreError */
export async function seedDevServer(server: RunningDevServer, platform: Platform): Promise<SeededStore> {
  const { name, store, close } = clients[server.name](server);
  try {
    return await seedStore(name, store, platform);
  } finally {
    await close();
  }
}
