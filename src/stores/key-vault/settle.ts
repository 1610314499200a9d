/** What Key Vault has agreed to takes a while until it is so. */
import type { OnRetry } from '../contract.ts';
import { pause } from '../retry.ts';

export type SettleOptions = {
  /** How long it may take. */
  readonly settleMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onRetry?: OnRetry | undefined;
};

const firstPauseMs = 100;
const longestPauseMs = 5000;

/**
 * Asks again and again, more and more seldom: deleting and recovering were seen to take about ten seconds.
 * @param onPause before each
 * @returns what `ask` finds, or undefined where it has found nothing by the end
 */
export async function untilSettled<Found>(
  ask: () => Promise<Found | undefined>,
  { settleMs, signal }: SettleOptions,
  onPause?: (waitMs: number) => void,
): Promise<Found | undefined> {
  const endMs = performance.now() + settleMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.6, longestPauseMs)) {
    const found = await ask();
    if (found !== undefined) return found;
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) return undefined;
    const waitMs = Math.min(pauseMs, leftMs);
    onPause?.(waitMs);
    await pause(waitMs, signal);
  }
}
