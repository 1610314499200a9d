/** How often the stores will be called, what that costs, and what would make it less. Pure. */
import type { ExternalSecret, RemoteReference, StoreReference } from '../eso/resources.ts';
import type { CallCount, CallPlan, MonthlyCost, Saving, StoreCalls } from './preflight-result.ts';
import { refreshesPerHour } from './refresh-interval.ts';

/** One ExternalSecret's calls to one store. */
export type CallsOfStore = {
  /** For people; stores of one vault are one. */
  readonly store: string;
  /** Key Vault counts and charges; Vault does neither. */
  readonly isKeyVault: boolean;
  /** At each refresh: what is read, and all calls that this takes. */
  readonly reads: number;
  readonly calls: number;
};

export type CountedExternalSecret = {
  readonly externalSecret: ExternalSecret;
  readonly application: string;
  readonly calls: readonly CallsOfStore[];
};

/** Of one vault in one region, everything but writes: https://learn.microsoft.com/azure/key-vault/general/service-limits */
const keyVaultCallsIn10s = 4000;
const hoursPerMonth = 730;

export function planCalls(counted: readonly CountedExternalSecret[], dollarsPer10000: number): CallPlan {
  const rated = counted.map((one) => ({ ...one, rate: refreshesPerHour(one.externalSecret.spec) }));
  const costOf = (paidPerHour: number): MonthlyCost => {
    const paidCallsPerMonth = Math.round(paidPerHour * hoursPerMonth);
    return { dollarsPer10000, paidCallsPerMonth, dollarsPerMonth: (paidCallsPerMonth * dollarsPer10000) / 10_000 };
  };
  const all = sumOf(rated.map(({ calls, rate }) => countOf(calls, rate)));
  const paidPerHour = sum(rated.map(({ calls, rate }) => countOf(calls.filter(isPaid), rate).callsPerHour));
  return {
    ...all,
    callsPerDay: Math.round(all.callsPerHour * 24),
    byStore: callsByStore(rated),
    byApplication: callsByApplication(rated),
    cost: costOf(paidPerHour),
    grouping: groupingSaves(rated, costOf),
    twiceTheInterval:
      all.callsPerHour === 0
        ? undefined
        : { callsPerDay: Math.round(all.callsPerHour * 12), dollarsPerMonth: costOf(paidPerHour / 2).dollarsPerMonth },
  };
}

type Rated = CountedExternalSecret & { readonly rate: number };

function isPaid({ isKeyVault }: CallsOfStore): boolean {
  return isKeyVault;
}

function callsByStore(rated: readonly Rated[]): readonly StoreCalls[] {
  const stores = new Map<string, { isKeyVault: boolean; counts: CallCount[]; callsIn10s: number }>();
  for (const { calls, rate } of rated)
    for (const one of calls) {
      const total = stores.get(one.store) ?? { isKeyVault: one.isKeyVault, counts: [], callsIn10s: 0 };
      stores.set(one.store, total);
      total.counts.push(countOf([one], rate));
      // What is refreshed more often than every 10 seconds comes more than once.
      total.callsIn10s += one.calls * Math.max(1, Math.ceil(rate / 360));
    }
  return [...stores].map(([store, { isKeyVault, counts, callsIn10s }]) => ({
    store,
    ...sumOf(counts),
    callsIn10s,
    ...(isKeyVault ? { limitIn10s: keyVaultCallsIn10s } : {}),
    paid: isKeyVault,
  }));
}

function callsByApplication(rated: readonly Rated[]): CallPlan['byApplication'] {
  const applications = new Map<string, CallCount[]>();
  for (const { application, calls, rate } of rated) {
    const counts = applications.get(application) ?? [];
    counts.push(countOf(calls, rate));
    applications.set(application, counts);
  }
  return [...applications].map(([application, counts]) => ({ application, ...sumOf(counts) }));
}

/** Entries of `data` that read one remote secret each read it anew: the operator keeps nothing from one entry to the next. */
function groupingSaves(rated: readonly Rated[], costOf: (paidPerHour: number) => MonthlyCost): CallPlan['grouping'] {
  const saving = rated
    .map((one) => ({ one, spared: countSpared(one.externalSecret) }))
    .filter(({ spared }) => spared > 0);
  if (saving.length === 0) return undefined;
  const perHour = sum(saving.map(({ one, spared }) => spared * one.rate));
  const paidPerHour = sum(saving.map(({ one, spared }) => (one.calls.every(isPaid) ? spared * one.rate : 0)));
  const saved: Saving = { callsPerDay: Math.round(perHour * 24), dollarsPerMonth: costOf(paidPerHour).dollarsPerMonth };
  return { ...saved, externalSecrets: saving.map(({ one }) => nameOf(one.externalSecret)) };
}

function countSpared({ spec }: ExternalSecret): number {
  const distinct = new Set(spec.data.map(({ remoteRef, sourceRef }) => sourceOf(remoteRef, sourceRef?.storeRef)));
  return spec.data.length - distinct.size;
}

function sourceOf({ key, version, metadataPolicy }: RemoteReference, store: StoreReference | undefined): string {
  return JSON.stringify([store?.kind, store?.name, key, version, metadataPolicy]);
}

function nameOf({ metadata }: ExternalSecret): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function countOf(calls: readonly CallsOfStore[], rate: number): CallCount {
  const callsPerRefresh = sum(calls.map((one) => one.calls));
  const readsPerRefresh = sum(calls.map(({ reads }) => reads));
  return { readsPerRefresh, callsPerRefresh, callsPerHour: callsPerRefresh * rate };
}

function sumOf(counts: readonly CallCount[]): CallCount {
  return {
    readsPerRefresh: sum(counts.map(({ readsPerRefresh }) => readsPerRefresh)),
    callsPerRefresh: sum(counts.map(({ callsPerRefresh }) => callsPerRefresh)),
    callsPerHour: rounded(sum(counts.map(({ callsPerHour }) => callsPerHour))),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Intervals such as 7m make fractions that mean nothing. */
function rounded(perHour: number): number {
  return Math.round(perHour * 100) / 100;
}
