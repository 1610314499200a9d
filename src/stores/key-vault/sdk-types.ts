/** The SDK's types that it does not export, and the smallest things that have them: requests and headers for its pipeline. */
import { randomUUID } from 'node:crypto';
import type { SecretClientOptions } from '@azure/keyvault-secrets';

/** What sends requests for the SDK. */
export type SdkHttpClient = NonNullable<SecretClientOptions['httpClient']>;
export type SdkRequest = Parameters<SdkHttpClient['sendRequest']>[0];
export type SdkResponse = Awaited<ReturnType<SdkHttpClient['sendRequest']>>;
type HttpHeaders = SdkRequest['headers'];

export type SdkPipeline = {
  removePolicy(options: { readonly name: string }): readonly { readonly name: string }[];
  sendRequest(httpClient: SdkHttpClient, request: SdkRequest): Promise<SdkResponse>;
};

/** A request of ours, before anything of the SDK is in it. */
export type PlainRequest = {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  readonly url: string;
  readonly body: string | undefined;
  readonly timeoutMs: number;
};

/** @param more headers, beside those that the body needs */
export function createSdkRequest(
  { method, url, body, timeoutMs }: PlainRequest,
  signal: AbortSignal | undefined,
  more: Readonly<Record<string, string>> = {},
  requestId: string = randomUUID(),
): SdkRequest {
  const request: SdkRequest = {
    url,
    method,
    headers: new SdkHeaders(
      body === undefined
        ? { Accept: 'application/json', ...more }
        : { Accept: 'application/json', 'Content-Type': 'application/json', ...more },
    ),
    timeout: timeoutMs,
    withCredentials: false,
    requestId,
  };
  if (body !== undefined) request.body = body;
  if (signal !== undefined) request.abortSignal = signal;
  return request;
}

type RawHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Names are compared without case and keep theirs. Nobody looks at those of most answers: they are taken apart when somebody does. */
export class SdkHeaders implements HttpHeaders {
  readonly #raw: RawHeaders;
  #all: Map<string, { readonly name: string; readonly value: string }> | undefined;

  /** @param raw may have several values for a name, as Node gives them */
  constructor(raw: RawHeaders) {
    this.#raw = raw;
  }

  get #headers(): Map<string, { readonly name: string; readonly value: string }> {
    if (this.#all === undefined) {
      this.#all = new Map();
      for (const [name, value] of Object.entries(this.#raw))
        if (value !== undefined) this.set(name, typeof value === 'string' ? value : value.join(', '));
    }
    return this.#all;
  }

  get(name: string): string | undefined {
    return this.#headers.get(name.toLowerCase())?.value;
  }

  has(name: string): boolean {
    return this.#headers.has(name.toLowerCase());
  }

  /** A line break in a value would make it another header. */
  set(name: string, value: string | number | boolean): void {
    this.#headers.set(name.toLowerCase(), {
      name,
      value: String(value)
        .replace(/[\r\n]/g, '')
        .trim(),
    });
  }

  delete(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  toJSON({ preserveCase = false }: { readonly preserveCase?: boolean } = {}): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const [folded, { name, value }] of this.#headers) headers[preserveCase ? name : folded] = value;
    return headers;
  }

  /** Name, value, name, value. */
  flat(): string[] {
    const flat: string[] = [];
    if (this.#all === undefined) for (const name in this.#raw) push(flat, name, this.#raw[name]);
    else for (const { name, value } of this.#all.values()) flat.push(name, value);
    return flat;
  }

  *[Symbol.iterator](): Generator<[string, string]> {
    for (const { name, value } of this.#headers.values()) yield [name, value];
  }
}

function push(flat: string[], name: string, value: string | readonly string[] | undefined): void {
  if (value !== undefined) flat.push(name, typeof value === 'string' ? value : value.join(', '));
}
