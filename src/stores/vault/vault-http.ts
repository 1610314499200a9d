/** One HTTP request to Vault: TLS, deadline, redirects on the same host, whole answers in valid UTF-8. Knows nothing of tokens or retries. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { networkFault, timeoutFault } from './network-fault.ts';
import { finalFault, nonsense } from './vault-fault.ts';
import type { VaultFault } from './vault-fault.ts';
import type { VaultSettings } from './vault-settings.ts';

export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  /** Below `/v1/`, its segments encoded, with the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
};

export type HttpAnswer = {
  readonly status: number;
  readonly text: string;
  /** When Vault answered, by its own clock: milliseconds since 1970, to the second, rounded up. */
  readonly atMs: number;
  readonly retryAfterMs: number | undefined;
};

export type VaultHttp = {
  /** @throws {VaultFault} where there was no whole answer; `signal.reason` where the caller gave up */
  send(request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpAnswer>;
  close(): void;
};

const maxRedirects = 2;
/** Vault takes requests of up to 32 MiB, so no secret is larger. */
const maxAnswerBytes = 33 * 1024 * 1024;

export function createVaultHttp(settings: VaultSettings): VaultHttp {
  const { address, tls = {}, timeoutMs = 30_000 } = settings;
  const base = new URL(address);
  const secure = base.protocol === 'https:';
  const agent = secure
    ? new HttpsAgent({
        keepAlive: true,
        rejectUnauthorized: tls.skipVerify !== true,
        ...(tls.ca === undefined ? {} : { ca: tls.ca }),
        ...(tls.clientCertificate === undefined ? {} : { cert: tls.clientCertificate }),
        ...(tls.clientKey === undefined ? {} : { key: tls.clientKey.reveal() }),
      })
    : new HttpAgent({ keepAlive: true });

  function exchange(path: string, request: HttpRequest, signal: AbortSignal | undefined): Promise<Exchanged> {
    signal?.throwIfAborted();
    const deadline = AbortSignal.timeout(timeoutMs);
    const bytes = request.body === undefined ? undefined : Buffer.from(request.body);
    return new Promise((resolve, reject) => {
      let reached = false;
      const fail = (error: NodeJS.ErrnoException | undefined): void => {
        if (signal?.aborted === true) reject(asError(signal.reason));
        else if (deadline.aborted) reject(timeoutFault(address, timeoutMs, reached));
        else reject(networkFault(error?.code ?? 'cut off', address, reached));
      };
      const sent = (secure ? httpsRequest : httpRequest)({
        agent,
        protocol: base.protocol,
        hostname: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port,
        // As it is: URL would resolve `..`.
        path,
        method: request.method,
        headers: { ...request.headers, ...(bytes === undefined ? {} : { 'Content-Length': bytes.length }) },
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      });
      sent.on('socket', (socket) => {
        if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', () => (reached = true));
        else reached = true;
      });
      sent.on('error', fail);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= maxAnswerBytes) chunks.push(chunk);
          else {
            reject(nonsense('its answer is larger than any secret can be'));
            sent.destroy();
          }
        });
        response.on('error', fail);
        // Not of an answer that is cut off: that is an error.
        response.on('end', () => resolve({ response, body: Buffer.concat(chunks) }));
      });
      sent.end(bytes);
    });
  }

  async function send(request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    let path = `${base.pathname.replace(/\/+$/, '')}/v1/${request.path}`;
    for (let redirects = 0; ; redirects++) {
      const { response, body } = await exchange(path, request, signal);
      const status = response.statusCode ?? 0;
      if (status < 300 || status >= 400) return { status, text: decode(body), ...timesOf(response) };
      path = redirectTarget(response, status, request.method, base, path);
      if (redirects >= maxRedirects) throw redirectFault('it redirects in a circle');
    }
  }

  return { send, close: () => agent.destroy() };
}

type Exchanged = { readonly response: IncomingMessage; readonly body: Buffer };

/** A standby sends clients to the active server; the token goes along, so only to the very same host and port. */
function redirectTarget(
  response: IncomingMessage,
  status: number,
  method: string,
  base: URL,
  currentPath: string,
): string {
  const target = URL.parse(response.headers.location ?? '', `${base.origin}${currentPath}`);
  const keepsTheMethod = status === 307 || status === 308 || method === 'GET';
  if (target === null || !keepsTheMethod)
    throw redirectFault(`it redirects in a way that cannot be followed (${status})`);
  if (target.origin !== base.origin) throw redirectFault(`it redirects to another host (${target.origin})`);
  return `${target.pathname}${target.search}`;
}

function redirectFault(because: string): VaultFault {
  return finalFault(
    because,
    'Point VAULT_ADDR at the active Vault server itself; tokens are not sent to another host.',
  );
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw nonsense('its answer is not valid UTF-8');
  }
}

function timesOf(response: IncomingMessage): Pick<HttpAnswer, 'atMs' | 'retryAfterMs'> {
  const dateMs = Date.parse(response.headers.date ?? '');
  const atMs = Number.isNaN(dateMs) ? Date.now() : dateMs + 999;
  const retryAfter = response.headers['retry-after'] ?? '';
  if (/^\d{1,9}$/.test(retryAfter)) return { atMs, retryAfterMs: Number(retryAfter) * 1000 };
  const untilMs = Date.parse(retryAfter);
  return { atMs, retryAfterMs: Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - Date.now()) };
}

/** Whatever an AbortController was given as its reason is thrown as it is. */
function asError(reason: unknown): Error {
  return reason as Error;
}
