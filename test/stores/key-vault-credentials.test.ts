/** Tokens from @azure/identity itself, whose requests go to a scripted token service. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { StoreError } from '../../src/stores/store-error.ts';
import type { KeyVaultAuth } from '../../src/stores/key-vault/choose-auth.ts';
import { createKeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import { SdkHeaders } from '../../src/stores/key-vault/sdk-types.ts';
import type { SdkHttpClient, SdkRequest } from '../../src/stores/key-vault/sdk-types.ts';
import { bundle, cut, failure, newestVersion, newVaultUrl } from './scripted-key-vault.ts';

const tenantId = '12345678-90ab-cdef-1234-567890abcdef';
const clientId = '87654321-90ab-cdef-1234-567890abcdef';
const authorityHost = 'https://login.example.com';

type Posted = { readonly url: string; readonly form: URLSearchParams };

/** @param token what the token service answers. @param vaultTenant of the challenge */
function open(
  auth: KeyVaultAuth,
  token: () => { status: number; body: object } | Error,
  vaultTenant = tenantId,
): { read: () => Promise<unknown>; posted: Posted[]; urls: string[] } {
  const posted: Posted[] = [];
  const urls: string[] = [];
  const vaultUrl = newVaultUrl();
  const answer = (request: SdkRequest, status: number, body: object, headers: Record<string, string> = {}) => ({
    request,
    status,
    headers: new SdkHeaders({ 'Content-Type': 'application/json', ...headers }),
    bodyAsText: JSON.stringify(body),
  });
  const http: SdkHttpClient & { close(): void } = {
    close: () => undefined,
    sendRequest(request) {
      const url = new URL(request.url);
      if (request.url.startsWith(vaultUrl)) {
        if (request.headers.has('Authorization'))
          return Promise.resolve(answer(request, 200, bundle('a', newestVersion).body as object));
        const challenge = `Bearer authorization="${authorityHost}/${vaultTenant}", resource="https://vault.azure.net"`;
        return Promise.resolve(answer(request, 401, {}, { 'WWW-Authenticate': challenge }));
      }
      urls.push(request.url);
      if (url.pathname.endsWith('/.well-known/openid-configuration')) {
        const base = `${authorityHost}/${tenantId}`;
        return Promise.resolve(
          answer(request, 200, {
            issuer: `${base}/v2.0`,
            authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
            token_endpoint: `${base}/oauth2/v2.0/token`,
            jwks_uri: `${base}/keys`,
          }),
        );
      }
      posted.push({ url: request.url, form: new URLSearchParams(request.body as string) });
      const played = token();
      return played instanceof Error
        ? Promise.reject(played)
        : Promise.resolve(answer(request, played.status, played.body));
    },
  };
  const store = createKeyVaultStore({ vaultUrl, auth, authorityHost, retries: 0 }, { http });
  return { read: () => store.read('a'), posted, urls };
}

const granted = (): { status: number; body: object } => ({
  status: 200,
  body: { token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600, access_token: 'example-token' },
});

function refusal(code: string): () => { status: number; body: object } {
  const text = `AADSTS${code}: example-canary Trace ID: a Correlation ID: b`;
  return () => ({
    status: 401,
    body: { error: 'invalid_client', error_description: text, error_codes: [Number(code)] },
  });
}

const secret: KeyVaultAuth = {
  kind: 'client-secret',
  tenantId,
  clientId,
  clientSecret: new SecretValue('example-canary-secret'),
};

describe('credentials', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-token-'));
    writeFileSync(join(folder, 'token'), 'example-canary-jwt\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const federated = (name = 'token'): KeyVaultAuth => ({
    kind: 'workload-identity',
    tenantId,
    clientId,
    tokenFile: join(folder, name),
  });

  it('workload identity exchanges the token of the ServiceAccount, at the authority alone', async () => {
    const { read, posted, urls } = open(federated(), granted);
    assert.equal(((await read()) as { kind: string }).kind, 'present');
    const [one] = posted;
    assert.equal(one?.form.get('client_assertion'), 'example-canary-jwt');
    assert.equal(one.form.get('scope')?.includes('https://vault.azure.net/.default'), true);
    assert.ok(urls.every((url) => url.startsWith(authorityHost)));
  });

  it('a client secret is sent to the authority alone', async () => {
    const { read, posted } = open(secret, granted);
    await read();
    await read();
    assert.equal(posted.length, 1);
    assert.equal(posted[0]?.form.get('client_secret'), 'example-canary-secret');
  });

  const refusals: readonly (readonly [code: string, hint: RegExp])[] = [
    ['700016', /AZURE_CLIENT_ID/],
    ['7000215', /AZURE_CLIENT_SECRET/],
    ['7000222', /AZURE_CLIENT_SECRET/],
    ['90002', /AZURE_TENANT_ID/],
    ['700211', /issuer/],
    ['700212', /api:\/\/AzureADTokenExchange/],
    ['700213', /system:serviceaccount:NAMESPACE:NAME/],
    ['700024', /AZURE_FEDERATED_TOKEN_FILE/],
    ['500011', /AZURE_ENVIRONMENT/],
    ['999999', /AZURE_CLIENT_SECRET/],
  ];
  for (const [code, hint] of refusals)
    it(`AADSTS${code} says what to do, in our own words`, async () => {
      const error = await failure(open(secret, refusal(code)).read());
      assert.match(error.message, new RegExp(`no token for it.*AADSTS${code}`));
      assert.match(error.hint, hint);
      assert.ok(!error.retryable);
    });

  it('a token service that cannot be reached is told as such', async () => {
    const error = await failure(open(secret, () => cut()).read());
    assert.match(error.message, /no token for it: cut off/);
    assert.ok(error.retryable);
  });

  it('a ServiceAccount token that is not there', async () => {
    const error = await failure(open(federated('none'), granted).read());
    assert.match(error.hint, /AZURE_FEDERATED_TOKEN_FILE/);
  });

  it('a vault of another tenant', async () => {
    const { read, posted } = open(secret, granted, 'aaaaaaaa-90ab-cdef-1234-567890abcdef');
    const error = await failure(read());
    assert.match(error.message, /another tenant/);
    assert.match(error.hint, /AZURE_TENANT_ID/);
    assert.equal(posted.length, 0);
  });

  it('Azure CLI, where there is none', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    let error: StoreError;
    try {
      error = await failure(open({ kind: 'azure-cli' }, granted).read());
    } finally {
      process.env['PATH'] = path;
    }
    assert.match(error.hint, /az login/);
  });
});
