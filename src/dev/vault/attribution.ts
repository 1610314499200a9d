import { createHash } from 'node:crypto';
import type { Operation } from './backend.ts';
import type { Attribution } from './kv-keys.ts';
import type { TokenEntry } from './tokens.ts';

/** Who asks, as KV v2 keeps it. Vault's client_id is the entity, or else a hash that is the same for tokens of the same policies. */
export function attributionOf(token: TokenEntry | undefined, operation: Operation | 'undelete'): Attribution {
  const entity = token?.entityId ?? '';
  const hash = createHash('sha256')
    .update(JSON.stringify(token?.policies ?? []))
    .digest('base64');
  return {
    actor: token?.displayName ?? '',
    operation,
    ...(entity !== '' && { entity_id: entity }),
    client_id: entity === '' ? hash : entity,
  };
}
