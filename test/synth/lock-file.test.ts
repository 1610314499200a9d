import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { OutputError } from '../../src/model/problem.ts';
import { lockFile } from '../../src/synth/lock-file.ts';

function inFolder(act: (dist: string) => void): void {
  const dist = mkdtempSync(path.join(os.tmpdir(), 'lockstep-lock-'));
  try {
    act(dist);
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
}

const lockOutput = (dist: string, environment: string): (() => void) =>
  lockFile(path.join(dist, `.lockstep-${environment}.lock`), 'another synth is writing this environment');

describe('the lock of an output', () => {
  it('is held by one at a time, for each environment', () =>
    inFolder((dist) => {
      const unlock = lockOutput(dist, 'dev');
      assert.throws(
        () => lockOutput(dist, 'dev'),
        (error) => error instanceof OutputError && error.message.includes(`process ${process.pid}`),
      );
      lockOutput(dist, 'staging')();
      unlock();
      lockOutput(dist, 'dev')();
      assert.deepEqual(readdirSync(dist), []);
    }));

  it('is taken over from a process that was killed', () =>
    inFolder((dist) => {
      const { pid } = spawnSync(process.execPath, ['--version']);
      writeFileSync(path.join(dist, '.lockstep-dev.lock'), String(pid));
      lockOutput(dist, 'dev')();
      assert.deepEqual(readdirSync(dist), []);
    }));

  it('is taken over from a process that was killed and had the number of this one', () =>
    inFolder((dist) => {
      writeFileSync(path.join(dist, '.lockstep-dev.lock'), String(process.pid));
      lockOutput(dist, 'dev')();
      assert.deepEqual(readdirSync(dist), []);
    }));

  it('is not taken from another machine, of whose processes nothing is known here', () =>
    inFolder((dist) => {
      const lock = path.join(dist, '.lockstep-dev.lock');
      for (const pid of [process.pid, 999_999_999]) {
        writeFileSync(lock, `${pid} another-container`);
        assert.throws(
          () => lockOutput(dist, 'dev'),
          (error) => error instanceof OutputError && error.message.includes(`(process ${pid} on another-container)`),
        );
      }
    }));

  it('is made of a file that no other process writes, though it have the same number in a container of its own', () =>
    inFolder((dist) => {
      const made = new Set<string>();
      const link = (from: string, to: string): void => {
        made.add(from);
        linkSync(from, to);
      };
      for (let count = 0; count < 3; count++) lockFile(path.join(dist, 'lock'), 'another has it', link)();
      assert.equal(made.size, 3);
      assert.deepEqual(readdirSync(dist), []);
    }));

  it('is free again after the next run, where one was killed while it took it over', () =>
    inFolder((dist) => {
      const { pid } = spawnSync(process.execPath, ['--version']);
      const lock = path.join(dist, '.lockstep-dev.lock');
      for (const file of [lock, `${lock}.takeover`]) writeFileSync(file, `${pid} ${os.hostname()}`);
      // A moment ago: somebody is at it.
      assert.throws(
        () => lockOutput(dist, 'dev'),
        (error) => error instanceof OutputError && error.hint.endsWith(`remove ${lock}.takeover.`),
      );
      utimesSync(`${lock}.takeover`, 0, 0);
      assert.throws(() => lockOutput(dist, 'dev'), OutputError);
      lockOutput(dist, 'dev')();
      assert.deepEqual(readdirSync(dist), []);
    }));

  it('is held by one at a time where there are no hard links', () =>
    inFolder((dist) => {
      const lock = path.join(dist, 'lock');
      const link = (): void => {
        throw Object.assign(new Error(), { code: 'EISDIR' });
      };
      const unlock = lockFile(lock, 'another has it', link);
      assert.throws(() => lockFile(lock, 'another has it', link), OutputError);
      unlock();
      // A moment ago: its number is to come.
      writeFileSync(lock, '');
      assert.throws(() => lockFile(lock, 'another has it', link), OutputError);
      utimesSync(lock, 0, 0);
      lockFile(lock, 'another has it', link)();
      assert.deepEqual(readdirSync(dist), []);
    }));

  // Each writes in one log when it has the lock and when it gives it back; half of them are killed while they have it.
  it('is held by one at a time where many want it, and holders are killed', async () => {
    const dist = mkdtempSync(path.join(os.tmpdir(), 'lockstep-lock-'));
    try {
      const contender = path.join(import.meta.dirname, 'lock-contender.ts');
      const ends = Array.from({ length: 6 }, async () => {
        const until = Date.now() + 3000;
        while (Date.now() < until) {
          const child = spawn(process.execPath, [contender, dist], { stdio: ['ignore', 'ignore', 'inherit'] });
          const [status, signal] = (await once(child, 'exit')) as [number | null, string | null];
          assert.ok(status === 0 || signal === 'SIGKILL', `exit ${status}`);
        }
      });
      await Promise.all(ends);
      const log = readFileSync(path.join(dist, 'log'), 'utf8').trimEnd().split('\n');
      let within: string | undefined;
      for (const line of log) {
        const [what = '', pid = ''] = line.split(' ');
        if (what === 'taken') assert.equal(within, undefined, `${pid} took it while ${within} had it`);
        else assert.equal(within, pid);
        within = what === 'taken' ? pid : undefined;
      }
      assert.ok(log.length > 100, `taken ${log.length / 2} times`);
    } finally {
      rmSync(dist, { recursive: true, force: true });
    }
  });
});
