/** A platform large enough that its files are written on a thread of their own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { writeGeneratedConfiguration } from '../../bench/generated-configuration.ts';
import { Repository } from '../fixtures/repository.ts';

const APPLICATIONS = 220;

function large(changed = ''): Repository {
  const repository = new Repository();
  writeGeneratedConfiguration(repository.root, APPLICATIONS, 2, changed);
  return repository;
}

describe('a large platform', () => {
  it('is written as a small one is: one application changed gives what a fresh run gives', () => {
    using repository = large();
    assert.match(
      repository.run(['synth']).stdout,
      /^dist\/dev: 220 applications, 440 ExternalSecrets; 220 written, 0 unchanged\n/,
    );
    assert.match(repository.run(['synth']).stdout, /; 0 written, 220 unchanged\n/);
    writeGeneratedConfiguration(repository.root, APPLICATIONS, 2, '-changed');
    assert.match(repository.run(['synth']).stdout, /; 1 written, 219 unchanged\n/);
    using fresh = large('-changed');
    fresh.run(['synth']);
    assert.ok(fresh.has('dist/dev/app-219/manifests/externalsecret-app-219-secret-1.yaml'));
    assert.deepEqual(repository.tree('dist'), fresh.tree('dist'));
  });

  it('is mended where files were edited or deleted by hand', () => {
    using repository = large();
    repository.run(['synth']);
    const before = repository.tree('dist');
    repository.write('dist/dev/app-7/manifests/kustomization.yaml', 'a: 1\n');
    repository.write('dist/dev/app-8/manifests/stray.yaml', 'a: 1\n');
    assert.match(repository.run(['synth']).stdout, /; 2 written, 218 unchanged\n/);
    assert.deepEqual(repository.tree('dist'), before);
  });

  it('kill -9 at any moment leaves the previous output or the new one, and the next run completes it', async () => {
    using repository = large();
    const states: Record<string, string>[] = [];
    for (const changed of ['', '-changed']) {
      using fresh = large(changed);
      fresh.run(['synth']);
      states.push(fresh.tree('dist'));
    }
    repository.run(['synth']);
    for (let round = 0; round < 8; round++) {
      const next = (round + 1) % 2;
      writeGeneratedConfiguration(repository.root, APPLICATIONS, 2, next === 1 ? '-changed' : '');
      const { child, exited } = repository.start(['synth']);
      await delay(100 + 20 * round);
      child.kill('SIGKILL');
      await exited;
      assert.equal(repository.run(['synth']).status, 0);
      assert.deepEqual(repository.tree('dist'), states[next]);
    }
  });

  const canMount = process.getuid?.() === 0 && existsSync('/usr/bin/unshare');
  it(
    'a full disk leaves the previous output whole, and is named',
    { skip: !canMount && 'needs root to mount a small file system' },
    () => {
      using repository = large();
      // 440 files of at least a block each do not fit.
      const script = `set -e
mkdir dist && mount -t tmpfs -o size=1200k none dist
mkdir -p dist/dev && echo previous > dist/dev/app-of-apps.yaml
status=0; ${repository.commandLine(['synth'])} || status=$?
ls -A dist; cat dist/dev/app-of-apps.yaml; exit $status`;
      const { status, stdout, stderr } = spawnSync('unshare', ['--mount', 'bash', '-c', script], {
        cwd: repository.root,
        encoding: 'utf8',
      });
      assert.equal(status, 2, stderr);
      assert.match(
        stderr,
        new RegExp(
          `^${path.join(repository.root, 'dist', 'dev')} could not be written: the disk is full\n  The previous output is whole\\.`,
        ),
      );
      assert.equal(stdout, 'dev\nprevious\n');
    },
  );
});
