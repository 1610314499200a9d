import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
});
