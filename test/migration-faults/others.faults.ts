/** Others write at the worst moment, which is chosen here and not by chance; and two runs at the same time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Arena } from './arena.ts';
import { hostileFields } from './hostile-values.ts';
import { createRandom } from './random.ts';
import { isGood, readDocument } from './told.ts';
import { Trial } from './trial.ts';
import type { Direction } from './trial.ts';
import { addWeather } from './weather.ts';

const SECRETS = 60;
const directions: readonly Direction[] = ['azure', 'vault'];

async function begin(direction: Direction, count = SECRETS): Promise<{ arena: Arena; trial: Trial }> {
  const random = createRandom(2000);
  const arena = await Arena.open(count, random);
  const trial = new Trial(arena, random, direction);
  for (const secret of arena.secrets) arena.inside[trial.source].write(secret, hostileFields(secret, random, 500));
  return { arena, trial };
}

for (const direction of directions)
  describe(`migrate-secrets-to-${direction}, while others write`, () => {
    for (const moment of ['it was read', 'it was written'] as const)
      for (const side of ['source', 'target'] as const)
        it(`to the ${side}, after ${moment}: their value stays, and it is told${side === 'source' ? ' by the next run' : ''}`, async () => {
          const { arena, trial } = await begin(direction);
          await using _ = arena;
          const chosen = new Set(arena.secrets.filter((_secret, index) => index % 6 === 0));
          const run = await trial.run({
            onSecret: (secret, at, what) => {
              if (!chosen.has(secret)) return;
              const isTime = moment === 'it was read' ? at === 'source' && what === 'look' : what === 'write';
              if (!isTime) return;
              chosen.delete(secret);
              trial.writeAsOther(side, secret);
            },
          });
          assert.equal(chosen.size, 0);
          assert.ok(run !== undefined);
          // What the source becomes after it was read, is for the next run to find.
          const next = side === 'source' ? await trial.run() : run;
          assert.ok(next !== undefined && next.status !== 0, `exit ${String(next?.status)}`);
          const open = readDocument(next.stdout).secrets.filter((one) => !isGood(one));
          for (const { action, because } of open)
            assert.ok(because !== '' || action === 'conflict', 'no reason is given');
          const names = open.map(({ name }) => name);
          assert.deepEqual(
            names,
            arena.secrets.flatMap(({ name }, index) => (index % 6 === 0 ? [name] : [])),
          );
          trial.checkComplete(await trial.run());
        });

    for (const meeting of ['slow answers', 'faults'] as const) {
      const name = `and two runs begin at once, and meet ${meeting}: each secret is there, once, and neither lies`;
      it(name, async (test) => {
        const { arena, trial } = await begin(direction, 200);
        await using _ = arena;
        if (meeting === 'faults') addWeather(arena, false);
        // Long enough for the other to come while the first is at work: it is told so, and writes nothing.
        else
          for (const { faults } of [arena.vault, arena.azure])
            faults.add({ effect: { kind: 'latency', latencyMs: 30 } });
        const args = [trial.command, '--yes', '--output', 'json'] as const;
        for (const { status, stdout } of await Promise.all([arena.run(...args), arena.run(...args)])) {
          assert.ok(status === 0 || status === 1 || status === 2, stdout);
          const wrong = new Set(trial.wrong.map(({ name }) => name));
          const lied = readDocument(stdout).secrets.filter((one) => isGood(one) && wrong.has(one.name));
          assert.deepEqual(lied, []);
        }
        arena.clearFaults();
        trial.checkComplete(await arena.run(...args));
        assert.deepEqual(trial.wrong, []);
        const twice = trial.versionCount - arena.secrets.length;
        test.diagnostic(`${twice} of 200 secrets were written twice, both times the same`);
        assert.equal(twice, 0);
      });
    }
  });

describe('migrate-secrets-to-azure, while others write between its last look and its write', () => {
  it('keeps their value as a version, and does not call it done', async () => {
    const { arena, trial } = await begin('azure');
    await using _ = arena;
    // Long after the target was listed: then it is looked at once, right before it is written.
    const secret = arena.secrets.at(-1);
    assert.ok(secret !== undefined);
    let isOverwritten = false;
    const run = await trial.run({
      onSecret: (of, side, what) => {
        if (of === secret && side === 'target' && what === 'look' && !isOverwritten) {
          isOverwritten = true;
          trial.writeAsOther('target', secret);
        }
      },
    });
    assert.equal(trial.tally.races, 1);
    assert.equal(arena.inside['key-vault'].versions(secret).length, 2);
    assert.notEqual(run?.status, 0, 'it was overwritten in silence');
  });
});
