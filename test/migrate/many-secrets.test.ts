/** More secrets than a person wants to see one by one: the totals, and those that have something to tell. Both servers, and the command itself. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_ROWS } from '../../src/report/migration-report.ts';
import { Arena } from '../migration-faults/arena.ts';
import { createRandom } from '../migration-faults/random.ts';

const count = MAX_ROWS + 20;

async function openFilled(): Promise<Arena> {
  const arena = await Arena.open(count, createRandom(1));
  for (const secret of arena.secrets) arena.inside.vault.write(secret, fieldsOf(secret.kind));
  return arena;
}

function fieldsOf(kind: 'fields' | 'text'): Readonly<Record<string, string>> {
  return kind === 'text' ? { value: 'plain text' } : { A: 'a', b_field: 'b', 'C.third': 'c', 'D-4': 'd' };
}

describe(`a migration of ${count} secrets, told as text`, () => {
  it('adds up what went well, and finds it unchanged the next time', async () => {
    await using arena = await openFilled();
    const first = await arena.run('migrate-secrets-to-azure', '--yes');
    assert.equal(first.status, 0, first.stderr);
    assert.match(first.stdout, /\n {2}… and 120 others; --output json has all of them\n\n {2}120 written\.\n/);
    assert.match(first.stdout, /\n✓ 120 of 120 secrets written and read back\n/);
    assert.match(
      first.stdout,
      /\n✓ 120 of 120 Kubernetes Secrets will be the same, to the byte, from either store \(444 keys compared\)\n/,
    );
    assert.doesNotMatch(first.stdout, /s-0000/);
    const second = await arena.run('migrate-secrets-to-azure', '--yes');
    assert.equal(second.status, 0, second.stderr);
    assert.match(second.stdout, /\n {2}120 same\.\n✓ nothing to do: /);
  });

  it('tells of what did not, one by one', async () => {
    await using arena = await openFilled();
    const [missing, different, there] = arena.secrets;
    assert.ok(missing !== undefined && different !== undefined && there !== undefined);
    arena.inside.vault.remove(missing);
    arena.inside['key-vault'].write(different, { ...fieldsOf(different.kind), A: 'theirs' });
    arena.inside['key-vault'].write(there, fieldsOf(there.kind));
    const { status, stdout } = await arena.run('migrate-secrets-to-azure', '--yes', '--output', 'markdown');
    assert.equal(status, 1);
    assert.match(stdout, /\n117 written, 1 same, 1 missing, 1 differs\.\n/);
    assert.match(stdout, /\n\| s-00000 \|.* \? missing \|.*\n\| s-00001 \|.* ! differs \|.*\n\n… and 118 others;/);
    assert.match(stdout, /\n✓ 117 of 117 secrets written and read back\n✗ 118 of 120 Kubernetes Secrets/);
    const again = await arena.run('migrate-secrets-to-azure', '--plan');
    assert.equal(again.status, 1);
    assert.match(again.stdout, /118 same/);
  });

  it('where every one of them is there already, says so', async () => {
    await using arena = await openFilled();
    for (const secret of arena.secrets) arena.inside['key-vault'].write(secret, fieldsOf(secret.kind));
    const { status, stdout } = await arena.run('migrate-secrets-to-azure', '--yes');
    assert.equal(status, 0);
    assert.match(stdout, /\n✓ nothing to do: /);
    assert.match(stdout, /120 same\./);
  });
});
