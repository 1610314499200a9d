/** The two embedded servers with a store on each, for tests of what goes over the wire. */
import assert from 'node:assert/strict';
import { createEmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import type { EmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { SecretStore, StoreRetry } from '../../src/stores/contract.ts';
import { createKeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';

export type EmbeddedStore<Server> = {
  readonly server: Server;
  readonly store: SecretStore;
  readonly retries: StoreRetry[];
  /** What `run` asks the store for: `GET secret/data/a 200`. Not what comes before the first request (tokens, the mount). */
  readonly requestsOf: (run: () => Promise<unknown>) => Promise<string[]>;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function openEmbeddedVault(retries = 2): Promise<EmbeddedStore<EmbeddedVault>> {
  const server = await createEmbeddedVault();
  const heard: StoreRetry[] = [];
  const auth = { kind: 'token', token: new SecretValue(server.rootToken) } as const;
  const store = createVaultStore({ address: server.url, auth, retries, onRetry: (retry) => heard.push(retry) });
  return prepare(server, store, heard);
}

export async function openEmbeddedKeyVault(retries = 2): Promise<EmbeddedStore<EmbeddedAzure>> {
  const identity = {
    clientId: '11111111-1111-4111-8111-111111111111',
    objectId: '11111111-1111-4111-8111-0000000000aa',
  };
  const roleAssignments = [{ objectId: identity.objectId, role: 'Key Vault Secrets Officer' }] as const;
  const server = await createEmbeddedAzure({ vaults: [{ name: 'kv-wire', roleAssignments }], identities: [identity] });
  const clientSecret = server.identities[0]?.clientSecret;
  assert.ok(clientSecret !== undefined);
  const heard: StoreRetry[] = [];
  const { tenantId } = server;
  const store = createKeyVaultStore({
    vaultUrl: server.vaultUrl('kv-wire'),
    authorityHost: server.authorityUrl,
    auth: { kind: 'client-secret', tenantId, clientId: identity.clientId, clientSecret },
    tls: { ca: server.caCertificate },
    retries,
    onRetry: (retry) => heard.push(retry),
  });
  return prepare(server, store, heard);
}

type Server = EmbeddedAzure | EmbeddedVault;

async function prepare<One extends Server>(
  server: One,
  store: SecretStore & { close(): Promise<unknown> },
  retries: StoreRetry[],
): Promise<EmbeddedStore<One>> {
  await store.read('first');
  return {
    server,
    store,
    retries,
    async requestsOf(run) {
      const before = server.requests.length;
      await run();
      return server.requests.slice(before).map(({ method, path, status }) => `${method} ${path} ${status}`);
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      await server.close();
    },
  };
}
