/** A request with its token, sent again where that is safe. What the answer means is for the caller to say. */
import { withRetries } from '../retry.ts';
import { parseErrors } from './vault-answers.ts';
import { faultOfStatus, saysInvalidToken, tokenRefused } from './vault-fault.ts';
import type { HttpAnswer } from './vault-http.ts';
import { createVaultHttp } from './vault-http.ts';
import type { VaultSession } from './vault-session.ts';
import { createVaultSession } from './vault-session.ts';
import type { VaultSettings } from './vault-settings.ts';

export type VaultCall = {
  readonly method: 'GET' | 'POST';
  /** Below `/v1/`, encoded, with the query. */
  readonly path: string;
  readonly body?: string;
  /** Whether doing it twice is doing it once. */
  readonly repeatable: boolean;
};

export type VaultAnswer = Pick<HttpAnswer, 'status' | 'text' | 'atMs'> & {
  /** For comparison only: they may quote a secret. */
  readonly errors: readonly string[];
};

export type VaultClient = {
  /**
   * @returns the answer where its status is 200, 204, 400, 403, 404 or 413, or where it says that something is too large
   * @throws {VaultFault} for everything else; `signal.reason` where the caller gave up
   */
  call(call: VaultCall, signal: AbortSignal | undefined): Promise<VaultAnswer>;
  /** Revokes the token of a login and closes the connections. */
  close(): ReturnType<VaultSession['close']>;
};

export function createVaultClient(settings: VaultSettings, now: () => number): VaultClient {
  const { auth, namespace = '', retries = 2, onRetry } = settings;
  const http = createVaultHttp(settings);
  // Agents and proxies in front of Vault may be set up to insist on the first, against forged requests.
  const headers: readonly string[] = [
    ...['X-Vault-Request', 'true'],
    ...['Content-Type', 'application/json'],
    ...(namespace === '' ? [] : ['X-Vault-Namespace', namespace]),
  ];
  const session = createVaultSession({ http, auth, headers, retries, onRetry, now });

  async function send(call: VaultCall, token: string, signal: AbortSignal | undefined): Promise<VaultAnswer> {
    const { method, path, body } = call;
    const answer = await http.send({ method, path, body, headers: [...headers, 'X-Vault-Token', token] }, signal);
    const errors = answer.status < 300 ? [] : parseErrors(answer.text);
    const fault = faultOfStatus(answer.status, errors, answer.retryAfterMs);
    if (fault !== undefined) throw fault;
    return { status: answer.status, text: answer.text, atMs: answer.atMs, errors };
  }

  return {
    async call(call, signal) {
      signal?.throwIfAborted();
      const { repeatable } = call;
      for (let logins = 0; ; logins++) {
        const token = await session.token(signal);
        const policy = { retries, repeatable, signal, onRetry };
        const answer = await withRetries(() => send(call, token.reveal(), signal), policy);
        if (answer.status !== 403 || !saysInvalidToken(answer.errors)) return answer;
        // Vault looks at the token first, so nothing was done: a new login may do it.
        if (logins > 0 || !session.forget(token)) throw tokenRefused();
      }
    },

    async close() {
      const outcome = await session.close();
      http.close();
      return outcome;
    },
  };
}
