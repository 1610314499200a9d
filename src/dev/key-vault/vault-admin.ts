/** What tests and seeds do to a vault in process. */
import { addVersion } from './secret-operations.ts';
import type { KeyVault } from './vault-context.ts';
import { keyOf } from './vault-secrets.ts';

/** @property notBeforeS and expiresS seconds since 1970 */
export type SecretSeed = {
  readonly value: string;
  readonly contentType?: string;
  readonly enabled?: boolean;
  readonly notBeforeS?: number;
  readonly expiresS?: number;
  readonly tags?: Readonly<Record<string, string>>;
};

export type VaultAdmin = {
  /** A new version. @returns its id. @throws Error where the name cannot be, or is one of a deleted secret */
  set(name: string, seed: SecretSeed): string;
  /** The secret behind a certificate (default: PFX), which a client reads and lists, and does not change. @throws as `set` */
  setManaged(name: string, seed: SecretSeed): string;
};

export function createVaultAdmin(vault: KeyVault, now: () => number): VaultAdmin {
  const add = (name: string, seed: SecretSeed, kid: ((version: string) => string) | undefined): string => {
    if (!isSecretName(name)) throw new Error(`${name} is no name of a secret`);
    const found = vault.secrets.find(keyOf(name), now());
    if (found !== undefined && found.state !== 'live') throw new Error(`the secret ${name} is deleted`);
    if (found !== undefined && (found.secret.managed ?? false) !== (kid !== undefined))
      throw new Error(`the secret ${name} is ${kid === undefined ? '' : 'not '}one behind a certificate`);
    const { notBeforeS, expiresS, ...rest } = seed;
    const given = {
      ...rest,
      ...(notBeforeS !== undefined && { nbf: notBeforeS }),
      ...(expiresS !== undefined && { exp: expiresS }),
    };
    return addVersion(vault, found?.secret, name, given, now(), kid).version.version;
  };
  return {
    set: (name, seed) => add(name, seed, undefined),
    // The key of a certificate has the certificate's name and version.
    setManaged: (name, seed) =>
      add(
        name,
        { contentType: 'application/x-pkcs12', ...seed },
        (version) => `${vault.traits.baseUrl}/keys/${name}/${version}`,
      ),
  };
}

export function isSecretName(name: string): boolean {
  return /^[0-9a-zA-Z-]{1,127}$/.test(name);
}
