/**
 * What every store must do, whichever it is: one suite, run for each with its capabilities. Where a store cannot do something the test says
 * "unsupported" instead of being left out.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { SecretStore, StoreCapabilities } from '../../src/stores/contract.ts';
import { collect, namesIn, StoreCase, written } from './store-case.ts';
import { testLifecycle } from './store-lifecycle.ts';
import { testVersions } from './store-versions.ts';

/** @param create may give the same store each time, and what it holds already is left alone */
export function describeStore(
  title: string,
  capabilities: StoreCapabilities,
  create: () => Promise<SecretStore>,
): void {
  const of = new StoreCase(title, capabilities, create);
  describe(`${title}, as a store`, () => {
    testReadingAndWriting(of);
    testLifecycle(of);
    testVersions(of);
  });
}

function testReadingAndWriting(of: StoreCase): void {
  const { capabilities } = of;

  it('has the capabilities that it is tested with', async () => {
    assert.deepEqual((await of.create()).capabilities, capabilities);
  });

  it('gives back what was written, byte for byte', async () => {
    const store = await of.create();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (text) => {
        const name = of.newName();
        const version = written(await store.write(name, of.valueOf(text), { expected: 'absent' }));
        const read = await store.read(name);
        assert.ok(read.kind === 'present');
        assert.ok(read.value.equals(of.valueOf(text)));
        assert.equal(read.version, version);
      }),
      { numRuns: 25 },
    );
    const name = of.newName();
    // Nothing in it that a store of fields may write in another way: sorted, no spaces.
    const text = '{"nested":{"a":[1.5,-0],"b":12345},"text":"é<\\r\\n"}';
    await store.write(name, new SecretValue(text), { expected: 'absent' });
    const read = await store.read(name);
    assert.ok(read.kind === 'present' && read.value.equals(new SecretValue(text)));
  });

  it('keeps the digits of numbers, or refuses those that it cannot keep', async () => {
    const store = await of.create();
    for (const number of ['12345678901234567890.10', '1.50', '9007199254740993']) {
      const [name, value] = [of.newName(), new SecretValue(`{"a":[${number}]}`)];
      const write = store.write(name, value, { expected: 'absent' });
      if (!capabilities.keepsDigits) {
        await assert.rejects(write, { name: 'StoreError', operation: 'write', retryable: false });
        assert.deepEqual(await store.read(name), { kind: 'missing' });
        continue;
      }
      assert.equal((await write).kind, 'written');
      const read = await store.read(name);
      assert.ok(read.kind === 'present' && read.value.equals(value));
    }
  });

  it('tells a missing secret', async () => {
    const store = await of.create();
    const name = of.newName();
    assert.deepEqual(await store.read(name), { kind: 'missing' });
    assert.deepEqual(await store.writeMetadata(name, { tags: {} }, { expected: of.unknownVersion }), {
      kind: 'missing',
    });
    assert.deepEqual(await store.delete(name, { expected: of.unknownVersion }), { kind: 'missing' });
    assert.deepEqual(await store.recover(name), { kind: 'missing' });
    assert.deepEqual(await store.write(name, of.valueOf('a'), { expected: of.unknownVersion }), {
      kind: 'conflict',
      found: 'absent',
    });
    assert.deepEqual(await store.read(name), { kind: 'missing' });
  });

  it('overwrites only the version that was expected', async () => {
    const store = await of.create();
    const name = of.newName();
    const first = written(await store.write(name, of.valueOf('a'), { expected: 'absent' }));
    assert.deepEqual(await store.write(name, of.valueOf('b'), { expected: 'absent' }), {
      kind: 'conflict',
      found: first,
    });
    const second = written(await store.write(name, of.valueOf('b'), { expected: first }));
    assert.notEqual(second, first);
    assert.deepEqual(await store.write(name, of.valueOf('c'), { expected: first }), {
      kind: 'conflict',
      found: second,
    });
    const read = await store.read(name);
    assert.ok(read.kind === 'present' && read.value.equals(of.valueOf('b')));
  });

  it('lets one of several writers through', of.needs(capabilities.guard === 'atomic'), async () => {
    const store = await of.create();
    const name = of.newName();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => store.write(name, of.valueOf(String(index)), { expected: 'absent' })),
    );
    assert.deepEqual(Map.groupBy(outcomes, ({ kind }) => kind).get('conflict')?.length, 7);
  });

  it('keeps older versions to be read', of.needs(capabilities.keptVersions > 1), async () => {
    const store = await of.create();
    const name = of.newName();
    const first = written(await store.write(name, of.valueOf('a'), { expected: 'absent' }));
    const second = written(await store.write(name, of.valueOf('b'), { expected: first }));
    for (const [version, text] of [
      [first, 'a'],
      [second, 'b'],
    ] as const) {
      const read = await store.read(name, { version });
      assert.ok(read.kind === 'present' && read.version === version && read.value.equals(of.valueOf(text)));
    }
    assert.deepEqual(await store.read(name, { version: of.unknownVersion }), { kind: 'missing' });
  });

  it('lets go of the oldest version', of.needs(capabilities.keptVersions <= 100), async () => {
    const store = await of.create();
    const name = of.newName();
    const first = written(await store.write(name, of.valueOf('a'), { expected: 'absent' }));
    let newest = first;
    for (let count = 1; count <= capabilities.keptVersions; count++)
      newest = written(await store.write(name, of.valueOf('b'), { expected: newest }));
    assert.deepEqual(await store.read(name, { version: first }), { kind: 'missing' });
  });

  it('takes names that differ in case for one name, or for two', async () => {
    const store = await of.create();
    const lower = of.newName();
    const upper = lower.toUpperCase();
    const version = written(await store.write(lower, of.valueOf('a'), { expected: 'absent' }));
    const expected = capabilities.foldsCase ? 'conflict' : 'written';
    assert.equal((await store.write(upper, of.valueOf('b'), { expected: 'absent' })).kind, expected);
    const read = await store.read(lower);
    assert.ok(read.kind === 'present' && read.version === version);
    assert.deepEqual(
      (await namesIn(store)).filter((name) => name.toLowerCase() === lower).toSorted(),
      capabilities.foldsCase ? [lower] : [upper, lower],
    );
  });

  it('takes values up to its limit, in bytes', async () => {
    const store = await of.create();
    const overhead = of.valueOf('').reveal().length;
    const name = of.newName();
    const fits = of.valueOf('x'.repeat(capabilities.maxValueBytes - overhead));
    assert.equal((await store.write(name, fits, { expected: 'absent' })).kind, 'written');
    const tooLarge = of.valueOf('é'.repeat((capabilities.maxValueBytes - overhead) / 2 + 1));
    assert.deepEqual(await store.write(of.newName(), tooLarge, { expected: 'absent' }), {
      kind: 'refused',
      because: 'too large',
    });
  });

  it('refuses a text where it holds fields', of.needs(capabilities.holds === 'fields'), async () => {
    const store = await of.create();
    for (const text of ['example-text', '', 'null', '["example"]'])
      assert.deepEqual(await store.write(of.newName(), new SecretValue(text), { expected: 'absent' }), {
        kind: 'refused',
        because: 'not a JSON object',
      });
  });

  it('keeps tags', async () => {
    const store = await of.create();
    const name = of.newName();
    const first = written(
      await store.write(name, of.valueOf('a'), {
        expected: 'absent',
        metadata: { tags: { owner: 'example', team: 'a' } },
      }),
    );
    assert.deepEqual(await tagsOf(store, name), { owner: 'example', team: 'a' });
    assert.deepEqual(await store.writeMetadata(name, { tags: { owner: 'other' } }, { expected: first }), {
      kind: 'written',
    });
    assert.deepEqual(await tagsOf(store, name), { owner: 'other' });
    const listed = (await collect(store.list())).find((one) => one.name === name);
    assert.deepEqual(listed?.metadata.tags, { owner: 'other' });
    const second = written(await store.write(name, of.valueOf('b'), { expected: first }));
    assert.deepEqual(await tagsOf(store, name), capabilities.tagsOf === 'secret' ? { owner: 'other' } : {});
    assert.deepEqual(await store.writeMetadata(name, { tags: {} }, { expected: first }), {
      kind: 'conflict',
      found: second,
    });
  });

  it('stamps versions in milliseconds', async () => {
    const store = await of.create();
    const name = of.newName();
    await store.write(name, of.valueOf('a'), { expected: 'absent' });
    const read = await store.read(name);
    assert.ok(read.kind === 'present');
    assert.ok(Math.abs(Date.now() - read.metadata.createdAtMs) < 60_000);
  });

  it('does not give a disabled secret', of.needs(capabilities.attributes.includes('enabled')), async () => {
    const store = await of.create();
    const name = of.newName();
    const version = written(await store.write(name, of.valueOf('a'), { expected: 'absent' }));
    await store.writeMetadata(name, { enabled: false }, { expected: version });
    const read = await store.read(name);
    assert.equal(read.kind, 'disabled');
    const listed = (await collect(store.list())).find((one) => one.name === name);
    assert.equal(listed?.metadata.enabled, false);
    await store.writeMetadata(name, { enabled: true }, { expected: version });
    assert.equal((await store.read(name)).kind, 'present');
  });

  it('keeps the attributes that it has, and refuses those that it has not', async () => {
    const store = await of.create();
    for (const change of [{ contentType: 'application/json' }, { expiresAtMs: 4_102_444_800_000 }, { enabled: true }]) {
      const [attribute = 'enabled'] = Object.keys(change) as (keyof typeof change)[];
      const write = store.write(of.newName(), of.valueOf('a'), { expected: 'absent', metadata: change });
      if (capabilities.attributes.includes(attribute)) assert.equal((await write).kind, 'written');
      else await assert.rejects(write, { name: 'StoreError', operation: 'write', retryable: false });
    }
  });

  it('refuses names that it cannot have', async () => {
    const store = await of.create();
    const names = capabilities.folders
      ? ['', '/a', 'a/', 'a//b', 'a/../b']
      : ['', 'a/b', 'a_b', 'a.b', 'x'.repeat(128)];
    for (const name of names)
      await assert.rejects(store.write(name, of.valueOf('example-canary'), { expected: 'absent' }), (error: Error) => {
        assert.equal(error.name, 'StoreError');
        assert.doesNotMatch(error.message, /canary/);
        return true;
      });
  });

  it('tells what may be done, or that it does not know', async () => {
    const permissions = await (await of.create()).permissions(of.newName());
    assert.equal(permissions.kind, capabilities.tellsPermissions ? 'known' : 'unknown');
    if (permissions.kind === 'known') assert.ok(permissions.allowed.has('read') && permissions.allowed.has('write'));
  });
}

async function tagsOf(store: SecretStore, name: string): Promise<Readonly<Record<string, string>> | undefined> {
  const read = await store.read(name);
  return read.kind === 'present' ? read.metadata.tags : undefined;
}
