/** Durations as Go writes and Vault reads them. All in whole seconds, which is what Vault keeps. */

const unitSeconds = new Map([
  ['ns', 1e-9],
  ['us', 1e-6],
  ['µs', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
]);

/**
 * parseutil.ParseDurationSecond of go-secure-stdlib: a number of seconds, `5d`, or what time.ParseDuration takes (`1h30m`). Empty is 0.
 * @returns whole seconds, rounded towards 0; undefined where Vault refuses it
 */
export function parseDurationSeconds(text: string): number | undefined {
  if (text === '') return 0;
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  const days = /^([+-]?\d+)d$/.exec(text);
  if (days !== null) return Number(days[1]) * 86_400;
  if (!/^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g))
    seconds += Number(amount) * (unitSeconds.get(unit) ?? 0);
  return Math.trunc(text.startsWith('-') ? -seconds : seconds);
}

/** time.Duration.String(): `0s`, `1m30s`, `3h25m19s`. */
export function formatDuration(seconds: number): string {
  const sign = seconds < 0 ? '-' : '';
  const whole = Math.abs(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return `${sign}${hours}h${minutes}m${rest}s`;
  if (minutes > 0) return `${sign}${minutes}m${rest}s`;
  return `${sign}${rest}s`;
}

/** RFC 3339 without the zeros at the end of the fraction, as time.RFC3339Nano; '' for no time, as KV v2 writes it. */
export function formatTime(timeMs: number | undefined): string {
  return timeMs === undefined ? '' : new Date(timeMs).toISOString().replace(/\.?0*Z$/, 'Z');
}
