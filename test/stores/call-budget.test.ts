import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { BudgetClock, Call, CallBudget, CallKind } from '../../src/stores/call-budget.ts';
import { createCallBudget, shareCallBudget } from '../../src/stores/call-budget.ts';

/** Time that passes when it is told to, from timer to timer. */
class FakeClock implements BudgetClock {
  nowMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();

  now(): number {
    return this.nowMs;
  }

  later(waitMs: number, run: () => void): () => void {
    const timer = { atMs: this.nowMs + waitMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  async pass(untilMs: number): Promise<void> {
    for (;;) {
      // What was let through says so in a later turn.
      await new Promise((resolve) => setImmediate(resolve));
      const next = [...this.#timers].toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }
}

const limits = { creates: 3, others: 7, windowMs: 1000 };

describe('a budget of calls', () => {
  it('lets no window hold more than the limit, whenever a call is counted, and serves everybody in order', async () => {
    const jobs = fc.array(
      fc.record({
        kind: fc.constantFrom<CallKind>('creates', 'others'),
        atMs: fc.nat(3000),
        tookMs: fc.oneof(fc.nat(20), fc.nat(1500)),
        countedAfter: fc.double({ min: 0, max: 1, noNaN: true }),
        refused: fc.boolean(),
      }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(jobs, fc.boolean(), async (calls, withRefusals) => {
        const clock = new FakeClock();
        const budget = createCallBudget(limits, clock);
        const counted: { kind: CallKind; atMs: number }[] = [];
        const order: Record<CallKind, number[]> = { creates: [], others: [] };
        const running: Promise<void>[] = [];
        for (const [index, call] of calls.toSorted((a, b) => a.atMs - b.atMs).entries()) {
          await clock.pass(call.atMs);
          const run = async (): Promise<void> => {
            const admitted = await budget.admit(call.kind, undefined);
            order[call.kind].push(index);
            counted.push({ kind: call.kind, atMs: clock.nowMs + call.tookMs * call.countedAfter });
            await new Promise<void>((resolve) => clock.later(call.tookMs, resolve));
            if (withRefusals && call.refused) budget.throttled(admitted, index % 2 === 0 ? 700 : undefined);
            budget.end(admitted);
          };
          running.push(run());
        }
        await clock.pass(10_000_000);
        await Promise.all(running);
        assert.equal(counted.length, calls.length);
        for (const kind of ['creates', 'others'] as const) {
          assert.deepEqual(
            order[kind],
            order[kind].toSorted((a, b) => a - b),
          );
          const times = counted
            .filter((one) => one.kind === kind)
            .map(({ atMs }) => atMs)
            .toSorted((a, b) => a - b);
          for (const [index, atMs] of times.entries())
            assert.ok((times[index + limits[kind]] ?? Infinity) - atMs >= limits.windowMs, `${kind} ${String(times)}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('counts a call until a whole window after its end', async () => {
    const clock = new FakeClock();
    const budget = createCallBudget({ creates: 1, others: 1, windowMs: 1000 }, clock);
    const call = admitted(budget);
    await clock.pass(500);
    budget.end(call);
    await clock.pass(1499);
    const next = budget.admit('others', undefined);
    assert.ok(next instanceof Promise);
    await clock.pass(1500);
    assert.equal((await next).admittedAtMs, 1500);
  });

  it('costs no turn of the event loop where there is room', () => {
    const budget = createCallBudget(limits, new FakeClock());
    assert.ok(!(budget.admit('creates', undefined) instanceof Promise));
  });

  it('pauses everybody after a refusal, then uses half, and grows back', async () => {
    const clock = new FakeClock();
    const budget = createCallBudget({ creates: 3, others: 16, windowMs: 1000 }, clock);
    const call = admitted(budget);
    assert.equal(budget.pauseMs(), 0);
    budget.throttled(call, 500);
    budget.end(call);
    assert.equal(budget.pauseMs(), 500);
    assert.equal(await admittedWithin(budget, clock, 499), 0);
    assert.equal(budget.pauseMs(), 1);
    await clock.pass(500);
    assert.equal(budget.pauseMs(), 0);
    // The call that was refused still counts.
    assert.equal(await admittedWithin(budget, clock, 500), 7);
    await clock.pass(6000);
    assert.equal(await admittedWithin(budget, clock, 6000), 16);
  });

  it('counts one refusal of calls that were under way together, and doubles the pause of the next', async () => {
    const clock = new FakeClock();
    const budget = createCallBudget({ creates: 3, others: 160, windowMs: 1000 }, clock);
    const together = Array.from({ length: 5 }, () => admitted(budget));
    for (const call of together) {
      budget.throttled(call, undefined);
      budget.end(call);
    }
    await clock.pass(999);
    assert.ok(budget.admit('others', AbortSignal.timeout(60_000)) instanceof Promise);
    await clock.pass(1001);
    const next = admitted(budget);
    budget.throttled(next, undefined);
    budget.end(next);
    const waiting = budget.admit('others', undefined);
    await clock.pass(2990);
    assert.equal(await Promise.race([waiting, Promise.resolve('waits')]), 'waits');
    await clock.pass(3010);
    assert.notEqual(await Promise.race([waiting, Promise.resolve('waits')]), 'waits');
  });

  it('lets go of those who give up, and those behind them move up', async () => {
    const clock = new FakeClock();
    const budget = createCallBudget({ creates: 1, others: 1, windowMs: 1000 }, clock);
    budget.end(admitted(budget));
    const controller = new AbortController();
    const first = Promise.resolve(budget.admit('others', controller.signal));
    const second = budget.admit('others', undefined);
    controller.abort(new Error('enough'));
    await assert.rejects(first, { message: 'enough' });
    await clock.pass(1000);
    assert.equal((await second).admittedAtMs, 1000);
  });

  it('is one for a vault, whoever asks, and the smaller limits hold', async () => {
    const host = 'shared.vault.azure.net';
    const [one, other] = [
      shareCallBudget(host, { creates: 5, others: 5, windowMs: 50 }),
      shareCallBudget(host, { creates: 2, others: 9, windowMs: 50 }),
    ];
    assert.notEqual(shareCallBudget('other.vault.azure.net', limits), one);
    const startMs = performance.now();
    for (let count = 0; count < 6; count++) {
      const budget = count % 2 === 0 ? one : other;
      budget.end(await budget.admit('creates', undefined));
    }
    assert.ok(performance.now() - startMs >= 100);
  });
});

function admitted(budget: CallBudget): Call {
  const call = budget.admit('others', undefined);
  assert.ok(!(call instanceof Promise));
  return call;
}

/** How many calls are let through at once; those that are not are given up. */
async function admittedWithin(budget: CallBudget, clock: FakeClock, untilMs: number): Promise<number> {
  const controller = new AbortController();
  const calls: Call[] = [];
  const waiting: Promise<unknown>[] = [];
  for (let count = 0; count < 40; count++) {
    const call = budget.admit('others', controller.signal);
    if (call instanceof Promise) waiting.push(call.catch(() => undefined));
    else calls.push(call);
  }
  await clock.pass(untilMs);
  controller.abort();
  await Promise.all(waiting);
  for (const call of calls) budget.end(call);
  return calls.length;
}
