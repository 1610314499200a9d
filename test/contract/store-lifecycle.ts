/** The part of the contract about deleting, recovering, listing and giving up. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { collect, namesIn, written } from './store-case.ts';
import type { StoreCase } from './store-case.ts';

export function testLifecycle(of: StoreCase): void {
  const { capabilities } = of;

  it('deletes what was expected, and recovers it', async () => {
    const store = await of.create();
    const name = of.newName();
    const first = written(await store.write(name, of.valueOf('a'), { expected: 'absent' }));
    assert.deepEqual(await store.recover(name), { kind: 'present', version: first });
    const second = written(await store.write(name, of.valueOf('b'), { expected: first }));
    assert.deepEqual(await store.delete(name, { expected: first }), { kind: 'conflict', found: second });
    assert.deepEqual(await store.delete(name, { expected: second }), { kind: 'deleted' });
    assert.deepEqual(await store.delete(name, { expected: second }), { kind: 'deleted' });

    assert.deepEqual(await store.read(name), { kind: 'deleted', version: second });
    assert.equal(
      (await store.read(name, { version: first })).kind,
      capabilities.deletes === 'version' ? 'present' : 'deleted',
    );
    assert.deepEqual(await store.writeMetadata(name, { tags: {} }, { expected: second }), {
      kind: 'deleted',
      version: second,
    });
    assert.ok(!(await namesIn(store)).includes(name));
    const deleted = (await collect(store.listDeleted())).filter((one) => one.name === name);
    assert.equal(deleted.length, 1);
    assert.ok(Math.abs(Date.now() - (deleted[0]?.deletedAtMs ?? 0)) < 60_000);

    assert.deepEqual(await store.recover(name), { kind: 'recovered', version: second });
    const read = await store.read(name);
    assert.ok(read.kind === 'present' && read.version === second && read.value.equals(of.valueOf('b')));
    assert.ok((await namesIn(store)).includes(name));
    assert.ok(!(await collect(store.listDeleted())).some((one) => one.name === name));
  });

  it('does not write over a deleted secret unasked', async () => {
    const store = await of.create();
    const name = of.newName();
    const version = written(await store.write(name, of.valueOf('a'), { expected: 'absent' }));
    await store.delete(name, { expected: version });
    assert.deepEqual(await store.write(name, of.valueOf('b'), { expected: 'absent' }), { kind: 'deleted', version });
    const asked = await store.write(name, of.valueOf('b'), { expected: version });
    assert.equal(asked.kind, capabilities.deletes === 'version' ? 'written' : 'deleted');
    if (capabilities.deletes === 'version') assert.ok((await namesIn(store)).includes(name));
  });

  it('lists everything once, over as many pages as it takes', async () => {
    const store = await of.create();
    const prefix = of.newPrefix();
    const names = Array.from({ length: 60 }, (_, index) => `${prefix}${index}`);
    for (const name of names) await store.write(name, of.valueOf('a'), { expected: 'absent' });
    assert.deepEqual((await namesIn(store, prefix)).toSorted(), names.toSorted());
    assert.equal((await namesIn(store)).filter((name) => name.startsWith(prefix)).length, 60);
  });

  it('names what it lists, folders and all', async () => {
    const store = await of.create();
    const prefix = of.newPrefix();
    const names = Array.from({ length: 30 }, (_, index) => `${prefix}${index}`);
    for (const name of names) await store.write(name, of.valueOf('a'), { expected: 'absent' });
    assert.deepEqual((await collect(store.names({ prefix }))).toSorted(), names.toSorted());
    const all = await collect(store.names());
    assert.deepEqual(all.filter((name) => name.startsWith(prefix)).toSorted(), names.toSorted());
  });

  it('goes on listing while secrets come and go', async () => {
    const store = await of.create();
    const prefix = of.newPrefix();
    const names = Array.from({ length: 60 }, (_, index) => `${prefix}${index + 10}`);
    for (const name of names) await store.write(name, of.valueOf('a'), { expected: 'absent' });
    const seen: string[] = [];
    for await (const { name } of store.list({ prefix })) {
      seen.push(name);
      const read = await store.read(name);
      if (read.kind === 'present') await store.delete(name, { expected: read.version });
    }
    assert.deepEqual(seen.toSorted(), names);
  });

  it('gives up when the caller does', async () => {
    const store = await of.create();
    const name = of.newName();
    const version = written(await store.write(name, of.valueOf('a'), { expected: 'absent' }));
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const calls = [
      () => store.read(name, { signal }),
      () => store.write(name, of.valueOf('b'), { expected: version, signal }),
      () => store.writeMetadata(name, { tags: {} }, { expected: version, signal }),
      () => store.delete(name, { expected: version, signal }),
      () => store.recover(name, { signal }),
      () => store.permissions(name, { signal }),
      () => collect(store.list({ signal })),
      () => collect(store.names({ signal })),
      () => collect(store.listDeleted({ signal })),
    ];
    for (const call of calls) await assert.rejects(call, reason);
    const read = await store.read(name);
    assert.ok(read.kind === 'present' && read.version === version);
  });

  it('gives up a listing between two pages', async () => {
    const store = await of.create();
    const prefix = of.newPrefix();
    for (let index = 0; index < 60; index++)
      await store.write(`${prefix}${index}`, of.valueOf('a'), { expected: 'absent' });
    const controller = new AbortController();
    let seen = 0;
    await assert.rejects(async () => {
      for await (const _ of store.list({ prefix, signal: controller.signal })) {
        seen += 1;
        controller.abort(new Error('enough'));
      }
    }, /enough/);
    assert.ok(seen < 60);
  });
}
