/**
 * Sends requests for the SDKs, to vaults and for tokens. The SDK's own client puts U+FFFD where bytes are not UTF-8, and takes half an answer of
 * unknown length for all of it.
 */
import type { Agent as HttpAgent } from 'node:http';
import { createSecureContext, getCACertificates } from 'node:tls';
import { createConnections } from '../http-connections.ts';
import type { Connections, ExchangeFaults, ExchangeRequest } from '../http-connections.ts';
import { lookupHost } from '../lookup-host.ts';
import { finalFault, nonsense } from './key-vault-fault.ts';
import { networkFault, timeoutFault } from './network-fault.ts';
import { sendByAgent } from './send-by-agent.ts';
import { SdkHeaders } from './sdk-types.ts';
import type { SdkHttpClient, SdkRequest, SdkResponse } from './sdk-types.ts';

export type KeyVaultHttp = SdkHttpClient & {
  close(): void;
};

/** A page has 25 items without values and a secret has 25 KB: nothing is nearly as large. */
const maxAnswerBytes = 4 * 1024 * 1024;

/** @param ca PEM of CAs to trust besides those that Node trusts. @param timeoutMs for requests that bring none (those for tokens) */
export function createKeyVaultHttp(ca: string | undefined, timeoutMs: number): KeyVaultHttp {
  // A context is made once, and not for every connection.
  const trust =
    ca === undefined
      ? {}
      : { secureContext: createSecureContext({ ca: [...getCACertificates('default'), ca], minVersion: 'TLSv1.2' }) };
  /** By origin as it is written in the addresses of requests. */
  const byOrigin = new Map<string, Connections>();

  function connectionsTo(origin: string): Connections {
    const there = byOrigin.get(origin);
    if (there !== undefined) return there;
    const tls = { lookup: lookupHost, ...trust };
    const made = createConnections(origin, { tls, maxAnswerBytes, faults: faultsOf(origin) });
    byOrigin.set(origin, made);
    return made;
  }

  async function sendRequest(request: SdkRequest): Promise<SdkResponse> {
    const { origin, path } = split(request.url);
    // Only what Azure's own machines offer to those on them (managed identity) is without TLS.
    if (!origin.startsWith('https:') && request.allowInsecureConnection !== true)
      throw finalFault(`${origin} is not https`, 'Secrets and tokens travel over TLS only.');
    const { method, body } = request;
    if (body !== undefined && body !== null && typeof body !== 'string')
      throw finalFault('the SDK sends a body that is not a text', 'Please report it.');
    const signal = request.abortSignal as AbortSignal | undefined;
    const headers = request.headers instanceof SdkHeaders ? request.headers.flat() : [...request.headers].flat();
    const limitMs = request.timeout > 0 ? request.timeout : timeoutMs;
    const sent: ExchangeRequest = {
      method: method as ExchangeRequest['method'],
      path,
      headers,
      body: body ?? undefined,
    };
    // The SDK's proxy policy sets one where HTTPS_PROXY does.
    const agent = request.agent as HttpAgent | undefined;
    const answer =
      agent === undefined
        ? await connectionsTo(origin).send(sent, limitMs, signal)
        : await sendByAgent(sent, {
            origin,
            agent,
            trust,
            maxAnswerBytes,
            faults: faultsOf(origin),
            timeoutMs: limitMs,
            signal,
          });
    return { request, status: answer.status, headers: new SdkHeaders(answer.headers), bodyAsText: answer.text };
  }

  return {
    sendRequest,
    close() {
      for (const connections of byOrigin.values()) connections.close();
    },
  };
}

/** Nearly all addresses are written as they are sent, and need not be taken apart. */
function split(url: string): { readonly origin: string; readonly path: string } {
  const plain = /^(https:\/\/[a-z0-9.-]+(?::\d+)?)(\/[\w/?=&%-][\w/?=&.%-]*)$/.exec(url);
  if (plain?.[1] !== undefined && plain[2] !== undefined && !url.includes('/.'))
    return { origin: plain[1], path: plain[2] };
  const { origin, pathname, search } = new URL(url);
  return { origin, path: `${pathname}${search}` };
}

function faultsOf(origin: string): ExchangeFaults {
  return {
    network: (code, reached) => networkFault(code, origin, reached),
    timeout: (timeoutMs, reached) => timeoutFault(origin, timeoutMs, reached),
    tooLarge: () => nonsense('its answer is larger than any of Key Vault'),
    notUtf8: () => nonsense(`the answer of ${origin} is not valid UTF-8`),
  };
}
