/**
 * What Entra answers to a request for a token that it refuses. The numbers are what people search for; the texts are those that users quote in
 * public issues, without the parts that differ from one answer to the next. Which are not certain: docs/key-vault-fidelity.md.
 */
import { randomUUID } from 'node:crypto';
import type { HttpRequest } from '../http/http-request.ts';
import type { HttpReply } from '../http/http-server.ts';

/** @property code without `AADSTS`; 0: none, where a fault is asked for */
export type EntraError = {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly text: string;
};

const badRequest = (code: number, text: string, error = 'invalid_request'): EntraError => ({
  status: 400,
  error,
  code,
  text,
});
const invalidClient = (code: number, text: string): EntraError => ({
  status: 401,
  error: 'invalid_client',
  code,
  text,
});

const notInstalled =
  'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.';

export const unknownTenant = (tenant: string): EntraError =>
  badRequest(
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );
export const noTenant: EntraError = badRequest(
  50059,
  'No tenant-identifying information found in either the request or implied by any provided credentials.',
);
export const unknownInstance: EntraError = badRequest(50049, 'Unknown or invalid instance.', 'invalid_instance');
export const notPosted = (method: string): EntraError =>
  badRequest(900561, `The endpoint only accepts POST requests. Received a ${method} request.`);
export const missingParameter = (name: string): EntraError =>
  badRequest(900144, `The request body must contain the following parameter: '${name}'.`);
export const malformedRequest: EntraError = badRequest(9002313, 'Invalid request. Request is malformed or invalid.');
export const unsupportedGrant = (grant: string): EntraError =>
  badRequest(70003, `The app requested an unsupported grant type '${grant}'.`, 'unsupported_grant_type');
export const unknownApplication = (clientId: string, tenant: string): EntraError =>
  badRequest(
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenant}'. ${notInstalled} You may have sent your authentication request to the wrong tenant.`,
    'unauthorized_client',
  );
export const unknownResource = (resource: string, tenant: string): EntraError =>
  badRequest(
    500011,
    `The resource principal named ${resource} was not found in the tenant named ${tenant}. ${notInstalled} You might have sent your authentication request to the wrong tenant.`,
    'invalid_resource',
  );
export const invalidScope = (scope: string): EntraError =>
  badRequest(
    70011,
    `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    'invalid_scope',
  );
export const notDefaultScope = (scope: string): EntraError =>
  badRequest(
    1002012,
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    'invalid_scope',
  );

export const noCredential: EntraError = invalidClient(
  7000216,
  `'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.`,
);
export const wrongSecret = (clientId: string): EntraError =>
  invalidClient(
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  );
export const expiredSecret = (clientId: string): EntraError =>
  invalidClient(
    7000222,
    `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  );

export const malformedAssertion: EntraError = invalidClient(50027, 'JWT token is invalid or malformed.');
export const unsupportedAlgorithm = (algorithm: string, supported: readonly string[]): EntraError =>
  invalidClient(
    5002738,
    `Invalid JWT token. '${algorithm}' is not a supported signature algorithm. Supported signing algorithms are: '${supported.join(',')}'`,
  );
export const noFederatedCredentials = (clientId: string): EntraError =>
  invalidClient(70025, `The client '${clientId}' has no configured federated identity credentials.`);
const noMatch = (code: number, what: string, value: string): EntraError =>
  invalidClient(
    code,
    `No matching federated identity record found for presented assertion ${what} '${value}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation`,
  );
export const unmatchedIssuer = (issuer: string): EntraError => noMatch(700211, 'issuer', issuer);
export const unmatchedAudience = (audience: string): EntraError => noMatch(700212, 'audience', audience);
export const unmatchedSubject = (subject: string): EntraError => noMatch(700213, 'subject', subject);
export const issuerUnreachable: EntraError = badRequest(501661, 'Request to External OIDC endpoint failed.');
export const unknownKey = (keyId: string, issuer: string): EntraError =>
  invalidClient(
    7000272,
    `The certificate with identifier ${keyId} used to sign the federated credential could not be found in the metadata of identity provider ${issuer}. Please validate that your Identity Provider's metadata exposes the key used to sign the incoming token.`,
  );
export const wrongSignature: EntraError = invalidClient(
  50013,
  'Assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.]',
);
export const outsideItsTime = (nowMs: number, validFromMs: number | undefined, expiresMs: number): EntraError => {
  const show = (atMs: number): string => showTime(atMs).replace(/Z$/, '0000Z');
  const from = validFromMs === undefined ? '' : `, assertion valid from ${show(validFromMs)}`;
  return invalidClient(
    700024,
    `Client assertion is not within its valid time range. Current time: ${show(nowMs)}${from}, expiry time of assertion ${show(expiresMs)}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
  );
};
export const livesTooLong = (issuedS: number, expiresS: number): EntraError =>
  invalidClient(
    70023,
    `External OIDC Provider token must have a lifetime of less than or equal to 1.01:00:00. Token issued at ${issuedS}. Token expires on ${expiresS}.`,
  );

/** A number in a token may be beyond what a date can be. */
function showTime(atMs: number): string {
  return new Date(Math.min(Math.max(atMs, 0), 253_402_300_799_000)).toISOString();
}

const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** @param authorityUrl where `error_uri` points; no page is there */
export function renderEntraError(
  { status, error, code, text }: EntraError,
  { request, authorityUrl, nowMs }: { request?: HttpRequest; authorityUrl: string; nowMs: number },
): HttpReply {
  const [traceId, given] = [randomUUID(), request?.headers.get('client-request-id') ?? ''];
  const correlationId = guid.test(given) ? given : randomUUID();
  const timestamp = new Date(nowMs).toISOString().replace('T', ' ').replace(/\.\d+/, '');
  const description = code === 0 ? text : `AADSTS${code}: ${text}`;
  return jsonReply(status, {
    error,
    error_description: `${description} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    ...(code !== 0 && { error_codes: [code] }),
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    ...(code !== 0 && { error_uri: `${authorityUrl}/error?code=${code}` }),
  });
}

export function jsonReply(status: number, body: object): HttpReply {
  return {
    status,
    headers: {
      'Cache-Control': 'no-store, no-cache',
      Pragma: 'no-cache',
      'Content-Type': 'application/json; charset=utf-8',
      'x-ms-request-id': randomUUID(),
    },
    body: JSON.stringify(body),
  };
}
