/**
 * The official client's pipeline: its authentication (challenges, continuous access evaluation), user agent, request ids and proxies. The
 * requests are our own, because the methods of SecretClient 4.11.2 distort what they carry: an expiry after 2038-01-19 goes out as a negative
 * number (`(ms / 1000) | 0`), times of 0 come back as numbers, bytes that are not UTF-8 as U+FFFD, and its pollers ask every two seconds.
 */
import { randomUUID } from 'node:crypto';
import type { SecretClientOptions } from '@azure/keyvault-secrets';
import { untilAborted } from '../retry.ts';
import { StoreFault, withoutEffect } from '../store-fault.ts';
import { finalFault } from './key-vault-fault.ts';
import { createSdkRequest } from './sdk-types.ts';
import type { PlainRequest, SdkHttpClient, SdkPipeline, SdkRequest, SdkResponse } from './sdk-types.ts';
import type { TokenSource } from './token-source.ts';

/** Those that do nothing for these requests: they are retried, redirected and addressed here, have texts for bodies and take no compression. */
const idlePolicies = [
  'defaultRetryPolicy',
  'redirectPolicy',
  'multipartPolicy',
  'formDataPolicy',
  'decompressResponsePolicy',
  'wrapAbortSignalLikePolicy',
  // Nobody listens, and each takes the address apart for every request.
  'tracingPolicy',
  'logPolicy',
  'ClientApiVersionPolicy',
  'ContentTypePolicy',
];

/** The version of the service's interface that the SDK speaks. */
export const apiVersion = '2025-07-01';

export type SendRequest = (request: PlainRequest, signal: AbortSignal | undefined) => Promise<SdkResponse>;

/**
 * Loads the SDK with the first request. Once the vault has taken a token, a request goes by itself for as long as that holds, with what the SDK
 * gives to every request: its policies cost as much as the request. Whatever the vault turns away goes through them again.
 *
 * @throws {StoreFault} from what it returns; `signal.reason` where the caller gave up
 */
export function createSdkPipeline(vaultUrl: string, source: TokenSource, http: SdkHttpClient): SendRequest {
  let pipeline: Promise<SdkPipeline> | undefined;
  let isOpen = false;
  let opening: Promise<SdkResponse> | undefined;
  /** As the SDK names itself. Undefined where it sends requests through a proxy. */
  let userAgent: string | undefined;
  const observed: SdkHttpClient = {
    sendRequest(request) {
      userAgent = request.agent === undefined ? request.headers.get('User-Agent') : undefined;
      return http.sendRequest(request);
    },
  };

  async function load(): Promise<SdkPipeline> {
    const { SecretClient } = await import('@azure/keyvault-secrets');
    // The resource is verified by the token source, which is stricter and knows of loopback addresses.
    const options: SecretClientOptions = { disableChallengeResourceVerification: true, httpClient: http };
    // Private, and the package's version is pinned: key-vault-faults.test.ts fails when it moves.
    const { client } = new SecretClient(vaultUrl, source, options) as unknown as { client: { pipeline: SdkPipeline } };
    for (const name of idlePolicies) client.pipeline.removePolicy({ name });
    return client.pipeline;
  }

  async function send(request: SdkRequest): Promise<SdkResponse> {
    try {
      return await (await (pipeline ??= load())).sendRequest(observed, request);
    } catch (error) {
      if (error instanceof StoreFault || request.abortSignal?.aborted === true) throw error;
      throw challengeFault();
    }
  }

  /** A token that was kept for longer than the vault takes it (Azure CLI keeps them) is refused; afterwards the SDK sees to that by itself. */
  async function open(request: SdkRequest): Promise<SdkResponse> {
    const response = await send(request);
    return response.status === 401 && request.headers.has('Authorization') ? send(request) : response;
  }

  return async (plain, signal) => {
    // The SDK sends its first request without its body, and keeps that aside for one request only: where several come first at once, a write
    // can go out empty. So one goes ahead until a token is known.
    while (!isOpen) {
      signal?.throwIfAborted();
      if (opening === undefined) {
        opening = open(createSdkRequest(plain, signal));
        try {
          const response = await opening;
          isOpen = response.status !== 401;
          return response;
        } finally {
          opening = undefined;
        }
      }
      try {
        await untilAborted(opening, signal);
      } catch (error) {
        signal?.throwIfAborted();
        // What keeps the first one out keeps out all that wait; of theirs nothing was sent.
        if (error instanceof StoreFault) throw withoutEffect(error);
      }
    }
    const Authorization = source.current();
    if (Authorization !== undefined && userAgent !== undefined) {
      const requestId = randomUUID();
      const own = { 'User-Agent': userAgent, 'x-ms-client-request-id': requestId, Authorization };
      const response = await http.sendRequest(createSdkRequest(plain, signal, own, requestId));
      if (response.status !== 401) return response;
    }
    return send(createSdkRequest(plain, signal));
  };
}

/** The SDK's own errors are all about challenges that it cannot read. */
function challengeFault(): StoreFault {
  return finalFault(
    'it does not say where to get a token, as Key Vault does',
    'Check that AZURE_KEYVAULT_URI is the address of a Key Vault.',
  );
}
