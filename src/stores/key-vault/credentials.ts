/** The credential that was chosen, and no other: a chain that tries everything takes a stray variable for an identity. */
import type { TokenCredential } from '@azure/identity';
import type { KeyVaultAuth } from './choose-auth.ts';
import { isMicrosoftAuthority } from './clouds.ts';
import type { SdkHttpClient } from './sdk-types.ts';

/**
 * @param http for tokens as for vaults, so that they trust the same CAs
 * @throws whatever the SDK does not like about the settings
 */
export async function createCredential(
  auth: KeyVaultAuth,
  authorityHost: string,
  http: SdkHttpClient,
): Promise<TokenCredential> {
  if (auth.kind === 'given') return auth.credential;
  // Takes a fifth of a second: for those who need it.
  const identity = await import('@azure/identity');
  const client = {
    httpClient: http,
    authorityHost,
    // MSAL would ask Microsoft about an authority that Microsoft does not know.
    disableInstanceDiscovery: !isMicrosoftAuthority(authorityHost),
    retryOptions: { maxRetries: 1, retryDelayInMs: 200 },
  };
  switch (auth.kind) {
    case 'workload-identity':
      return new identity.WorkloadIdentityCredential({
        ...client,
        tenantId: auth.tenantId,
        clientId: auth.clientId,
        tokenFilePath: auth.tokenFile,
      });
    case 'client-secret':
      return new identity.ClientSecretCredential(auth.tenantId, auth.clientId, auth.clientSecret.reveal(), client);
    case 'managed-identity':
      return new identity.ManagedIdentityCredential({
        httpClient: http,
        ...(auth.clientId === undefined ? {} : { clientId: auth.clientId }),
      });
    case 'azure-cli':
      return new identity.AzureCliCredential({
        processTimeoutInMs: 30_000,
        ...(auth.tenantId === undefined ? {} : { tenantId: auth.tenantId }),
      });
  }
}
