/** The job of `npm run preflight`: predicts each ExternalSecret, reads of the stores what that needs, and tells what will happen. Writes nothing. */
import { callsPerRefresh } from '../eso/calls.ts';
import { predict } from '../eso/predict.ts';
import type { World } from '../eso/prediction.ts';
import type { Store } from '../eso/resources.ts';
import { checkExternalSecret } from './check-external-secret.ts';
import { callsOfStore } from './calls-of-store.ts';
import type { ProviderReader } from './drive-predictions.ts';
import { drivePredictions } from './drive-predictions.ts';
import { findRivals } from './find-rivals.ts';
import { planCalls } from './plan-calls.ts';
import type { CountedExternalSecret } from './plan-calls.ts';
import type { PreflightItem } from './preflight-item.ts';
import type { PreflightResult } from './preflight-result.ts';

export type PreflightOptions = {
  readonly items: readonly PreflightItem[];
  readonly world: Omit<World, 'read'>;
  readonly readers: ProviderReader;
  /** Whether nothing could be read of a store: asked after it was tried. */
  readonly isUnread: (store: Store) => boolean;
  /** At least 32 random bytes, made for this run. */
  readonly fingerprintKey: Uint8Array;
  readonly dollarsPer10000: number;
  /** How many reads are under way at once. Default: 16. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal | undefined;
};

/** @throws whatever a reader throws, which is nothing that a store can do */
export async function preflight({
  items,
  world,
  readers,
  isUnread,
  fingerprintKey,
  dollarsPer10000,
  concurrency = 16,
  signal,
}: PreflightOptions): Promise<Pick<PreflightResult, 'externalSecrets' | 'calls'>> {
  const counted: CountedExternalSecret[] = [];
  const { outcomes } = await drivePredictions(
    items,
    { predict, world, readers, concurrency, signal },
    (item, predicted, { used, read }) => {
      const calls = callsPerRefresh(item.externalSecret, { ...world, read }).map(callsOfStore);
      counted.push({ ...item, calls });
      const reads = calls.reduce((sum, one) => sum + one.reads, 0);
      const checked = checkExternalSecret(item, predicted, used, { world, isUnread, fingerprintKey, reads });
      return { item, checked };
    },
  );
  return { externalSecrets: findRivals(outcomes), calls: planCalls(counted, dollarsPer10000) };
}
