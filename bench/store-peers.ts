/**
 * Our clients of the two stores, and beside each a bare undici loop that sends the same requests, as they were recorded from the client: one
 * read is a GET, one write to Vault a POST, and one to Key Vault a GET and a PUT, because Key Vault compares nothing and so our client does.
 * The bare loop reads whole answers and looks at nothing but their status.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Pool } from 'undici';
import { SecretValue } from '../src/model/secret-value.ts';
import type { SecretStore, Version } from '../src/stores/contract.ts';
import { lookupHost } from '../src/stores/lookup-host.ts';
import { createKeyVaultHttp } from '../src/stores/key-vault/key-vault-http.ts';
import { parseKeyVaultSettings } from '../src/stores/key-vault/key-vault-settings.ts';
import { createKeyVaultStore } from '../src/stores/key-vault/key-vault-store.ts';
import { parseVaultSettings } from '../src/stores/vault/vault-settings.ts';
import { createVaultStore } from '../src/stores/vault/vault-store.ts';

/** Each worker has a secret of its own, so that no write waits for another or loses to it. */
export type Peer = {
  read(worker: number): Promise<void>;
  write(worker: number): Promise<void>;
};
export type Peers = { readonly client: Peer; readonly bare: Peer; close(): Promise<void> };

type Recorded = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};
type Send = (request: Recorded) => Promise<void>;
type Closable = SecretStore & { close(): Promise<unknown> };

const timeoutMs = 30_000;
/** Of the usual size: four fields. */
const value = new SecretValue(
  JSON.stringify({
    host: 'database.example.svc.cluster.local',
    user: 'application',
    password: 'p'.repeat(48),
    certificate: 'c'.repeat(200),
  }),
);
const recordedName = 'bench-sample-00';
const nameOf = (who: string, worker: number): string => `bench-${who}-${String(worker).padStart(2, '0')}`;

export async function createVaultPeers(variables: Readonly<Record<string, string>>, workers: number): Promise<Peers> {
  const { address, token } = parseVaultSettings(variables, () => undefined).variables;
  if (address === undefined || token === undefined) throw new Error('there is no Vault');
  const auth = { kind: 'token', token } as const;
  const pool = new Pool(address, { connections: workers });
  const send = createSend(pool);

  const recorded: Recorded[] = [];
  // Not ended by the client: what it asks about the mount, once, is answered too.
  const recorder = createServer((request, response) => {
    void (async () => {
      const sent = await buffer(request);
      const body = sent.length === 0 ? undefined : sent.toString();
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const one = {
        method: request.method as Recorded['method'],
        path: request.url ?? '',
        headers: headers as Record<string, string>,
        body,
      };
      recorded.push(one);
      const answer = await pool.request({ ...one, body: body ?? null });
      response.writeHead(answer.statusCode).end(await answer.body.text());
    })();
  }).listen(0, '127.0.0.1');
  await once(recorder, 'listening');
  const sample = createVaultStore({ address: `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`, auth });
  const { read, write } = await recordBoth(sample, recorded);
  recorder.closeAllConnections();
  recorder.close();

  const store = createVaultStore({ address, auth });
  return peersOf(store, workers, pool, {
    read: (name) => send(renamed(read, name)[0]),
    write: (name, count) => {
      const [post] = renamed(write, name);
      return send({ ...post, body: (post.body ?? '').replace('"cas":0', `"cas":${count}`) });
    },
  });
}

export async function createKeyVaultPeers(
  variables: Readonly<Record<string, string>>,
  workers: number,
): Promise<Peers> {
  const { vaultUrl, auth, authorityHost, tls } = parseKeyVaultSettings(variables).variables;
  if (vaultUrl === undefined || tls?.ca === undefined) throw new Error('there is no Key Vault');
  // The embedded server does not throttle; with Azure's limits the budget of calls would be all that is measured. It counts all the same.
  const limits = { creates: 1e9, others: 1e9, windowMs: 10_000 };
  const settings = { vaultUrl, auth, authorityHost, tls, limits };
  const pool = new Pool(vaultUrl, { connections: workers, connect: { ca: tls.ca, lookup: lookupHost } });
  const send = createSend(pool);

  const recorded: Recorded[] = [];
  const http = createKeyVaultHttp(tls.ca, timeoutMs);
  const sample = createKeyVaultStore(settings, {
    http: {
      sendRequest(request) {
        const { method, url, headers, body } = request;
        if (url.startsWith(vaultUrl) && headers.has('Authorization'))
          recorded.push({
            method: method as Recorded['method'],
            path: url.slice(vaultUrl.length),
            headers: headers.toJSON({ preserveCase: true }),
            body: body as string | undefined,
          });
        return http.sendRequest(request);
      },
      close: () => http.close(),
    },
  });
  const { read, write } = await recordBoth(sample, recorded);

  const store = createKeyVaultStore(settings);
  return peersOf(store, workers, pool, {
    read: (name) => send(renamed(read, name)[0]),
    write: async (name) => {
      for (const request of renamed(write, name)) await send(request);
    },
  });
}

/** What one read and one write send, on a secret that is there. */
async function recordBoth(
  store: Closable,
  recorded: Recorded[],
): Promise<{ readonly read: readonly Recorded[]; readonly write: readonly Recorded[] }> {
  await write(store, recordedName, 'absent');
  recorded.length = 0;
  const version = await read(store, recordedName);
  const ofRead = recorded.splice(0);
  await write(store, recordedName, version);
  const ofWrite = recorded.splice(0);
  await store.close();
  // `cas` counts from the first write of whoever plays it.
  return { read: ofRead, write: ofWrite.map((one) => ({ ...one, body: one.body?.replace('"cas":1', '"cas":0') })) };
}

function renamed(requests: readonly Recorded[], name: string): readonly [Recorded, ...Recorded[]] {
  const all = requests.map((request) => ({ ...request, path: request.path.replace(recordedName, name) }));
  return all as [Recorded, ...Recorded[]];
}

function createSend(pool: Pool): Send {
  return async ({ method, path, headers, body }) => {
    const { statusCode, body: answer } = await pool.request({ method, path, headers, body: body ?? null });
    await answer.text();
    if (statusCode !== 200) throw new Error(`${method} ${path} was answered with ${statusCode}`);
  };
}

type Bare = {
  readonly read: (name: string) => Promise<void>;
  /** @param count of the writes before */
  readonly write: (name: string, count: number) => Promise<void>;
};

/** Both with one version of every worker's secret. */
async function peersOf(store: Closable, workers: number, pool: Pool, bare: Bare): Promise<Peers> {
  const indices = Array.from({ length: workers }, (_, worker) => worker);
  const names = {
    client: indices.map((one) => nameOf('client', one)),
    bare: indices.map((one) => nameOf('barely', one)),
  };
  const versions = await Promise.all(names.client.map((name) => write(store, name, 'absent')));
  await Promise.all(names.bare.map((name) => write(store, name, 'absent')));
  const counts = indices.map(() => 1);
  return {
    client: {
      read: async (worker) => {
        await read(store, names.client[worker] ?? '');
      },
      write: async (worker) => {
        versions[worker] = await write(store, names.client[worker] ?? '', versions[worker] ?? 'absent');
      },
    },
    bare: {
      read: (worker) => bare.read(names.bare[worker] ?? ''),
      write: (worker) => {
        const count = counts[worker] ?? 0;
        counts[worker] = count + 1;
        return bare.write(names.bare[worker] ?? '', count);
      },
    },
    async close() {
      await store.close();
      await pool.close();
    },
  };
}

async function read(store: SecretStore, name: string): Promise<Version> {
  const outcome = await store.read(name);
  if (outcome.kind !== 'present') throw new Error(`a read of ${name} found it ${outcome.kind}`);
  return outcome.version;
}

async function write(store: SecretStore, name: string, expected: Version | 'absent'): Promise<Version> {
  const outcome = await store.write(name, value, { expected });
  if (outcome.kind !== 'written') throw new Error(`a write of ${name} ended as ${outcome.kind}`);
  return outcome.version;
}
