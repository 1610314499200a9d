/** What a handler answers, and Vault's envelope around it (sdk/logical/response.go, http/logical.go). */
import { randomUUID } from 'node:crypto';
import { remarshal } from '../../eso/go-json.ts';
import type { HttpReply } from '../http/http-server.ts';

/** @property body JSON without the line break that Vault ends it with; undefined is 204 or an empty answer */
export type Reply = {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Envelope = {
  /** JSON of `data`, sorted by key. */
  readonly data?: string;
  readonly auth?: string;
  readonly warnings?: readonly string[];
  readonly mountType?: string;
};

function envelope({ data = 'null', auth = 'null', warnings = [], mountType = '' }: Envelope): string {
  const told = warnings.length === 0 ? 'null' : json(warnings);
  return `{"request_id":"${randomUUID()}","lease_id":"","renewable":false,"lease_duration":0,"data":${data},"wrap_info":null,"warnings":${told},"auth":${auth},"mount_type":"${mountType}"}`;
}

/** As Vault's listener sends it. */
export function render({ status, body, headers }: Reply): HttpReply {
  // Vault ends a body with a line break (json.Encoder), unless it is one that an engine wrote itself (a 404 that says something).
  const isWhole = body === undefined || (status === 404 && body.startsWith('{"request_id"'));
  // A header that the answer itself gives takes the place of the usual one; an empty one takes it away.
  const shown = Object.entries({ 'Cache-Control': 'no-store', 'Content-Type': 'application/json', ...headers });
  return {
    status,
    ...(body !== undefined && { body: isWhole ? body : `${body}\n` }),
    headers: Object.fromEntries(shown.filter(([, value]) => value !== '')),
  };
}

export function reply(content: Envelope, status = 200): Reply {
  return { status, body: envelope(content) };
}

/**
 * The older answers of sys/ repeat their data beside the envelope.
 * @param data JSON of an object
 */
export function flatReply(data: string): Reply {
  const inner = data.slice(1, -1);
  return {
    status: 200,
    body: `{${inner}${inner === '' ? '' : ','}${envelope({ data, mountType: 'system' }).slice(1)}`,
  };
}

export const noContent: Reply = { status: 204 };

export function errorReply(status: number, ...errors: string[]): Reply {
  return { status, body: `{"errors":${json(errors)}}` };
}

/** hashicorp/go-multierror's text, which Vault's core wraps many errors in. */
export function multiErrorReply(status: number, ...errors: string[]): Reply {
  return errorReply(status, multiError(errors));
}

export function multiError(errors: readonly string[]): string {
  return `${errors.length} error${errors.length === 1 ? '' : 's'} occurred:\n${errors.map((error) => `\t* ${error}\n`).join('')}\n`;
}

export const notFound: Reply = errorReply(404);
export const denied: Reply = errorReply(403, 'permission denied');
export const deniedByPolicy: Reply = multiErrorReply(403, 'permission denied');
export const unsupportedOperation: Reply = multiErrorReply(405, 'unsupported operation');
export const unsupportedPath: Reply = multiErrorReply(404, 'unsupported path');

/** As Go's encoding/json writes a map: keys sorted, `<`, `>` and `&` escaped. */
export function json(value: unknown): string {
  return remarshal(JSON.stringify(value), 'literal') ?? 'null';
}
