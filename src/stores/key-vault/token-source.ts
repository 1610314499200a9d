/**
 * Between the SDK and the credential. The SDK renews tokens in the background, where a failure ends the program (an unhandled rejection in its
 * token cycler), and gives up everybody's token when one caller gives up. So it is told that every token is stale and asks each time; kept and
 * renewed they are here.
 */
import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity';
import { StoreFault } from '../store-fault.ts';
import { credentialFault } from './credential-fault.ts';
import { createCredential } from './credentials.ts';
import { clouds } from './clouds.ts';
import { finalFault } from './key-vault-fault.ts';
import type { KeyVaultAuth } from './choose-auth.ts';
import type { SdkHttpClient } from './sdk-types.ts';

export type TokenSource = TokenCredential & {
  /** `Bearer …` of the token that is kept, while it need not be renewed. */
  current(): string | undefined;
  /** The vault refused it. @param header `Bearer …`, as it was sent */
  refused(header: string): void;
};

export type TokenSourceOptions = {
  readonly auth: KeyVaultAuth;
  readonly authorityHost: string;
  readonly http: SdkHttpClient;
  /** Without a port. */
  readonly vaultHost: string;
  readonly now: () => number;
};

type Kept = { readonly key: string; readonly token: AccessToken; readonly header: string };

/** A token is renewed this long before its end, or earlier where its issuer says so. */
const renewBeforeMs = 120_000;

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { auth, authorityHost, http, vaultHost, now } = options;
  let network: StoreFault | undefined;
  /** Remembers what MSAL hides. */
  const watched: SdkHttpClient = {
    async sendRequest(request) {
      try {
        return await http.sendRequest(request);
      } catch (error) {
        if (error instanceof StoreFault) network = error;
        throw error;
      }
    },
  };
  let credential: Promise<TokenCredential> | undefined;
  let kept: Kept | undefined;
  let pending: { readonly key: string; readonly token: Promise<AccessToken> } | undefined;

  async function obtain(scope: string, tokenOptions: GetTokenOptions): Promise<AccessToken> {
    network = undefined;
    try {
      credential ??= createCredential(auth, authorityHost, watched);
      const token = await (await credential).getToken(scope, tokenOptions);
      if (token === null) throw new Error('no token');
      return token;
    } catch (error) {
      throw credentialFault(error, auth.kind, network);
    }
  }

  return {
    async getToken(scopes, { tenantId, claims, enableCae } = {}) {
      const scope = typeof scopes === 'string' ? scopes : (scopes[0] ?? '');
      checkAudience(scope, vaultHost);
      const key = `${tenantId ?? ''} ${scope}`;
      const current = kept?.key === key && claims === undefined ? kept.token : undefined;
      if (current !== undefined && now() < renewAtMs(current)) return stale(current);
      if (pending?.key !== key || claims !== undefined) {
        // Not the signal of the one who happens to ask first: others wait for it too.
        const token = obtain(scope, {
          ...(tenantId === undefined ? {} : { tenantId }),
          ...(claims === undefined ? {} : { claims }),
          ...(enableCae === undefined ? {} : { enableCae }),
        });
        const mine = { key, token };
        pending = mine;
        const over = (): void => {
          if (pending === mine) pending = undefined;
        };
        token.then((obtained) => {
          kept = { key, token: obtained, header: `Bearer ${obtained.token}` };
          over();
        }, over);
      }
      try {
        return stale(await pending.token);
      } catch (error) {
        // It is only old: the next one tries again.
        if (current !== undefined && now() < current.expiresOnTimestamp) return stale(current);
        throw error;
      }
    },

    current: () => (kept !== undefined && now() < renewAtMs(kept.token) ? kept.header : undefined),

    refused(header) {
      if (header === kept?.header) kept = undefined;
    },
  };
}

function renewAtMs({ expiresOnTimestamp, refreshAfterTimestamp }: AccessToken): number {
  return Math.min(refreshAfterTimestamp ?? Infinity, expiresOnTimestamp - renewBeforeMs);
}

function stale(token: AccessToken): AccessToken {
  return { token: token.token, expiresOnTimestamp: 0 };
}

/**
 * A vault asks for a token for its own domain. One that asks for a token for another service would get hold of more than its secrets. The SDK
 * checks it too, but cannot be told that a vault may be reached on the loopback interface (a port-forward, the embedded server), which it refuses.
 */
function checkAudience(scope: string, vaultHost: string): void {
  const audience = URL.parse(scope)?.hostname;
  if (audience !== undefined && (vaultHost === audience || vaultHost.endsWith(`.${audience}`))) return;
  if (isLoopback(vaultHost) && clouds.some(({ vaultDomain }) => vaultDomain === audience)) return;
  throw finalFault(
    `it asks for a token for ${audience ?? 'nothing'}, which is not its own domain`,
    'Check AZURE_KEYVAULT_URI: a vault is reached under a name below the domain that it gives, such as vault.azure.net.',
  );
}

/** @param host as URL has it: IPv6 in brackets */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d+){3}$/.test(host);
}
