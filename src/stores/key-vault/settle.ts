/** What Key Vault has agreed to takes a while until it is so. */
import { pause } from '../retry.ts';

export type SettleOptions = {
  /** How long it may take. */
  readonly settleMs: number;
  readonly signal: AbortSignal | undefined;
};

const firstPauseMs = 100;
const longestPauseMs = 5000;

/**
 * Asks again and again, more and more seldom: deleting and recovering were seen to take about ten seconds.
 * @returns what `ask` finds, or undefined where it has found nothing by the end
 */
export async function untilSettled<Found>(
  ask: () => Promise<Found | undefined>,
  { settleMs, signal }: SettleOptions,
): Promise<Found | undefined> {
  const endMs = performance.now() + settleMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.6, longestPauseMs)) {
    const found = await ask();
    if (found !== undefined) return found;
    const leftMs = endMs - performance.now();
    if (leftMs <= 0) return undefined;
    await pause(Math.min(pauseMs, leftMs), signal);
  }
}
