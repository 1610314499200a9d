/** Whether a ServiceAccount token is genuine: by the cluster's public keys (JWKS) or by asking the API server (TokenReview). */
import { createPublicKey } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isSignedBy, parseJsonWebToken } from '../json-web-token.ts';
import type { JwksKeys } from '../json-web-token.ts';
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

/** Those of Kubernetes (RS and ES); Vault's plugin takes no others. */
const algorithms = /^(?:RS|ES)(?:256|384|512)$/;

/** @param jwks the keys, or how to get them anew: they rotate */
export function verifyByJwks(jwks: JwksKeys | (() => Promise<JwksKeys>)): KubernetesVerifier {
  return async (jwt, audiences) => {
    const { keys } = typeof jwks === 'function' ? await jwks() : jwks;
    const [token, claims] = [parseJsonWebToken(jwt), readClaims(jwt)];
    if (token === undefined || claims === undefined || !algorithms.test(token.algorithm)) return undefined;
    if (!keys.some((key) => isSignedBy(token, key))) return undefined;
    if (!claims.audiences.some((audience) => audiences.includes(audience))) return undefined;
    return { namespace: claims.namespace, name: claims.name, uid: claims.uid };
  };
}

/** @param pem PEM public keys, as a Vault role's `pem_keys` gives them */
export function verifyByPem(pem: readonly string[]): KubernetesVerifier {
  return verifyByJwks({ keys: pem.map((text) => createPublicKey(text).export({ format: 'jwk' })) });
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
