/** JSON Web Tokens with a signature (RFC 7515, 7518, 7519): read, verified by a JWK, and signed. */
import { constants, createPublicKey, sign, verify } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';

/** What a `jwks_uri` answers. */
export type JwksKeys = { readonly keys: readonly (JsonWebKey & { readonly kid?: string })[] };

/** @property claims as they are: nothing is verified by reading it */
export type JsonWebToken = {
  readonly algorithm: string;
  readonly keyId?: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: Buffer;
  readonly signature: Buffer;
};

type Algorithm = { readonly hash: string; readonly type: string; readonly curve?: string; readonly pss?: true };

/** How signatures are computed (RFC 7518, 3.1). `none` and HMAC are not among them: who could read could forge. */
const algorithms: Readonly<Record<string, Algorithm>> = {
  RS256: { hash: 'sha256', type: 'rsa' },
  RS384: { hash: 'sha384', type: 'rsa' },
  RS512: { hash: 'sha512', type: 'rsa' },
  PS256: { hash: 'sha256', type: 'rsa', pss: true },
  PS384: { hash: 'sha384', type: 'rsa', pss: true },
  PS512: { hash: 'sha512', type: 'rsa', pss: true },
  ES256: { hash: 'sha256', type: 'ec', curve: 'P-256' },
  ES384: { hash: 'sha384', type: 'ec', curve: 'P-384' },
  ES512: { hash: 'sha512', type: 'ec', curve: 'P-521' },
};

export const signatureAlgorithms: readonly string[] = Object.keys(algorithms);

/** @returns undefined for what is no token of three parts, each of them base64url, whose first two are JSON objects */
export function parseJsonWebToken(text: string): JsonWebToken | undefined {
  const parts = text.split('.');
  const [head = '', payload = '', signature = ''] = parts;
  // Buffer skips what is not base64url, and two texts would be one token.
  if (parts.length !== 3 || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return undefined;
  const [header, claims] = [parseObject(head), parseObject(payload)];
  if (header === undefined || claims === undefined) return undefined;
  const { alg, kid, crit } = header;
  // What must be understood, and is not, refuses the token (RFC 7515, 4.1.11).
  if (typeof alg !== 'string' || crit !== undefined || (kid !== undefined && typeof kid !== 'string')) return undefined;
  return {
    algorithm: alg,
    ...(kid !== undefined && { keyId: kid }),
    claims,
    signed: Buffer.from(`${head}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

function parseObject(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The key must be of the algorithm's kind, so that a token cannot choose how its signature is looked at. */
export function isSignedBy(token: JsonWebToken, jwk: JwksKeys['keys'][number]): boolean {
  const how = Object.hasOwn(algorithms, token.algorithm) ? algorithms[token.algorithm] : undefined;
  if (how === undefined || (token.keyId !== undefined && jwk.kid !== undefined && token.keyId !== jwk.kid))
    return false;
  if (jwk['alg'] !== undefined && jwk['alg'] !== token.algorithm) return false;
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return false;
  if (how.curve !== undefined && jwk.crv !== how.curve) return false;
  try {
    return verifySignature(token, how, createPublicKey({ key: jwk, format: 'jwk' }));
  } catch {
    return false;
  }
}

function verifySignature({ signed, signature }: JsonWebToken, how: Algorithm, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== how.type) return false;
  const details = {
    key,
    ...(how.curve !== undefined && { dsaEncoding: 'ieee-p1363' as const }),
    ...(how.pss && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
  };
  return verify(how.hash, signed, details, signature);
}

/** RS256. @param key RSA */
export function signJsonWebToken(keyId: string, claims: object, key: KeyObject): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', kid: keyId })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}
