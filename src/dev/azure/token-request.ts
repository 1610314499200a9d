/** A request for a token, as it is sent (RFC 6749, 4.4 and 2.3.1; RFC 7523, 2.2). */
import { SecretValue } from '../../model/secret-value.ts';
import type { HttpRequest } from '../http/http-request.ts';
import {
  invalidScope,
  malformedRequest,
  missingParameter,
  noCredential,
  notDefaultScope,
  unsupportedGrant,
} from './entra-errors.ts';
import type { EntraError } from './entra-errors.ts';

/** @property resource as it was asked for: it becomes the token's audience */
export type TokenRequest = {
  readonly clientId: string;
  readonly resource: string;
  readonly secret?: SecretValue;
  readonly assertion?: string;
};

const bearerAssertion = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Parameters that are not known are skipped: clients send their version, `client_info`, `claims`. */
export function readTokenRequest({ body, headers }: HttpRequest, version: 1 | 2): TokenRequest | EntraError {
  const form = new URLSearchParams(body.toString());
  const field = (name: string): string | undefined => form.get(name) || undefined;
  const grant = field('grant_type');
  if (grant === undefined) return missingParameter('grant_type');
  const basic = readBasic(headers.get('authorization'));
  const clientId = field('client_id') ?? basic?.clientId;
  if (clientId === undefined) return missingParameter('client_id');
  if (grant !== 'client_credentials') return unsupportedGrant(grant);
  const resource = version === 1 ? (field('resource') ?? missingParameter('resource')) : readScope(field('scope'));
  if (typeof resource !== 'string') return resource;
  const assertion = field('client_assertion');
  if (assertion !== undefined) {
    const type = field('client_assertion_type') ?? missingParameter('client_assertion_type');
    if (typeof type !== 'string') return type;
    return type === bearerAssertion ? { clientId, resource, assertion } : malformedRequest;
  }
  const secret = field('client_secret') ?? basic?.secret;
  return secret === undefined ? noCredential : { clientId, resource, secret: new SecretValue(secret) };
}

function readScope(scope: string | undefined): string | EntraError {
  if (scope === undefined) return missingParameter('scope');
  const scopes = scope.split(' ').filter((one) => one !== '' && !['openid', 'profile', 'offline_access'].includes(one));
  const [only = '', ...more] = scopes;
  if (more.length > 0 || only === '') return invalidScope(scope);
  // `https://vault.azure.net//.default` is for `https://vault.azure.net/`: the slash at the end belongs to the resource.
  return only.endsWith('/.default') ? only.slice(0, -'/.default'.length) : notDefaultScope(scope);
}

/** Name and password are encoded as a form's before they are put together. */
function readBasic(header: string | undefined): { clientId: string; secret: string } | undefined {
  const [, encoded] = /^basic +([\w+/=-]+)$/i.exec(header ?? '') ?? [];
  const [, clientId, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  if (clientId === undefined || secret === undefined) return undefined;
  const decode = (part: string): string => decodeURIComponent(part.replaceAll('+', ' '));
  try {
    return { clientId: decode(clientId), secret: decode(secret) };
  } catch {
    return undefined;
  }
}
