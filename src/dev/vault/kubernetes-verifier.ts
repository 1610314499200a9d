/** Whether a ServiceAccount token is genuine: by the cluster's public keys (JWKS) or by asking the API server (TokenReview). */
import { createPublicKey, verify } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { readClaims } from './service-account-token.ts';

/** @property uid of the ServiceAccount */
export type ReviewedServiceAccount = { readonly namespace: string; readonly name: string; readonly uid: string };

/**
 * @param audiences one of which the token must be for
 * @returns undefined where the token is not genuine, or not for these audiences
 */
export type KubernetesVerifier = (
  jwt: string,
  audiences: readonly string[],
) => Promise<ReviewedServiceAccount | undefined>;

/** What `/openid/v1/jwks` of an API server answers. */
export type JwksKeys = { readonly keys: readonly (JsonWebKey & { readonly kid?: string })[] };

/** How the signature algorithms of Kubernetes are computed (RFC 7518, 3.1). `none` and HMAC are not among them: who could read could forge. */
const algorithms: Readonly<Record<string, { hash: string; type: string; dsaEncoding?: 'ieee-p1363' }>> = {
  RS256: { hash: 'sha256', type: 'rsa' },
  RS384: { hash: 'sha384', type: 'rsa' },
  RS512: { hash: 'sha512', type: 'rsa' },
  ES256: { hash: 'sha256', type: 'ec', dsaEncoding: 'ieee-p1363' },
  ES384: { hash: 'sha384', type: 'ec', dsaEncoding: 'ieee-p1363' },
  ES512: { hash: 'sha512', type: 'ec', dsaEncoding: 'ieee-p1363' },
};

/** @param jwks the keys, or how to get them anew: they rotate */
export function verifyByJwks(jwks: JwksKeys | (() => Promise<JwksKeys>)): KubernetesVerifier {
  return async (jwt, audiences) => {
    const { keys } = typeof jwks === 'function' ? await jwks() : jwks;
    const claims = readClaims(jwt);
    if (claims === undefined || !keys.some((key) => isSignedBy(jwt, key))) return undefined;
    if (!claims.audiences.some((audience) => audiences.includes(audience))) return undefined;
    return { namespace: claims.namespace, name: claims.name, uid: claims.uid };
  };
}

/** @param pem PEM public keys, as a Vault role's `pem_keys` gives them */
export function verifyByPem(pem: readonly string[]): KubernetesVerifier {
  return verifyByJwks({ keys: pem.map((text) => createPublicKey(text).export({ format: 'jwk' })) });
}

function isSignedBy(jwt: string, jwk: JwksKeys['keys'][number]): boolean {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  try {
    const { alg = '', kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg?: string; kid?: string };
    const how = Object.hasOwn(algorithms, alg) ? algorithms[alg] : undefined;
    if (how === undefined || (kid !== undefined && jwk.kid !== undefined && kid !== jwk.kid)) return false;
    const key: KeyObject = createPublicKey({ key: jwk, format: 'jwk' });
    if (key.asymmetricKeyType !== how.type) return false;
    const details = { key, ...(how.dsaEncoding && { dsaEncoding: how.dsaEncoding }) };
    return verify(how.hash, Buffer.from(`${header}.${payload}`), details, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

/**
 * @property reviewerJwt of a ServiceAccount with `system:auth-delegator`; without it the token reviews itself, as in Vault
 * @property caCertificate PEM; default: the system's
 */
export type TokenReviewOptions = {
  readonly host: string;
  readonly reviewerJwt?: string;
  readonly caCertificate?: string;
  readonly timeoutMs?: number;
};

/** POST /apis/authentication.k8s.io/v1/tokenreviews. */
export function verifyByTokenReview({
  host,
  reviewerJwt,
  caCertificate,
  timeoutMs = 10_000,
}: TokenReviewOptions): KubernetesVerifier {
  const url = new URL('/apis/authentication.k8s.io/v1/tokenreviews', host);
  return async (jwt, audiences) => {
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: jwt, audiences } };
    const text = await post(url, JSON.stringify(review), reviewerJwt ?? jwt, caCertificate, timeoutMs);
    return text === undefined ? undefined : readReview(text);
  };
}

/** @returns undefined for anything but a success: a reviewer that may not review, a server that is away */
function post(
  url: URL,
  body: string,
  bearer: string,
  ca: string | undefined,
  timeoutMs: number,
): Promise<string | undefined> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', accept: 'application/json' };
  return new Promise((resolve) => {
    const options = { method: 'POST', headers, timeout: timeoutMs, ...(ca !== undefined && { ca }) };
    const request = send(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(undefined));
      response.on('end', () => {
        const { statusCode = 0 } = response;
        resolve(statusCode >= 200 && statusCode < 300 ? Buffer.concat(chunks).toString() : undefined);
      });
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
    request.end(body);
  });
}

const serviceAccountUser = /^system:serviceaccount:([^:]+):([^:]+)$/;

function readReview(text: string): ReviewedServiceAccount | undefined {
  try {
    const { status } = JSON.parse(text) as {
      status?: { authenticated?: boolean; user?: { username?: string; uid?: string } };
    };
    const [, namespace, name] = serviceAccountUser.exec(status?.user?.username ?? '') ?? [];
    if (status?.authenticated !== true || namespace === undefined || name === undefined) return undefined;
    return { namespace, name, uid: status.user?.uid ?? '' };
  } catch {
    return undefined;
  }
}
