/** How to reach a Vault and who to be there, as one object; and how VAULT_* variables become one. */
import { readFileSync } from 'node:fs';
import type { Problem } from '../../model/problem.ts';
import { SecretValue } from '../../model/secret-value.ts';
import type { OnRetry } from '../contract.ts';

export type VaultSettings = {
  /** `https://vault.example.com:8200`; a path in it stands before `/v1`. */
  readonly address: string;
  /** The mount of KV v2, such as `secret` or `team/kv`. Default: `secret`. */
  readonly mount?: string | undefined;
  /** Sent as X-Vault-Namespace (Vault Enterprise, OpenBao). */
  readonly namespace?: string | undefined;
  readonly tls?: VaultTls | undefined;
  readonly auth: VaultAuth;
  /** For each request, from the name look-up to the last byte. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  /** How often a request that may be sent again is sent again. Default: 2, as the vault command does. */
  readonly retries?: number | undefined;
  /** Hears of each. What a token that has ended has sent twice is none. */
  readonly onRetry?: OnRetry | undefined;
  /** How many requests of one listing are under way at once. Default: 8. */
  readonly concurrency?: number | undefined;
};

export type VaultTls = {
  /** PEM of the CAs to trust instead of those that Node brings. */
  readonly ca?: string | undefined;
  /** PEM; the key is a secret. Both or neither. */
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: SecretValue | undefined;
  /** Trusts any certificate: for development. */
  readonly skipVerify?: boolean | undefined;
};

/** @property mount where the method is mounted, below `auth/`. Default: its own name */
export type VaultAuth =
  | { readonly kind: 'token'; readonly token: SecretValue }
  | {
      readonly kind: 'kubernetes';
      readonly role: string;
      /** Asked at each login: the file of a ServiceAccount's token changes. */
      readonly readJwt: () => Promise<SecretValue>;
      readonly mount?: string;
    }
  | {
      readonly kind: 'jwt';
      /** Default: the method's `default_role`. */
      readonly role?: string;
      readonly readJwt: () => Promise<SecretValue>;
      readonly mount?: string;
    }
  | { readonly kind: 'approle'; readonly roleId: string; readonly secretId: SecretValue; readonly mount?: string };

/** The part of the settings that a person has in the environment; the mount is the configuration's. */
export type VaultVariables = Pick<VaultSettings, 'namespace' | 'tls'> & {
  /** Undefined where VAULT_ADDR is not set: the configuration may know it. */
  readonly address: string | undefined;
  /** Undefined where there is neither VAULT_TOKEN nor ~/.vault-token. */
  readonly token: SecretValue | undefined;
};

/** Reads a file as text; throws where it cannot. */
export type ReadFile = (path: string) => string;

/**
 * @param readTokenFile gives the text of ~/.vault-token, or undefined where there is none; asked only where VAULT_TOKEN is not set
 * @returns what is sound, and a problem (C018 empty, C019 malformed) for each variable that is not; no problem quotes a token
 */
export function parseVaultSettings(
  environment: Readonly<Record<string, string | undefined>>,
  readTokenFile: () => string | undefined,
  readFile: ReadFile = (path) => readFileSync(path, 'utf8'),
): { readonly variables: VaultVariables; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const add = (where: string, message: string, hint: string): void => {
    problems.push({ code: 'C019', where, path: '', message, hint });
  };

  function get(name: string): string | undefined {
    const value = environment[name];
    if (value?.trim() !== '') return value;
    problems.push({ code: 'C018', where: name, path: '', message: 'is set, but empty', hint: `unset ${name}` });
    return undefined;
  }

  function pem(name: string): string | undefined {
    const path = get(name);
    if (path === undefined) return undefined;
    let text: string;
    try {
      text = readFile(path);
    } catch {
      add(name, `"${path}" cannot be read`, 'Give the path of a PEM file, absolute or from the current folder.');
      return undefined;
    }
    if (text.includes('-----BEGIN ')) return text;
    add(name, `"${path}" is not a PEM file`, 'Convert it: openssl x509 -inform der -in FILE (or openssl pkey)');
    return undefined;
  }

  const addressText = get('VAULT_ADDR');
  const address = addressText === undefined ? undefined : normaliseAddress(addressText);
  if (addressText !== undefined && address === undefined)
    add(
      'VAULT_ADDR',
      'is not the address of a Vault',
      'export VAULT_ADDR=https://vault.example.com:8200 (http or https; no user, no password, no "?" or "#")',
    );

  const tokenText = get('VAULT_TOKEN');
  const token = (tokenText ?? readTokenFile())?.trim();
  const tokenFits = token === undefined || isHeaderText(token);
  if (!tokenFits)
    add(
      tokenText === undefined ? '~/.vault-token' : 'VAULT_TOKEN',
      'is not a token: it holds a space, a line break or a character outside ASCII',
      'Log in again: vault login',
    );

  const namespace = get('VAULT_NAMESPACE')?.replace(/^\/+|\/+$/g, '');
  if (namespace !== undefined && !isHeaderText(namespace))
    add('VAULT_NAMESPACE', 'is not the path of a namespace', 'export VAULT_NAMESPACE=<namespace>');

  const skipText = get('VAULT_SKIP_VERIFY');
  const skipVerify = skipText === undefined ? undefined : parseBoolean(skipText);
  if (skipText !== undefined && skipVerify === undefined)
    add('VAULT_SKIP_VERIFY', `"${skipText}" is neither true nor false`, 'export VAULT_SKIP_VERIFY=true, or unset it');

  const ca = pem('VAULT_CACERT');
  const clientCertificate = pem('VAULT_CLIENT_CERT');
  const clientKey = pem('VAULT_CLIENT_KEY');
  const isSet = (name: string): boolean => environment[name] !== undefined;
  if (isSet('VAULT_CLIENT_CERT') !== isSet('VAULT_CLIENT_KEY')) {
    const [there, lacking] = isSet('VAULT_CLIENT_CERT')
      ? ['VAULT_CLIENT_CERT', 'VAULT_CLIENT_KEY']
      : ['VAULT_CLIENT_KEY', 'VAULT_CLIENT_CERT'];
    add(there, `is of no use without ${lacking}`, `Set ${lacking} as well, or unset ${there}.`);
  }

  const whole = clientCertificate !== undefined && clientKey !== undefined;
  return {
    variables: {
      address,
      namespace: namespace === undefined || !isHeaderText(namespace) ? undefined : namespace,
      token: token === undefined || token === '' || !tokenFits ? undefined : new SecretValue(token),
      tls: {
        ca,
        skipVerify,
        clientCertificate: whole ? clientCertificate : undefined,
        clientKey: whole ? new SecretValue(clientKey) : undefined,
      },
    },
    problems,
  };
}

/** Without slashes at its end; undefined where it cannot be an address. */
export function normaliseAddress(text: string): string | undefined {
  const url = URL.parse(text.trim());
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** What may stand in a header: a line break would let a value become another header. */
function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e]*$/.test(text);
}

/** What Go's strconv.ParseBool takes, as the vault command does. */
function parseBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined;
}
