/** The clouds of Azure, under the names that go-autorest and azidentity read from AZURE_ENVIRONMENT. */
export type AzureCloud = {
  readonly name: 'AzurePublicCloud' | 'AzureUSGovernment' | 'AzureChinaCloud';
  /** Vaults are below it, and it is the audience of their tokens. */
  readonly vaultDomain: string;
  readonly authorityHost: string;
};

export const publicCloud: AzureCloud = {
  name: 'AzurePublicCloud',
  vaultDomain: 'vault.azure.net',
  authorityHost: 'https://login.microsoftonline.com',
};

export const clouds: readonly AzureCloud[] = [
  publicCloud,
  {
    name: 'AzureUSGovernment',
    vaultDomain: 'vault.usgovcloudapi.net',
    authorityHost: 'https://login.microsoftonline.us',
  },
  { name: 'AzureChinaCloud', vaultDomain: 'vault.azure.cn', authorityHost: 'https://login.chinacloudapi.cn' },
];

const otherNames: Readonly<Record<string, AzureCloud['name']>> = {
  azurecloud: 'AzurePublicCloud',
  azurepubliccloud: 'AzurePublicCloud',
  azurepublic: 'AzurePublicCloud',
  azureusgovernment: 'AzureUSGovernment',
  azureusgovernmentcloud: 'AzureUSGovernment',
  azurechina: 'AzureChinaCloud',
  azurechinacloud: 'AzureChinaCloud',
};

/** Case does not count, as in go-autorest. */
export function findCloud(name: string): AzureCloud | undefined {
  const found = otherNames[name.toLowerCase()];
  return clouds.find((cloud) => cloud.name === found);
}

/** Whose tokens Microsoft issues, so that MSAL knows it; other hosts are not asked about at Microsoft's (instance discovery). */
export function isMicrosoftAuthority(authorityHost: string): boolean {
  const host = URL.parse(authorityHost)?.host;
  return [
    ...clouds.map((cloud) => cloud.authorityHost),
    'https://login.windows.net',
    'https://login.partner.microsoftonline.cn',
  ].some((one) => new URL(one).host === host);
}
