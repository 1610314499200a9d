import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { IssuerKeys } from '../../src/dev/azure/issuer-keys.ts';
import { createAuthority, issue } from '../../src/dev/certificates/authority.ts';
import { askToken, assertionForm, issuerJwks, serviceAccountToken, start, subject } from './azure-fixture.ts';

const authority = createAuthority();
const ca = authority.certificate;

type Issuer = {
  readonly url: string;
  readonly asked: string[];
  discovery: object;
  keys: unknown;
  status: number;
  silent: boolean;
};

async function startIssuer(test: TestContext): Promise<Issuer> {
  const { certificate, key } = issue(authority, ['127.0.0.1']);
  const asked: string[] = [];
  const server = createServer({ cert: certificate, key: key.reveal() }, (request, response) => {
    asked.push(request.url ?? '');
    if (issuer.silent) return;
    response.writeHead(issuer.status, { 'content-type': 'application/json', location: '/elsewhere' });
    response.end(JSON.stringify(request.url === '/keys' ? issuer.keys : issuer.discovery));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: Issuer = {
    url,
    asked,
    discovery: { issuer: url, jwks_uri: `${url}/keys` },
    keys: { keys: [null, ...issuerJwks.keys] },
    status: 200,
    silent: false,
  };
  return issuer;
}

describe('an issuer’s keys', () => {
  it('are fetched as its discovery document says, and once', async (test) => {
    const issuer = await startIssuer(test);
    const keys = new IssuerKeys({ issuer: issuer.url, ca, now: Date.now });
    const got = await Promise.all([keys.get('rsa'), keys.get('rsa')]);
    await keys.get(undefined);
    assert.deepEqual(
      got[0].keys.map(({ kid }) => kid),
      ['rsa', 'ec'],
    );
    assert.deepEqual(issuer.asked, ['/.well-known/openid-configuration', '/keys']);
  });
  it('are fetched anew for a key that is not there, but not each time, and after an hour', async (test) => {
    const issuer = await startIssuer(test);
    let nowMs = 1_000_000;
    const keys = new IssuerKeys({ issuer: issuer.url, ca, now: () => nowMs });
    const fetched = async (keyId: string, laterMs: number): Promise<boolean> => {
      nowMs += laterMs;
      const before = issuer.asked.length;
      await keys.get(keyId);
      return issuer.asked.length > before;
    };
    assert.deepEqual(
      [
        await fetched('rsa', 0),
        await fetched('new', 1_000),
        await fetched('new', 5_000),
        await fetched('rsa', 3_599_000),
        await fetched('rsa', 1_000),
      ],
      [true, false, true, false, true],
    );
  });

  const broken: readonly (readonly [string, (issuer: Issuer) => void, string?])[] = [
    ['answers an error', (issuer) => (issuer.status = 500)],
    ['sends elsewhere', (issuer) => (issuer.status = 302)],
    ['is another one', (issuer) => (issuer.discovery = { ...issuer.discovery, issuer: `${issuer.url}/` })],
    [
      'has its keys in the clear',
      (issuer) => (issuer.discovery = { ...issuer.discovery, jwks_uri: 'http://127.0.0.1/' }),
    ],
    ['names no keys', (issuer) => (issuer.keys = [])],
    ['answers too much', (issuer) => (issuer.keys = { keys: [], more: 'x'.repeat(2_000_000) })],
    ['is silent', (issuer) => (issuer.silent = true)],
    ['is not trusted', () => undefined, createAuthority().certificate],
  ];
  for (const [name, spoil, trusted = ca] of broken)
    it(`are none where it ${name}`, async (test) => {
      const issuer = await startIssuer(test);
      spoil(issuer);
      const keys = new IssuerKeys({ issuer: issuer.url, ca: trusted, now: Date.now, timeoutMs: 300 });
      await assert.rejects(keys.get('rsa'));
      assert.ok(!issuer.asked.includes('/elsewhere'));
    });

  it('let its tokens in, or say that it is away', async (test) => {
    const issuer = await startIssuer(test);
    const federatedCredentials = [{ issuer: issuer.url, subject, issuerCa: ca }];
    const azure = await start(test, { identities: [{ clientId: 'w', federatedCredentials }] });
    const form = { ...assertionForm(serviceAccountToken({ claims: { iss: issuer.url } })), client_id: 'w' };
    issuer.status = 503;
    const away = await askToken(azure, form);
    assert.deepEqual([away.status, away.json['error_codes']], [400, [501661]]);
    issuer.status = 200;
    assert.equal((await askToken(azure, form)).status, 200);
  });
});
