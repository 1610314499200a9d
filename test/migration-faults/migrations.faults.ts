/**
 * 200 migrations of 500 secrets each, half of them in either direction, with kill -9 at any moment, refusals, errors, cut connections, and
 * others who write to the same names. LOCKSTEP_SEED=… repeats a run, LOCKSTEP_MIGRATIONS=3,10-19 some of it.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Arena } from './arena.ts';
import type { CatalogSecret } from './catalog.ts';
import { hostileFields } from './hostile-values.ts';
import { createRandom, seed } from './random.ts';
import type { Random } from './random.ts';
import { kill, Trial } from './trial.ts';
import type { Moment, Tally } from './trial.ts';
import { addWeather } from './weather.ts';

const MIGRATIONS = 200;
const SECRETS = 500;
/** The machines that this runs on have two processors or more. */
const AT_A_TIME = 2;
/** Runs under faults; each of which takes the migration further. */
const TRIES = 4;
/** Requests of a run that meets nothing: 500 secrets, each read on both sides, looked at, written, and read on both sides again. */
const REQUESTS = SECRETS * 6;

const chosen = (process.env['LOCKSTEP_MIGRATIONS'] ?? `0-${MIGRATIONS - 1}`).split(',').flatMap((range) => {
  const [first = 0, last = first] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
});

function othersOf(trial: Trial, secrets: readonly CatalogSecret[], random: Random): Moment[] {
  return Array.from({ length: 5 + random.below(20) }, () =>
    trial.otherWrites(random.below(REQUESTS), random.chance(0.7) ? 'target' : 'source', random.pick(secrets)),
  );
}

async function migrate(index: number): Promise<Tally> {
  const random = createRandom(index);
  await using arena = await Arena.open(SECRETS, random);
  arena.variables = Arena.scaledLimits;
  const trial = new Trial(arena, random, index % 2 === 0 ? 'azure' : 'vault');
  for (const secret of arena.secrets)
    arena.inside[trial.source].write(
      secret,
      hostileFields(secret, random),
      random.chance(0.2) ? { owner: `team ${index}` } : {},
    );
  const isDisturbed = index % 3 !== 0;
  if (isDisturbed)
    for (let count = random.below(5); count > 0; count--) trial.writeAsOther('target', random.pick(arena.secrets));
  const others = (): Moment[] => (isDisturbed ? othersOf(trial, arena.secrets, random) : []);

  addWeather(arena, index % 10 === 0);
  for (let kills = random.below(4); kills > 0; kills--)
    // Many runs end early under faults: some kills come early too.
    await trial.run({ moments: [kill(1 + random.below(random.pick([300, 1500, REQUESTS]))), ...others()] });
  for (let tries = 0; tries < TRIES; tries++) {
    const run = await trial.run({ moments: tries === 0 ? others() : [] });
    if (run?.status !== 2) break;
  }
  trial.tally.underFaults = trial.tally.writes;
  arena.clearFaults();
  trial.checkComplete(await trial.run());

  const [writes, versions] = [trial.tally.writes, trial.versionCount];
  trial.checkComplete(await trial.run());
  assert.equal(trial.tally.writes, writes, 'the last run wrote');
  assert.equal(trial.versionCount, versions);
  return trial.tally;
}

describe(`${chosen.length} migrations of ${SECRETS} secrets (LOCKSTEP_SEED=${seed})`, () => {
  it('lose nothing, alter nothing, overwrite nothing, and say what they could not do', async (test) => {
    const total: Record<string, number> = {};
    const failures: string[] = [];
    const waiting = [...chosen];
    const work = async (): Promise<void> => {
      for (let index = waiting.shift(); index !== undefined; index = waiting.shift())
        try {
          for (const [name, count] of Object.entries(await migrate(index))) total[name] = (total[name] ?? 0) + count;
        } catch (error) {
          failures.push(`LOCKSTEP_SEED=${seed} LOCKSTEP_MIGRATIONS=${index}: ${(error as Error).message}`);
        }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    test.diagnostic(JSON.stringify(total));
    // A run that gives up before it writes loses nothing, and proves nothing.
    const { underFaults = 0, writes = 0 } = total;
    if (underFaults < writes / 2) failures.push(`under faults only ${underFaults} of ${writes} writes were made`);
    assert.deepEqual(failures, []);
  });
});
