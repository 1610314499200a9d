/** What a ServiceAccount token says of itself, not yet verified. */

/** @property expiresMs undefined where the token names none */
export type Claims = {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audiences: readonly string[];
  readonly expiresMs?: number;
  readonly notBeforeMs?: number;
};

type Payload = {
  readonly aud?: string | readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly 'kubernetes.io'?: {
    readonly namespace?: string;
    readonly serviceaccount?: { readonly name?: string; readonly uid?: string };
  };
  readonly 'kubernetes.io/serviceaccount/namespace'?: string;
  readonly 'kubernetes.io/serviceaccount/service-account.name'?: string;
  readonly 'kubernetes.io/serviceaccount/service-account.uid'?: string;
};

/** Both forms: of a token that is requested (projected) and of the older one in a Secret. Undefined: not a token of a ServiceAccount. */
export function readClaims(jwt: string): Claims | undefined {
  const [, payload, signature, ...more] = jwt.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Payload;
    const projected = claims['kubernetes.io'];
    const { aud = [], exp, nbf } = claims;
    return {
      namespace: projected?.namespace ?? claims['kubernetes.io/serviceaccount/namespace'] ?? '',
      name: projected?.serviceaccount?.name ?? claims['kubernetes.io/serviceaccount/service-account.name'] ?? '',
      uid: projected?.serviceaccount?.uid ?? claims['kubernetes.io/serviceaccount/service-account.uid'] ?? '',
      audiences: typeof aud === 'string' ? [aud] : aud,
      ...(exp !== undefined && { expiresMs: exp * 1000 }),
      ...(nbf !== undefined && { notBeforeMs: nbf * 1000 }),
    };
  } catch {
    return undefined;
  }
}
