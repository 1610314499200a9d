/** ServiceAccount tokens, and an API server that reviews them. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JwksKeys } from '../../src/dev/json-web-token.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const jwks: JwksKeys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one' }] };
export const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

type TokenParts = {
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly audiences?: readonly string[];
  readonly expiresInS?: number;
  readonly header?: object;
};

export function serviceAccountToken(parts: TokenParts = {}): string {
  const {
    namespace = 'external-secrets',
    name = 'external-secrets',
    uid = 'u-1',
    audiences = ['vault'],
    expiresInS = 600,
  } = parts;
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    aud: audiences,
    exp: now + expiresInS,
    iat: now,
    nbf: now,
    iss: 'https://kubernetes.default.svc.cluster.local',
    sub: `system:serviceaccount:${namespace}:${name}`,
    'kubernetes.io': { namespace, serviceaccount: { name, uid } },
  };
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode(parts.header ?? { alg: 'RS256', kid: 'one' })}.${encode(payload)}`;
  return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
}

/** @property reviews what it was asked, with who asked */
export type ReviewServer = {
  readonly url: string;
  readonly reviews: { readonly bearer: string; readonly audiences: readonly string[] }[];
  close(): Promise<void>;
};

/** Takes every token for genuine whose uid is not `forged`; knows the account with the uid `old` as one that was made again. */
export async function startReviewServer(): Promise<ReviewServer> {
  const reviews: ReviewServer['reviews'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { spec } = JSON.parse(Buffer.concat(chunks).toString()) as { spec: { token: string; audiences: string[] } };
      reviews.push({ bearer: request.headers.authorization ?? '', audiences: spec.audiences });
      const claims = JSON.parse(Buffer.from(spec.token.split('.')[1] ?? '', 'base64url').toString()) as {
        sub: string;
        'kubernetes.io': { serviceaccount: { uid: string } };
      };
      const { uid } = claims['kubernetes.io'].serviceaccount;
      const user = { username: claims.sub, uid: uid === 'old' ? 'new' : uid, groups: ['system:serviceaccounts'] };
      const status = { authenticated: uid !== 'forged', user, audiences: spec.audiences };
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', status }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reviews,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
