/** Names and addresses: which tenant, which authority, which vaults; everything else is built from them. */

/** @property resource what the vaults' tokens are for: `https://vault.azure.net` */
export type Authority = {
  readonly tenantId: string;
  readonly url: string;
  readonly host: string;
  readonly vaultDomain: string;
  readonly resource: string;
};

/** The names of the public cloud, which clients know by heart (msal-common, AuthorityMetadata.ts): each stands for the same service. */
export const publicAuthorities: readonly string[] = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
];
export const publicVaultDomain = 'vault.azure.net';
/** The application that Key Vault is; an audience of its tokens as good as its name. */
export const keyVaultApplication = 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093';

export const urlOf = (host: string, port: number): string => `https://${host}${port === 443 ? '' : `:${port}`}`;

/** v1, which is what access tokens for Key Vault carry. */
export const issuerOf = (tenantId: string): string => `https://sts.windows.net/${tenantId}/`;

/** @returns the name in a Host header: in lower case, without port and without the dot that may end it */
export function hostName(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}
