/** An embedded Azure, what asks it, and an issuer of ServiceAccount tokens. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { request } from 'node:https';
import type { TestContext } from 'node:test';
import { createEmbeddedAzure } from '../../src/dev/azure/embedded-azure.ts';
import type { EmbeddedAzure, EmbeddedAzureOptions } from '../../src/dev/azure/embedded-azure.ts';
import type { EmbeddedIdentity } from '../../src/dev/azure/identities.ts';
import type { JwksKeys } from '../../src/dev/json-web-token.ts';
import { SecretValue } from '../../src/model/secret-value.ts';

export const issuer = 'https://issuer.example/cluster/';
export const subject = 'system:serviceaccount:external-secrets:reader';
export const exchangeAudience = 'api://AzureADTokenExchange';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const rsaKey: KeyObject = privateKey;
export const ecKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const issuerJwks: JwksKeys = {
  keys: [
    { ...publicKey.export({ format: 'jwk' }), kid: 'rsa', use: 'sig', alg: 'RS256' },
    { ...ecKeys.publicKey.export({ format: 'jwk' }), kid: 'ec' },
  ],
};

export const appSecret = 'canary-client-secret';
/** One with a secret, one that ServiceAccounts stand for. */
export const app: EmbeddedIdentity = {
  clientId: '11111111-1111-4111-8111-111111111111',
  objectId: '11111111-1111-4111-8111-0000000000aa',
  clientSecret: new SecretValue(appSecret),
};
export const workload: EmbeddedIdentity = {
  clientId: '22222222-2222-4222-8222-222222222222',
  objectId: '22222222-2222-4222-8222-0000000000bb',
  federatedCredentials: [{ issuer, subject, jwks: issuerJwks }],
};

export async function start(test: TestContext, options: EmbeddedAzureOptions = {}): Promise<EmbeddedAzure> {
  const azure = await createEmbeddedAzure({ vaults: [{ name: 'kv-one' }], identities: [app, workload], ...options });
  test.after(() => azure.close());
  return azure;
}

export type Ask = {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly body?: string;
};
export type Told = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
};

/** Every name is 127.0.0.1, whatever the machine makes of `*.localhost`. */
export function ask(azure: Pick<EmbeddedAzure, 'port' | 'caCertificate'>, asked: Ask): Promise<Told> {
  const { hostname, host, pathname, search } = new URL(asked.url);
  const form = asked.form === undefined ? undefined : new URLSearchParams(asked.form).toString();
  const contentType = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: azure.port,
        path: pathname + search,
        servername: hostname,
        ca: azure.caCertificate,
        method: asked.method ?? (form === undefined ? 'GET' : 'POST'),
        headers: { host, ...contentType, ...asked.headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = response.headers['content-type']?.startsWith('application/json') ?? false;
          const json = (isJson && text !== '' ? JSON.parse(text) : {}) as Told['json'];
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      },
    );
    sent.on('error', reject);
    sent.end(form ?? asked.body ?? '');
  });
}

export const resourceOf = ({ port }: EmbeddedAzure): string => `https://vault.localhost:${port}`;

/** v2, with the secret of `app`; @param form what is different, '' for what is left out */
export function askToken(
  azure: EmbeddedAzure,
  form: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: appSecret,
    scope: `${resourceOf(azure)}/.default`,
    ...form,
  };
  return ask(azure, {
    url: `${azure.authorityUrl}/${azure.tenantId}/oauth2/v2.0/token`,
    form: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')),
    headers,
  });
}

export const assertionForm = (assertion: string): Readonly<Record<string, string>> => ({
  client_id: workload.clientId,
  client_secret: '',
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: assertion,
});

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const nowS = (): number => Math.floor(Date.now() / 1000);

/** @property key of the signature; `hmac` signs with the issuer's public key as if it were a secret */
export type AssertionParts = {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject | 'hmac' | 'none';
  readonly hash?: 'sha256' | 'sha512';
};

export function serviceAccountToken({
  claims = {},
  header = {},
  key = rsaKey,
  hash = 'sha256',
}: AssertionParts = {}): string {
  const given = { iss: issuer, sub: subject, aud: [exchangeAudience], iat: nowS(), nbf: nowS(), exp: nowS() + 3600 };
  const signed = `${encode({ alg: 'RS256', kid: 'rsa', ...header })}.${encode({ ...given, ...claims })}`;
  if (key === 'none') return `${signed}.`;
  if (key === 'hmac') {
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
  }
  return `${signed}.${sign(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

export const claimsOf = (token: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** What is in every refusal, and nothing that was sent. @returns status, error, code */
export function refusal(told: Told, secret = 'canary'): readonly unknown[] {
  const { error, error_description: description, error_codes: codes, timestamp, trace_id: trace } = told.json;
  const [code] = codes as number[];
  assert.match(
    String(description),
    new RegExp(`^AADSTS${code ?? 0}: .+ Trace ID: ${String(trace)} Correlation ID: .{36} Timestamp: `),
  );
  assert.match(String(timestamp), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
  assert.match(String(told.json['error_uri']), new RegExp(`/error\\?code=${code ?? 0}$`));
  assert.ok(!told.text.includes(secret));
  return [told.status, error, code];
}
