/** Whether the operator would refresh an ExternalSecret when it next looks at it (shouldRefresh, isSecretValid). */
import { dataHash, resourceVersion } from './predict/object-hash.ts';
import { dataHashAnnotation, managedLabel } from './predict/ownership.ts';
import type { ExistingSecret, Known } from './prediction.ts';
import type { ExternalSecret } from './resources.ts';

/** @param target its Secret, where nobody looked taken to be absent */
export function isDue(externalSecret: ExternalSecret, target: Known<ExistingSecret>, nowMs: number): boolean {
  return shouldRefresh(externalSecret, nowMs) || !isValid(externalSecret, target);
}

/**
 * With an interval of zero or below, one that was synced once is never refreshed again, not even when its spec changes; only a target that is
 * missing or was tampered with makes the operator fetch again.
 */
function shouldRefresh({ metadata, spec, status = {} }: ExternalSecret, nowMs: number): boolean {
  const synced = status.syncedResourceVersion ?? '';
  const refreshedAt = status.refreshTime === undefined ? undefined : Date.parse(status.refreshTime);
  const isNew = synced === '' || refreshedAt === undefined;
  const isChanged = (): boolean =>
    synced !== resourceVersion(metadata.generation ?? 0, metadata.labels, metadata.annotations);
  switch (spec.refreshPolicy) {
    case 'CreatedOnce':
      return isNew;
    case 'OnChange':
      return isNew || isChanged();
    case 'Periodic': {
      const intervalMs = durationMs(spec.refreshInterval);
      if (intervalMs <= 0 && synced !== '') return false;
      if (isChanged() || refreshedAt === undefined) return true;
      return refreshedAt > nowMs || refreshedAt + intervalMs < nowMs;
    }
  }
}

/** A target of creationPolicy Orphan is left alone until the next refresh. */
function isValid({ spec }: ExternalSecret, target: Known<ExistingSecret>): boolean {
  if (spec.target.creationPolicy === 'Orphan') return true;
  if (typeof target === 'string') return false;
  return target.labels[managedLabel] === 'true' && target.annotations[dataHashAnnotation] === dataHash(target.data);
}

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Go's durations: `1h30m`, `-1.5h`, `0`. */
function durationMs(text: string): number {
  const sum = [...text.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)].reduce(
    (total, [, amount, unit = '']) => total + Number(amount) * (unitMs[unit] ?? 0),
    0,
  );
  return text.startsWith('-') ? -sum : sum;
}
