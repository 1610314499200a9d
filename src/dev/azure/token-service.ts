/** Entra, as far as an application asks it: discovery, keys, and tokens for client credentials (secret, or federated assertion). */
import type { HttpRequest } from '../http/http-request.ts';
import type { HttpReply } from '../http/http-server.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Authority } from './authority.ts';
import { refuseAssertion } from './client-assertion.ts';
import { instanceDiscovery, openIdConfiguration } from './discovery.ts';
import {
  expiredSecret,
  jsonReply,
  malformedRequest,
  noCredential,
  noTenant,
  notPosted,
  renderEntraError,
  unknownApplication,
  unknownInstance,
  unknownResource,
  unknownTenant,
  wrongSecret,
} from './entra-errors.ts';
import type { EntraError } from './entra-errors.ts';
import type { Identities, RegisteredIdentity } from './identities.ts';
import type { SigningKeys } from './signing-key.ts';
import { readTokenRequest } from './token-request.ts';
import type { TokenRequest } from './token-request.ts';

export type TokenServiceOperation = 'Token' | 'Discovery' | 'Keys';

/** What can be asked for below `/{tenant}/`. */
const operations: Readonly<Record<string, TokenServiceOperation>> = {
  'v2.0/.well-known/openid-configuration': 'Discovery',
  '.well-known/openid-configuration': 'Discovery',
  'discovery/instance': 'Discovery',
  'discovery/v2.0/keys': 'Keys',
  'discovery/keys': 'Keys',
  'oauth2/v2.0/token': 'Token',
  'oauth2/token': 'Token',
};

/** Stand for whatever tenant an application or account is of; applications cannot ask them for a token. */
const anyTenant = ['common', 'organizations'];

type Asked = {
  readonly tenant: string;
  readonly path: string;
  readonly operation: TokenServiceOperation | undefined;
  readonly query: URLSearchParams;
};

function readTarget(target: string): Asked {
  const [path = '', query = ''] = target.split('?');
  const [, tenant = '', ...rest] = path.toLowerCase().split('/');
  const below = rest.join('/');
  const operation = Object.hasOwn(operations, below) ? operations[below] : undefined;
  return { tenant, path: below, operation, query: new URLSearchParams(query) };
}

/** @returns path: without the slash in front and without the query, for faults and the log */
export function identifyTokenServiceRequest({ target }: HttpRequest): {
  operation: TokenServiceOperation | undefined;
  path: string;
} {
  const { tenant, path, operation } = readTarget(target);
  return { operation, path: `${tenant}/${path}` };
}

export type TokenServiceParts = {
  readonly authority: Authority;
  readonly identities: Identities;
  readonly accessTokens: AccessTokens;
  readonly keys: SigningKeys;
  readonly now: () => number;
};

export class TokenService {
  readonly #parts: TokenServiceParts;

  constructor(parts: TokenServiceParts) {
    this.#parts = parts;
  }

  handle(request: HttpRequest): HttpReply | Promise<HttpReply> {
    const asked = readTarget(request.target);
    switch (asked.operation) {
      case 'Discovery':
        return this.#discover(request, asked);
      case 'Keys':
        return this.#knows(asked.tenant) ? this.#showKeys() : this.#refuse(request, unknownTenant(asked.tenant));
      case 'Token':
        return this.#giveToken(request, asked);
      default:
        return { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not found' };
    }
  }

  /** @param request whose correlation id is repeated */
  #refuse(request: HttpRequest, error: EntraError): HttpReply {
    const { authority, now } = this.#parts;
    return renderEntraError(error, { request, authorityUrl: authority.url, nowMs: now() });
  }

  #knows(tenant: string): boolean {
    return tenant === this.#parts.authority.tenantId || anyTenant.includes(tenant);
  }

  #discover(request: HttpRequest, { tenant, path, query }: Asked): HttpReply {
    const { authority } = this.#parts;
    if (path === 'discovery/instance') {
      const found = instanceDiscovery(authority, query);
      return found === undefined ? this.#refuse(request, unknownInstance) : jsonReply(200, found);
    }
    if (!this.#knows(tenant)) return this.#refuse(request, { ...unknownTenant(tenant), error: 'invalid_tenant' });
    return jsonReply(200, openIdConfiguration(authority, tenant, path.startsWith('v2.0/') ? 2 : 1));
  }

  async #showKeys(): Promise<HttpReply> {
    const { jwk } = await this.#parts.keys.ready();
    return jsonReply(200, { keys: [jwk] });
  }

  async #giveToken(request: HttpRequest, { tenant, path }: Asked): Promise<HttpReply> {
    const version = path === 'oauth2/token' ? 1 : 2;
    if (request.method !== 'POST') return this.#refuse(request, notPosted(request.method));
    if (anyTenant.includes(tenant)) return this.#refuse(request, noTenant);
    if (!this.#knows(tenant)) return this.#refuse(request, unknownTenant(tenant));
    const contentType = request.headers.get('content-type') ?? '';
    if (!contentType.startsWith('application/x-www-form-urlencoded')) return this.#refuse(request, malformedRequest);
    const asked = readTokenRequest(request, version);
    if ('error' in asked) return this.#refuse(request, asked);
    const { identities, accessTokens } = this.#parts;
    const identity = identities.find(asked.clientId);
    if (identity === undefined) return this.#refuse(request, unknownApplication(asked.clientId, tenant));
    const refused = await this.#authenticate(identity, asked);
    if (refused !== undefined) return this.#refuse(request, refused);
    const { resource } = asked;
    if (!accessTokens.isKnownResource(resource)) return this.#refuse(request, unknownResource(resource, tenant));
    const token = await accessTokens.issue(identity, resource, asked.assertion !== undefined);
    const common = { token_type: 'Bearer', access_token: token.text };
    if (version === 2)
      return jsonReply(200, { ...common, expires_in: token.lifetimeS, ext_expires_in: token.lifetimeS });
    return jsonReply(200, {
      ...common,
      // v1 answers numbers as texts.
      expires_in: String(token.lifetimeS),
      ext_expires_in: String(token.lifetimeS),
      expires_on: String(token.expiresS),
      not_before: String(token.notBeforeS),
      resource,
    });
  }

  async #authenticate(identity: RegisteredIdentity, asked: TokenRequest): Promise<EntraError | undefined> {
    const nowMs = this.#parts.now();
    if (asked.assertion !== undefined) return refuseAssertion(asked.assertion, identity, nowMs);
    if (asked.secret === undefined) return noCredential;
    if (identity.clientSecret?.equals(asked.secret) !== true) return wrongSecret(identity.clientId);
    return nowMs < identity.clientSecretExpiresMs ? undefined : expiredSecret(identity.clientId);
  }
}
