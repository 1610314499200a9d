/**
 * One request over node:http and an agent of the SDK's: those that lead through a proxy (HTTPS_PROXY) are for nothing else. What is promised is
 * the same as in http-connections.ts.
 */
import { request as httpRequest } from 'node:http';
import type { Agent as HttpAgent } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { RequestOptions as HttpsRequestOptions } from 'node:https';
import type { SecureContext } from 'node:tls';
import { decodeAnswer } from '../http-connections.ts';
import type { ExchangeAnswer, ExchangeFaults, ExchangeRequest } from '../http-connections.ts';

export type SendByAgentOptions = {
  readonly origin: string;
  readonly agent: HttpAgent;
  readonly trust: { readonly secureContext?: SecureContext };
  readonly maxAnswerBytes: number;
  readonly faults: ExchangeFaults;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
};

export function sendByAgent(
  { method, path, headers, body }: ExchangeRequest,
  { origin, agent, trust, maxAnswerBytes, faults, timeoutMs, signal }: SendByAgentOptions,
): Promise<ExchangeAnswer> {
  const url = new URL(origin);
  const isSecure = url.protocol === 'https:';
  // An empty POST has a length as well: some proxies insist on it.
  const bytes = body !== undefined ? Buffer.from(body) : method === 'GET' ? undefined : Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let reached = false;
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    const failed = (error: NodeJS.ErrnoException): void => fail(faults.network(error.code ?? 'cut off', reached));
    const options: HttpsRequestOptions = {
      ...trust,
      agent,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      path,
      method,
      headers: { ...pairs(headers), ...(bytes === undefined ? {} : { 'Content-Length': String(bytes.length) }) },
    };
    const sent = isSecure ? httpsRequest(options) : httpRequest(options);
    const timer = setTimeout(() => {
      fail(faults.timeout(timeoutMs, reached));
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
          fail(faults.tooLarge());
          sent.destroy();
        }
      });
      response.on('error', failed);
      // Not of an answer that is cut off: that is an error.
      response.on('end', () => {
        end();
        const text = decodeAnswer(chunks);
        if (text === undefined) reject(faults.notUtf8());
        else resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.end(bytes);
  });
}

function pairs(headers: readonly string[]): Record<string, string> {
  const byName: Record<string, string> = {};
  for (let index = 0; index < headers.length; index += 2) byName[headers[index] ?? ''] = headers[index + 1] ?? '';
  return byName;
}
