/**
 * The documented limits of transactions: in any 10 seconds, 300 that create (set and restore) and 4,000 others for a vault, five times as many for
 * all vaults of the subscription. The window slides: it is never exceeded at any moment. What was refused does not count.
 */
import { throttled } from './key-vault-errors.ts';
import type { KeyVaultError } from './key-vault-reply.ts';
import type { KeyVaultOperation } from './key-vault-request.ts';

/**
 * @property windowMs default 10,000
 * @property creates for a vault in a window; default 300
 * @property others default 4,000
 * @property subscriptionFactor default 5
 * @property retryAfter whether a refusal says when to come back; default false: that the service always does is not documented, and the
 * JavaScript SDK retries a 429 only if it does
 */
export type ThrottleOptions = {
  readonly windowMs?: number;
  readonly creates?: number;
  readonly others?: number;
  readonly subscriptionFactor?: number;
  readonly retryAfter?: boolean;
};

type Kind = 'creates' | 'others';

export class Throttle {
  readonly #windowMs: number;
  readonly #retryAfter: boolean;
  readonly #limits: Readonly<Record<Kind, number>>;
  readonly #subscription: Readonly<Record<Kind, Window>>;
  readonly #vaults = new Map<string, Readonly<Record<Kind, Window>>>();

  constructor(options: ThrottleOptions) {
    const { windowMs = 10_000, creates = 300, others = 4000, subscriptionFactor = 5, retryAfter = false } = options;
    this.#windowMs = windowMs;
    this.#retryAfter = retryAfter;
    this.#limits = { creates, others };
    this.#subscription = {
      creates: new Window(creates * subscriptionFactor),
      others: new Window(others * subscriptionFactor),
    };
  }

  /** Counts a request, or refuses it. */
  take(vault: string, operation: KeyVaultOperation, nowMs: number): KeyVaultError | undefined {
    const kind: Kind = operation === 'SecretSet' || operation === 'SecretRestore' ? 'creates' : 'others';
    const own = this.#windowsOf(vault)[kind];
    const all = this.#subscription[kind];
    const sinceMs = nowMs - this.#windowMs;
    for (const [window, scope] of [[own, 'Vault'] as const, [all, 'Subscription'] as const]) {
      if (window.oldestMs <= sinceMs) continue;
      const waitS = Math.ceil(Math.min(window.oldestMs - sinceMs, this.#windowMs) / 1000);
      return throttled(scope, this.#retryAfter ? waitS : undefined);
    }
    own.add(nowMs);
    all.add(nowMs);
    return undefined;
  }

  #windowsOf(vault: string): Readonly<Record<Kind, Window>> {
    let windows = this.#vaults.get(vault);
    if (windows === undefined) {
      windows = { creates: new Window(this.#limits.creates), others: new Window(this.#limits.others) };
      this.#vaults.set(vault, windows);
    }
    return windows;
  }
}

/** The times of the last requests, as many as are allowed: the next one may come once the oldest has left the window. */
class Window {
  readonly #times: Float64Array;
  #next = 0;

  constructor(size: number) {
    this.#times = new Float64Array(size).fill(-Infinity);
  }

  /** A window of size 0 allows nothing. */
  get oldestMs(): number {
    return this.#times[this.#next] ?? Infinity;
  }

  add(timeMs: number): void {
    this.#times[this.#next] = timeMs;
    this.#next = (this.#next + 1) % this.#times.length;
  }
}
