/**
 * Sends requests for the SDKs, to vaults and for tokens: connections that are kept, one deadline from the name look-up to the last byte, whole
 * answers in valid UTF-8. The SDK's own puts U+FFFD where bytes are not UTF-8, and takes half an answer of unknown length for all of it.
 */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { RequestOptions as HttpsRequestOptions } from 'node:https';
import { createSecureContext, getCACertificates } from 'node:tls';
import { lookupHost } from '../lookup-host.ts';
import { finalFault, nonsense } from './key-vault-fault.ts';
import { networkFault, timeoutFault } from './network-fault.ts';
import { SdkHeaders } from './sdk-types.ts';
import type { SdkHttpClient, SdkRequest, SdkResponse } from './sdk-types.ts';

export type KeyVaultHttp = SdkHttpClient & {
  close(): void;
};

/** A page has 25 items without values and a secret has 25 KB: nothing is nearly as large. */
const maxAnswerBytes = 4 * 1024 * 1024;

/** @param ca PEM of CAs to trust besides those that Node trusts. @param timeoutMs for requests that bring none (those for tokens) */
export function createKeyVaultHttp(ca: string | undefined, timeoutMs: number): KeyVaultHttp {
  // A context is made once; `ca` would be part of every look-up of a connection.
  const trust =
    ca === undefined
      ? {}
      : { secureContext: createSecureContext({ ca: [...getCACertificates('default'), ca], minVersion: 'TLSv1.2' }) };
  const secure = new HttpsAgent({ keepAlive: true, lookup: lookupHost, ...trust });
  const plain = new HttpAgent({ keepAlive: true });

  async function sendRequest(request: SdkRequest): Promise<SdkResponse> {
    const url = new URL(request.url);
    const isSecure = url.protocol === 'https:';
    // Only what Azure's own machines offer to those on them (managed identity) is without TLS.
    if (!isSecure && request.allowInsecureConnection !== true)
      throw finalFault(`${url.origin} is not https`, 'Secrets and tokens travel over TLS only.');
    (request.abortSignal as AbortSignal | undefined)?.throwIfAborted();
    const limitMs = request.timeout > 0 ? request.timeout : timeoutMs;
    // The SDK's proxy policy sets one where HTTPS_PROXY does.
    const proxy = request.agent as HttpAgent | undefined;
    const connection = { agent: proxy ?? (isSecure ? secure : plain), ...(proxy === undefined ? {} : trust) };
    const { response, body } = await exchange(request, url, connection, limitMs);
    return {
      request,
      status: response.statusCode ?? 0,
      headers: new SdkHeaders(response.headers),
      bodyAsText: decode(body, url.origin),
    };
  }

  return {
    sendRequest,
    close() {
      secure.destroy();
      plain.destroy();
    },
  };
}

type Exchanged = { readonly response: IncomingMessage; readonly body: Buffer };

function exchange(
  request: SdkRequest,
  url: URL,
  connection: HttpsRequestOptions,
  timeoutMs: number,
): Promise<Exchanged> {
  const isSecure = url.protocol === 'https:';
  const { body, method } = request;
  const signal = request.abortSignal as AbortSignal | undefined;
  if (body !== undefined && body !== null && typeof body !== 'string')
    throw finalFault('the SDK sends a body that is not a text', 'Please report it.');
  // An empty POST has a length as well: some proxies insist on it.
  const bytes = typeof body === 'string' ? Buffer.from(body) : method === 'GET' ? undefined : Buffer.alloc(0);
  const headers = request.headers.toJSON({ preserveCase: true });
  if (bytes !== undefined) headers['Content-Length'] = String(bytes.length);
  return new Promise((resolve, reject) => {
    let reached = false;
    const fail = (error: Error): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      reject(error);
    };
    const failed = (error: NodeJS.ErrnoException): void =>
      fail(networkFault(error.code ?? 'cut off', url.origin, reached));
    const options: HttpsRequestOptions = {
      ...connection,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
    };
    const sent: ClientRequest = isSecure ? httpsRequest(options) : httpRequest(options);
    const timer = setTimeout(() => {
      fail(timeoutFault(url.origin, timeoutMs, reached));
      sent.destroy();
    }, timeoutMs);
    const giveUp = (): void => {
      fail(signal?.reason as Error);
      sent.destroy();
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    sent.on('socket', (socket) => {
      if (socket.connecting) socket.once(isSecure ? 'secureConnect' : 'connect', () => (reached = true));
      else reached = true;
    });
    sent.on('error', failed);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= maxAnswerBytes) chunks.push(chunk);
        else {
          fail(nonsense('its answer is larger than any of Key Vault'));
          sent.destroy();
        }
      });
      response.on('error', failed);
      // Not of an answer that is cut off: that is an error.
      response.on('end', () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        const [only] = chunks;
        resolve({ response, body: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks) });
      });
    });
    sent.end(bytes);
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(body: Buffer, origin: string): string {
  try {
    return utf8.decode(body);
  } catch {
    throw nonsense(`the answer of ${origin} is not valid UTF-8`);
  }
}
