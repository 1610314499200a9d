/** The part of the contract about the versions that are kept. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { inspect } from 'node:util';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { ListedVersion, SecretStore, Version, VersionsOutcome } from '../../src/stores/contract.ts';
import { written } from './store-case.ts';
import type { StoreCase } from './store-case.ts';

export function testVersions(of: StoreCase): void {
  const { capabilities } = of;

  /** @returns what was made, oldest first */
  async function writeAll(store: SecretStore, name: string, count: number): Promise<Version[]> {
    const made: Version[] = [];
    for (let index = 0; index < count; index++)
      made.push(written(await store.write(name, of.valueOf(String(index)), { expected: made.at(-1) ?? 'absent' })));
    return made;
  }

  it('lists the versions that it keeps, oldest first, over as many pages as it takes', async () => {
    const store = await of.create();
    const name = of.newName();
    const made = await writeAll(store, name, Math.min(capabilities.keptVersions + 2, 30));
    const kept = made.slice(-capabilities.keptVersions);
    const listed = present(await store.versions(name));
    const versions = listed.map(({ version }) => version);
    assert.equal(versions.at(-1), made.at(-1));
    if (capabilities.numberedVersions) assert.deepEqual(versions, kept);
    else {
      assert.deepEqual(versions.toSorted(), kept.toSorted());
      // Of the same moment they may be in any order.
      const madeAt = new Map(listed.map(({ version, createdAtMs }) => [version, createdAtMs]));
      const inOrder = kept.map((version) => madeAt.get(version));
      assert.deepEqual(
        listed.map(({ createdAtMs }) => createdAtMs),
        inOrder,
      );
    }
    for (const { createdAtMs, state } of listed) {
      assert.ok(Math.abs(Date.now() - createdAtMs) < 60_000);
      assert.equal(state, 'kept');
    }
  });

  it('lists versions that can be read, with the same time', async () => {
    const store = await of.create();
    const name = of.newName();
    const made = await writeAll(store, name, 3);
    for (const { version, createdAtMs } of present(await store.versions(name))) {
      const read = await store.read(name, { version });
      assert.ok(read.kind === 'present');
      assert.ok(read.value.equals(of.valueOf(String(made.indexOf(version)))));
      assert.equal(read.metadata.createdAtMs, createdAtMs);
    }
  });

  it('shows no value in a list of versions', async () => {
    const store = await of.create();
    const name = of.newName();
    await store.write(name, new SecretValue('{"TOKEN":"example-canary"}'), { expected: 'absent' });
    const listed = await store.versions(name);
    assert.doesNotMatch(inspect(listed, { depth: Infinity, showHidden: true }) + JSON.stringify(listed), /canary/);
  });

  it('tells the versions of a missing secret from those of a deleted one', async () => {
    const store = await of.create();
    const name = of.newName();
    assert.deepEqual(await store.versions(name), { kind: 'missing' });
    const [first, second] = await writeAll(store, name, 2);
    assert.ok(first !== undefined && second !== undefined);
    await store.delete(name, { expected: second });
    const outcome = await store.versions(name);
    if (capabilities.deletes === 'secret') assert.deepEqual(outcome, { kind: 'deleted', version: second });
    else
      assert.deepEqual(
        present(outcome).map(({ version, state }) => [version, state]),
        [
          [first, 'kept'],
          [second, 'deleted'],
        ],
      );
    await store.recover(name);
    const recovered = present(await store.versions(name));
    assert.deepEqual(
      recovered.map(({ state }) => state),
      ['kept', 'kept'],
    );
    assert.equal(recovered.at(-1)?.version, second);
  });

  it('tells which versions are disabled', of.needs(capabilities.attributes.includes('enabled')), async () => {
    const store = await of.create();
    const name = of.newName();
    const first = written(await store.write(name, of.valueOf('a'), { expected: 'absent' }));
    await store.writeMetadata(name, { enabled: false }, { expected: first });
    const second = written(await store.write(name, of.valueOf('b'), { expected: first }));
    const states = async (): Promise<unknown> =>
      present(await store.versions(name)).map(({ version, state }) => [version, state]);
    const [disabled, kept] = [
      [first, 'disabled'],
      [second, 'kept'],
    ];
    assert.deepEqual(await states(), [disabled, kept]);
    await store.writeMetadata(name, { enabled: false }, { expected: second });
    assert.equal((await store.read(name, { version: first })).kind, 'disabled');
    // Both are disabled, perhaps of the same second: then even the newest cannot be told.
    assert.deepEqual(
      new Map((await states()) as [Version, string][]),
      new Map([
        [first, 'disabled'],
        [second, 'disabled'],
      ]),
    );
  });

  it('refuses to list the versions of a name that it cannot have, or for one who gives up', async () => {
    const store = await of.create();
    await assert.rejects(store.versions(capabilities.folders ? 'a//b' : 'a_b'), {
      name: 'StoreError',
      operation: 'versions',
    });
    const reason = new Error('enough');
    await assert.rejects(store.versions(of.newName(), { signal: AbortSignal.abort(reason) }), reason);
  });
}

function present(outcome: VersionsOutcome): readonly ListedVersion[] {
  if (outcome.kind !== 'present') assert.fail(`not present: ${outcome.kind}`);
  return outcome.versions;
}
