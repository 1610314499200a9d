/** The wire: a scripted HTTPS server, with certificates that openssl makes for the run. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { KeyVaultSettings } from '../../src/stores/key-vault/key-vault-settings.ts';
import { createKeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import type { KeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import { bundle, challenge, failure, newestVersion } from './scripted-key-vault.ts';

const program = 'openssl';
const hasOpenssl = spawnSync(program, ['version']).status === 0;
const credential = {
  getToken: () => Promise.resolve({ token: 'example-token', expiresOnTimestamp: Date.now() + 3_600_000 }),
};
const auth = { kind: 'given', credential } as const;
const secret = JSON.stringify(bundle('a', newestVersion).body);

type Play = (request: IncomingMessage, response: ServerResponse, count: number) => void;

describe('where there is no vault', () => {
  const read = (vaultUrl: string, more: Partial<KeyVaultSettings> = {}): ReturnType<KeyVaultStore['read']> =>
    createKeyVaultStore({ vaultUrl, auth, retries: 0, ...more }).read('a');

  it('nothing listens', async () => {
    const server = await listen(createTcpServer());
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    const error = await failure(read(`https://127.0.0.1:${port}`));
    assert.match(error.message, /nothing listens at/);
    assert.match(error.hint, /AZURE_KEYVAULT_URI/);
    assert.ok(error.retryable);
  });

  it('no such host', async () => {
    const error = await failure(read('https://myvault.vault.invalid'));
    assert.match(error.message, /no host of that name|cannot be reached/);
    assert.ok(error.retryable);
  });

  it('no TLS', async () => {
    const server = await listen(
      createTcpServer((socket) =>
        socket
          .on('error', () => undefined)
          .end('example-canary\r\n')
          .resume(),
      ),
    );
    assert.match((await failure(read(`https://127.0.0.1:${portOf(server)}`))).message, /does not speak TLS|closed/);
    server.close();
  });

  it('nobody answers', async () => {
    const server = await listen(createTcpServer((socket) => socket.on('error', () => undefined)));
    const startMs = performance.now();
    const error = await failure(read(`https://127.0.0.1:${portOf(server)}`, { timeoutMs: 100 }));
    assert.match(error.message, /did not answer within 100 ms/);
    // Many at once wait for the first, and fail with it.
    const store = createKeyVaultStore({
      vaultUrl: `https://127.0.0.1:${portOf(server)}`,
      auth,
      retries: 0,
      timeoutMs: 100,
    });
    await Promise.all(Array.from({ length: 20 }, () => failure(store.read('a'))));
    assert.ok(performance.now() - startMs < 2000);
    server.close();
  });
});

describe('over TLS', { skip: hasOpenssl ? false : 'openssl is not installed' }, () => {
  let folder = '';
  const file = (name: string): string => readFileSync(join(folder, name), 'utf8');

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-key-vault-'));
    const openssl = (...args: string[]): void => {
      execFileSync(program, args, { cwd: folder, stdio: 'ignore' });
    };
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=example CA', '-days', '2');
    for (const [name, alternative] of [
      ['server', 'IP:127.0.0.1,DNS:localhost'],
      ['other', 'DNS:other.example.com'],
    ] as const) {
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${alternative}\n`);
      openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`];
      openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signed);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Requests without a token get the challenge; `play` gets the others, with how many came before. */
  async function serve(play: Play, certificate = 'server'): Promise<Served> {
    const asked: string[] = [];
    const sockets = new Set<unknown>();
    const server = createServer(
      { cert: file(`${certificate}.pem`), key: file(`${certificate}.key`) },
      (request, response) => {
        sockets.add(request.socket);
        request.resume().on('end', () => {
          if (request.headers.authorization === undefined) {
            response.writeHead(401, { 'WWW-Authenticate': challenge }).end('{}');
            return;
          }
          asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
          play(request, response, asked.length - 1);
        });
      },
    );
    await listen(server);
    const vaultUrl = `https://127.0.0.1:${portOf(server)}`;
    const stores: KeyVaultStore[] = [];
    return {
      asked,
      sockets,
      url: vaultUrl,
      open(settings = {}) {
        const store = createKeyVaultStore({ vaultUrl, auth, retries: 0, tls: { ca: file('ca.pem') }, ...settings });
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

  it('trusts the CA that it is given, and no other', async () => {
    await using vault = await serve((_request, response) => response.end(secret));
    assert.equal((await vault.open().read('a')).kind, 'present');
    const error = await failure(vault.open({ tls: {} }).read('a'));
    assert.match(error.message, /certificate of https:.* is not trusted/);
    assert.match(error.hint, /LOCKSTEP_AZURE_CACERT/);
    assert.ok(!error.retryable);
    assert.equal(vault.asked.length, 1);
  });

  it('tells who asks in each request, and which request it is', async () => {
    const told: IncomingMessage['headers'][] = [];
    await using vault = await serve((request, response) => {
      told.push(request.headers);
      response.end(secret);
    });
    const store = vault.open();
    for (let count = 0; count < 4; count++) await store.read('a');
    const agents = new Set(told.map((headers) => headers['user-agent']));
    assert.equal(agents.size, 1);
    assert.match([...agents][0] ?? '', /^azsdk-js-keyvault-secrets/);
    assert.equal(new Set(told.map((headers) => headers['x-ms-client-request-id'])).size, 4);
    for (const headers of told) assert.equal(headers.accept, 'application/json');
  });

  it('goes through the proxy that HTTPS_PROXY names, with every request', async () => {
    await using vault = await serve((_request, response) => response.end(secret));
    const led: string[] = [];
    const proxy = await listen(
      createHttpServer().on('connect', (request, socket, head) => {
        led.push(request.url ?? '');
        const [host = '', port = ''] = (request.url ?? '').split(':');
        const onward = connect(Number(port), host, () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          onward.write(head);
          onward.pipe(socket).pipe(onward);
        });
        for (const end of [socket, onward]) end.on('error', () => undefined);
      }),
    );
    process.env['HTTPS_PROXY'] = `http://127.0.0.1:${portOf(proxy)}`;
    try {
      // By its name: a proxy's tunnel has no address of its own that a certificate could be for.
      const store = vault.open({ vaultUrl: vault.url.replace('127.0.0.1', 'localhost') });
      for (let count = 0; count < 3; count++) assert.equal((await store.read('a')).kind, 'present');
      assert.equal(vault.asked.length, 3);
      // None came past it.
      assert.equal(vault.sockets.size, led.length);
    } finally {
      delete process.env['HTTPS_PROXY'];
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  it('trusts no certificate for another host', async () => {
    await using vault = await serve((_request, response) => response.end(secret), 'other');
    assert.match((await failure(vault.open().read('a'))).message, /for another host name/);
  });

  it('keeps its connection', async () => {
    await using vault = await serve((_request, response) => response.end(secret));
    const store = vault.open();
    for (let count = 0; count < 10; count++) await store.read('a');
    assert.equal(vault.sockets.size, 1);
  });

  const half = secret.slice(0, secret.length / 2);
  const cuts: readonly (readonly [title: string, play: Play, message: RegExp, retryable: boolean])[] = [
    [
      'cut in the body, of known length',
      (_request, response) => {
        response.writeHead(200, { 'Content-Length': secret.length });
        response.write(half, () => response.destroy());
      },
      /closed the connection/,
      true,
    ],
    [
      'cut in the body, in chunks',
      (_request, response) => {
        response.writeHead(200);
        response.write(half, () => response.destroy());
      },
      /closed the connection/,
      true,
    ],
    ['cut before the answer', (_request, response) => response.destroy(), /closed the connection/, true],
    ['that never ends', (_request, response) => void response.write(half), /did not answer within 300 ms/, true],
    [
      'not UTF-8',
      (_request, response) => response.end(Buffer.from(secret.replace('"example"', '"\xff\xfe"'), 'latin1')),
      /not valid UTF-8/,
      false,
    ],
    ['endless', (_request, response) => response.end(Buffer.alloc(5 * 1024 * 1024, 0x20)), /larger than any/, false],
  ];
  for (const [title, play, message, retryable] of cuts) {
    it(`an answer ${title}, to a read`, async () => {
      await using vault = await serve(play);
      const error = await failure(vault.open({ timeoutMs: 300 }).read('a'));
      assert.match(error.message, message);
      assert.equal(error.retryable, retryable);
      assert.equal(error.operation, 'read');
    });

    it(`an answer ${title}, to a write: it is looked at, and told`, async () => {
      let isWritten = false;
      await using vault = await serve((request, response, count) => {
        if (request.method === 'PUT') play(request, response, count);
        else if (isWritten) response.end(secret);
        else response.writeHead(404).end('{}');
      });
      const store = vault.open({ timeoutMs: 300 });
      const value = new SecretValue('example');
      const error = await failure(store.write('a', value, { expected: 'absent' }));
      assert.match(error.message, message);
      assert.match(error.message, /may be yet/);
      assert.equal(vault.asked.filter((line) => line.startsWith('PUT')).length, 1);
      isWritten = true;
      assert.equal((await store.write('a', value, { expected: 'absent' })).kind, 'conflict');
    });
  }

  it('is given up in the middle of a body, with the reason of the caller', async () => {
    const controller = new AbortController();
    await using vault = await serve((_request, response) => {
      response.write(half);
      setTimeout(() => controller.abort(new Error('enough')), 30);
    });
    await assert.rejects(vault.open({ retries: 3 }).read('a', { signal: controller.signal }), { message: 'enough' });
    assert.equal(vault.asked.length, 1);
  });

  it('a read that is cut off is tried again', async () => {
    await using vault = await serve((_request, response, count) => {
      if (count === 0) response.destroy();
      else response.end(secret);
    });
    assert.equal((await vault.open({ retries: 1 }).read('a')).kind, 'present');
  });
});

type Served = AsyncDisposable & {
  readonly url: string;
  readonly asked: string[];
  readonly sockets: ReadonlySet<unknown>;
  open(settings?: Partial<KeyVaultSettings>): KeyVaultStore;
};

async function listen<Listening extends Server>(server: Listening): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
