/** Both embedded servers in this process, for as long as a command takes, and the platform's own clients for them. */
import { createEmbeddedAzure } from '../dev/azure/embedded-azure.ts';
import { createEmbeddedVault } from '../dev/vault/embedded-vault.ts';
import { SecretValue } from '../model/secret-value.ts';
import type { SecretStore } from '../stores/contract.ts';
import { createKeyVaultStore } from '../stores/key-vault/key-vault-store.ts';
import { createVaultStore } from '../stores/vault/vault-store.ts';

export type EmbeddedStores = {
  readonly vault: SecretStore;
  readonly keyVault: SecretStore;
  close(): Promise<void>;
};

/** Clearly nobody's. */
const identity = {
  clientId: '00000000-0000-4000-8000-0000000000c1',
  objectId: '00000000-0000-4000-8000-0000000000b1',
};
const vaultName = 'embedded';

/** In memory, on ports that are free. */
export async function startEmbeddedStores(): Promise<EmbeddedStores> {
  const [vaultServer, azure] = await Promise.all([
    createEmbeddedVault(),
    createEmbeddedAzure({
      identities: [identity],
      vaults: [
        { name: vaultName, roleAssignments: [{ objectId: identity.objectId, role: 'Key Vault Secrets Officer' }] },
      ],
    }),
  ]);
  const clientSecret = azure.identities[0]?.clientSecret ?? new SecretValue('');
  const vault = createVaultStore({
    address: vaultServer.url,
    auth: { kind: 'token', token: new SecretValue(vaultServer.rootToken) },
  });
  const keyVault = createKeyVaultStore({
    vaultUrl: azure.vaultUrl(vaultName),
    authorityHost: azure.authorityUrl,
    auth: { kind: 'client-secret', tenantId: azure.tenantId, clientId: identity.clientId, clientSecret },
    tls: { ca: azure.caCertificate },
  });
  return {
    vault: { ...vault, name: 'embedded Vault' },
    keyVault: { ...keyVault, name: 'embedded Key Vault' },
    close: async () => {
      await Promise.all([vault.close(), keyVault.close()]);
      await Promise.all([vaultServer.close(), azure.close()]);
    },
  };
}
