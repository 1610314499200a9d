/** Whether a token of another issuer, a ServiceAccount's for example, stands for an application (workload identity federation). */
import { isSignedBy, parseJsonWebToken, signatureAlgorithms } from '../json-web-token.ts';
import type { JsonWebToken, JwksKeys } from '../json-web-token.ts';
import {
  issuerUnreachable,
  livesTooLong,
  malformedAssertion,
  noFederatedCredentials,
  outsideItsTime,
  unknownKey,
  unmatchedAudience,
  unmatchedIssuer,
  unmatchedSubject,
  unsupportedAlgorithm,
  wrongSignature,
} from './entra-errors.ts';
import type { EntraError } from './entra-errors.ts';
import type { RegisteredCredential, RegisteredIdentity } from './identities.ts';

/** Clocks may differ by this much. */
const skewMs = 300_000;
/** `1.01:00:00` in AADSTS70023: the documented day, and an hour for clocks. */
const maxLifetimeS = 25 * 3600;

/** @returns undefined where the assertion stands for the identity */
export async function refuseAssertion(
  assertion: string,
  identity: RegisteredIdentity,
  nowMs: number,
): Promise<EntraError | undefined> {
  const token = parseJsonWebToken(assertion);
  const { iss, sub, aud } = token?.claims ?? {};
  if (token === undefined || typeof iss !== 'string' || typeof sub !== 'string') return malformedAssertion;
  const audiences = (Array.isArray(aud) ? aud : [aud]).filter((one) => typeof one === 'string');
  const matched = matchCredential(identity, iss, sub, audiences);
  if ('error' in matched) return matched;
  if (!signatureAlgorithms.includes(token.algorithm)) return unsupportedAlgorithm(token.algorithm, signatureAlgorithms);
  let jwks: JwksKeys;
  try {
    jwks = await matched.getKeys(token.keyId);
  } catch {
    return issuerUnreachable;
  }
  return refuseSignature(token, jwks, iss) ?? refuseTimes(token, nowMs);
}

function matchCredential(
  { clientId, credentials }: RegisteredIdentity,
  issuer: string,
  subject: string,
  audiences: readonly string[],
): RegisteredCredential | EntraError {
  if (credentials.length === 0) return noFederatedCredentials(clientId);
  const ofIssuer = credentials.filter((one) => one.issuer === issuer);
  if (ofIssuer.length === 0) return unmatchedIssuer(issuer);
  const ofSubject = ofIssuer.filter((one) => one.subject === subject);
  if (ofSubject.length === 0) return unmatchedSubject(subject);
  const match = ofSubject.find((one) => one.audiences.some((audience) => audiences.includes(audience)));
  return match ?? unmatchedAudience(audiences.join(', '));
}

function refuseSignature(token: JsonWebToken, { keys }: JwksKeys, issuer: string): EntraError | undefined {
  const { keyId } = token;
  const candidates = keys.filter(({ kid }) => keyId === undefined || kid === undefined || kid === keyId);
  if (candidates.length === 0) return unknownKey(keyId ?? '', issuer);
  return candidates.some((key) => isSignedBy(token, key)) ? undefined : wrongSignature;
}

function refuseTimes({ claims }: JsonWebToken, nowMs: number): EntraError | undefined {
  const { exp, nbf, iat } = claims;
  for (const one of [exp, nbf ?? 0, iat ?? 0]) if (typeof one !== 'number') return malformedAssertion;
  const [expiresS, validFromS] = [exp as number, nbf as number | undefined];
  const issuedS = (iat as number | undefined) ?? validFromS ?? Math.floor(nowMs / 1000);
  if (nowMs >= expiresS * 1000 + skewMs || nowMs < (validFromS ?? 0) * 1000 - skewMs)
    return outsideItsTime(nowMs, validFromS === undefined ? undefined : validFromS * 1000, expiresS * 1000);
  return expiresS - issuedS > maxLifetimeS ? livesTooLong(issuedS, expiresS) : undefined;
}
