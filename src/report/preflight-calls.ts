/** How often the stores are read and what that costs, for people. */
import type { CallPlan, Saving, StoreCalls } from '../preflight/preflight-result.ts';
import { renderTable } from './table.ts';

export function renderCalls(plan: CallPlan): readonly string[] {
  const { readsPerRefresh, callsPerDay, byStore, cost, grouping, twiceTheInterval } = plan;
  if (readsPerRefresh === 0) return ['No store is read.'];
  const isPaid = byStore.some(({ paid }) => paid);
  const price = isPaid
    ? `; about ${dollars(cost.dollarsPerMonth)} a month at ${dollars(cost.dollarsPer10000)} per 10,000${byStore.every(({ paid }) => paid) ? '' : ' of Key Vault'}`
    : '';
  const saved = ({ callsPerDay: calls, dollarsPerMonth }: Saving): string =>
    `${plain(calls)} calls a day${isPaid ? `, ${dollars(dollarsPerMonth)} a month` : ''}`;
  return [
    `${plain(readsPerRefresh)} ${readsPerRefresh === 1 ? 'read' : 'reads'} per refresh, ${plain(callsPerDay)} calls a day${price}.`,
    ...renderTable([['', 'reads', 'calls', 'calls an hour', 'calls in 10 s, at most'], ...byStore.map(rowOf)], {
      indent: 2,
    }),
    ...(grouping === undefined
      ? []
      : [
          `One extract in place of an entry for each field would save ${saved(grouping)}: ${listed(grouping.externalSecrets)}.`,
        ]),
    ...(twiceTheInterval === undefined ? [] : [`Twice the refresh interval would save ${saved(twiceTheInterval)}.`]),
  ];
}

function rowOf(calls: StoreCalls): readonly string[] {
  return [calls.store, ...countsOf(calls)];
}

/** Reads and calls per refresh, calls an hour, and in ten seconds. */
export function countsOf({
  readsPerRefresh,
  callsPerRefresh,
  callsPerHour,
  callsIn10s,
  limitIn10s,
}: StoreCalls): string[] {
  return [plain(readsPerRefresh), plain(callsPerRefresh), plain(callsPerHour), peakOf(callsIn10s, limitIn10s)];
}

/** `120 of 4,000 (3 %)` */
function peakOf(peak: number, limit: number | undefined): string {
  if (limit === undefined) return plain(peak);
  const percent = (100 * peak) / limit;
  return `${plain(peak)} of ${plain(limit)} (${percent < 1 ? '< 1' : plain(Math.round(percent))} %)${peak > limit ? ': too many' : ''}`;
}

/** `1,234.5` */
export function plain(number: number): string {
  return number.toLocaleString('en-GB', { maximumFractionDigits: 2 });
}

export function dollars(amount: number): string {
  if (amount > 0 && amount < 0.005) return 'less than $0.01';
  return `$${amount.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

const listedAtMost = 5;

function listed(names: readonly string[]): string {
  const more = names.length - listedAtMost;
  return `${names.slice(0, listedAtMost).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
