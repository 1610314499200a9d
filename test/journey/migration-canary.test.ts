/** No value leaves a store but for the other store: not in what a migration prints, writes down or is called with, whatever goes wrong. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { FaultEffect } from '../../src/dev/faults.ts';
import { Arena, clientSecret } from '../migration-faults/arena.ts';
import type { Side } from '../migration-faults/arena.ts';
import { canaryFields, coreOf, plant, Search } from '../migration-faults/canary.ts';
import type { CatalogSecret } from '../migration-faults/catalog.ts';
import { createRandom } from '../migration-faults/random.ts';

const SECRETS = 12;
const cores = Array.from({ length: SECRETS }, (_, index) => coreOf(index));
/** What some servers do: they quote what they were sent, or what they hold. */
const errors = [`"${cores[0] ?? ''}" and ${Buffer.from(cores[1] ?? '').toString('base64')}`];
const status = (code: number): FaultEffect => ({
  kind: 'status',
  status: code,
  errors,
  headers: { 'Retry-After': '0' },
});
const statuses = [401, 403, 429, 500, 502, 503, 504] as const;
const effects: readonly (readonly [what: string, effect: FaultEffect])[] = [
  ...statuses.map((code) => [String(code), status(code)] as const),
  ['dropped', { kind: 'drop' }],
  ['cut off', { kind: 'half-response' }],
  ['broken JSON', { kind: 'garbled' }],
];
const formats = ['text', 'json', 'markdown'] as const;
/** Of secrets, as the servers' logs and faults have them. */
const paths = { vault: /^secret\/data\//, 'key-vault': /^[^/]+\/secrets\/app-/ } as const;

/** Runs commands, and looks for values wherever one may have left them. */
class Guarded {
  readonly #arena: Arena;
  readonly #search: Search;

  private constructor(arena: Arena, search: Search) {
    [this.#arena, this.#search] = [arena, search];
  }

  static async open(side: Side = 'vault'): Promise<Guarded> {
    const arena = await Arena.open(SECRETS, createRandom(5000));
    const temporary = path.join(arena.repository.root, 'temporary');
    mkdirSync(temporary);
    arena.variables = { TMPDIR: temporary };
    return new Guarded(arena, new Search([...plant(arena, side), arena.vault.rootToken, clientSecret]));
  }

  get arena(): Arena {
    return this.#arena;
  }

  /** @returns the exit code */
  async run(...args: readonly string[]): Promise<number | null> {
    const search = this.#search;
    const { child, finished } = this.#arena.start(...args);
    let sampled = 0;
    // While it talks to a store it has values in hand.
    this.#arena.onSeen = () => {
      if (child.pid !== undefined && child.exitCode === null) sampled += search.inArguments(child.pid);
      search.inFolder(path.join(this.#arena.repository.root, 'temporary'));
    };
    const { status, stdout, stderr } = await finished;
    search.in(stdout, `the output of ${args.join(' ')}`);
    search.in(stderr, `the errors of ${args.join(' ')}`);
    search.inFolder(this.#arena.repository.root);
    assert.notEqual(status, 70, stderr);
    assert.ok(sampled > 0 || process.platform !== 'linux', 'its arguments were not seen');
    return status;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#arena.close();
  }
}

/** Three at a time, for they wait as well; each with servers of its own. */
async function inLanes<Item>(
  items: readonly Item[],
  work: (guarded: Guarded, item: Item, index: number) => Promise<void>,
  side: Side = 'vault',
): Promise<void> {
  const waiting = [...items.entries()];
  const lane = async (): Promise<void> => {
    await using guarded = await Guarded.open(side);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(guarded, next[1], next[0]);
  };
  await Promise.all([lane(), lane(), lane()]);
}

describe('the search for values', () => {
  it('finds each form in whatever stands around it', () => {
    const search = new Search(cores);
    const [core = ''] = cores;
    for (const text of [core, `a${core}`, `ab"${core}\n`])
      for (const form of [
        ...[text, JSON.stringify(text), encodeURIComponent(text), Buffer.from(text).toString('hex')],
        ...[Buffer.from(text).toString('hex').toUpperCase(), Buffer.from(text).toString('base64')],
        Buffer.from(text).toString('base64url'),
      ])
        assert.throws(() => search.in(`before ${form} after`, 'this'), /this holds a value/, form);
    assert.throws(() => search.in(createHash('sha256').update(core).digest('hex'), 'this'));
    search.in('AZURE_CLIENT_SECRET is set; kv-platform; 6D7QX2AB', 'nothing');
  });
});

describe('a migration shows no value and leaves none', () => {
  it('where all goes well, and where something differs', async () => {
    const ways = [
      ['azure', 'vault'],
      ['vault', 'key-vault'],
    ] as const;
    await Promise.all(
      ways.map(async ([to, side]) => {
        await using guarded = await Guarded.open(side);
        const { arena } = guarded;
        const migrate = `migrate-secrets-to-${to}`;
        assert.equal(await guarded.run(migrate, '--save-plan', 'plan.json', '--output', 'markdown'), 0);
        assert.equal(await guarded.run(migrate, '--apply', 'plan.json'), 0);
        assert.ok(arena.repository.has('plan.json') && arena.journal() !== '');
        // One way in all formats is enough, and takes half the time.
        const shown = to === 'azure' ? formats : (['json'] as const);
        assert.equal(await guarded.run('verify-secrets', '--output', to === 'azure' ? 'text' : 'json'), 0);
        // From now on something else is at the source, of the same names.
        for (const [index, secret] of arena.secrets.entries())
          arena.inside[side].write(secret, canaryFields(secret, (index + 1) % SECRETS));
        assert.equal(await guarded.run(migrate, '--plan'), 1);
        for (const output of shown) assert.equal(await guarded.run(migrate, '--yes', '--output', output), 1);
        if (to === 'azure') assert.equal(await guarded.run('list-secrets'), 0);
        assert.equal(await guarded.run(migrate, '--overwrite', '--confirm=dev'), 0);
      }),
    );
  });

  it('whatever comes of reading', () => {
    // What each client takes apart; the rest is of a kind with one of these (test/stores/ has all).
    const ofVault = effects.filter(([what]) => !['401', '502', '503', '504', 'dropped'].includes(what));
    const ofKeyVault = effects.filter(([what]) => !['502', '503'].includes(what));
    const all = [
      ...ofVault.map(([what, effect]) => ({ side: 'vault', what, effect }) as const),
      ...ofKeyVault.map(([what, effect]) => ({ side: 'key-vault', what, effect }) as const),
    ];
    return inLanes(all, async (guarded, { side, what, effect }, index) => {
      const { faults } = guarded.arena[side === 'vault' ? 'vault' : 'azure'];
      const away = faults.add({ effect, path: paths[side] });
      const output = formats[index % 3] ?? 'text';
      const status = await guarded.run('migrate-secrets-to-azure', '--yes', '--output', output);
      assert.ok(status === 1 || status === 2, `${side} ${what}: ${String(status)}`);
      away();
    });
  });

  for (const [to, side, operation] of [
    ['azure', 'azure', 'SecretSet'],
    ['vault', 'vault', 'update'],
  ] as const)
    it(`whatever comes of writing to ${to}`, () =>
      inLanes(
        to === 'azure' ? formats : formats.slice(0, 2),
        async (guarded, output, lane) => {
          const { arena } = guarded;
          for (const [index, [, effect]] of effects.entries()) {
            const { vaultPath, keyVaultName } = arena.secrets[(index + lane * 4) % SECRETS] as CatalogSecret;
            const path = new RegExp(`/(?:${vaultPath}|${keyVaultName})$`);
            arena[side].faults.add({ effect, path, operation: operation as never });
          }
          assert.notEqual(await guarded.run(`migrate-secrets-to-${to}`, '--yes', '--output', output), 0);
          arena.clearFaults();
        },
        to === 'azure' ? 'vault' : 'key-vault',
      ));

  it('where the disk is full', async () => {
    await using guarded = await Guarded.open();
    const folder = path.join(guarded.arena.repository.root, '.lockstep', 'migrations');
    mkdirSync(folder, { recursive: true });
    symlinkSync('/dev/full', path.join(folder, 'dev.jsonl'));
    assert.equal(await guarded.run('migrate-secrets-to-azure', '--yes'), 2);
  });

  it('where the token service refuses', async () => {
    await using guarded = await Guarded.open();
    const { azure } = guarded.arena;
    azure.faults.add({ effect: status(400), path: azure.tenantId });
    assert.equal(await guarded.run('migrate-secrets-to-azure', '--yes'), 2);
  });
});
