/** Sends again what may be sent again, a few times, later each time. */
import { setTimeout as wait } from 'node:timers/promises';
import type { OnRetry } from './contract.ts';
import { StoreFault } from './store-fault.ts';

export type RetryPolicy = {
  /** How often after the first time. */
  readonly retries: number;
  /** Whether doing it twice is doing it once. Otherwise it is sent again only where the first is known to have done nothing. */
  readonly repeatable: boolean;
  readonly signal: AbortSignal | undefined;
  /** Longer than this nobody waits without a word: what the store asks for is then told instead. Default: 10,000. */
  readonly longestPauseMs?: number;
  readonly onRetry?: OnRetry | undefined;
};

const firstPauseMs = 100;

/** @throws {StoreFault} the last one; `signal.reason` where the caller gave up while it waited */
export async function withRetries<Result>(attempt: () => Promise<Result>, policy: RetryPolicy): Promise<Result> {
  const { longestPauseMs = 10_000 } = policy;
  for (let count = 0; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StoreFault) || !error.worthRepeating || count >= policy.retries) throw error;
      if (error.effect === 'unknown' && !policy.repeatable) throw error;
      const pauseMs = error.retryAfterMs ?? backOffMs(count);
      if (pauseMs > longestPauseMs) throw error;
      policy.onRetry?.({ because: error.trouble, waitMs: pauseMs });
      await pause(pauseMs, policy.signal);
    }
  }
}

/** At random, so that many clients that were refused together do not come back together. @param count of the attempts before, from 0 */
export function backOffMs(count: number): number {
  return firstPauseMs * 2 ** count * (0.5 + Math.random());
}

/** @throws `signal.reason` where the caller gave up */
export async function pause(pauseMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await wait(pauseMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Waits for what others wait for too: giving up ends the waiting, not the work. */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
