import assert from 'node:assert/strict';
import { connect as connectPlain } from 'node:net';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { connect } from 'node:tls';
import { inspect } from 'node:util';
import type { AzureOperation } from '../../src/dev/azure/answer-by-host.ts';
import { urlOf } from '../../src/dev/azure/authority.ts';
import { createEmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import type { EmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import { createAuthority } from '../../src/dev/certificates/authority.ts';
import type { Fault } from '../../src/dev/faults.ts';
import { createMemoryStorage } from '../../src/dev/storage.ts';
import { app, appSecret, ask, askToken, assertionForm, serviceAccountToken, start, workload } from './azure-fixture.ts';
import type { Told } from './azure-fixture.ts';

const secret = (azure: EmbeddedAzure, name = 'app', vault = 'kv-one'): string =>
  `${azure.vaultUrl(vault)}/secrets/${name}?api-version=7.6`;

function closed(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

describe('the embedded Azure', () => {
  it('is ready soon', async (test) => {
    const startMs = performance.now();
    const azure = await start(test);
    assert.equal((await ask(azure, { url: secret(azure) })).status, 401);
    test.diagnostic(`ready and answering after ${(performance.now() - startMs).toFixed(1)} ms`);
  });

  for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.example.org'])
    it(`refuses to listen on ${host}`, async () =>
      assert.rejects(createEmbeddedAzure({ host }), /listens on loopback only/));
  it('listens elsewhere when forced', async (test) => {
    const azure = await start(test, { host: '0.0.0.0', force: true });
    assert.equal((await ask(azure, { url: secret(azure) })).status, 401);
  });
  it('refuses what cannot be', async (test) => {
    const { port } = await start(test);
    await assert.rejects(createEmbeddedAzure({ port }), { code: 'EADDRINUSE' });
    await assert.rejects(createEmbeddedAzure({ vaults: [{ name: 'a' }] }), /no name of a vault/);
    await assert.rejects(createEmbeddedAzure({ tenantId: 'adfs' }), /not a GUID/);
    await assert.rejects(createEmbeddedAzure({ identities: [app, { clientId: app.clientId }] }), /two identities/);
  });

  it('tells its hosts apart by their names, however they are written', async (test) => {
    const azure = await start(test, { vaults: [{ name: 'kv-one' }, { name: 'KV-two' }] });
    const answer = async (host: string, path: string): Promise<unknown> => {
      const { status, headers } = await ask(azure, { url: `${azure.vaultUrl('kv-one')}${path}`, headers: { host } });
      return headers['www-authenticate'] === undefined ? status : 'vault';
    };
    for (const host of [
      'kv-one.vault.localhost',
      `kv-one.vault.localhost:${azure.port}`,
      'KV-ONE.Vault.Localhost.',
      'kv-two.vault.localhost.:1',
    ])
      assert.equal(await answer(host, '/secrets/a?api-version=7.6'), 'vault', host);
    const discovery = `/${azure.tenantId}/v2.0/.well-known/openid-configuration`;
    for (const host of ['login.localhost', 'LOGIN.localhost.:443'])
      assert.equal(await answer(host, discovery), 200, host);
    for (const host of [
      '',
      'vault.localhost',
      'other.vault.localhost',
      'a.kv-one.vault.localhost',
      'localhost',
      '127.0.0.1',
      'login.localhost.evil',
    ])
      assert.equal(await answer(host, discovery), 404, host);
    assert.deepEqual(azure.requests.map(({ path }) => path).slice(0, 3), Array(3).fill('kv-one/secrets/a'));
  });
  it('stands for the public cloud, by the authority that it was given', async (test) => {
    const authority = createAuthority();
    const azure = await start(test, {
      authority,
      authorityHost: 'login.microsoftonline.com',
      vaultDomain: 'vault.azure.net',
    });
    assert.equal(azure.caCertificate, authority.certificate);
    const form = { grant_type: 'client_credentials', client_id: app.clientId, client_secret: appSecret };
    for (const host of ['login.microsoftonline.com', 'login.windows.net', 'sts.windows.net'])
      for (const resource of ['https://vault.azure.net', 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093']) {
        const url = `https://${host}/${azure.tenantId}/oauth2/token`;
        const { json } = await ask(azure, { url, form: { ...form, resource } });
        const headers = { authorization: `Bearer ${String(json['access_token'])}` };
        const read = await ask(azure, { url: 'https://kv-one.vault.azure.net/secrets/a?api-version=7.0', headers });
        assert.notEqual(read.status, 401);
      }
  });

  it('leaves out the port where it is the usual one', () => {
    assert.deepEqual([urlOf('a.b', 443), urlOf('a.b', 8443)], ['https://a.b', 'https://a.b:8443']);
  });

  it('survives what is no TLS, and half of a request', async (test) => {
    const azure = await start(test);
    const plain = connectPlain(azure.port, '127.0.0.1');
    plain.write('GET / HTTP/1.1\r\nHost: kv-one.vault.localhost\r\n\r\n');
    assert.doesNotMatch(await closed(plain), /HTTP\/1\.1 [23]/);
    const half = connect({
      port: azure.port,
      host: '127.0.0.1',
      ca: azure.caCertificate,
      servername: 'login.localhost',
    });
    half.write(
      `POST /${azure.tenantId}/oauth2/v2.0/token HTTP/1.1\r\nHost: login.localhost\r\nContent-Length: 100\r\n\r\nclient_secret=`,
    );
    await new Promise((resolve) => half.once('secureConnect', resolve));
    assert.equal((await askToken(azure)).status, 200);
    const gone = closed(half);
    half.destroy();
    await gone;
    const bad = connect({
      port: azure.port,
      host: '127.0.0.1',
      ca: azure.caCertificate,
      servername: 'login.localhost',
    });
    bad.write('GET / HTTP/1.1\r\nHost login.localhost\r\n\r\n');
    assert.match(await closed(bad), /^HTTP\/1\.1 400 /);
    assert.equal((await askToken(azure)).status, 200);
  });
  it('closes while clients hold on', async () => {
    const azure = await createEmbeddedAzure();
    const socket = connect({
      port: azure.port,
      host: '127.0.0.1',
      ca: azure.caCertificate,
      servername: 'login.localhost',
    });
    socket.write('GET / HTTP/1.1\r\nHost: login.localhost\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    const gone = closed(socket);
    await azure.close();
    await gone;
  });
  it('answers one request after the other on a connection', async (test) => {
    const azure = await start(test);
    const socket = connect({
      port: azure.port,
      host: '127.0.0.1',
      ca: azure.caCertificate,
      servername: 'kv-one.vault.localhost',
    });
    const head = 'GET /secrets/a?api-version=7.6 HTTP/1.1\r\nHost: kv-one.vault.localhost\r\n';
    socket.write(`${head}\r\n${head}\r\n${head}Connection: close\r\n\r\n`);
    assert.equal((await closed(socket)).match(/HTTP\/1\.1 401/g)?.length, 3);
  });
});

describe('nothing secret is shown', () => {
  it('in the log, in errors, or by inspection', async (test) => {
    const storage = createMemoryStorage();
    const azure = await start(test, { storage, identities: [app, { clientId: 'made' }, workload] });
    const told: Told[] = [];
    const assertion = serviceAccountToken({ claims: { jti: 'canary', exp: 1 } });
    told.push(await askToken(azure, { client_secret: 'canary-wrong' }));
    told.push(await askToken(azure, assertionForm(assertion)));
    told.push(await ask(azure, { url: `${azure.authorityUrl}/${azure.tenantId}/oauth2/token?client_secret=canary` }));
    told.push(await ask(azure, { url: secret(azure), headers: { authorization: 'Bearer canary.canary.canary' } }));
    const token = String((await askToken(azure)).json['access_token']);
    await ask(azure, {
      url: `${secret(azure)}&x=canary`,
      method: 'PUT',
      body: '{"value":"canary"}',
      headers: { authorization: `Bearer ${token}` },
    });
    for (const { text } of told) assert.ok(!/canary/.test(text) && !text.includes(assertion));
    const made = azure.identities[1]?.clientSecret?.reveal() ?? '';
    assert.ok(made.length >= 40);
    const shown = inspect(azure, { depth: 20, showHidden: true }) + JSON.stringify(azure);
    for (const hidden of [/canary/, /PRIVATE/, made, token]) assert.doesNotMatch(shown, new RegExp(hidden));
    assert.deepEqual(
      azure.requests
        .map(({ method, operation, path, status }) => `${method} ${operation ?? ''} ${path} ${status}`)
        .slice(0, 3),
      [
        `POST Token ${azure.tenantId}/oauth2/v2.0/token 401`,
        `POST Token ${azure.tenantId}/oauth2/v2.0/token 401`,
        `GET Token ${azure.tenantId}/oauth2/token 400`,
      ],
    );
  });
});

describe('faults', () => {
  const outcome = (test: TestContext, azure: EmbeddedAzure): Promise<readonly string[]> =>
    Promise.all(
      [() => askToken(azure), () => ask(azure, { url: secret(azure) })].map((send) =>
        send().then(
          ({ status }) => String(status),
          (error: unknown) => (error as { code?: string }).code ?? test.name,
        ),
      ),
    );
  const cases: readonly (readonly [string, Fault<AzureOperation>, readonly string[]])[] = [
    ['a status for tokens', { effect: { kind: 'status', status: 503 }, operation: 'Token' }, ['503', '401']],
    ['a dropped connection for tokens', { effect: { kind: 'drop' }, operation: 'Token' }, ['ECONNRESET', '401']],
    ['a refused connection of a vault', { effect: { kind: 'refuse' }, path: 'kv-one/' }, ['200', 'ECONNRESET']],
    ['half an answer of a vault', { effect: { kind: 'half-response' }, path: /^kv-one/ }, ['200', 'ECONNRESET']],
    ['of another vault', { effect: { kind: 'drop' }, path: 'kv-two/' }, ['200', '401']],
    ['latency', { effect: { kind: 'latency', latencyMs: 5 } }, ['200', '401']],
  ];
  for (const [name, fault, expected] of cases)
    it(name, async (test) => {
      const azure = await start(test);
      azure.faults.add(fault);
      assert.deepEqual(await outcome(test, azure), expected);
    });
  it('are told in the form of the server that has them', async (test) => {
    const azure = await start(test);
    const headers = { 'Retry-After': '3' };
    azure.faults.add({ effect: { kind: 'status', status: 429, errors: ['slow down'], headers } });
    const [token, read] = [await askToken(azure), await ask(azure, { url: secret(azure) })];
    assert.deepEqual(
      [token.status, token.json['error'], token.headers['retry-after']],
      [429, 'temporarily_unavailable', '3'],
    );
    assert.match(String(token.json['error_description']), /^slow down Trace ID/);
    assert.deepEqual([read.status, read.headers['retry-after']], [429, '3']);
    assert.deepEqual(read.json, { error: { code: 'Throttled', message: 'slow down' } });
    assert.deepEqual(
      azure.requests.map(({ fault }) => fault),
      ['status', 'status'],
    );
  });
});
