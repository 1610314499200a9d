/** Commands that only look, under the faults that migrations are carried out under; and a migration at the pace that Azure allows. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Arena } from './arena.ts';
import { hostileFields, marker } from './hostile-values.ts';
import { createRandom } from './random.ts';
import { Trial } from './trial.ts';
import { addWeather } from './weather.ts';

describe('verify-secrets and list-secrets', () => {
  it('take no fault for a finding, and nothing for the same that is not', async (test) => {
    const random = createRandom(6000);
    await using arena = await Arena.open(40, random);
    arena.variables = Arena.scaledLimits;
    for (const secret of arena.secrets) {
      const fields = hostileFields(secret, random, 500);
      for (const side of ['vault', 'key-vault'] as const) arena.inside[side].write(secret, fields);
    }
    arena.onSeen = ({ isWrite }) => assert.ok(!isWrite, 'it wrote');
    const expect = async (command: string, ...statuses: readonly number[]): Promise<number> => {
      const { status, stdout, stderr } = await arena.run(command, '--output', 'json');
      assert.ok(!(stdout + stderr).includes(marker));
      assert.ok(status !== null && statuses.includes(status), `${command}: exit ${String(status)} ${stderr}${stdout}`);
      return status;
    };
    for (const command of ['verify-secrets', 'list-secrets']) await expect(command, 0);
    addWeather(arena, false);
    let finished = 0;
    for (let count = 0; count < 5; count++)
      for (const command of ['verify-secrets', 'list-secrets']) if ((await expect(command, 0, 2)) === 0) finished += 1;
    test.diagnostic(`${finished} of 10 could finish`);
    const [secret] = arena.secrets;
    assert.ok(secret !== undefined);
    arena.inside['key-vault'].write(secret, { A: `${marker} changed` });
    for (let count = 0; count < 5; count++) await expect('verify-secrets', 1, 2);
    arena.clearFaults();
    await expect('verify-secrets', 1);
  });
});

describe('migrate-secrets-to-azure, of 500 secrets into a vault with the limits of Azure', () => {
  it('keeps to them by itself, and is not refused once', async () => {
    const random = createRandom(6001);
    await using arena = await Arena.open(500, random, { throttle: {} });
    const trial = new Trial(arena, random, 'azure');
    for (const secret of arena.secrets) arena.inside.vault.write(secret, hostileFields(secret, random, 500));
    trial.checkComplete(await trial.run());
    assert.equal(arena.azure.requests.filter(({ status }) => status === 429).length, 0);
    trial.checkComplete(await trial.run());
    assert.equal(trial.versionCount, 500);
  });
});
