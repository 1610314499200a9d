/** The key that the token service signs with: one, kept, so that tokens outlive a restart as long as what they give access to. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Storage } from '../storage.ts';

/** @property jwk public */
export type SigningKey = {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JsonWebKey;
};

const storageKey = 'entra/signing-key';

export class SigningKeys {
  #current: SigningKey | undefined;
  readonly #ready: Promise<SigningKey>;

  /** Making an RSA key takes up to a third of a second: it happens on another thread, and only a request for a token waits for it. */
  constructor(storage: Storage) {
    const kept = storage.get(storageKey) as JsonWebKey | undefined;
    if (kept !== undefined) this.#current = describe(createPrivateKey({ key: kept, format: 'jwk' }));
    this.#ready =
      this.#current !== undefined
        ? Promise.resolve(this.#current)
        : promisify(generateKeyPair)('rsa', { modulusLength: 2048 }).then(({ privateKey }) => {
            storage.put(storageKey, privateKey.export({ format: 'jwk' }));
            return (this.#current = describe(privateKey));
          });
    // Whoever waits for it is told; nobody may wait.
    this.#ready.catch(() => undefined);
  }

  /** Undefined as long as nothing can have been signed. */
  get current(): SigningKey | undefined {
    return this.#current;
  }

  ready(): Promise<SigningKey> {
    return this.#ready;
  }
}

function describe(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const { e = '', kty = '', n = '' } = publicKey.export({ format: 'jwk' });
  // The thumbprint of RFC 7638.
  const keyId = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
  return { keyId, privateKey, publicKey, jwk: { kty, use: 'sig', alg: 'RS256', kid: keyId, x5t: keyId, n, e } };
}
