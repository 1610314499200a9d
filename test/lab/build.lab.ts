/** Building itself, with the smallest of the modules: the supervisor. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { buildServers, cacheFolder } from './build.ts';

const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-lab-build-'));
after(() => rmSync(root, { recursive: true, force: true }));

describe('building', () => {
  it('happens once, for two at the same time and for those who come later', async () => {
    const cache = path.join(root, 'cache');
    const told: string[] = [];
    const build = (): ReturnType<typeof buildServers> => buildServers([], (line) => told.push(line), cache);
    const [one, two] = await Promise.all([build(), build()]);
    assert.deepEqual(one, two);
    assert.equal(told.filter((line) => line.includes('built in')).length, 1, told.join('\n'));
    assert.ok(existsSync(path.join(one.supervisor ?? '', 'supervisor')));
    assert.equal(readdirSync(cache).length, 1, 'nothing but what was built is left');

    told.length = 0;
    assert.deepEqual(await build(), one);
    assert.deepEqual(told, []);
  });

  it('deletes what a killed build has left, and not what one still writes', async () => {
    const cache = path.join(root, 'left');
    const unfinished = (pid: number): string => path.join(cache, `etcd-0123456789abcdef.${pid}-01234567.tmp`);
    for (const pid of [process.pid, 4194305]) mkdirSync(unfinished(pid), { recursive: true });
    await buildServers([], () => undefined, cache);
    assert.ok(existsSync(unfinished(process.pid)));
    assert.ok(!existsSync(unfinished(4194305)));
  });

  it('is kept in the folder for caches, outside the checkout', () => {
    assert.match(cacheFolder(), /\/lockstep\/lab$/);
  });
});
