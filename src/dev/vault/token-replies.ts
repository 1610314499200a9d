/** How a token shows: `auth` where one was made or renewed, `data` where one is looked up. */
import { formatTime } from './go-duration.ts';
import { json, reply } from './reply.ts';
import type { Reply } from './reply.ts';
import { ttlOf } from './tokens.ts';
import type { TokenEntry } from './tokens.ts';

type AuthDetails = { readonly warnings?: readonly string[]; readonly mountType?: string };

/** logical.Auth, in the order of http/logical.go. */
export function authReply(
  entry: TokenEntry,
  nowMs: number,
  { warnings = [], mountType = '' }: AuthDetails = {},
): Reply {
  const auth = JSON.stringify({
    client_token: entry.id,
    accessor: entry.accessor,
    policies: entry.policies,
    token_policies: entry.policies,
    metadata: entry.meta,
    lease_duration: ttlOf(entry, nowMs),
    renewable: entry.renewable,
    entity_id: entry.entityId,
    token_type: 'service',
    orphan: entry.orphan,
    mfa_requirement: null,
    num_uses: entry.numUses,
  });
  return reply({ auth, warnings, mountType });
}

/** @param id shown instead of the token: '' where it was looked up by its accessor */
export function lookupReply(entry: TokenEntry, nowMs: number, id = entry.id): Reply {
  const leased = entry.expireMs !== undefined;
  const data = {
    accessor: entry.accessor,
    creation_time: Math.floor(entry.createdMs / 1000),
    creation_ttl: entry.creationTtlS,
    display_name: entry.displayName,
    entity_id: entry.entityId,
    // Never expires: null, and a ttl of 0.
    expire_time: leased ? formatTime(entry.expireMs) : null,
    explicit_max_ttl: entry.explicitMaxTtlS,
    id,
    ...(leased && { issue_time: formatTime(entry.createdMs), renewable: entry.renewable }),
    ...(entry.lastRenewalMs !== undefined && {
      last_renewal: formatTime(entry.lastRenewalMs),
      last_renewal_time: Math.floor(entry.lastRenewalMs / 1000),
    }),
    ...(entry.periodS > 0 && { period: entry.periodS }),
    meta: entry.meta,
    num_uses: entry.numUses,
    orphan: entry.orphan,
    path: entry.path,
    policies: entry.policies,
    ttl: ttlOf(entry, nowMs),
    type: 'service',
  };
  return reply({ data: json(data), mountType: 'token' });
}
