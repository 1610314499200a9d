/** Why there is no token, and what to do: from the codes of Microsoft Entra ID (AADSTS…), never in its words, which may hold tokens. */
import { StoreFault } from '../store-fault.ts';
import { finalFault } from './key-vault-fault.ts';
import type { KeyVaultAuth } from './choose-auth.ts';

const byCode: Readonly<Record<string, readonly [because: string, hint: string]>> = {
  '700016': [
    'Microsoft Entra ID does not know the application in this tenant',
    'Check AZURE_CLIENT_ID and AZURE_TENANT_ID.',
  ],
  '90002': ['Microsoft Entra ID does not know the tenant', 'Check AZURE_TENANT_ID and AZURE_AUTHORITY_HOST.'],
  '900023': ['Microsoft Entra ID does not know the tenant', 'Check AZURE_TENANT_ID.'],
  '7000215': [
    'the client secret is wrong',
    'Check AZURE_CLIENT_SECRET: it is the value of a client secret and not its id. Better: use Workload Identity.',
  ],
  '7000222': [
    'the client secret has expired',
    'Make a new one and set AZURE_CLIENT_SECRET. Better: use Workload Identity.',
  ],
  '70021': [
    'no federated credential of the application matches the ServiceAccount',
    'Compare its issuer, subject (system:serviceaccount:NAMESPACE:NAME) and audience with the token in AZURE_FEDERATED_TOKEN_FILE.',
  ],
  '700211': [
    'no federated credential of the application has the issuer of the token',
    "Set its issuer to the cluster's OIDC issuer URL, to the last slash; or AZURE_CLIENT_ID names another application.",
  ],
  '700212': [
    'no federated credential of the application has the audience of the token',
    'Its audience is api://AzureADTokenExchange (in China …China, for the US government …USGov).',
  ],
  '700213': [
    'no federated credential of the application has the subject of the token',
    'Set its subject to system:serviceaccount:NAMESPACE:NAME of the ServiceAccount; case counts.',
  ],
  '700024': [
    'the ServiceAccount token has expired, or the clocks differ',
    'Look at the file that AZURE_FEDERATED_TOKEN_FILE names: is it still renewed? Then at the clocks.',
  ],
  '70023': ['the ServiceAccount token is valid for too long', 'Ask for one that is valid for at most 24 hours.'],
  '500011': ['the tenant knows no Key Vault', 'Check AZURE_TENANT_ID and AZURE_ENVIRONMENT: it may be another cloud.'],
  '50049': ['Microsoft Entra ID does not know the authority', 'Check AZURE_AUTHORITY_HOST.'],
  '50076': ['a second factor is asked for', 'Log in again: az login --tenant <tenant>'],
  '50079': ['a second factor is asked for', 'Log in again: az login --tenant <tenant>'],
  '50173': ['the login has expired', 'Log in again: az login'],
  '700082': ['the login has expired', 'Log in again: az login'],
  '700084': ['the login has expired', 'Log in again: az login'],
};

const hints: Readonly<Record<KeyVaultAuth['kind'], string>> = {
  'workload-identity':
    "Check AZURE_CLIENT_ID and AZURE_TENANT_ID, and the federated credential's issuer and subject (system:serviceaccount:NAMESPACE:NAME).",
  'client-secret': 'Check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. Better: use Workload Identity.',
  'managed-identity': 'Assign a managed identity to this machine; AZURE_CLIENT_ID names one of several.',
  'azure-cli': 'Log in: az login',
  given: 'Look at how the credential was made.',
};

/**
 * @param network what went wrong below HTTP meanwhile: the SDKs put errors of their own around it
 * @returns of effect `none`: without a token the vault was not asked
 */
export function credentialFault(
  error: unknown,
  kind: KeyVaultAuth['kind'],
  network: StoreFault | undefined,
): StoreFault {
  const own = error instanceof StoreFault ? error : network;
  if (own !== undefined)
    return new StoreFault({
      because: `no token for it: ${own.because}`,
      hint: own.hint,
      retryable: own.retryable,
      effect: 'none',
      worthRepeating: own.worthRepeating,
      trouble: own.trouble,
    });
  const texts = textsOf(error);
  const code = texts.map((text) => /AADSTS(\d{4,8})/.exec(text)?.[1]).find((one) => one !== undefined);
  const known = code === undefined ? undefined : byCode[code];
  if (known !== undefined) return finalFault(`no token for it: ${known[0]} (AADSTS${code ?? ''})`, known[1]);
  const says = (text: string): boolean => texts.some((one) => one.includes(text));
  if (says('not configured to acquire tokens for tenant'))
    return finalFault(
      'no token for it: the vault belongs to another tenant',
      'Set AZURE_TENANT_ID to the tenant of the vault, or name another vault.',
    );
  if (kind === 'workload-identity' && (says('ENOENT') || says('EACCES') || says('No content on the file')))
    return finalFault(
      'no token for it: the ServiceAccount token cannot be read',
      'Check the path in AZURE_FEDERATED_TOKEN_FILE; the pod needs the label azure.workload.identity/use: "true".',
    );
  if (kind === 'azure-cli' && says('could not be found'))
    return finalFault(
      'no token for it: the Azure CLI (az) is not installed',
      'Install it and run az login; in a cluster use Workload Identity.',
    );
  if (kind === 'azure-cli' && says('az login')) return finalFault('no token for it: nobody is logged in', hints[kind]);
  const suffix = code === undefined ? '' : ` (AADSTS${code})`;
  return finalFault(`no token for it from ${kind.replaceAll('-', ' ')}${suffix}`, hints[kind]);
}

/** Looked at only. */
function textsOf(error: unknown): readonly string[] {
  const texts: string[] = [];
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth++) {
    texts.push(one.message);
    const { code } = one as NodeJS.ErrnoException;
    if (typeof code === 'string') texts.push(code);
    const { errorResponse } = one as { errorResponse?: { errorDescription?: unknown } };
    if (typeof errorResponse?.errorDescription === 'string') texts.push(errorResponse.errorDescription);
  }
  return texts;
}
