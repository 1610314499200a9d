/** The token: given, or from a login that is renewed while it is used and revoked at the end. No timers: nothing keeps the program alive. */
import { SecretValue } from '../../model/secret-value.ts';
import type { OnRetry } from '../contract.ts';
import { untilAborted, withRetries } from '../retry.ts';
import { parseAuth, parseErrors } from './vault-answers.ts';
import { faultOfStatus, finalFault, VaultFault } from './vault-fault.ts';
import type { HttpAnswer, VaultHttp } from './vault-http.ts';
import type { VaultAuth } from './vault-settings.ts';
import { encodePath } from './vault-path.ts';

export type VaultSession = {
  /** Logs in, or renews, where that is needed; calls at the same time share it. @throws {VaultFault} */
  token(signal: AbortSignal | undefined): Promise<SecretValue>;
  /** Vault does not know `token` any more. @returns whether `token()` can give another */
  forget(token: SecretValue): boolean;
  /** Revokes the token of a login. One that was given stays valid: it belongs to somebody else. Never throws. */
  close(): Promise<'nothing to revoke' | 'revoked' | 'not revoked'>;
};

type LoggedIn = {
  readonly token: SecretValue;
  readonly renewable: boolean;
  /** Milliseconds that it was given for; Infinity for ever. */
  readonly ttlMs: number;
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
  /** Batch tokens can be neither renewed nor revoked. */
  readonly isBatch: boolean;
};

export type SessionOptions = {
  readonly http: VaultHttp;
  readonly auth: VaultAuth;
  readonly headers: readonly string[];
  readonly retries: number;
  readonly onRetry: OnRetry | undefined;
  readonly now: () => number;
};

export function createVaultSession({ http, auth, headers, retries, onRetry, now }: SessionOptions): VaultSession {
  let current: LoggedIn | undefined;
  let pending: Promise<LoggedIn> | undefined;

  /** Not repeatable: a secret id may be good for one login only. */
  async function post(path: string, body: object, token?: SecretValue): Promise<HttpAnswer> {
    const attempt = async (): Promise<HttpAnswer> => {
      const answer = await http.send(
        {
          method: 'POST',
          path,
          headers: token === undefined ? headers : [...headers, 'X-Vault-Token', token.reveal()],
          body: JSON.stringify(body),
        },
        undefined,
      );
      const fault = faultOfStatus(answer.status, parseErrors(answer.text), answer.retryAfterMs);
      if (fault !== undefined) throw fault;
      return answer;
    };
    return withRetries(attempt, { retries, repeatable: false, signal: undefined, onRetry });
  }

  function accept(answer: HttpAnswer, earlier?: LoggedIn): LoggedIn {
    const facts = parseAuth(answer.text);
    const token = facts['client_token'];
    if (typeof token !== 'string' || token === '')
      throw finalFault(
        'the login needs a second factor (MFA)',
        'Use a token: vault login, then unset the other method.',
      );
    const seconds = facts['lease_duration'];
    const ttlMs = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : Infinity;
    return {
      token: new SecretValue(token),
      // Near its maximum a token is renewed for less and less: then a new login is the better way.
      renewable: facts['renewable'] === true && (earlier === undefined || ttlMs >= earlier.ttlMs / 2),
      ttlMs,
      renewAtMs: now() + (ttlMs * 2) / 3,
      expiresAtMs: now() + ttlMs,
      isBatch: facts['token_type'] === 'batch',
    };
  }

  async function login(): Promise<LoggedIn> {
    if (auth.kind === 'token') throw finalFault('there is no way to log in again', 'Set VAULT_TOKEN.');
    const { mount = auth.kind } = auth;
    const answer = await post(`auth/${encodePath(mount)}/login`, await loginBody(auth));
    if (answer.status === 200) return accept(answer);
    // A path where nothing is mounted answers 403 to those without a token.
    throw finalFault(
      `Vault refused the login by ${auth.kind} at auth/${mount} (${answer.status})`,
      `${refusedLogin[auth.kind]} Is it mounted at auth/${mount}?`,
    );
  }

  async function renew(earlier: LoggedIn): Promise<LoggedIn> {
    const answer = await post('auth/token/renew-self', {}, earlier.token);
    if (answer.status !== 200) throw finalFault('the token could not be renewed', 'Log in again.');
    return accept(answer, earlier);
  }

  async function obtain(): Promise<LoggedIn> {
    if (current?.renewable === true && now() < current.expiresAtMs) {
      const earlier = current;
      try {
        return await renew(earlier);
      } catch (error) {
        if (!(error instanceof VaultFault)) throw error;
      }
    }
    return login();
  }

  return {
    async token(signal) {
      if (auth.kind === 'token') return auth.token;
      if (current !== undefined && now() < current.renewAtMs) return current.token;
      pending ??= obtain()
        .then((obtained) => (current = obtained))
        .finally(() => (pending = undefined));
      // Nobody may be waiting for it any more when it fails.
      pending.catch(() => undefined);
      return (await untilAborted(pending, signal)).token;
    },

    forget(token) {
      if (auth.kind === 'token') return false;
      if (current?.token === token) current = undefined;
      return true;
    },

    async close() {
      const last = current;
      current = undefined;
      if (last === undefined || last.isBatch) return 'nothing to revoke';
      try {
        return (await post('auth/token/revoke-self', {}, last.token)).status < 300 ? 'revoked' : 'not revoked';
      } catch {
        return 'not revoked';
      }
    },
  };
}

async function loginBody(auth: Exclude<VaultAuth, { kind: 'token' }>): Promise<object> {
  if (auth.kind === 'approle') return { role_id: auth.roleId, secret_id: auth.secretId.reveal() };
  let jwt: SecretValue;
  try {
    jwt = await auth.readJwt();
  } catch {
    throw finalFault('the token to log in with (JWT) cannot be read', 'Check the path of its file.');
  }
  return { ...(auth.role === undefined ? {} : { role: auth.role }), jwt: jwt.reveal().trim() };
}

const refusedLogin = {
  kubernetes:
    'Check the role: that it exists, that it is bound to this ServiceAccount and namespace, and that the token has its audience.',
  jwt: 'Check the role, its bound claims and audiences, and that the JWT has not expired.',
  approle: 'Check the role id and the secret id: a secret id expires and can be used only so many times.',
} as const;
