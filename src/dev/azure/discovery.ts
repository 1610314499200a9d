/** What clients ask before they ask for a token: where, of whom, and by which names (OpenID Connect Discovery, and Entra's own for clouds). */
import { issuerOf, publicAuthorities } from './authority.ts';
import type { Authority } from './authority.ts';

/** @param tenant as it was asked for: `common` stays in the addresses, and leaves `{tenantid}` in the issuer */
export function openIdConfiguration(authority: Authority, tenant: string, version: 1 | 2): object {
  const { url, tenantId } = authority;
  const [base, path] = [`${url}/${tenant}`, version === 1 ? 'oauth2' : 'oauth2/v2.0'];
  const named = tenant === tenantId ? tenantId : '{tenantid}';
  return {
    token_endpoint: `${base}/${path}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: version === 1 ? `${url}/common/discovery/keys` : `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    // Clients refuse another host than the one that they asked (MSAL Go; msal-common from 16 on).
    issuer: version === 1 ? issuerOf(named) : `${url}/${named}/v2.0`,
    authorization_endpoint: `${base}/${path}/authorize`,
    end_session_endpoint: `${base}/${path}/logout`,
    tenant_region_scope: null,
    cloud_instance_name: 'microsoftonline.com',
  };
}

/** @returns undefined where `authorization_endpoint` is of a host that no cloud of ours has */
export function instanceDiscovery(authority: Authority, query: URLSearchParams): object | undefined {
  const endpoint = query.get('authorization_endpoint') ?? '';
  if (!URL.canParse(endpoint)) return undefined;
  const { host, pathname, protocol } = new URL(endpoint);
  const own = new URL(authority.url).host;
  const aliases = publicAuthorities.includes(authority.host) ? publicAuthorities : [own];
  if (protocol !== 'https:' || (host !== own && !publicAuthorities.includes(host))) return undefined;
  const [, tenant = ''] = pathname.split('/');
  return {
    tenant_discovery_endpoint: `https://${host}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      ...(aliases.includes('login.microsoftonline.com')
        ? []
        : [{ preferred_network: own, preferred_cache: own, aliases }]),
      {
        preferred_network: 'login.microsoftonline.com',
        preferred_cache: 'login.windows.net',
        aliases: publicAuthorities,
      },
    ],
  };
}
