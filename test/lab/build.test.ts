import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { buildName } from './build.ts';
import { withLock } from './lock.ts';
import { parts, recipesOf, withNeededParts } from './recipes.ts';
import type { Part } from './recipes.ts';

const names = (chosen: readonly Part[]): string[] => recipesOf(withNeededParts(chosen)).map(({ name }) => name);

describe('what is built', () => {
  it('is what the parts need, and what those need', () => {
    assert.deepEqual(names(['vault']), ['supervisor', 'vault']);
    assert.deepEqual(names(['external-secrets']), ['supervisor', 'etcd', 'kubernetes', 'external-secrets']);
    assert.equal(names(parts).length, 8);
  });

  it('is known by the recipe, the files of its module and the version of Go', () => {
    const [supervisor, etcd] = recipesOf(parts);
    assert.ok(supervisor !== undefined && etcd !== undefined);
    const name = buildName(etcd, 'go version go1.26.8 linux/amd64');
    assert.match(name, /^etcd-[0-9a-f]{16}$/);
    assert.equal(buildName(etcd, 'go version go1.26.8 linux/amd64'), name);
    assert.notEqual(buildName(etcd, 'go version go1.26.9 linux/amd64'), name);
    assert.notEqual(buildName(etcd, 'go version go1.26.8 linux/arm64'), name);
    assert.notEqual(buildName({ ...etcd, variables: { a: 'b' } }, 'go version go1.26.8 linux/amd64'), name);
    const moved = buildName({ ...etcd, name: 'supervisor' }, '').slice('supervisor-'.length);
    assert.notEqual(moved, buildName(etcd, '').slice('etcd-'.length));
  });
});

describe('the lock of a build', () => {
  const inFolder = async (work: (file: string) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-lock-'));
    try {
      await work(path.join(folder, 'lock'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('lets one work at a time, and tells the other that it waits', () =>
    inFolder(async (file) => {
      const happened: string[] = [];
      const one = (name: string): Promise<void> =>
        withLock(
          file,
          () => happened.push(`${name} waits`),
          async () => {
            happened.push(`${name} begins`);
            await wait(50);
            happened.push(`${name} ends`);
          },
        );
      await Promise.all([one('a'), one('b')]);
      assert.deepEqual(happened, ['a begins', 'b waits', 'a ends', 'b begins', 'b ends']);
      assert.ok(!existsSync(file));
    }));

  it('is taken over from a process that is gone, and given back after a failure', () =>
    inFolder(async (file) => {
      writeFileSync(file, '4194305');
      await assert.rejects(
        withLock(
          file,
          () => undefined,
          () => Promise.reject(new Error('failed')),
        ),
        /failed/,
      );
      assert.ok(!existsSync(file));
    }));
});
