/** The public keys of an issuer of tokens, fetched as OpenID Connect Discovery says, and kept for a while. */
import { request as requestHttps } from 'node:https';
import type { JwksKeys } from '../json-web-token.ts';

/** @property ca PEM: what the issuer's certificate is trusted by; default: what Node trusts */
export type IssuerKeysOptions = {
  readonly issuer: string;
  readonly ca?: string;
  readonly timeoutMs?: number;
  readonly now: () => number;
};

const keptMs = 3_600_000;
/** A key that is not there may have come since; but a client that makes keys up must not make us ask each time. */
const askAgainAfterMs = 5_000;
const maxBytes = 1_048_576;

export class IssuerKeys {
  readonly #options: IssuerKeysOptions;
  #keys: JwksKeys | undefined;
  #fetchedMs = 0;
  #fetching: Promise<JwksKeys> | undefined;

  constructor(options: IssuerKeysOptions) {
    this.#options = options;
  }

  /** @returns all keys; fetched anew where `keyId` is not among those that are kept. @throws Error where the issuer gives none */
  async get(keyId: string | undefined): Promise<JwksKeys> {
    const ageMs = this.#options.now() - this.#fetchedMs;
    const known = this.#keys?.keys.some(({ kid }) => keyId === undefined || kid === keyId) ?? false;
    if (this.#keys !== undefined && ageMs < (known ? keptMs : askAgainAfterMs)) return this.#keys;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<JwksKeys> {
    const { issuer, now } = this.#options;
    const discovery = await this.#getJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const { issuer: named, jwks_uri: address } = discovery as { issuer?: unknown; jwks_uri?: unknown };
    if (named !== issuer || typeof address !== 'string') throw new Error('the discovery document is of another issuer');
    const { keys } = (await this.#getJson(address)) as { keys?: unknown };
    if (!Array.isArray(keys)) throw new Error('the issuer names no keys');
    this.#fetchedMs = now();
    const objects = keys.filter((key): key is JwksKeys['keys'][number] => typeof key === 'object' && key !== null);
    return (this.#keys = { keys: objects });
  }

  /** Redirects are not followed, and only https is asked: what comes back decides who gets in. */
  #getJson(address: string): Promise<object> {
    const { ca, timeoutMs = 5_000 } = this.#options;
    const signal = AbortSignal.timeout(timeoutMs);
    return new Promise((resolve, reject) => {
      const options = { signal, headers: { accept: 'application/json' }, ...(ca !== undefined && { ca }) };
      const request = requestHttps(new URL(address), options, (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > maxBytes) request.destroy(new Error('the issuer answers too much'));
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode !== 200) reject(new Error(`the issuer answers ${response.statusCode ?? 0}`));
          else resolve(parseObject(Buffer.concat(chunks).toString()));
        });
      });
      request.on('error', reject);
      request.end();
    });
  }
}

/** What is no JSON object has no field that is looked for. */
function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
