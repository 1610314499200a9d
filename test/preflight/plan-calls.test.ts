import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallsOfStore } from '../../src/preflight/plan-calls.ts';
import { planCalls } from '../../src/preflight/plan-calls.ts';
import { parseGoDuration, refreshesPerHour } from '../../src/preflight/refresh-interval.ts';
import { externalSecretOf, reference } from './resources-fixture.ts';

const keyVault = (reads: number, calls = reads): CallsOfStore => ({
  store: 'Key Vault kv-example',
  isKeyVault: true,
  reads,
  calls,
});
const vault = (reads: number, calls: number): CallsOfStore => ({ store: 'Vault', isKeyVault: false, reads, calls });

describe('a duration of Go', () => {
  for (const [text, seconds] of [
    ['1h', 3600],
    ['1h0m0s', 3600],
    ['1h30m', 5400],
    ['1.5h', 5400],
    ['90s', 90],
    ['500ms', 0.5],
    ['0', 0],
    ['0s', 0],
    ['-1m', -60],
    ['.5s', 0.5],
    ['', undefined],
    ['1', undefined],
    ['1d', undefined],
    ['h', undefined],
  ] as const)
    it(`"${text}" is ${String(seconds)} seconds`, () => {
      assert.equal(parseGoDuration(text), seconds);
    });
});

describe('refreshes', () => {
  it('come by the clock with the policy Periodic and a positive interval, and otherwise not', () => {
    const of = (refreshInterval: string, refreshPolicy: 'Periodic' | 'OnChange' = 'Periodic'): number =>
      refreshesPerHour(externalSecretOf('a', { refreshInterval, refreshPolicy }).spec);
    assert.deepEqual([of('1h'), of('15m0s'), of('0'), of('-1h'), of('1h', 'OnChange')], [1, 4, 0, 0, 0]);
  });
});

describe('the plan of calls', () => {
  it('adds up by store and application, and counts what is paid for', () => {
    const plan = planCalls(
      [
        { externalSecret: externalSecretOf('a'), application: 'one', calls: [keyVault(1), vault(1, 4)] },
        {
          externalSecret: externalSecretOf('b', { refreshInterval: '15m0s' }),
          application: 'one',
          calls: [keyVault(2, 3)],
        },
        { externalSecret: externalSecretOf('c'), application: 'two', calls: [vault(1, 1)] },
      ],
      0.03,
    );
    assert.deepEqual(plan, {
      readsPerRefresh: 5,
      callsPerRefresh: 9,
      callsPerHour: 18,
      callsPerDay: 432,
      byStore: [
        {
          store: 'Key Vault kv-example',
          readsPerRefresh: 3,
          callsPerRefresh: 4,
          callsPerHour: 13,
          callsIn10s: 4,
          limitIn10s: 4000,
          paid: true,
        },
        {
          store: 'Vault',
          readsPerRefresh: 2,
          callsPerRefresh: 5,
          callsPerHour: 5,
          callsIn10s: 5,
          paid: false,
        },
      ],
      byApplication: [
        { application: 'one', readsPerRefresh: 4, callsPerRefresh: 8, callsPerHour: 17 },
        { application: 'two', readsPerRefresh: 1, callsPerRefresh: 1, callsPerHour: 1 },
      ],
      cost: { dollarsPer10000: 0.03, paidCallsPerMonth: 9490, dollarsPerMonth: (9490 * 0.03) / 10_000 },
      grouping: undefined,
      twiceTheInterval: { callsPerDay: 216, dollarsPerMonth: (4745 * 0.03) / 10_000 },
    });
  });

  it('counts what is refreshed every second ten times in ten seconds', () => {
    const externalSecret = externalSecretOf('a', { refreshInterval: '1s' });
    const plan = planCalls([{ externalSecret, application: 'one', calls: [keyVault(3)] }], 0.03);
    assert.equal(plan.byStore[0]?.callsIn10s, 30);
  });

  it('says what one extract would save in place of an entry for each field', () => {
    const entry = (secretKey: string, key: string, property: string) => ({
      secretKey,
      remoteRef: reference(key, { property }),
    });
    const data = [entry('A', 'app', 'a'), entry('B', 'app', 'b'), entry('C', 'app', 'c'), entry('D', 'other', 'd')];
    const externalSecret = externalSecretOf('a', { data, dataFrom: [] });
    const plan = planCalls([{ externalSecret, application: 'one', calls: [keyVault(4)] }], 0.03);
    assert.deepEqual(plan.grouping, {
      callsPerDay: 48,
      dollarsPerMonth: (1460 * 0.03) / 10_000,
      externalSecrets: ['team/a'],
    });
    const versions = ['1', '2'].map((version) => ({
      secretKey: `V${version}`,
      remoteRef: reference('app', { version }),
    }));
    const distinct = externalSecretOf('b', { data: versions, dataFrom: [] });
    assert.equal(
      planCalls([{ externalSecret: distinct, application: 'one', calls: [keyVault(2)] }], 0.03).grouping,
      undefined,
    );
  });
});
