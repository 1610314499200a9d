/**
 * How many calls one vault takes in a while, kept by everybody in this process who calls it. A call counts from when it is let through until
 * `windowMs` after its answer, for the service may have counted it at any moment before it answered: so no window of the service's own can
 * hold more than the limit, however long the calls took.
 */
import { untilAborted } from './retry.ts';

export type CallLimits = {
  /** New versions and restored secrets. Key Vault: 300. */
  readonly creates: number;
  /** Everything else. Key Vault: 4,000. */
  readonly others: number;
  /** Key Vault: 10,000. */
  readonly windowMs: number;
};

/** Azure's documented limits of one vault in one region. */
export const keyVaultCallLimits: CallLimits = { creates: 300, others: 4000, windowMs: 10_000 };

export type CallKind = 'creates' | 'others';

/** @property admittedAtMs by the clock of the budget */
export type Call = { readonly kind: CallKind; readonly admittedAtMs: number };

export type CallBudget = {
  /** First come, first served among calls of a kind; at once, and not a promise, where there is room. @throws `signal.reason`, while it waits */
  admit(kind: CallKind, signal: AbortSignal | undefined): Call | Promise<Call>;
  /** Every call that was admitted ends once, whatever came of it. */
  end(call: Call): void;
  /** The service refused it (429): nobody calls for a while, and then fewer at first. @param retryAfterMs what the service asks for */
  throttled(call: Call, retryAfterMs: number | undefined): void;
  /** How long nobody calls from now on, since the service refused a call. */
  pauseMs(): number;
  /** The smaller of the limits hold: two callers may have been told different ones. */
  tighten(limits: CallLimits): void;
};

/** Monotonic: a clock that is set must not let a window's worth of calls through twice. */
export type BudgetClock = {
  now(): number;
  /** @returns what cancels it */
  later(waitMs: number, run: () => void): () => void;
};

/** Where no Retry-After is sent: what Microsoft's guidance says, 1, 2, 4, 8, 16 seconds. */
const firstPauseMs = 1000;
const longestOwnPauseMs = 16_000;
/** A Retry-After beyond this fails the call that got it (retry.ts); the others find out for themselves. */
export const longestPauseMs = 60_000;
/** Of the limits, at the least. */
const smallestShare = 1 / 16;

export function createCallBudget(limits: CallLimits, clock: BudgetClock = systemClock): CallBudget {
  let { windowMs } = limits;
  const lanes = { creates: new Lane(limits.creates), others: new Lane(limits.others) };
  let pausedUntilMs = 0;
  /** The part of the limits that is used after a 429; it grows back to 1 within four windows. */
  let share = { of: 1, atMs: 0 };
  let refusals = 0;
  let refusedAtMs = -Infinity;
  let cancelTimer: (() => void) | undefined;

  const shareAt = (nowMs: number): number => Math.min(1, share.of + Math.max(0, nowMs - share.atMs) / (4 * windowMs));

  /** When the next call of this kind may go: now, at a time, or not before another one ends. */
  function opensAtMs(lane: Lane, nowMs: number): number {
    if (nowMs < pausedUntilMs) return pausedUntilMs;
    lane.forget(nowMs - windowMs);
    if (lane.used < lane.limit && share.of === 1) return nowMs;
    const part = shareAt(nowMs);
    if (part === 1) share = { of: 1, atMs: nowMs };
    if (lane.used < Math.max(1, Math.floor(lane.limit * part))) return nowMs;
    const oldest = lane.oldestEndMs;
    const freeAtMs = oldest === undefined ? Infinity : oldest + windowMs;
    // While the share grows there may be room before the oldest call is forgotten.
    return part === 1 ? freeAtMs : Math.min(freeAtMs, nowMs + windowMs / 20);
  }

  function admitWaiting(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    const nowMs = clock.now();
    let next = Infinity;
    for (const lane of [lanes.creates, lanes.others]) {
      while (lane.waiting.length > 0) {
        const opens = opensAtMs(lane, nowMs);
        if (opens > nowMs) {
          next = Math.min(next, opens);
          break;
        }
        lane.running += 1;
        lane.waiting.shift()?.(nowMs);
      }
    }
    if (next < Infinity) cancelTimer = clock.later(next - nowMs, admitWaiting);
  }

  async function wait(kind: CallKind, signal: AbortSignal | undefined): Promise<Call> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const { waiting } = lanes[kind];
    waiting.push(resolve);
    if (cancelTimer === undefined || waiting.length === 1) admitWaiting();
    try {
      return { kind, admittedAtMs: await untilAborted(promise, signal) };
    } catch (error) {
      const place = waiting.indexOf(resolve);
      if (place !== -1) waiting.splice(place, 1);
      // Let through in the very moment in which it was given up.
      else end(kind);
      throw error;
    }
  }

  function end(kind: CallKind): void {
    const lane = lanes[kind];
    lane.running -= 1;
    lane.ended(clock.now());
    if (lane.waiting.length > 0 && cancelTimer === undefined) admitWaiting();
  }

  return {
    admit(kind, signal) {
      const lane = lanes[kind];
      const nowMs = clock.now();
      if (lane.waiting.length > 0 || opensAtMs(lane, nowMs) > nowMs) return wait(kind, signal);
      lane.running += 1;
      return { kind, admittedAtMs: nowMs };
    },

    end: ({ kind }) => end(kind),

    throttled(call, retryAfterMs) {
      const nowMs = clock.now();
      // Of calls that were under way together one refusal counts; the longest wait that is asked for holds.
      if (call.admittedAtMs > refusedAtMs) {
        refusals = nowMs - refusedAtMs > 4 * windowMs ? 0 : refusals + 1;
        refusedAtMs = nowMs;
        share = { of: Math.max(smallestShare, shareAt(nowMs) / 2), atMs: nowMs };
      }
      const pauseMs = retryAfterMs ?? Math.min(firstPauseMs * 2 ** refusals, longestOwnPauseMs);
      pausedUntilMs = Math.max(pausedUntilMs, nowMs + Math.min(pauseMs, longestPauseMs));
      // Growth begins when the calls do.
      share = { ...share, atMs: Math.max(share.atMs, pausedUntilMs) };
    },

    pauseMs: () => Math.max(0, pausedUntilMs - clock.now()),

    tighten(others) {
      lanes.creates.limit = Math.min(lanes.creates.limit, others.creates);
      lanes.others.limit = Math.min(lanes.others.limit, others.others);
      windowMs = Math.max(windowMs, others.windowMs);
    },
  };
}

/** The calls of one kind. */
class Lane {
  limit: number;
  running = 0;
  readonly waiting: ((admittedAtMs: number) => void)[] = [];
  /** When calls ended, in order; those before `#first` are forgotten. */
  #ends: number[] = [];
  #first = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.running + this.#ends.length - this.#first;
  }

  get oldestEndMs(): number | undefined {
    return this.#ends[this.#first];
  }

  ended(atMs: number): void {
    if (this.limit !== Infinity) this.#ends.push(atMs);
  }

  forget(untilMs: number): void {
    while ((this.#ends[this.#first] ?? Infinity) <= untilMs) this.#first += 1;
    if (this.#first < 1024 || this.#first * 2 < this.#ends.length) return;
    this.#ends = this.#ends.slice(this.#first);
    this.#first = 0;
  }
}

const systemClock: BudgetClock = {
  now: () => performance.now(),
  later(waitMs, run) {
    // A timer may fire a little early by the clock that is asked here.
    const timer = setTimeout(run, Math.ceil(waitMs) + 1);
    return () => clearTimeout(timer);
  },
};

const shared = new Map<string, CallBudget>();

/** The one budget of a vault in this process. It outlives the stores that use it: what they called still counts. @param host with its port */
export function shareCallBudget(host: string, limits: CallLimits): CallBudget {
  const there = shared.get(host);
  if (there !== undefined) {
    there.tighten(limits);
    return there;
  }
  const budget = createCallBudget(limits);
  shared.set(host, budget);
  return budget;
}
