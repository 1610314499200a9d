/** One HTTP request to Vault: TLS, deadline, redirects on the same host, whole answers in valid UTF-8. Knows nothing of tokens or retries. */
import { createConnections } from '../http-connections.ts';
import type { ExchangeAnswer } from '../http-connections.ts';
import { networkFault, timeoutFault } from './network-fault.ts';
import { finalFault, nonsense } from './vault-fault.ts';
import type { VaultFault } from './vault-fault.ts';
import type { VaultSettings } from './vault-settings.ts';

export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  /** Below `/v1/`, its segments encoded, with the query. */
  readonly path: string;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
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
  const prefix = base.pathname.replace(/\/+$/, '');
  const connections = createConnections(base.origin, {
    tls: {
      rejectUnauthorized: tls.skipVerify !== true,
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls.clientCertificate === undefined ? {} : { cert: tls.clientCertificate }),
      ...(tls.clientKey === undefined ? {} : { key: tls.clientKey.reveal() }),
    },
    maxAnswerBytes,
    faults: {
      network: (code, reached) => networkFault(code, address, reached),
      timeout: (ms, reached) => timeoutFault(address, ms, reached),
      tooLarge: () => nonsense('its answer is larger than any secret can be'),
      notUtf8: () => nonsense('its answer is not valid UTF-8'),
    },
  });

  async function send(request: HttpRequest, signal: AbortSignal | undefined): Promise<HttpAnswer> {
    const { method, headers, body } = request;
    // As it is: URL would resolve `..`.
    let path = `${prefix}/v1/${request.path}`;
    for (let redirects = 0; ; redirects++) {
      const answer = await connections.send({ method, path, headers, body }, timeoutMs, signal);
      const { status, text } = answer;
      if (status < 300 || status >= 400) return { status, text, ...timesOf(answer) };
      path = redirectTarget(answer, method, base, path);
      if (redirects >= maxRedirects) throw redirectFault('it redirects in a circle');
    }
  }

  return { send, close: () => connections.close() };
}

/** A standby sends clients to the active server; the token goes along, so only to the very same host and port. */
function redirectTarget({ status, headers }: ExchangeAnswer, method: string, base: URL, currentPath: string): string {
  const target = URL.parse(headerOf(headers, 'location'), `${base.origin}${currentPath}`);
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

function timesOf({ headers }: ExchangeAnswer): Pick<HttpAnswer, 'atMs' | 'retryAfterMs'> {
  const dateMs = Date.parse(headerOf(headers, 'date'));
  const atMs = Number.isNaN(dateMs) ? Date.now() : dateMs + 999;
  const retryAfter = headerOf(headers, 'retry-after');
  if (retryAfter === '') return { atMs, retryAfterMs: undefined };
  if (/^\d{1,9}$/.test(retryAfter)) return { atMs, retryAfterMs: Number(retryAfter) * 1000 };
  const untilMs = Date.parse(retryAfter);
  return { atMs, retryAfterMs: Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - Date.now()) };
}

/** Empty where it is not there. Where it is there twice, the first one. */
function headerOf(headers: ExchangeAnswer['headers'], name: string): string {
  const value = headers[name];
  return (typeof value === 'string' ? value : value?.[0]) ?? '';
}
