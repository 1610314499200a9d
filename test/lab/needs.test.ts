import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { checkNeeds } from './needs.ts';
import { parts } from './recipes.ts';

describe('the needs of the lab', { skip: process.platform === 'linux' ? false : 'the lab runs on Linux' }, () => {
  it('are named all at once, each with how to get it', async () => {
    await assert.rejects(checkNeeds(parts, '/nowhere'), (error: Error) => {
      assert.equal(error.name, 'LabError');
      assert.match(error.message, /not on the PATH: go, git, redis-server/);
      assert.match(error.message, /https:\/\/go\.dev\/dl/);
      assert.match(error.message, /apt-get install git/);
      assert.match(error.message, /apt-get install redis-server/);
      return true;
    });
  });

  it('are those of the chosen parts', async () => {
    await assert.rejects(checkNeeds(['vault'], '/nowhere'), { message: /not on the PATH: go\n/ });
  });

  it('do not take a file for a program that cannot be run', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'lockstep-needs-'));
    try {
      writeFileSync(path.join(folder, 'go'), '');
      chmodSync(path.join(folder, 'go'), 0o644);
      await assert.rejects(checkNeeds(['vault'], folder), { message: /not on the PATH: go\n/ });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are told by the command without a stack', () => {
    const argv = ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'main.ts')];
    const run = (...args: string[]): { status: number | null; stderr: string } =>
      spawnSync(process.execPath, [...argv, ...args], {
        encoding: 'utf8',
        env: { PATH: '/nowhere', HOME: '/nowhere' },
      });
    const up = run('up', '--name', 'never-started');
    assert.equal(up.status, 2);
    assert.match(up.stderr, /^The lab needs programs that are not on the PATH: go, git, redis-server\n/);
    assert.doesNotMatch(up.stderr, / {4}at /);
    assert.match(
      run('up', '--parts', 'vault,kubernets').stderr,
      /there is no "kubernets"; the parts are kubernetes, vault/,
    );
    assert.match(run('kubeconfig', '--name', 'never-started').stderr, /npm run lab -- up --name never-started/);
    assert.match(run('status', '--name', '../x').stderr, /--name is of lower-case letters/);
  });
});
