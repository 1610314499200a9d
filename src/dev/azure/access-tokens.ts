/** The tokens that the token service issues and the vaults take: in the shape of v1, which is what Key Vault is given. */
import { randomBytes } from 'node:crypto';
import { isSignedBy, parseJsonWebToken, signJsonWebToken } from '../json-web-token.ts';
import type { JsonWebToken } from '../json-web-token.ts';
import type { TokenVerdict } from '../key-vault/key-vault-core.ts';
import { issuerOf, keyVaultApplication, publicVaultDomain } from './authority.ts';
import type { Authority } from './authority.ts';
import type { RegisteredIdentity } from './identities.ts';
import type { SigningKeys } from './signing-key.ts';

export type AccessToken = {
  readonly text: string;
  readonly notBeforeS: number;
  readonly expiresS: number;
  readonly lifetimeS: number;
};

const lifetimeS = 3599;
/** Entra dates its tokens back, for clocks that go slow. */
const backdatedS = 300;
/** Resources of other services that are in every tenant; a vault refuses what is for them. */
const otherResources = ['https://vault.azure.net', 'https://management.azure.com', 'https://graph.microsoft.com'];
const keptVerdicts = 1000;

type Kept = { readonly verdict: TokenVerdict; readonly expiresMs: number };

export class AccessTokens {
  readonly #authority: Authority;
  readonly #keys: SigningKeys;
  readonly #now: () => number;
  readonly #audiences: readonly string[];
  /** Token → what was found: a client sends the same one for an hour, and a signature costs more than all the rest of a GET. */
  readonly #verdicts = new Map<string, Kept>();

  constructor(authority: Authority, keys: SigningKeys, now: () => number) {
    this.#authority = authority;
    this.#keys = keys;
    this.#now = now;
    const isPublic = authority.vaultDomain === publicVaultDomain;
    const publicAudiences = isPublic ? [`https://${publicVaultDomain}`, keyVaultApplication] : [];
    this.#audiences = [...new Set([authority.resource, ...publicAudiences])];
  }

  /** Entra knows a service by all its names, also by a vault's own and with a slash at the end; Key Vault then refuses such a token. */
  isKnownResource(resource: string): boolean {
    if (this.#audiences.includes(resource)) return true;
    const name = resource.replace(/\/$/, '');
    const { host: known } = new URL(this.#authority.resource);
    return (
      name === this.#authority.resource ||
      otherResources.includes(name) ||
      (name.startsWith('https://') && name.endsWith(`.${known}`))
    );
  }

  /** @param byAssertion whether the identity showed another issuer's token instead of a secret */
  async issue(identity: RegisteredIdentity, audience: string, byAssertion: boolean): Promise<AccessToken> {
    const { tenantId } = this.#authority;
    const { keyId, privateKey } = await this.#keys.ready();
    const nowS = Math.floor(this.#now() / 1000);
    const [notBeforeS, expiresS] = [nowS - backdatedS, nowS + lifetimeS];
    const claims = {
      aud: audience,
      iss: issuerOf(tenantId),
      iat: notBeforeS,
      nbf: notBeforeS,
      exp: expiresS,
      appid: identity.clientId,
      appidacr: byAssertion ? '2' : '1',
      idp: issuerOf(tenantId),
      idtyp: 'app',
      oid: identity.objectId,
      sub: identity.objectId,
      tid: tenantId,
      uti: randomBytes(16).toString('base64url'),
      ver: '1.0',
    };
    return { text: signJsonWebToken(keyId, claims, privateKey), notBeforeS, expiresS, lifetimeS };
  }

  verify(bearer: string): TokenVerdict {
    const kept = this.#verdicts.get(bearer);
    if (kept !== undefined && this.#now() < kept.expiresMs) return kept.verdict;
    const token = parseJsonWebToken(bearer);
    const verdict = token === undefined ? invalid(malformed) : this.#judge(token);
    this.#verdicts.delete(bearer);
    if (token !== undefined && verdict.kind === 'valid') this.#keep(bearer, token, verdict);
    return verdict;
  }

  #keep(bearer: string, { claims }: JsonWebToken, verdict: TokenVerdict): void {
    const [oldest] = this.#verdicts.keys();
    if (oldest !== undefined && this.#verdicts.size >= keptVerdicts) this.#verdicts.delete(oldest);
    this.#verdicts.set(bearer, { verdict, expiresMs: (claims['exp'] as number) * 1000 });
  }

  /** Whose a token is, is asked before its signature: another tenant's is signed by a key that is not known here, and refused by its name. */
  #judge(token: JsonWebToken): TokenVerdict {
    const { iss, aud, exp, nbf, oid, sub, appid, azp, tid } = token.claims;
    const { tenantId, url } = this.#authority;
    const issuers = [issuerOf(tenantId), `${url}/${tenantId}/v2.0`];
    if (typeof aud !== 'string' || typeof iss !== 'string') return invalid(malformed);
    if (!issuers.includes(iss))
      return invalid(`AKV10032: Invalid issuer. Expected one of ${issuers.join(', ')}, found ${iss}.`);
    const key = this.#keys.current;
    if (token.algorithm !== 'RS256' || key === undefined || token.keyId !== key.keyId || !isSignedBy(token, key.jwk))
      return invalid('AKV10046: Unable to resolve the key used for signature validation.');
    if (!this.#audiences.includes(aud))
      return invalid(`AKV10022: Invalid audience. Expected ${this.#audiences.join(' or ')}, found: ${aud}.`);
    const nowS = this.#now() / 1000;
    if (typeof exp !== 'number' || (nbf !== undefined && typeof nbf !== 'number')) return invalid(malformed);
    if (nowS >= exp) return invalid("[TokenExpired] Error validating token: 'S2S12086'.");
    if (nbf !== undefined && nowS < nbf) return invalid(notYet);
    const [objectId, appId] = [oid ?? sub, appid ?? azp];
    if (typeof objectId !== 'string' || typeof appId !== 'string') return invalid(malformed);
    return { kind: 'valid', principal: { objectId, appId, tenantId: typeof tid === 'string' ? tid : tenantId } };
  }
}

// Not seen in public answers: only their kind (401, code Unauthorized) is certain.
const malformed = '[InvalidToken] Error validating token.';
const notYet = '[TokenNotYetValid] Error validating token.';

const invalid = (code: string): TokenVerdict => ({ kind: 'invalid', code });
