/** One thing that goes wrong in the middle of a migration, and the run after it: each is a story of its own. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { ask } from '../dev/vault-client.ts';
import type { Run } from '../fixtures/repository.ts';
import { Arena } from './arena.ts';
import { hostileFields } from './hostile-values.ts';
import { createRandom } from './random.ts';
import { isGood, readDocument, readJournal } from './told.ts';
import { Trial } from './trial.ts';
import type { Direction, RunPlan } from './trial.ts';

const SECRETS = 120;
/** In the middle: after this many writes. */
const middle = { at: 30, of: 'writes' } as const;

type Story = { readonly arena: Arena; readonly trial: Trial };

async function begin(direction: Direction, options: Parameters<typeof Arena.open>[2] = {}): Promise<Story> {
  const random = createRandom(1000);
  const arena = await Arena.open(SECRETS, random, options);
  const trial = new Trial(arena, random, direction);
  for (const secret of arena.secrets) arena.inside[trial.source].write(secret, hostileFields(secret, random, 500));
  return { arena, trial };
}

/** The run that meets the fault: it must say so, and stop in time. */
async function stumble({ trial }: Story, plan: RunPlan): Promise<Run> {
  const run = await trial.run(plan);
  assert.ok(run !== undefined);
  assert.equal(run.status, 2, run.stdout + run.stderr);
  return run;
}

async function completes({ trial }: Story): Promise<void> {
  const run = await trial.run();
  trial.checkComplete(run);
  assert.equal(run?.status, 0);
}

const directions: readonly Direction[] = ['azure', 'vault'];

for (const direction of directions)
  describe(`migrate-secrets-to-${direction}, in the middle of which`, () => {
    it('the token of Vault is revoked: it says so, and goes on with a new one', async () => {
      const story = await begin(direction);
      await using arena = story.arena;
      const created = await ask(arena.vault, {
        method: 'POST',
        path: 'auth/token/create',
        body: { policies: ['root'] },
      });
      const { client_token: token } = (JSON.parse(created.text) as { auth: { client_token: string } }).auth;
      arena.variables = { VAULT_TOKEN: token };
      const revoke = (): void => void ask(arena.vault, { method: 'POST', path: 'auth/token/revoke', body: { token } });
      const { stdout, stderr } = await stumble(story, { moments: [{ ...middle, act: revoke }] });
      assert.match(stdout + stderr, /Vault does not know the token: it is wrong, expired or revoked/);
      assert.doesNotMatch(stdout, /"action": "missing"/);
      arena.variables = {};
      await completes(story);
    });

    it('the token of Key Vault ends, and no other is given: it says so, and goes on later', async () => {
      let aheadMs = 0;
      const story = await begin(direction, { now: () => Date.now() + aheadMs });
      await using arena = story.arena;
      const end = (): void => {
        aheadMs = 7_200_000;
        arena.azure.faults.add({ effect: { kind: 'status', status: 400 }, path: arena.azure.tenantId });
      };
      const { stdout, stderr } = await stumble(story, { moments: [{ ...middle, act: end }] });
      assert.match(stdout + stderr, /Key Vault https:\/\/\S+: could not/);
      assert.doesNotMatch(stdout, /"action": "missing"/);
      arena.clearFaults();
      await completes(story);
    });

    it('Vault goes away: it says so, and goes on once it is back', async () => {
      const story = await begin(direction);
      await using arena = story.arena;
      const { stdout, stderr } = await stumble(story, {
        moments: [{ ...middle, act: () => void arena.vault.close() }],
      });
      assert.match(stdout + stderr, /Vault http:\/\/\S+: could not/);
      const port = Number(new URL(arena.vault.url).port);
      const again = await createEmbeddedVault({ port, storage: arena.storages.vault });
      try {
        const run = await arena.run(story.trial.command, '--yes', '--output', 'json');
        assert.equal(run.status, 0, run.stdout + run.stderr);
        story.trial.checkComplete(run);
      } finally {
        await again.close();
      }
    });

    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      it(`${signal} comes: it ends what it has in hand, tells all of it, and goes on later`, async () => {
        const story = await begin(direction);
        await using arena = story.arena;
        const { trial } = story;
        const run = await trial.run({ moments: [{ ...middle, act: (child) => child.kill(signal) }] });
        assert.ok(run !== undefined && run.status !== 0, String(run?.status));
        const { secrets } = readDocument(run.stdout);
        const written = arena.secrets.filter((secret) => arena.inside[trial.target].versions(secret).length > 0);
        assert.ok(written.length > 0 && written.length < SECRETS, String(written.length));
        assert.deepEqual(
          secrets.filter(isGood).map(({ name }) => name),
          written.map(({ name }) => name),
        );
        assert.deepEqual(
          secrets.filter(({ outcome }) => outcome === 'not reached').map(({ name }) => name),
          arena.secrets.filter((secret) => !written.includes(secret)).map(({ name }) => name),
        );
        await completes(story);
      });

    it('the disk is full: it stops, says so, and the journal is whole afterwards', async () => {
      const story = await begin(direction);
      await using arena = story.arena;
      const folder = path.join(arena.repository.root, '.lockstep', 'migrations');
      mkdirSync(folder, { recursive: true });
      // Takes nothing, however little: ENOSPC.
      symlinkSync('/dev/full', path.join(folder, 'dev.jsonl'));
      const run = await arena.run(story.trial.command, '--yes', '--output', 'json');
      assert.equal(run.status, 2, run.stdout + run.stderr);
      assert.match(run.stdout, /journal \S+dev\.jsonl cannot be written/);
      const written = arena.secrets.filter((secret) => arena.inside[story.trial.target].versions(secret).length > 0);
      // Those that were in hand when the first line could not be written.
      assert.ok(written.length <= 32, `${written.length} were written without a line in the journal`);
      rmSync(path.join(folder, 'dev.jsonl'));
      await completes(story);
    });

    it('the journal grows too large in the middle of a line: the next run does not spoil its own first line', async () => {
      const story = await begin(direction);
      await using arena = story.arena;
      const line = arena.repository.commandLine([story.trial.command, '--yes', '--output', 'json']);
      const run = await arena.runShell(`ulimit -f 4; exec ${line}`);
      assert.equal(run.status, 2, run.stdout + run.stderr);
      assert.match(run.stdout, /journal \S+dev\.jsonl cannot be written/);
      await completes(story);
      const broken = readJournal(arena.journal()).filter((one) => typeof one.line === 'string');
      assert.ok(broken.length <= 1, 'lines were glued together');
    });
  });
