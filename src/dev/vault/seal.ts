/** sys/health, sys/seal-status and the other answers that need no token and work while sealed (http/sys_health.go, sys_seal.go). */
import { randomBytes, randomUUID } from 'node:crypto';
import { integerField, booleanField, textField } from './fields.ts';
import type { Fields } from './fields.ts';
import { errorReply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Storage } from '../storage.ts';

const vaultVersion = '1.21.4';

type Kept = {
  readonly unsealKey: string;
  readonly cluster: { readonly cluster_name: string; readonly cluster_id: string };
};

const storageKey = 'core/seal';

/**
 * The key and the name of the cluster outlive a restart, being sealed does not: an embedded server that waits for a key after each start would
 * be in the way, and what it keeps is encrypted with another key.
 */
export class Seal {
  readonly unsealKey: string;
  sealed = false;
  readonly #cluster: Kept['cluster'];

  constructor(storage: Storage) {
    const kept = (storage.get(storageKey) as Kept | undefined) ?? newSeal();
    if (storage.get(storageKey) === undefined) storage.put(storageKey, kept);
    this.unsealKey = kept.unsealKey;
    this.#cluster = kept.cluster;
  }

  /** @returns undefined where the path is none of these */
  answer(path: string, method: string, fields: Fields): Reply | undefined {
    const reads = method === 'GET' || method === 'HEAD';
    switch (path) {
      case 'sys/health':
        return reads ? this.#health(fields) : errorReply(405);
      case 'sys/seal-status':
        return reads ? this.#status() : errorReply(405);
      case 'sys/init':
        return reads ? { status: 200, body: '{"initialized":true}' } : errorReply(400, 'Vault is already initialized');
      case 'sys/leader':
        return {
          status: 200,
          body: '{"ha_enabled":false,"is_self":false,"active_time":"0001-01-01T00:00:00Z","leader_address":"","leader_cluster_address":"","performance_standby":false,"performance_standby_last_remote_wal":0}',
        };
      case 'sys/unseal':
        return method === 'PUT' || method === 'POST' ? this.#unseal(fields) : errorReply(405);
      default:
        return undefined;
    }
  }

  /** The status says it all to a probe: 200 active, 503 sealed; a probe can ask for another number. */
  #health(fields: Fields): Reply {
    const { sealed } = this;
    const wanted = integerField(fields, sealed ? 'sealedcode' : 'activecode');
    const replication = sealed ? 'unknown' : 'disabled';
    const body = {
      initialized: true,
      sealed,
      standby: sealed,
      performance_standby: false,
      replication_performance_mode: replication,
      replication_dr_mode: replication,
      server_time_utc: Math.floor(Date.now() / 1000),
      version: vaultVersion,
      enterprise: false,
      ...(!sealed && this.#cluster),
      echo_duration_ms: 0,
      clock_skew_ms: 0,
      replication_primary_canary_age_ms: 0,
    };
    return { status: wanted ?? (sealed ? 503 : 200), body: JSON.stringify(body) };
  }

  #status(): Reply {
    const { sealed } = this;
    const body = {
      type: 'shamir',
      initialized: true,
      sealed,
      t: 1,
      n: 1,
      progress: 0,
      nonce: '',
      version: vaultVersion,
      build_date: '2026-03-04T17:40:05Z',
      migration: false,
      ...(!sealed && this.#cluster),
      recovery_seal: false,
    };
    return { status: 200, body: JSON.stringify(body) };
  }

  #unseal(fields: Fields): Reply {
    const key = textField(fields, 'key');
    if (key === '' && booleanField(fields, 'reset') !== true)
      return errorReply(400, "'key' must be specified in request body as JSON, or 'reset' set to true");
    if (this.sealed && key !== '') {
      if (key !== this.unsealKey)
        return errorReply(400, 'failed to decrypt keys from storage: cipher: message authentication failed');
      this.sealed = false;
    }
    return this.#status();
  }
}

function newSeal(): Kept {
  return {
    unsealKey: randomBytes(32).toString('base64'),
    cluster: { cluster_name: `vault-cluster-${randomBytes(4).toString('hex')}`, cluster_id: randomUUID() },
  };
}
