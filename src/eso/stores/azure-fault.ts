/**
 * What keeps the operator from making a client for Azure Key Vault, as far as it can be told without asking Azure. The order of the tests is the
 * operator's, since the first one that fails is what it reports (azure/keyvault newClient).
 */
import { GoError, Unpredictable } from '../go-error.ts';
import type { AzureProvider } from '../resources.ts';
import type { ClientContext } from './credentials.ts';
import { secretKeyRef, serviceAccount } from './credentials.ts';

const annotations = {
  clientId: 'azure.workload.identity/client-id',
  tenantId: 'azure.workload.identity/tenant-id',
} as const;

const missing = {
  client: `missing clientID: either serviceAccountRef or service account annotation '${annotations.clientId}' is missing`,
  credentials: 'missing accessKeyID/secretAccessKey in store config',
  tenant: 'missing tenantID in store config',
} as const;

/** A ClusterSecretStore whose credentials are those of each ExternalSecret's namespace: the store itself is not tried. */
export function isAzureReferent({ authSecretRef, serviceAccountRef }: AzureProvider): boolean {
  const lacksNamespace = (reference: { readonly namespace?: string } | undefined): boolean =>
    reference !== undefined && reference.namespace === undefined;
  return (
    lacksNamespace(authSecretRef?.clientId) ||
    lacksNamespace(authSecretRef?.clientSecret) ||
    lacksNamespace(serviceAccountRef)
  );
}

/** @throws GoError with the operator's text */
export function checkAzureClient(context: ClientContext, provider: AzureProvider): void {
  if (provider.useAzureSDK) checkCloud(provider);
  else if (provider.environmentType === 'AzureStackCloud')
    throw new Unpredictable('store', 'the default client for Key Vault has no authority for AzureStackCloud');
  switch (provider.authType) {
    case 'ManagedIdentity':
      return;
    case 'ServicePrincipal':
      checkServicePrincipal(context, provider);
      return;
    case 'WorkloadIdentity':
      checkWorkloadIdentity(context, provider);
      return;
    default:
      throw fault('cannot initialize Azure Client: no valid authType was specified');
  }
}

function checkCloud({ environmentType, customCloud }: AzureProvider): void {
  const before = 'failed to get cloud configuration: ';
  if (environmentType === 'GermanCloud')
    throw fault(
      `${before}Azure Germany (Microsoft Cloud Deutschland) was discontinued on October 29, 2021. Please use AzureStackCloud with custom configuration or migrate to public cloud regions`,
    );
  if (environmentType === 'AzureStackCloud' && !customCloud)
    throw fault(`${before}CustomCloudConfig is required when EnvironmentType is AzureStackCloud`);
}

function checkServicePrincipal(context: ClientContext, provider: AzureProvider): void {
  const { authSecretRef, tenantId, useAzureSDK } = provider;
  if (tenantId === undefined) throw fault(missing.tenant);
  if (authSecretRef === undefined) throw fault('missing secretRef in provider config');
  const { clientId, clientSecret, clientCertificate } = authSecretRef;
  if (clientId === undefined) throw fault(missing.credentials);
  const checkSecret = (): void => {
    if (clientSecret === undefined && clientCertificate === undefined) throw fault(missing.credentials);
  };
  const checkBoth = (): void => {
    if (clientSecret !== undefined && clientCertificate !== undefined)
      throw fault('both clientSecret and clientCredentials set');
  };
  if (!useAzureSDK) {
    checkSecret();
    checkBoth();
  }
  resolve(context, clientId, useAzureSDK ? 'clientID' : undefined);
  if (useAzureSDK) checkBoth();
  if (clientSecret !== undefined) resolve(context, clientSecret, useAzureSDK ? 'clientSecret' : undefined);
  else if (clientCertificate !== undefined)
    resolve(context, clientCertificate, useAzureSDK ? 'clientCertificate' : undefined);
  else checkSecret();
}

/** @param what where the operator says which of them it could not get */
function resolve(
  context: ClientContext,
  reference: Parameters<typeof secretKeyRef>[1],
  what: string | undefined,
): string | undefined {
  try {
    return secretKeyRef(context, reference);
  } catch (error) {
    throw error instanceof GoError && what !== undefined ? error.wrap(`failed to get ${what}: `) : error;
  }
}

/** Without a serviceAccountRef the operator's own environment decides, which is taken to be set. */
function checkWorkloadIdentity(context: ClientContext, provider: AzureProvider): void {
  if (provider.serviceAccountRef === undefined) return;
  if (provider.useAzureSDK) checkWithAzureSdk(context, provider, provider.serviceAccountRef);
  else checkWithLegacySdk(context, provider, provider.serviceAccountRef);
}

type Account = NonNullable<AzureProvider['serviceAccountRef']>;

/** authSecretRef is ignored, and the tenant of the store comes before that of the ServiceAccount. */
function checkWithAzureSdk(context: ClientContext, provider: AzureProvider, reference: Account): void {
  let account;
  try {
    account = serviceAccount(context, reference);
  } catch (error) {
    throw error instanceof GoError ? error.wrap('failed to get service account: ') : error;
  }
  if (account === 'unknown') return;
  if (!Object.hasOwn(account.annotations, annotations.clientId)) throw fault(missing.client);
  if (provider.tenantId === undefined && !Object.hasOwn(account.annotations, annotations.tenantId))
    throw fault(missing.tenant);
}

/** An id that is given twice is refused, even where both are equal. */
function checkWithLegacySdk(context: ClientContext, provider: AzureProvider, reference: Account): void {
  const account = serviceAccount(context, reference);
  const { authSecretRef } = provider;
  let clientId: string | undefined = '';
  if (authSecretRef !== undefined) {
    if (authSecretRef.clientId === undefined) throw fault(missing.credentials);
    clientId = secretKeyRef(context, authSecretRef.clientId);
  }
  if (account === 'unknown') return;
  const annotatedClient = account.annotations[annotations.clientId];
  if (annotatedClient === undefined) {
    if (clientId === '') throw fault(missing.client);
  } else {
    if (clientId !== '') throw fault('multiple clientID found. Check secretRef and serviceAccountRef');
    if (annotatedClient === '') throw fault(missing.client);
  }
  const secretTenant = authSecretRef?.tenantId === undefined ? '' : secretKeyRef(context, authSecretRef.tenantId);
  if (secretTenant === undefined) return;
  const tenantId = secretTenant === '' ? (provider.tenantId ?? '') : secretTenant;
  // Without any, the operator's own environment may hold one.
  if (tenantId !== '' && Object.hasOwn(account.annotations, annotations.tenantId))
    throw fault("multiple tenantID found. Check secretRef, 'spec.provider.azurekv.tenantId', and serviceAccountRef");
}

function fault(text: string): GoError {
  return new GoError(text, 'store-configuration');
}
