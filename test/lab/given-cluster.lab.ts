/** A journey in a cluster that exists, which has afterwards what it had; here that of another lab. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startLab } from './lab.ts';
import type { Lab } from './lab.ts';

const run = promisify(execFile);

describe('a cluster that exists', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-given-cluster-'));
  let lab: Lab;

  before(async () => {
    lab = await startLab({ folder: path.join(root, 'cluster'), parts: ['kubernetes'] });
  });
  after(async () => {
    await lab.stop();
    rmSync(root, { recursive: true, force: true });
  });

  /** Every object but events, which end by themselves, with its uid and what it holds. */
  const everything = async (): Promise<ReadonlySet<string>> => {
    const { kubectl } = lab.kubernetes;
    const kinds = await kubectl(['api-resources', '--verbs', 'list', '--output', 'name']);
    const listed = kinds
      .trim()
      .split('\n')
      .filter((kind) => !kind.startsWith('events'));
    const got = await kubectl(['get', listed.join(','), '--all-namespaces', '--output', 'json']);
    const { items } = JSON.parse(got) as { items: { kind: string; metadata: Record<string, unknown> }[] };
    return new Set(
      items.map(({ kind, metadata: { namespace = '', name, uid, labels, annotations } }) =>
        JSON.stringify([kind, namespace, name, uid, labels, annotations]),
      ),
    );
  };
  const unchangedSince = async (before: ReadonlySet<string>): Promise<void> => {
    const now = await everything();
    const changed = [...now, ...before].filter((object) => !now.has(object) || !before.has(object));
    assert.deepEqual(changed, []);
  };

  it('has after a journey what it had before', async () => {
    const before = await everything();
    assert.ok(before.size > 100);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const journeys = ['--disable-warning=ExperimentalWarning', path.join(import.meta.dirname, 'main.ts'), 'journeys'];
    const only = ['--only', 'switch-over', '--kubeconfig', lab.kubernetes.kubeconfig];
    const { stdout } = await run(process.execPath, [...journeys, ...only], { env });
    assert.match(stdout, /of all applications/);
    await unchangedSince(before);
  });

  it('is not touched where it has what the journey would make', async () => {
    const { kubectl, kubeconfig } = lab.kubernetes;
    await kubectl(['create', 'namespace', 'vault']);
    const before = await everything();
    const parts = ['vault', 'external-secrets'] as const;
    await assert.rejects(startLab({ folder: path.join(root, 'other'), parts, kubeconfig }), (error: Error) => {
      assert.match(error.message, /has what the lab would make, and nothing was changed: namespace\/vault$/);
      return true;
    });
    await unchangedSince(before);
  });
});
