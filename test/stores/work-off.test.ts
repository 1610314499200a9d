import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { workOff } from '../../src/stores/vault/work-off.ts';

describe('workOff', () => {
  it('finds everything once, in a tree of any shape, with no more at once than it was told', async () => {
    const tree = fc.letrec<{ node: number[][] }>(() => ({
      // children[i]: the items that item i leads to; every item but the first has one parent, made before it.
      node: fc.array(fc.nat(), { maxLength: 30 }).map((parents) =>
        parents.reduce<number[][]>(
          (children, parent, index) => {
            children[parent % children.length]?.push(index + 1);
            return [...children, []];
          },
          [[]],
        ),
      ),
    })).node;
    await fc.assert(
      fc.asyncProperty(tree, fc.integer({ min: 1, max: 5 }), async (children, limit) => {
        let running = 0;
        const found: number[] = [];
        const all = workOff([0], limit, undefined, async (item) => {
          running += 1;
          assert.ok(running <= limit);
          await wait(0);
          running -= 1;
          return { found: [item], more: children[item] ?? [] };
        });
        for await (const one of all) found.push(one);
        assert.deepEqual(
          found.toSorted((a, b) => a - b),
          children.map((_, index) => index),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('takes more items at once than a call takes arguments', async () => {
    const count = 150_000;
    const all = workOff([-1], 8, undefined, (item) =>
      Promise.resolve(
        item < 0 ? { found: [], more: Array.from({ length: count }, (_, index) => index) } : { found: [], more: [] },
      ),
    );
    for await (const one of all) assert.fail(`found ${String(one)}`);
  });

  it('stops the others when one fails, or when the caller has enough', async () => {
    for (const fails of [true, false]) {
      const stopped: number[] = [];
      const work = async (item: number, signal: AbortSignal): Promise<{ found: number[]; more: number[] }> => {
        if (item === 2 && fails) throw new Error('broken');
        if (item === 2) return { found: [2], more: [] };
        await wait(60_000, undefined, { signal }).catch(() => stopped.push(item));
        return { found: [], more: [] };
      };
      const run = async (): Promise<void> => {
        for await (const _ of workOff([0, 1, 2], 3, undefined, work)) break;
      };
      await (fails ? assert.rejects(run, /broken/) : run());
      assert.deepEqual(stopped.toSorted(), [0, 1]);
    }
  });
});
