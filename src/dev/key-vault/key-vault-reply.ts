/** Answers as the service sends them: its headers, and the envelope of its errors. Headers and their order are those of recorded traffic [rec]. */
import { randomUUID } from 'node:crypto';
import type { HttpReply } from '../http/http-server.ts';

/** A refusal: its texts quote nothing of a request but names. */
export type KeyVaultError = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly inner?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** @property json the body; undefined is 204 */
export type KeyVaultReply = { readonly status: number; readonly json?: object } | KeyVaultError;

export const region = 'westeurope';

/** @param clientRequestId echoed, as the service does since 2022 [rec], unless it has what does not belong in a header */
export function renderReply(reply: KeyVaultReply, clientRequestId?: string): HttpReply {
  const isError = 'code' in reply;
  const body = isError ? renderError(reply) : reply.json === undefined ? undefined : JSON.stringify(reply.json);
  const echoed = clientRequestId !== undefined && /^[\x20-\x7e]{1,256}$/.test(clientRequestId);
  return {
    status: reply.status,
    ...(body !== undefined && { body }),
    headers: {
      'Cache-Control': 'no-cache',
      Pragma: 'no-cache',
      ...(body !== undefined && { 'Content-Type': 'application/json; charset=utf-8' }),
      Expires: '-1',
      ...(isError && reply.headers),
      'x-ms-keyvault-region': region,
      ...(echoed && { 'x-ms-client-request-id': clientRequestId }),
      'x-ms-request-id': randomUUID(),
      'x-ms-keyvault-service-version': '1.9.2545.1',
      'x-ms-keyvault-network-info': 'conn_type=Ipv4;addr=127.0.0.1;act_addr_fam=InterNetwork;',
      'Strict-Transport-Security': 'max-age=31536000;includeSubDomains',
      'X-Content-Type-Options': 'nosniff',
    },
  };
}

/** `innererror` is in lower case on the wire, and left out where there is none. */
function renderError({ code, message, inner }: KeyVaultError): string {
  return JSON.stringify({
    error: { code, message, ...(inner !== undefined && { innererror: { code: inner } }) },
  });
}

const codes: Readonly<Record<number, string>> = {
  400: 'BadParameter',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'SecretNotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  413: 'RequestEntityTooLarge',
  429: 'Throttled',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

/** For faults and for what is no request: an error of any status in the service's form. @param messages of which the first is told */
export function refuseKeyVaultRequest(status: number, messages: readonly string[]): HttpReply {
  const code = codes[status] ?? (status >= 500 ? 'InternalServerError' : 'BadParameter');
  return renderReply({ status, code, message: messages[0] ?? code });
}
