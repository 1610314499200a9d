/** A vault behind the SDK's pipeline that plays exactly the answers that a test gives it, and remembers what it was asked. No network, no TLS. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import type { AccessToken, GetTokenOptions } from '@azure/identity';
import { StoreError } from '../../src/stores/store-error.ts';
import { StoreFault } from '../../src/stores/store-fault.ts';
import type { KeyVaultSettings } from '../../src/stores/key-vault/key-vault-settings.ts';
import { createKeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import type { KeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import { SdkHeaders } from '../../src/stores/key-vault/sdk-types.ts';
import type { SdkHttpClient } from '../../src/stores/key-vault/sdk-types.ts';

export type Asked = {
  /** `GET /secrets/a/`: without the query. */
  readonly line: string;
  readonly query: string;
  readonly body: string;
  readonly authorization: string | undefined;
};

export type Answer = {
  readonly status?: number;
  readonly body?: string | object;
  readonly headers?: Readonly<Record<string, string>>;
};

/** @returns what is thrown instead of an answer, or undefined: a 404 */
export type Script = (asked: Asked, count: number) => Answer | Error | undefined | Promise<Answer | Error | undefined>;

export type ScriptedKeyVault = {
  readonly url: string;
  /** With a token. */
  readonly asked: Asked[];
  readonly lines: () => string[];
  /** Without one. */
  readonly challenged: Asked[];
  readonly tokens: { readonly scopes: unknown; readonly options: GetTokenOptions | undefined }[];
  open(settings?: Partial<KeyVaultSettings>, now?: () => number): KeyVaultStore;
};

export const canary = 'example-canary';
export const newestVersion = '0123456789abcdef0123456789abcdef';
export const otherVersion = 'fedcba9876543210fedcba9876543210';
export const challenge =
  'Bearer authorization="https://login.microsoftonline.com/12345678-90ab-cdef-1234-567890abcdef", resource="https://vault.azure.net"';

export function newVaultUrl(): string {
  // Budgets are shared by host: each test has one of its own.
  return `https://test-${randomBytes(6).toString('hex')}.vault.azure.net`;
}

export function scriptKeyVault(
  script: Script,
  { url = newVaultUrl(), wwwAuthenticate = challenge, getToken = defaultToken }: ScriptedOptions = {},
): ScriptedKeyVault {
  const asked: Asked[] = [];
  const challenged: Asked[] = [];
  const tokens: { scopes: unknown; options: GetTokenOptions | undefined }[] = [];
  const counts = new Map<string, number>();
  const http: SdkHttpClient = {
    async sendRequest(request) {
      const { pathname, search } = new URL(request.url);
      const one: Asked = {
        line: `${request.method} ${pathname}`,
        query: search,
        body: typeof request.body === 'string' ? request.body : '',
        authorization: request.headers.get('Authorization'),
      };
      const answer = (status: number, body: string, headers: Readonly<Record<string, string>> = {}) => ({
        request,
        status,
        headers: new SdkHeaders(headers),
        bodyAsText: body,
      });
      await new Promise((resolve) => setImmediate(resolve));
      request.abortSignal?.addEventListener('abort', () => undefined);
      if (one.authorization === undefined) {
        challenged.push(one);
        return answer(401, JSON.stringify({ error: { code: 'Unauthorized', message: 'AKV10000' } }), {
          'WWW-Authenticate': wwwAuthenticate,
        });
      }
      const count = counts.get(one.line) ?? 0;
      counts.set(one.line, count + 1);
      asked.push(one);
      const played = (await script(one, count)) ?? notFound();
      if (played instanceof Error) throw played;
      const { status = 200, body = '', headers } = played;
      return answer(status, typeof body === 'string' ? body : JSON.stringify(body), headers);
    },
  };
  return {
    url,
    asked,
    lines: () => asked.map(({ line }) => line),
    challenged,
    tokens,
    open(settings = {}, now = Date.now) {
      const credential = {
        getToken: (scopes: string | string[], options?: GetTokenOptions) => {
          tokens.push({ scopes, options });
          return Promise.resolve(getToken(tokens.length));
        },
      };
      return createKeyVaultStore(
        { vaultUrl: url, auth: { kind: 'given', credential }, settleMs: 2000, ...settings },
        { http: { ...http, close: () => undefined }, now },
      );
    },
  };
}

type ScriptedOptions = {
  readonly url?: string;
  readonly wwwAuthenticate?: string;
  readonly getToken?: (count: number) => AccessToken;
};

function defaultToken(count: number): AccessToken {
  return { token: `example-token-${count}`, expiresOnTimestamp: Date.now() + 3_600_000 };
}

export function bundle(name: string, version: string, more: object = {}): Answer {
  return {
    body: {
      value: 'example',
      id: `https://myvault.vault.azure.net/secrets/${name}/${version}`,
      attributes: { enabled: true, created: 1_700_000_000, updated: 1_700_000_000, recoveryLevel: 'Recoverable' },
      ...more,
    },
  };
}

export function deletedBundle(name: string, version: string, more: object = {}): Answer {
  const recoveryId = `https://myvault.vault.azure.net/deletedsecrets/${name}`;
  return bundle(name, version, { value: undefined, recoveryId, deletedDate: 1_700_000_100, ...more });
}

/** As the service answers: the message holds names and callers, and here what must never be shown. */
export function refused(status: number, code: string, inner?: string, message = `${canary} refused`): Answer {
  return {
    status,
    body: { error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) } },
  };
}

export function notFound(): Answer {
  return refused(404, 'SecretNotFound');
}

export function cut(effect: 'none' | 'unknown' = 'unknown'): StoreFault {
  return new StoreFault({
    because: 'cut off',
    hint: 'Again.',
    retryable: true,
    effect,
    worthRepeating: true,
    trouble: 'network',
  });
}

/** Every error of these tests goes through here: a StoreError in which no value and no token can be seen. */
export async function failure(outcome: Promise<unknown>): Promise<StoreError> {
  const error = await outcome.then(
    (value) => assert.fail(`succeeded: ${inspect(value)}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof StoreError, inspect(error));
  const shown = inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error) + String(error.stack);
  assert.doesNotMatch(shown, /example-(canary|token)/);
  assert.notEqual(error.hint, '');
  return error;
}
