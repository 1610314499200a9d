/** sprig's dates, as far as they need no clock and no time zone but UTC. */
import { Unpredictable } from '../../go-error.ts';
import type { GoString } from '../../go/go-string.ts';
import type { GoValue, TemplateFunction } from '../go-value.ts';
import { parseInt64 } from './conversions.ts';
import { goFunction, text } from './go-function.ts';

const any = 'interface {}';

/** What is no number of seconds is taken for now. Beyond the years of four digits layouts look different. */
function instant(value: GoValue, name: string): Date {
  if (value.kind !== 'int' || !['int', 'int32', 'int64'].includes(value.type))
    throw new Unpredictable('random', `its template uses ${name} of the present time`);
  if (value.value < 0n || value.value >= 253402300800n)
    throw new Unpredictable('template', `its template uses ${name} of a distant year`);
  return new Date(Number(value.value) * 1000);
}

function requireUtc(zone: GoString, name: string): void {
  if (zone !== 'UTC' && zone !== '') throw new Unpredictable('operator', `its template uses ${name} with a time zone`);
}

const months = 'January February March April May June July August September October November December'.split(' ');
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const two = (number: number): string => String(number).padStart(2, '0');

/** The pieces of a layout that are filled in; of several that begin alike the longest. */
const pieces: Readonly<Record<string, (at: Date) => string>> = {
  January: (at) => months[at.getUTCMonth()] ?? '',
  Jan: (at) => (months[at.getUTCMonth()] ?? '').slice(0, 3),
  Monday: (at) => days[at.getUTCDay()] ?? '',
  Mon: (at) => (days[at.getUTCDay()] ?? '').slice(0, 3),
  '2006': (at) => String(at.getUTCFullYear()).padStart(4, '0'),
  '01': (at) => two(at.getUTCMonth() + 1),
  '02': (at) => two(at.getUTCDate()),
  '03': (at) => two(at.getUTCHours() % 12 || 12),
  '04': (at) => two(at.getUTCMinutes()),
  '05': (at) => two(at.getUTCSeconds()),
  '06': (at) => two(at.getUTCFullYear() % 100),
  '15': (at) => two(at.getUTCHours()),
  MST: () => 'UTC',
  PM: (at) => (at.getUTCHours() >= 12 ? 'PM' : 'AM'),
  'Z07:00': () => 'Z',
  Z0700: () => 'Z',
  '-07:00': () => '+00:00',
  '-0700': () => '+0000',
};
const pattern = new RegExp(Object.keys(pieces).join('|'), 'g');

function format(layout: GoString, at: Date, name: string): GoValue {
  // What is left over has no digit, underscore, nor one of the pieces that are not followed here (pm, Z07).
  if (
    /[0-9_]|pm|Z07/.test(layout.replace(pattern, '')) ||
    /[^\0-\x7f]|Jan[a-z]|Mon[a-z]/.test(layout.replace(/January|Monday/g, ''))
  )
    throw new Unpredictable('template', `its template uses ${name} with a layout that is not followed here`);
  return text(layout.replace(pattern, (piece) => pieces[piece]?.(at) ?? ''));
}

function dateInZone(name: string): TemplateFunction {
  return goFunction(['string', any, 'string'], (layout, value, zone) => {
    requireUtc(zone, name);
    return format(layout, instant(value, name), name);
  });
}

const htmlDateInZone = goFunction([any, 'string'], (value, zone) => {
  requireUtc(zone, 'htmlDateInZone');
  return text(instant(value, 'htmlDateInZone').toISOString().slice(0, 10));
});

const second = 1_000_000_000n;
const unitsOf: readonly (readonly [nanoseconds: bigint, unit: string])[] = [
  [365n * 24n * 3600n * second, 'y'],
  [30n * 24n * 3600n * second, 'mo'],
  [24n * 3600n * second, 'd'],
  [3600n * second, 'h'],
  [60n * second, 'm'],
  [second, 's'],
];

const duration = goFunction([any], (value) => {
  let seconds = 0n;
  if (value.kind === 'string') {
    const parsed = parseInt64(value.value, 10);
    seconds = parsed.kind === 'syntax' ? 0n : parsed.value;
  } else if (value.kind === 'int' && value.type === 'int64') seconds = value.value;
  const wrapped = BigInt.asIntN(64, seconds * second);
  if (wrapped !== seconds * second)
    throw new Unpredictable('template', 'its template uses duration of too long a time');
  const size = seconds < 0n ? -seconds : seconds;
  const [hours, minutes] = [size / 3600n, (size / 60n) % 60n];
  const shown = `${hours > 0n ? `${String(hours)}h` : ''}${size >= 60n ? `${String(minutes)}m` : ''}${String(size % 60n)}s`;
  return text(seconds < 0n ? `-${shown}` : shown);
});

const durationRound = goFunction([any], (value) => {
  let nanoseconds = 0n;
  if (value.kind === 'string') nanoseconds = parseDuration(value.value);
  else if (value.kind === 'int' && value.type === 'int64') nanoseconds = value.value;
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const [length, unit] = unitsOf.find(([length]) => size > length) ?? [1n, undefined];
  return text(unit === undefined ? '0s' : `${String(size / length)}${unit}`);
});

const nanosecondsOf: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3600n * second,
};

/** time.ParseDuration, with 0 for an error. */
function parseDuration(written: GoString): bigint {
  const [, sign, size = ''] =
    /^([+-]?)((?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|\xc2\xb5s|\xce\xbcs|ms|s|m|h))+)$/.exec(written) ?? [];
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of size.matchAll(
    /([0-9]*)\.?([0-9]*)([a-z\xb5\xbc\xc2\xce]+)/g,
  )) {
    const each = nanosecondsOf[unit.replace(/^[^a-z]+/, 'u')] ?? 0n;
    total += BigInt(whole === '' ? '0' : whole) * each;
    total += (BigInt(fraction === '' ? '0' : fraction) * each) / 10n ** BigInt(fraction.length);
  }
  if (total > 2n ** 63n - (sign === '-' ? 0n : 1n)) return 0n;
  return sign === '-' ? -total : total;
}

export const dateFunctions: readonly [string, TemplateFunction][] = [
  ['dateInZone', dateInZone('dateInZone')],
  ['date_in_zone', dateInZone('date_in_zone')],
  ['htmlDateInZone', htmlDateInZone],
  ['duration', duration],
  ['durationRound', durationRound],
];
