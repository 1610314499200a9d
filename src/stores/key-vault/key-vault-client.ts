/** A request to a vault: within the budget, through the SDK's pipeline, sent again where that is safe. What the answer means is for the caller to say. */
import type { CallBudget, CallKind } from '../call-budget.ts';
import { keyVaultCallLimits, longestPauseMs, shareCallBudget } from '../call-budget.ts';
import { withRetries } from '../retry.ts';
import { publicCloud } from './clouds.ts';
import { faultOfStatus, parseServiceError } from './key-vault-fault.ts';
import { createKeyVaultHttp } from './key-vault-http.ts';
import type { KeyVaultSettings } from './key-vault-settings.ts';
import { apiVersion, createSdkPipeline } from './sdk-pipeline.ts';
import type { SdkHttpClient, SdkRequest, SdkResponse } from './sdk-types.ts';
import { createTokenSource } from './token-source.ts';
import type { TokenSource } from './token-source.ts';

export type KeyVaultCall = {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** `/secrets/name`, encoded. */
  readonly path: string;
  /** Without api-version: `maxresults=25`. */
  readonly query?: string;
  readonly body?: string;
  /** Whether doing it twice is doing it once. */
  readonly repeatable: boolean;
};

export type KeyVaultAnswer = {
  /** 200, 204, 403, 404, 409 or 413. */
  readonly status: number;
  readonly text: string;
  /** `error.code` and those in it. */
  readonly codes: readonly string[];
  /** How often it was sent. After the second time a 404 may be the first one's doing. */
  readonly attempts: number;
};

export type KeyVaultClient = {
  /** @throws {StoreFault} for every other status, and where no whole answer came; `signal.reason` where the caller gave up */
  call(call: KeyVaultCall, signal: AbortSignal | undefined): Promise<KeyVaultAnswer>;
  close(): void;
};

export type KeyVaultClientOptions = {
  readonly now: () => number;
  /** Instead of the network: for tests. */
  readonly http?: (SdkHttpClient & { close(): void }) | undefined;
};

/** @param settings its `vaultUrl` is normalised */
export function createKeyVaultClient(settings: KeyVaultSettings, options: KeyVaultClientOptions): KeyVaultClient {
  const { vaultUrl, auth, authorityHost = publicCloud.authorityHost, timeoutMs = 30_000, retries = 5 } = settings;
  const { onRetry } = settings;
  const { host, hostname } = new URL(vaultUrl);
  const http = options.http ?? createKeyVaultHttp(settings.tls?.ca, timeoutMs);
  const budget = shareCallBudget(host, settings.limits ?? keyVaultCallLimits);
  const source = createTokenSource({ auth, authorityHost, http, vaultHost: hostname, now: options.now });
  const send = createSdkPipeline(vaultUrl, source, watch(http, budget, source));

  async function attempt(
    { method, path, query = '', body }: KeyVaultCall,
    attempts: number,
    signal: AbortSignal | undefined,
  ): Promise<KeyVaultAnswer> {
    const url = `${vaultUrl}${path}?${query === '' ? '' : `${query}&`}api-version=${apiVersion}`;
    const response = await send({ method, url, body, timeoutMs }, signal);
    const { status } = response;
    const text = response.bodyAsText ?? '';
    if (status === 200 || status === 204) return { status, text, codes: [], attempts };
    const error = parseServiceError(text);
    const fault = faultOfStatus(status, error, () => retryAfterMsOf(response));
    if (fault !== undefined) throw fault;
    return { status, text, codes: error.codes, attempts };
  }

  return {
    call(call, signal) {
      signal?.throwIfAborted();
      let attempts = 0;
      return withRetries(() => attempt(call, ++attempts, signal), {
        retries,
        repeatable: call.repeatable,
        signal,
        longestPauseMs,
        // It waits for the budget as well, which alone knows for how long after a 429 without Retry-After.
        onRetry: ({ because, waitMs }) => onRetry?.({ because, waitMs: Math.max(waitMs, budget.pauseMs()) }),
      });
    },

    close: () => http.close(),
  };
}

/** Next to the wire, so that the challenge's requests count as well. */
function watch(http: SdkHttpClient, budget: CallBudget, source: TokenSource): SdkHttpClient {
  return {
    async sendRequest(request) {
      const admitted = budget.admit(kindOf(request), request.abortSignal as AbortSignal | undefined);
      const call = admitted instanceof Promise ? await admitted : admitted;
      try {
        const response = await http.sendRequest(request);
        if (response.status === 429) budget.throttled(call, retryAfterMsOf(response));
        // Then the SDK, which takes this for a challenge, asks for another one.
        if (response.status === 401) source.refused(request.headers.get('Authorization') ?? '');
        return response;
      } finally {
        budget.end(call);
      }
    },
  };
}

function kindOf({ method, url }: SdkRequest): CallKind {
  return method === 'PUT' || (method === 'POST' && url.includes('/secrets/restore?')) ? 'creates' : 'others';
}

/** Seconds or a date, or Azure's own milliseconds. */
function retryAfterMsOf({ headers }: SdkResponse): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const text = headers.get(name) ?? '';
    if (/^\d{1,9}$/.test(text)) return Number(text);
  }
  const text = headers.get('retry-after') ?? '';
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const untilMs = Date.parse(text);
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - Date.now());
}
