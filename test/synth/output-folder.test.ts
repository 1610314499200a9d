import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OutputError } from '../../src/model/problem.ts';
import {
  abandonOutput,
  commitOutput,
  outputFolder,
  recoverOutput,
  stageOutput,
} from '../../src/synth/output-folder.ts';
import type { OutputFolder } from '../../src/synth/output-folder.ts';
import type { OutputFile } from '../../src/synth/plan-output.ts';
import { writeApplications } from '../../src/synth/write-application.ts';

function inFolder<T>(act: (folder: OutputFolder, dist: string) => T): T {
  const dist = mkdtempSync(path.join(os.tmpdir(), 'lockstep-output-'));
  try {
    return act(outputFolder(dist, 'dev'), dist);
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
}

function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => statSync(path.join(folder, file)).isFile())
      .toSorted()
      .map((file) => [file.replaceAll(path.sep, '/'), readFileSync(path.join(folder, file), 'utf8')]),
  );
}

function apply(folder: OutputFolder, files: readonly OutputFile[], kept?: ReadonlySet<string>): void {
  writeApplications(stageOutput(folder), [{ name: undefined, files }], new Map());
  commitOutput(folder, kept);
}

const files = (text: string, ...applications: string[]): OutputFile[] =>
  applications.flatMap((name) => [
    { path: `${name}/manifests/a.yaml`, text },
    { path: `${name}.yaml`, text },
  ]);

describe('the output folder', () => {
  it('is what was written and nothing else, and nothing is left beside it', () =>
    inFolder((folder, dist) => {
      apply(folder, files('1', 'a', 'b'));
      apply(folder, files('2', 'b', 'c'));
      assert.deepEqual(filesOf(dist), {
        'dev/b.yaml': '2',
        'dev/b/manifests/a.yaml': '2',
        'dev/c.yaml': '2',
        'dev/c/manifests/a.yaml': '2',
      });
      apply(folder, files('3', 'c'), new Set(['b']));
      assert.deepEqual(filesOf(dist), {
        'dev/b/manifests/a.yaml': '2',
        'dev/c.yaml': '3',
        'dev/c/manifests/a.yaml': '3',
      });
    }));

  it('is completed by the next run, wherever a run was killed while it moved entries in', () => {
    const moves = ['a', 'a.yaml', 'b', 'b.yaml'];
    fc.assert(
      fc.property(fc.subarray(moves), fc.subarray(moves), (moved, discarded) =>
        inFolder((folder) => {
          // As it is in the middle: some of the old is gone, some of the new is in its place.
          apply(folder, files('old', 'a', 'b', 'gone'));
          const staging = path.join(folder.working, 'staging');
          mkdirSync(staging, { recursive: true });
          for (const name of moves) {
            const isMoved = moved.includes(name);
            if (isMoved || discarded.includes(name)) rmSync(path.join(folder.output, name), { recursive: true });
            const to = path.join(isMoved ? folder.output : staging, name);
            const file = name.endsWith('.yaml') ? to : path.join(to, 'manifests', 'a.yaml');
            mkdirSync(path.dirname(file), { recursive: true });
            writeFileSync(file, 'new');
          }
          const journal = { kind: 'entries', moved: moves, removed: ['gone', 'gone.yaml'] };
          writeFileSync(path.join(folder.working, 'journal.json'), JSON.stringify(journal));
          recoverOutput(folder);
          assert.deepEqual(filesOf(path.dirname(folder.output)), {
            'dev/a.yaml': 'new',
            'dev/a/manifests/a.yaml': 'new',
            'dev/b.yaml': 'new',
            'dev/b/manifests/a.yaml': 'new',
          });
        }),
      ),
    );
  });

  it('is completed by the next run when the old one is already away', () =>
    inFolder((folder, dist) => {
      mkdirSync(path.join(folder.working, 'staging'), { recursive: true });
      writeFileSync(path.join(folder.working, 'staging', 'a.yaml'), 'new');
      writeFileSync(path.join(folder.working, 'journal.json'), '{"kind":"whole"}');
      recoverOutput(folder);
      assert.deepEqual(filesOf(dist), { 'dev/a.yaml': 'new' });
    }));

  it('forgets what a killed run had only begun to write', () =>
    inFolder((folder, dist) => {
      apply(folder, files('old', 'a'));
      mkdirSync(path.join(folder.working, 'staging'), { recursive: true });
      writeFileSync(path.join(folder.working, 'staging', 'a.yaml'), 'half');
      recoverOutput(folder);
      assert.deepEqual(filesOf(dist), { 'dev/a.yaml': 'old', 'dev/a/manifests/a.yaml': 'old' });
    }));

  it('stays as it was when what was staged is abandoned', () =>
    inFolder((folder, dist) => {
      apply(folder, files('old', 'a'));
      const staging = stageOutput(folder);
      const failing = [...files('new', 'a'), { path: 'a.yaml/impossible.yaml', text: '' }];
      assert.throws(() => writeApplications(staging, [{ name: 'a', files: failing }], new Map()));
      assert.ok(abandonOutput(folder, undefined) instanceof OutputError);
      assert.deepEqual(filesOf(dist), { 'dev/a.yaml': 'old', 'dev/a/manifests/a.yaml': 'old' });
    }));
});
