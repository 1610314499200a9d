/** Which identity the variables mean. */
import type { TokenCredential } from '@azure/identity';
import { SecretValue } from '../../model/secret-value.ts';

export type KeyVaultAuth =
  | {
      readonly kind: 'workload-identity';
      readonly tenantId: string;
      readonly clientId: string;
      /** Read anew now and then: the token in it changes. */
      readonly tokenFile: string;
    }
  | {
      readonly kind: 'client-secret';
      readonly tenantId: string;
      readonly clientId: string;
      readonly clientSecret: SecretValue;
    }
  /** @property clientId where the machine has several */
  | { readonly kind: 'managed-identity'; readonly clientId?: string | undefined }
  | { readonly kind: 'azure-cli'; readonly tenantId?: string | undefined }
  | { readonly kind: 'given'; readonly credential: TokenCredential };

export type AuthVariables = {
  /** Tells a variable that is set and empty by itself. */
  readonly get: (variable: string) => string | undefined;
  readonly isSet: (variable: string) => boolean;
  readonly tenantId: string | undefined;
  readonly clientId: string | undefined;
  readonly problem: (where: string, message: string, hint: string) => void;
  readonly warn: (text: string) => void;
};

type Choice = 'workload-identity' | 'client-secret' | 'managed-identity' | 'azure-cli';

/** The SDKs' own variable for it, and those of its values that name one of ours. */
const choices: Readonly<Record<string, Choice>> = {
  workloadidentitycredential: 'workload-identity',
  environmentcredential: 'client-secret',
  managedidentitycredential: 'managed-identity',
  azureclicredential: 'azure-cli',
};

/**
 * The token that a cluster gives before a secret that somebody keeps; then the identity of the machine; then the person's.
 * @returns Azure CLI where what is set is not enough, which is told as a problem
 */
export function chooseAuth(variables: AuthVariables): KeyVaultAuth {
  const { get, isSet, tenantId, clientId, problem, warn } = variables;
  const tokenFile = get('AZURE_FEDERATED_TOKEN_FILE');
  const clientSecret = get('AZURE_CLIENT_SECRET');
  const asked = get('AZURE_TOKEN_CREDENTIALS');
  const named = asked === undefined ? undefined : choices[asked.toLowerCase()];
  if (asked !== undefined && named === undefined)
    problem(
      'AZURE_TOKEN_CREDENTIALS',
      `"${asked}" is not a credential that Lockstep uses`,
      'Unset it, or name one: WorkloadIdentityCredential, EnvironmentCredential, ManagedIdentityCredential, AzureCliCredential',
    );

  const cli: KeyVaultAuth = { kind: 'azure-cli', tenantId };
  /** Reports what is lacking. A variable that is there and wrong was reported already. */
  const needs = (variable: string, needed: Readonly<Record<string, string | undefined>>): boolean => {
    const lacking = Object.entries(needed).filter(([, value]) => value === undefined);
    for (const [name] of lacking)
      if (!isSet(name))
        problem(variable, `is of no use without ${name}`, `Set ${name} as well, or choose another way to log in.`);
    return lacking.length > 0;
  };
  const byIdentity = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId };

  switch (named ?? guess(variables, tokenFile, clientSecret)) {
    case 'workload-identity': {
      if (clientSecret !== undefined)
        warn('AZURE_CLIENT_SECRET is set and not used: Workload Identity is. Unset it, and delete that secret.');
      const where = tokenFile === undefined ? 'AZURE_TOKEN_CREDENTIALS' : 'AZURE_FEDERATED_TOKEN_FILE';
      if (needs(where, { ...byIdentity, AZURE_FEDERATED_TOKEN_FILE: tokenFile })) return cli;
      return {
        kind: 'workload-identity',
        tenantId: tenantId ?? '',
        clientId: clientId ?? '',
        tokenFile: tokenFile ?? '',
      };
    }
    case 'client-secret': {
      const where = clientSecret === undefined ? 'AZURE_TOKEN_CREDENTIALS' : 'AZURE_CLIENT_SECRET';
      if (needs(where, { ...byIdentity, AZURE_CLIENT_SECRET: clientSecret })) return cli;
      warn(
        'AZURE_CLIENT_SECRET is a password that somebody has to keep and renew: use Workload Identity (AZURE_FEDERATED_TOKEN_FILE) in a cluster, or az login.',
      );
      return {
        kind: 'client-secret',
        tenantId: tenantId ?? '',
        clientId: clientId ?? '',
        clientSecret: new SecretValue(clientSecret ?? ''),
      };
    }
    case 'managed-identity':
      return { kind: 'managed-identity', clientId };
    case 'azure-cli':
      return cli;
  }
}

function guess({ isSet }: AuthVariables, tokenFile: string | undefined, clientSecret: string | undefined): Choice {
  if (tokenFile !== undefined) return 'workload-identity';
  if (clientSecret !== undefined) return 'client-secret';
  return isSet('IDENTITY_ENDPOINT') || isSet('MSI_ENDPOINT') ? 'managed-identity' : 'azure-cli';
}
