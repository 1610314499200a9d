/** A server that plays exactly the answers that a test gives it, broken ones included, and remembers what it was asked. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { SecretValue } from '../../src/model/secret-value.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import type { VaultSettings } from '../../src/stores/vault/vault-settings.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';
import type { VaultStore } from '../../src/stores/vault/vault-store.ts';

export type Asked = {
  /** `GET secret/data/a`: without /v1/. */
  readonly line: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
};

export type Answer = {
  readonly status?: number;
  /** Sent as it is; an object as JSON. */
  readonly body?: string | Buffer | object;
  readonly headers?: Readonly<Record<string, string>>;
  /** `at once`: no answer. `in the body`: half of it. */
  readonly cut?: 'at once' | 'in the body';
  readonly delayMs?: number;
  /** Never ends. */
  readonly hang?: 'at once' | 'in the body';
};

/** @param count how often this line was asked before, from 0. @returns undefined: a 404 without anything */
export type Script = (asked: Asked, count: number) => Answer | undefined;

export type ScriptedVault = {
  readonly url: string;
  /** Without the question about the mount. */
  readonly asked: Asked[];
  open(settings?: Partial<VaultSettings>, now?: () => number): VaultStore;
  [Symbol.asyncDispose](): Promise<void>;
};

export const kv2 = { data: { type: 'kv', path: 'secret/', options: { version: '2' } } };
export const canary = 'example-canary';
export const created = '2026-01-02T03:04:05.678901234Z';

/** A present version, as `GET data/…` answers it. */
export function present(version: number, data: object | string = { a: 'b' }, tags: object | null = null): string {
  const facts = { created_time: created, custom_metadata: tags, deletion_time: '', destroyed: false, version };
  const raw = typeof data === 'string' ? data : JSON.stringify(data);
  return `{"request_id":"example","data":{"data":${raw},"metadata":${JSON.stringify(facts)}},"auth":null}\n`;
}

export function deleted(version: number): Answer {
  const metadata = { created_time: created, deletion_time: created, destroyed: false, version };
  return { status: 404, body: { data: { data: null, metadata } } };
}

/** As `POST data/…` answers. */
export function written(version: number, tags: object | null = null): Answer {
  return {
    body: { data: { version, created_time: created, deletion_time: '', destroyed: false, custom_metadata: tags } },
  };
}

export function errors(status: number, ...texts: string[]): Answer {
  return { status, body: { errors: texts } };
}

export async function scriptVault(script: Script, tls?: ServerOptions): Promise<ScriptedVault> {
  const asked: Asked[] = [];
  const stores: VaultStore[] = [];
  const counts = new Map<string, number>();
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const line = `${request.method ?? ''} ${(request.url ?? '').replace('/v1/', '')}`;
      const one = { line, body: Buffer.concat(chunks).toString(), headers: request.headers };
      const count = counts.get(line) ?? 0;
      counts.set(line, count + 1);
      const isMount = line.startsWith('GET sys/internal/ui/mounts/');
      if (!isMount) asked.push(one);
      const answer = script(one, count) ?? (isMount ? { body: kv2 } : errors(404));
      setTimeout(() => play(response, answer), answer.delayMs ?? 0);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    open(settings = {}, now = Date.now) {
      const auth = { kind: 'token', token: new SecretValue('example-token') } as const;
      const store = createVaultStore({ address: url, auth, ...settings }, now);
      stores.push(store);
      return store;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(stores.map((store) => store.close()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function play(response: ServerResponse, answer: Answer): void {
  if (answer.hang === 'at once') return;
  if (answer.cut === 'at once') {
    response.destroy();
    return;
  }
  const { body = '' } = answer;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  response.writeHead(answer.status ?? 200, { 'Content-Length': String(bytes.length), ...answer.headers });
  if (answer.cut === undefined && answer.hang === undefined) {
    response.end(bytes);
    return;
  }
  response.write(bytes.subarray(0, bytes.length / 2), () => {
    if (answer.cut !== undefined) response.destroy();
  });
}

/** Every error of these tests goes through here: a StoreError in which no value and no token can be seen. */
export async function failure(outcome: Promise<unknown>): Promise<StoreError> {
  const error = await outcome.then(
    (value) => assert.fail(`succeeded: ${inspect(value)}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof StoreError, inspect(error));
  assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /example-(canary|token)/);
  return error;
}
