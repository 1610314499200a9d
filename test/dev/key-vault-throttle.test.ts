import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createTestVault, errorOf } from './key-vault-fixture.ts';

const limits = { creates: 3, others: 5, subscriptionFactor: 2 };
const put = { method: 'PUT', path: '/secrets/a', body: { value: 'v' } };

describe('throttling', () => {
  it('is off unless it is asked for', () => {
    const { ask } = createTestVault();
    assert.ok(Array.from({ length: 5000 }, () => ask({ path: '/secrets/none' })).every(({ status }) => status === 404));
  });
  it('allows what is documented: 300 that create, 4,000 others', () => {
    const { ask } = createTestVault({ throttle: {} });
    const allowed = (asked: typeof put): number => {
      let count = 0;
      while (count < 5000 && ask(asked).status !== 429) count++;
      return count;
    };
    assert.deepEqual([allowed(put), allowed({ ...put, method: 'PATCH' })], [300, 4000]);
  });
  it('says why, and when to come back only if asked to', () => {
    const refuse = (retryAfter: boolean): (string | undefined)[] => {
      const { ask, clock } = createTestVault({ throttle: { creates: 1, retryAfter } });
      ask(put);
      clock.ms += 4500;
      const answer = ask(put);
      return [errorOf(answer), answer.json.error?.message, answer.headers['Retry-After']];
    };
    const message =
      'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached';
    assert.deepEqual(refuse(false), ['429 Throttled', message, undefined]);
    assert.deepEqual(refuse(true), ['429 Throttled', message, '6']);
  });
  it('counts all vaults of the subscription', () => {
    const { ask } = createTestVault({ throttle: { creates: 2, subscriptionFactor: 1 } });
    assert.deepEqual([ask(put).status, ask({ ...put, vault: 'other' }).status], [200, 200]);
    assert.match(ask({ ...put, vault: 'other' }).json.error?.message ?? '', /SubscriptionRequestTypeLimitReached/);
  });
  it('looks at the token first, and at the role last', () => {
    const { ask } = createTestVault({ throttle: { others: 0 } });
    assert.equal(ask({ path: '/secrets', who: undefined }).status, 401);
    assert.equal(ask({ path: '/secrets', who: 'nobody' }).status, 429);
  });

  it('of any sequence allows as many as possible and never more in any window', () => {
    const step = fc.record({
      creates: fc.boolean(),
      waitMs: fc.oneof(fc.nat(6000), fc.constantFrom(0, 2500, 5000, 10_000)),
    });
    const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { ask, clock } = createTestVault({ throttle: limits });
      const taken: Record<'creates' | 'others', number[]> = { creates: [], others: [] };
      for (const { creates, waitMs } of steps) {
        clock.ms += waitMs;
        const kind = creates ? 'creates' : 'others';
        const recent = taken[kind].filter((ms) => ms > clock.ms - 10_000).length;
        const { status } = ask(creates ? put : { path: '/secrets' });
        assert.equal(status, recent < limits[kind] ? 200 : 429);
        if (status === 200) taken[kind].push(clock.ms);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});
