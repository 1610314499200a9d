/** The tokens: who holds which policies, until when (vault/token_store.go). The lease of a token is kept in its entry. */
import { randomBytes } from 'node:crypto';
import type { Storage } from '../storage.ts';

/**
 * @property id the token itself: a secret, which only the answer to its owner shows
 * @property policies sorted, the default one included
 * @property creationTtlS 0: never expires, as for root
 * @property expireMs undefined: never
 * @property parent the id of the token that made it; revoked together with it
 */
export type TokenEntry = {
  readonly id: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly path: string;
  readonly displayName: string;
  readonly meta: Readonly<Record<string, string>> | null;
  readonly numUses: number;
  readonly orphan: boolean;
  readonly renewable: boolean;
  readonly createdMs: number;
  readonly creationTtlS: number;
  readonly explicitMaxTtlS: number;
  readonly periodS: number;
  readonly maxTtlS: number;
  readonly expireMs?: number;
  readonly lastRenewalMs?: number;
  /** Of the last renewal. */
  readonly leaseS: number;
  readonly entityId: string;
  readonly parent?: string;
};

/** What a token is made of; the rest follows. */
export type NewToken = {
  readonly policies: readonly string[];
  readonly path: string;
  readonly displayName: string;
  readonly id?: string;
  readonly meta?: Readonly<Record<string, string>> | null;
  readonly numUses?: number;
  readonly orphan?: boolean;
  readonly renewable?: boolean;
  readonly ttlS?: number;
  readonly explicitMaxTtlS?: number;
  readonly periodS?: number;
  readonly maxTtlS?: number;
  readonly entityId?: string;
  readonly parent?: string;
};

/** 32 days, the default and the longest lease of a Vault that was told nothing else. */
export const systemMaxTtlS = 2_764_800;

export class Tokens {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Counts one use of a token of which only so many are allowed. Undefined: unknown, revoked or expired. */
  use(id: string, nowMs: number): TokenEntry | undefined {
    const entry = this.find(id, nowMs);
    if (entry === undefined || entry.numUses === 0) return entry;
    // -1: used up, and gone after this request, which may still be to revoke or look up itself.
    this.#put({ ...entry, numUses: entry.numUses === 1 ? -1 : entry.numUses - 1 });
    return { ...entry, numUses: entry.numUses - 1 };
  }

  find(id: string, nowMs: number): TokenEntry | undefined {
    const entry = this.#storage.get(`token/id/${id}`) as TokenEntry | undefined;
    if (entry === undefined) return undefined;
    if (entry.numUses !== -1 && (entry.expireMs === undefined || entry.expireMs > nowMs)) return entry;
    this.revoke(entry);
    return undefined;
  }

  findByAccessor(accessor: string, nowMs: number): TokenEntry | undefined {
    const kept = this.#storage.get(`token/accessor/${accessor}`) as { id: string } | undefined;
    return kept && this.find(kept.id, nowMs);
  }

  accessors(): readonly string[] {
    return this.#storage.list('token/accessor/');
  }

  create(wanted: NewToken, nowMs: number): TokenEntry {
    const isRoot = wanted.policies.includes('root');
    const { periodS = 0, explicitMaxTtlS = 0, maxTtlS = 0 } = wanted;
    const ttlS =
      isRoot && wanted.ttlS === undefined ? 0 : this.#effectiveTtl({ periodS, explicitMaxTtlS, maxTtlS }, wanted.ttlS);
    const entry: TokenEntry = {
      id: wanted.id ?? `hvs.${randomName(24)}`,
      accessor: randomName(24),
      policies: wanted.policies,
      path: wanted.path,
      displayName: wanted.displayName,
      meta: wanted.meta ?? null,
      numUses: wanted.numUses ?? 0,
      orphan: wanted.orphan ?? wanted.parent === undefined,
      renewable: ttlS > 0 && (wanted.renewable ?? true),
      createdMs: nowMs,
      creationTtlS: ttlS,
      explicitMaxTtlS,
      periodS,
      maxTtlS,
      leaseS: ttlS,
      ...(ttlS > 0 && { expireMs: nowMs + ttlS * 1000 }),
      entityId: wanted.entityId ?? '',
      ...(wanted.parent !== undefined && { parent: wanted.parent }),
    };
    this.#put(entry);
    this.#storage.put(`token/accessor/${entry.accessor}`, { id: entry.id });
    if (entry.parent !== undefined)
      this.#storage.put(`token/parent/${entry.parent}/${entry.accessor}`, { id: entry.id });
    return entry;
  }

  /**
   * No renewal reaches beyond the longest life, counted from the token's creation; a periodic token has none (framework.CalculateTTL).
   * @param incrementS 0: what the auth method's role says, or for the token store's own tokens as long as the last time
   * @returns `capped`: from how much to how much, where less was given than asked for
   */
  renew(
    entry: TokenEntry,
    incrementS: number,
    nowMs: number,
  ): { entry: TokenEntry; capped?: { fromS: number; toS: number } } {
    const usualS = entry.path.startsWith('auth/token/') ? entry.leaseS : entry.creationTtlS;
    const wantedS = entry.periodS > 0 ? entry.periodS : incrementS || usualS;
    const longestS = entry.periodS > 0 ? entry.explicitMaxTtlS : this.#longest(entry);
    const leftS = longestS === 0 ? wantedS : Math.ceil(longestS - (nowMs - entry.createdMs) / 1000);
    const leaseS = Math.min(wantedS, leftS);
    const renewed = { ...entry, expireMs: nowMs + leaseS * 1000, leaseS, lastRenewalMs: nowMs };
    this.#put(renewed);
    return { entry: renewed, ...(leaseS < wantedS && { capped: { fromS: wantedS, toS: longestS } }) };
  }

  /** With every token that was made with it. */
  revoke(entry: TokenEntry): void {
    for (const accessor of this.#storage.list(`token/parent/${entry.id}/`)) {
      const child = this.#storage.get(`token/parent/${entry.id}/${accessor}`) as { id: string };
      const childEntry = this.#storage.get(`token/id/${child.id}`) as TokenEntry | undefined;
      if (childEntry !== undefined) this.revoke(childEntry);
    }
    this.#storage.delete(`token/id/${entry.id}`);
    this.#storage.delete(`token/accessor/${entry.accessor}`);
    if (entry.parent !== undefined) this.#storage.delete(`token/parent/${entry.parent}/${entry.accessor}`);
  }

  #longest({ explicitMaxTtlS, maxTtlS }: { explicitMaxTtlS: number; maxTtlS: number }): number {
    return Math.min(...[explicitMaxTtlS, maxTtlS, systemMaxTtlS].filter((seconds) => seconds > 0));
  }

  #effectiveTtl(
    limits: { periodS: number; explicitMaxTtlS: number; maxTtlS: number },
    ttlS: number | undefined,
  ): number {
    const wantedS = limits.periodS > 0 ? limits.periodS : ttlS === undefined || ttlS === 0 ? systemMaxTtlS : ttlS;
    return Math.min(wantedS, limits.periodS > 0 ? limits.explicitMaxTtlS || wantedS : this.#longest(limits));
  }

  #put(entry: TokenEntry): void {
    this.#storage.put(`token/id/${entry.id}`, entry);
  }
}

/** As long a time as is left, in whole seconds; 0: never expires. */
export function ttlOf(entry: TokenEntry, nowMs: number): number {
  return entry.expireMs === undefined ? 0 : Math.max(0, Math.floor((entry.expireMs - nowMs) / 1000));
}

/** The default policy is added; `root` stands alone; names are lower case, sorted, and there once. */
export function normalisePolicies(names: readonly string[], addDefault: boolean): readonly string[] {
  const lower = names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  if (lower.includes('root')) return ['root'];
  return [...new Set(addDefault ? [...lower, 'default'] : lower)].toSorted();
}

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function randomName(length: number): string {
  let name = '';
  // Bytes beyond the last whole multiple would favour some letters.
  while (name.length < length)
    for (const byte of randomBytes(length)) if (byte < 248 && name.length < length) name += letters.charAt(byte % 62);
  return name;
}
