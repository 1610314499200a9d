/** The applications of the tenant: who may ask for a token, and by what. */
import { createHash, randomBytes } from 'node:crypto';
import { SecretValue } from '../../model/secret-value.ts';
import type { JwksKeys } from '../json-web-token.ts';
import type { Storage } from '../storage.ts';
import { IssuerKeys } from './issuer-keys.ts';

/**
 * Whose tokens stand for an application. Issuer and subject are compared as they are: a slash at the end counts.
 * @property audiences default: `api://AzureADTokenExchange`
 * @property jwks the issuer's keys; without them its discovery document is asked
 * @property issuerCa PEM: what the issuer's certificate is trusted by
 */
export type FederatedCredential = {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences?: readonly string[];
  readonly jwks?: JwksKeys;
  readonly issuerCa?: string;
};

/**
 * @property objectId of its service principal, which roles are assigned to; default: one that follows from `clientId`
 * @property clientSecret default: one is made, and kept, unless there are federated credentials
 */
export type EmbeddedIdentity = {
  readonly clientId: string;
  readonly objectId?: string;
  readonly clientSecret?: SecretValue;
  readonly clientSecretExpiresMs?: number;
  readonly federatedCredentials?: readonly FederatedCredential[];
};

/** @property getKeys of the issuer; `keyId` is the one that is looked for */
export type RegisteredCredential = {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly getKeys: (keyId: string | undefined) => Promise<JwksKeys>;
};

export type RegisteredIdentity = {
  readonly clientId: string;
  readonly objectId: string;
  readonly clientSecret?: SecretValue;
  readonly clientSecretExpiresMs: number;
  readonly credentials: readonly RegisteredCredential[];
};

export class Identities {
  readonly #byClientId = new Map<string, RegisteredIdentity>();

  /** @throws Error where two are one */
  constructor(identities: readonly EmbeddedIdentity[], storage: Storage, now: () => number) {
    for (const identity of identities) {
      const key = identity.clientId.toLowerCase();
      if (this.#byClientId.has(key)) throw new Error(`two identities have the client id ${identity.clientId}`);
      this.#byClientId.set(key, register(identity, storage, now));
    }
  }

  find(clientId: string): RegisteredIdentity | undefined {
    return this.#byClientId.get(clientId.toLowerCase());
  }

  get all(): readonly RegisteredIdentity[] {
    return [...this.#byClientId.values()];
  }
}

function register(identity: EmbeddedIdentity, storage: Storage, now: () => number): RegisteredIdentity {
  const { clientId, federatedCredentials = [] } = identity;
  const needsSecret = federatedCredentials.length === 0;
  const clientSecret = identity.clientSecret ?? (needsSecret ? keptSecret(clientId, storage) : undefined);
  return {
    clientId,
    objectId: identity.objectId ?? objectIdOf(clientId),
    ...(clientSecret !== undefined && { clientSecret }),
    clientSecretExpiresMs: identity.clientSecretExpiresMs ?? Infinity,
    credentials: federatedCredentials.map(({ issuer, subject, audiences, jwks, issuerCa }) => {
      const keys = new IssuerKeys({ issuer, now, ...(issuerCa !== undefined && { ca: issuerCa }) });
      return {
        issuer,
        subject,
        audiences: audiences ?? ['api://AzureADTokenExchange'],
        getKeys: jwks === undefined ? (keyId) => keys.get(keyId) : () => Promise.resolve(jwks),
      };
    }),
  };
}

/** A client that was told its secret once goes on with it after a restart. */
function keptSecret(clientId: string, storage: Storage): SecretValue {
  const key = `entra/client-secrets/${clientId.toLowerCase()}`;
  const kept = storage.get(key) as { readonly text: string } | undefined;
  const text = kept?.text ?? randomBytes(30).toString('base64url');
  if (kept === undefined) storage.put(key, { text });
  return new SecretValue(text);
}

function objectIdOf(clientId: string): string {
  const hex = createHash('sha256').update(`object of ${clientId.toLowerCase()}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
