/** From an identity that an auth method has established to a token. */
import { randomUUID } from 'node:crypto';
import type { Reply } from './reply.ts';
import type { Storage } from '../storage.ts';
import { authReply } from './token-replies.ts';
import type { TokenSettings } from './token-settings.ts';
import { normalisePolicies } from './tokens.ts';
import type { Tokens } from './tokens.ts';

/**
 * @property alias the same for each login of the same party: they share an entity
 * @property displayName what stands behind the mount's name; '' for that name alone
 */
export type Identity = {
  readonly alias: string;
  readonly displayName: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly settings: TokenSettings;
};

export type Login = (identity: Identity, nowMs: number) => Reply;

/** @param mount path of the auth method, such as `auth/approle/` */
export function createLogin(tokens: Tokens, storage: Storage, mount: string): Login {
  const mountName = mount
    .replace(/^auth\//, '')
    .replace(/\/$/, '')
    .replaceAll('/', '-');
  const logIn: Login = ({ alias, displayName, meta, settings }, nowMs) => {
    const key = `identity/${mount}${alias}`;
    const entityId = (storage.get(key) as { id: string } | undefined)?.id ?? randomUUID();
    storage.put(key, { id: entityId });
    const { ttlS, maxTtlS, explicitMaxTtlS, periodS, numUses } = settings;
    const entry = tokens.create(
      {
        policies: normalisePolicies(settings.policies, !settings.noDefaultPolicy),
        path: `${mount}login`,
        displayName: displayName === '' ? mountName : `${mountName}-${displayName}`,
        meta,
        entityId,
        numUses,
        maxTtlS,
        explicitMaxTtlS,
        periodS,
        ...(ttlS > 0 && { ttlS }),
      },
      nowMs,
    );
    return authReply(entry, nowMs);
  };
  // A login that had to wait for another server is no longer inside its request's transaction.
  return (identity, nowMs) => storage.transaction(() => logIn(identity, nowMs));
}
