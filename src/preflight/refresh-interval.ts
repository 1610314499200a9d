/** How often an ExternalSecret is refreshed. */
import type { ExternalSecretSpec } from '../eso/resources.ts';

const seconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** @returns 0 where it is not refreshed by the clock: another policy, or an interval that is not positive */
export function refreshesPerHour({ refreshPolicy, refreshInterval }: ExternalSecretSpec): number {
  const interval = refreshPolicy === 'Periodic' ? parseGoDuration(refreshInterval) : undefined;
  return interval === undefined || interval <= 0 ? 0 : 3600 / interval;
}

/** In seconds; undefined where it is none. Source: Go's time.ParseDuration. */
export function parseGoDuration(text: string): number | undefined {
  const [, sign, rest = ''] = /^([-+]?)(.*)$/.exec(text) ?? [];
  if (rest === '0') return 0;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let sum = 0;
  for (const [, amount = '', unit = ''] of rest.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g))
    sum += Number(amount) * (seconds[unit] ?? 0);
  return sign === '-' ? -sum : sum;
}
