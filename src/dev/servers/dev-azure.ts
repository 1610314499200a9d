import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { SecretValue } from '../../model/secret-value.ts';
import { createEmbeddedAzure } from '../azure/embedded-azure.ts';
import { loadOrCreateAuthority } from '../certificates/authority-folder.ts';
import type { DevServerOptions, RunningDevAzure } from './dev-server.ts';
import { readToken, writeToken } from './token-file.ts';

/** Fixed, so that a shell that has them still has them after a restart; clearly nobody's. */
const clientId = '00000000-0000-4000-8000-0000000000c1';
const objectId = '00000000-0000-4000-8000-0000000000b1';
const vaultName = 'lockstep-dev';

/** One vault, and one identity that may do everything with its secrets. The identity's secret is in `azure-client-secret`, the CA in `ca.pem`. */
export async function startDevAzure(options: DevServerOptions): Promise<RunningDevAzure> {
  const { folder, ...rest } = options;
  const file = path.join(folder, 'azure-client-secret');
  const clientSecret = new SecretValue(readToken(file) ?? randomBytes(32).toString('base64url'));
  const azure = await createEmbeddedAzure({
    ...rest,
    authority: await loadOrCreateAuthority(folder),
    vaults: [{ name: vaultName, roleAssignments: [{ objectId, role: 'Key Vault Secrets Officer' }] }],
    identities: [{ clientId, objectId, clientSecret }],
  });
  writeToken(file, clientSecret.reveal());
  const vaultUrl = azure.vaultUrl(vaultName);
  const { authorityUrl, tenantId, caCertificate } = azure;
  return {
    name: 'azure',
    title: 'Key Vault',
    address: vaultUrl,
    variables: [
      { name: 'AZURE_KEYVAULT_NAME', value: vaultName },
      { name: 'AZURE_KEYVAULT_URI', value: vaultUrl },
      { name: 'AZURE_AUTHORITY_HOST', value: authorityUrl },
      { name: 'AZURE_TENANT_ID', value: tenantId },
      { name: 'AZURE_CLIENT_ID', value: clientId },
      { name: 'AZURE_CLIENT_SECRET', file },
      { name: 'LOCKSTEP_AZURE_CACERT', value: path.join(folder, 'ca.pem') },
    ],
    hostNames: [new URL(authorityUrl).hostname, new URL(vaultUrl).hostname],
    client: { vaultUrl, authorityUrl, tenantId, clientId, clientSecret, caCertificate },
    close: () => azure.close(),
  };
}
