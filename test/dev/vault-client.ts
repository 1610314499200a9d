/** Asks a Vault over HTTP, ours or the real one, and tells the answer without what differs from one server to the next. */
import { request as requestHttp } from 'node:http';
import type { Agent, IncomingHttpHeaders } from 'node:http';

/** @property body text as sent, or an object to be sent as JSON; @property token default: the server's root token; null sends none */
export type Ask = {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Told = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

export type VaultAddress = { readonly url: string; readonly rootToken: string };

export function ask(vault: VaultAddress, asked: Ask, agent?: Agent): Promise<Told> {
  const { method, path, body, headers = {} } = asked;
  const token = asked.token === undefined ? vault.rootToken : asked.token;
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const sent = {
    ...(token !== null && { 'x-vault-token': token }),
    ...(text !== undefined && { 'content-type': contentType, 'content-length': String(Buffer.byteLength(text)) }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const request = requestHttp(
      `${vault.url}/v1/${path}`,
      { method, headers: sent, ...(agent && { agent }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}

/** What was told, as JSON. */
export function bodyOf({ text }: Told): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

const masks: readonly (readonly [RegExp, string])[] = [
  [/"request_id":"[^"]*"/g, '"request_id":"…"'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '<time>'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>'],
  [/"(accessor|client_id|entity_id|cluster_name|uuid)":"[^"]+"/g, '"$1":"…"'],
  [/"(client_token|id)":"hvs\.[^"]*"/g, '"$1":"<token>"'],
  [/"(creation_time|server_time_utc|last_renewal_time)":\d+/g, '"$1":0'],
];

/** Status, the headers that clients read, and the body with masks in the place of times, names by chance and tokens. */
export function comparable({ status, headers, text }: Told): string {
  const masked = masks
    .reduce((current, [pattern, mask]) => current.replace(pattern, mask), text)
    // Several errors about custom_metadata come in the random order of a Go map.
    .replace(/(?:\\n\\t\* custom_metadata (?:(?!\\n).)*)+/g, (all) => all.split('\\n\\t* ').toSorted().join('\\n\\t* '))
    // A second may have passed on one server and not on the other.
    .replace(/"ttl":(\d+)/g, (_all, seconds: string) => `"ttl":${Math.ceil(Number(seconds) / 10) * 10}`);
  const shown = ['cache-control', 'content-type', 'location'].flatMap((name) =>
    headers[name] === undefined ? [] : [`${name}: ${[headers[name]].flat().join()}`],
  );
  const usual = ['cache-control: no-store', 'content-type: application/json'];
  const unusual = shown.join() === usual.join() ? [] : [shown.join(', ')];
  return [String(status), ...unusual, ordered(masked)].join('\n');
}

/** Answers that repeat their data beside the envelope come in the random order of a Go map; what is inside is sorted by Vault. */
function ordered(text: string): string {
  if (!text.startsWith('{') || text.startsWith('{"request_id"') || text.startsWith('{"errors"')) return text;
  const entries = Object.entries(JSON.parse(text) as object).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(entries.map(([name, value]) => [name, sorted(value)])));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
