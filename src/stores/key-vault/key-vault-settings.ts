/** How to reach a Key Vault and who to be there, as one object; and how AZURE_* variables become one. */
import { readFileSync } from 'node:fs';
import { checkGuid, checkKeyVaultName } from '../../model/names.ts';
import type { Problem } from '../../model/problem.ts';
import type { CallLimits } from '../call-budget.ts';
import type { OnRetry } from '../contract.ts';
import { chooseAuth } from './choose-auth.ts';
import type { KeyVaultAuth } from './choose-auth.ts';
import type { AzureCloud } from './clouds.ts';
import { clouds, findCloud, publicCloud } from './clouds.ts';

export type KeyVaultSettings = {
  /** `https://myvault.vault.azure.net`, without a path. */
  readonly vaultUrl: string;
  readonly auth: KeyVaultAuth;
  /** Who issues tokens. Default: https://login.microsoftonline.com */
  readonly authorityHost?: string | undefined;
  readonly tls?: KeyVaultTls | undefined;
  /** For each request, from the name look-up to the last byte. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  /** How often a request that may be sent again is sent again. Default: 5, which with Key Vault's own pace (1, 2, 4, 8, 16 s) is half a minute. */
  readonly retries?: number | undefined;
  /** Hears of each. A challenge, and waiting for a turn within the limits, are none. */
  readonly onRetry?: OnRetry | undefined;
  /** Of all stores on this vault in this process. Default: Azure's documented limits. */
  readonly limits?: CallLimits | undefined;
  /** How long a deleted or recovered secret may take to be so for everybody. Default: 120,000. */
  readonly settleMs?: number | undefined;
};

export type KeyVaultTls = {
  /** PEM of CAs to trust besides those that Node trusts, for vaults and for tokens. */
  readonly ca?: string | undefined;
};

/** The part of the settings that a person has in the environment. */
export type KeyVaultVariables = Pick<KeyVaultSettings, 'tls' | 'auth'> & {
  /** Undefined where neither AZURE_KEYVAULT_URI nor AZURE_KEYVAULT_NAME is set: the configuration may know it. */
  readonly vaultUrl: string | undefined;
  readonly authorityHost: string;
  readonly cloud: AzureCloud;
};

/** Reads a file as text; throws where it cannot. */
export type ReadFile = (path: string) => string;

export type ParsedKeyVaultVariables = {
  readonly variables: KeyVaultVariables;
  readonly problems: readonly Problem[];
  /** For the person at the terminal: what works, and should not be done so. */
  readonly warnings: readonly string[];
};

/** @returns what is sound, and a problem (C018 empty, C019 malformed) for each variable that is not; no problem quotes a secret */
export function parseKeyVaultSettings(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: ReadFile = (path) => readFileSync(path, 'utf8'),
): ParsedKeyVaultVariables {
  const problems: Problem[] = [];
  const add = (where: string, message: string, hint: string): void => {
    problems.push({ code: 'C019', where, path: '', message, hint });
  };

  function get(name: string): string | undefined {
    const value = environment[name];
    if (value?.trim() !== '') return value?.trim();
    problems.push({ code: 'C018', where: name, path: '', message: 'is set, but empty', hint: `unset ${name}` });
    return undefined;
  }

  const environmentName = get('AZURE_ENVIRONMENT');
  const named = environmentName === undefined ? undefined : findCloud(environmentName);
  if (environmentName !== undefined && named === undefined)
    add(
      'AZURE_ENVIRONMENT',
      `"${environmentName}" is not a cloud of Azure`,
      `export AZURE_ENVIRONMENT=${clouds.map(({ name }) => name).join('|')}, or unset it`,
    );

  const authorityText = get('AZURE_AUTHORITY_HOST');
  const authority = authorityText === undefined ? undefined : normaliseVaultUrl(authorityText);
  if (authorityText !== undefined && authority === undefined)
    add(
      'AZURE_AUTHORITY_HOST',
      'is not the address of a token service',
      `export AZURE_AUTHORITY_HOST=${publicCloud.authorityHost} (https; no path), or unset it`,
    );
  // Who sets the authority alone (Azure's webhook does) has said which cloud it is.
  const cloud = named ?? clouds.find(({ authorityHost }) => authorityHost === authority) ?? publicCloud;

  const name = get('AZURE_KEYVAULT_NAME');
  const nameProblem = name === undefined ? undefined : checkKeyVaultName(name);
  if (nameProblem !== undefined)
    add(
      'AZURE_KEYVAULT_NAME',
      `"${name ?? ''}" is ${nameProblem}`,
      'Give the name alone; a URL is AZURE_KEYVAULT_URI.',
    );
  const fromName =
    name === undefined || nameProblem !== undefined ? undefined : `https://${name.toLowerCase()}.${cloud.vaultDomain}`;

  const uriText = get('AZURE_KEYVAULT_URI');
  const uri = uriText === undefined ? undefined : normaliseVaultUrl(uriText);
  if (uriText !== undefined && uri === undefined)
    add(
      'AZURE_KEYVAULT_URI',
      'is not the address of a Key Vault',
      `export AZURE_KEYVAULT_URI=https://myvault.${cloud.vaultDomain} (https, on this machine too; no path, no user, no "?" or "#")`,
    );

  function guid(variable: string): string | undefined {
    const text = get(variable);
    // The embedded token service and AD FS have a tenant of that name.
    if (text === undefined || checkGuid(text) === undefined || (variable === 'AZURE_TENANT_ID' && text === 'adfs'))
      return text;
    // A tenant may be named by a domain as well.
    if (variable === 'AZURE_TENANT_ID' && /^[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)+$/.test(text)) return text;
    add(variable, `is ${checkGuid(text) ?? ''}`, `Copy it anew: az account show, or unset ${variable}.`);
    return undefined;
  }

  function pem(variable: string): string | undefined {
    const path = get(variable);
    if (path === undefined) return undefined;
    let text: string;
    try {
      text = readFile(path);
    } catch {
      add(variable, `"${path}" cannot be read`, 'Give the path of a PEM file, absolute or from the current folder.');
      return undefined;
    }
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
    add(variable, `"${path}" holds no PEM certificate`, 'Convert it: openssl x509 -inform der -in FILE');
    return undefined;
  }

  const warnings: string[] = [];
  const auth = chooseAuth({
    get,
    isSet: (variable) => environment[variable] !== undefined,
    tenantId: guid('AZURE_TENANT_ID'),
    clientId: guid('AZURE_CLIENT_ID'),
    problem: add,
    warn: (text) => warnings.push(text),
  });
  const ca = pem('LOCKSTEP_AZURE_CACERT');
  return {
    variables: {
      vaultUrl: uriText === undefined ? fromName : uri,
      authorityHost: authority ?? cloud.authorityHost,
      cloud,
      auth,
      tls: { ca },
    },
    problems,
    warnings,
  };
}

/** Scheme, host and port; undefined where it cannot be the address of a vault. Never http: the SDKs send no token over it. */
export function normaliseVaultUrl(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
  return url.search === '' && url.hash === '' && /^\/*$/.test(url.pathname) ? url.origin : undefined;
}
