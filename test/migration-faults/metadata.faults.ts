/** Tags of Key Vault and custom metadata of Vault: what one store takes and the other does not, and a run that ends between a version and its tags. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Arena } from './arena.ts';
import { hostileFields } from './hostile-values.ts';
import { createRandom } from './random.ts';
import { isGood, readDocument } from './told.ts';
import { Trial } from './trial.ts';

const SECRETS = 12;

/** Every secret is carried, whatever becomes of its tags. */
async function carryToVault(tags: Readonly<Record<string, string>>): Promise<{ stdout: string; there: object }> {
  const random = createRandom(4000);
  await using arena = await Arena.open(SECRETS, random);
  const { vault, 'key-vault': keyVault } = arena.inside;
  for (const [index, secret] of arena.secrets.entries())
    keyVault.write(secret, hostileFields(secret, random, 500), index === 0 ? tags : {});
  const { status, stdout } = await arena.run('migrate-secrets-to-vault', '--yes', '--output', 'json');
  assert.equal(status, 0, stdout);
  assert.ok(readDocument(stdout).secrets.every(isGood));
  const [secret] = arena.secrets;
  assert.ok(secret !== undefined);
  return { stdout, there: vault.tags(secret) };
}

describe('tags that Key Vault takes', () => {
  const refused: readonly (readonly [what: string, tags: Readonly<Record<string, string>>])[] = [
    ['an empty one', { reviewed: '', owner: 'team' }],
    ['one that cannot be printed', { note: 'a\nb', owner: 'team' }],
    ['one whose name is too long in bytes', { ['日'.repeat(100)]: 'x', owner: 'team' }],
  ];
  for (const [what, tags] of refused)
    it(`and Vault does not, ${what}, stay behind, and are named`, async () => {
      const { stdout, there } = await carryToVault(tags);
      assert.equal((there as Record<string, string>)['owner'], 'team');
      assert.match(stdout, /"the tag /);
    });

  it('and Vault does too, with 256 characters, go along', async () => {
    const { there } = await carryToVault({ note: 't'.repeat(256) });
    assert.equal((there as Record<string, string>)['note'], 't'.repeat(256));
  });
});

describe('a migration to Vault that ends between a version and its tags', () => {
  for (const how of ['is killed', 'is refused'] as const)
    it(`because it ${how}: the next run adds the tags`, async () => {
      const random = createRandom(4001);
      await using arena = await Arena.open(SECRETS, random);
      const trial = new Trial(arena, random, 'vault');
      for (const secret of arena.secrets)
        arena.inside['key-vault'].write(secret, hostileFields(secret, random, 500), { owner: 'team' });
      if (how === 'is killed')
        // The first write is the version of a secret, and it is killed before it may see the answer.
        await trial.run({ moments: [{ at: 1, of: 'writes', act: (child) => child.kill('SIGKILL') }] });
      else {
        const away = arena.vault.faults.add({ effect: { kind: 'status', status: 403 }, path: 'secret/metadata/app-' });
        const run = await trial.run();
        assert.notEqual(run?.status, 0);
        away();
      }
      trial.checkComplete(await trial.run());
    });
});
