import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { MigratedSecret, MigrationItem } from '../../src/migrate/migration-item.ts';
import { migrationItem } from '../../src/migrate/migration-item.ts';
import type { StoreSide } from '../../src/migrate/migration.ts';
import { moveSecrets } from '../../src/migrate/apply-migration.ts';
import { renderMigration, renderMigrationMarkdown } from '../../src/report/migration-report.ts';
import { renderDuration, renderProgress } from '../../src/report/progress.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

describe('the line of a long job', () => {
  const told = { what: 'writing', done: 0, of: 10_000, elapsedMs: 0, retries: 0 };
  const bar = (full: number): string => '█'.repeat(full) + '░'.repeat(20 - full);

  it('tells how far it is, how fast, how long it takes and what was asked again', () => {
    assert.equal(renderProgress(told), `writing  ${bar(0)}  0 of 10,000`);
    assert.equal(renderProgress({ ...told, elapsedMs: 5000 }), `writing  ${bar(0)}  0 of 10,000`);
    const later = { ...told, done: 1234, elapsedMs: 42_000, retries: 1 };
    assert.equal(renderProgress(later), `writing  ${bar(2)}  1,234 of 10,000  29/s  4 min 59 s left  1 retry`);
    const slow = { ...told, done: 5, of: 10, elapsedMs: 2000, retries: 1234 };
    assert.equal(renderProgress(slow), `writing  ${bar(10)}  5 of 10  2.5/s  2 s left  1,234 retries`);
    const fast = { ...told, done: 9_999, of: 1_234_567, elapsedMs: 1 };
    assert.equal(renderProgress(fast), `writing  ${bar(0)}  9,999 of 1,234,567  9,999,000/s  1 s left`);
    assert.equal(renderProgress({ ...told, done: 10, of: 10, elapsedMs: 1000 }), `writing  ${bar(20)}  10 of 10  10/s`);
    assert.equal(renderProgress({ ...told, of: 0 }), `writing  ${bar(20)}  0 of 0`);
  });

  it('gives the two largest units of a duration', () => {
    const shown = [0, 1, 1000, 59_000, 59_001, 293_000, 3_599_000, 3_599_001, 7_500_000, 90_000_000].map(
      renderDuration,
    );
    assert.deepEqual(shown, [
      ...[
        '0 s',
        '1 s',
        '1 s',
        '59 s',
        '1 min 0 s',
        '4 min 53 s',
        '59 min 59 s',
        '1 h 0 min',
        '2 h 5 min',
        '25 h 0 min',
      ],
    ]);
  });

  it('has one form, whatever the numbers', () => {
    const number = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(number, number, number, (a, b, elapsedMs) => {
        const line = renderProgress({ ...told, done: Math.min(a, b), of: Math.max(a, b), elapsedMs });
        assert.match(
          line,
          /^writing {2}█*░* {2}[\d,]+ of [\d,]+(?: {2}[\d.,]+\/s)(?: {2}(?:\d+ h )?(?:\d+ min)?(?: ?\d+ s)? left)?$/,
        );
      }),
    );
  });
});

const fine: MigratedSecret = {
  ...{ name: 'fine', declared: true, action: 'create', outcome: 'written', because: '', older: 0 },
  ...{ from: { name: 'shop/fine', version: '1' }, to: { name: 'shop-fine', version: 'a1' } },
  ...{ differences: [], findings: [], left: [], asText: [] },
};
const conflict: MigratedSecret = {
  ...{ ...fine, action: 'conflict', outcome: 'planned', because: 'the target holds version 2, as it was copied' },
  differences: [{ field: 'KEY', source: 'AAAAAAAA', target: 'BBBBBBBB' }],
};

function itemOf(secrets: readonly MigratedSecret[], undeclared: readonly string[] = []): MigrationItem {
  return { environment: 'dev', from: 'Vault', to: 'Key Vault', secrets, each: () => secrets, undeclared, listed: true };
}
const many = (count: number, of: MigratedSecret, name = 'n'): MigratedSecret[] =>
  Array.from({ length: count }, (_, index) => ({ ...of, name: `${name}${index}` }));

describe('the report of a migration', () => {
  it('shows every secret where they are few', () => {
    const text = renderMigration('Migrate', itemOf(many(100, fine)), ['Next: that']);
    for (const { name } of many(100, fine)) assert.match(text, new RegExp(`^ {2}${name} `, 'm'));
    assert.match(text, /^Migrate dev: Vault → Key Vault\n[^]*\n {2}100 written\.\nNext: that\n$/);
    assert.doesNotMatch(text, /others/);
  });

  it('shows of more than a hundred only those of note', () => {
    const changes: readonly Partial<MigratedSecret>[] = [
      conflict,
      { outcome: 'failed', because: 'no answer' },
      { outcome: 'changed meanwhile' },
      { action: 'missing', outcome: 'planned' },
      { findings: ['KEY is missing, and required'] },
      { left: ['the field OLD, which the catalog does not know'] },
      { asText: ['PORT'] },
    ];
    const notable = changes.map((change, index): MigratedSecret => ({ ...fine, ...change, name: `notable${index}` }));
    const secrets = [
      ...many(60, fine),
      ...notable,
      ...many(60, { ...fine, action: 'unchanged', outcome: 'planned' }, 'm'),
    ];
    for (const render of [renderMigration, renderMigrationMarkdown]) {
      const text = render('Migrate', itemOf(secrets), []);
      for (const { name } of notable) assert.match(text, new RegExp(`^\\W+${name} `, 'm'));
      assert.doesNotMatch(text, /^\W+[nm]\d/m);
      assert.match(text, /… and 120 others; [^]*/);
      assert.match(text, /63 written, 1 differs, 1 failed, 1 changed, 1 missing, 60 same\./);
    }
  });

  it('is a comment that a pull request takes, and counts what it leaves out', () => {
    const sizes = fc.record({ count: fc.integer({ min: 101, max: 10_000 }), name: fc.integer({ min: 1, max: 127 }) });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 5 }), (size, others, fields) => {
        const differences = Array.from({ length: fields }, () => ({ field: '|'.repeat(20), source: 'A', target: 'B' }));
        const secrets = many(size.count, { ...conflict, differences }, 'x'.repeat(size.name));
        const undeclared = Array.from({ length: others }, (_, index) => `${'y'.repeat(size.name)}${index}`);
        const text = renderMigrationMarkdown('Migrate', itemOf(secrets, undeclared), ['Next: that']);
        assert.ok(text.length < 60_000, `${text.length} characters`);
        assert.ok(text.endsWith('\n\nNext: that\n'));
        const shown = text.split('\n').filter((line) => line.startsWith('| x')).length;
        const left = Number(/^… and (\d+) others;/m.exec(text)?.[1] ?? 0);
        assert.equal(shown + left, size.count);
        assert.ok(shown > 20, `${shown} rows`);
      }),
      { numRuns: 50, examples: [[{ count: 10_000, name: 30 }, 0, 5]] },
    );
  });

  it('keeps a pipe in its cell', () => {
    const secret = { ...conflict, because: 'a|b', left: ['the tag c|d'] };
    const row = renderMigrationMarkdown('Migrate', itemOf([secret]), [])
      .split('\n')
      .find((line) => /a.*b/.test(line));
    assert.equal(row?.match(/(?<!\\)\|/g)?.length, 6, row);
  });

  it('names what is not declared, up to a hundred', () => {
    const undeclared = Array.from({ length: 103 }, (_, index) => `u${index}`);
    const text = renderMigration('Migrate', itemOf([], undeclared), []);
    assert.match(text, /nothing to move\.\n {2}Not declared, not copied: u0, .*, u99 and 3 more\n/);
    const unlisted = renderMigration('Migrate', { ...itemOf([]), listed: false }, []);
    assert.match(unlisted, /it may not be listed/);
  });

  it('holds no value, whatever is in the stores', async () => {
    const canary = 'kJ4canary7Qz';
    const { secrets } = platformOf(soundConfiguration());
    const field = fc.constantFrom('PROVIDER', 'CARD_KEY', 'NOTE', 'OLD');
    const raw = fc.constantFrom(`"${canary}"`, `["${canary}"]`, `{"${canary}":1.50}`, '4242424242.50', '""', 'null');
    const texts = fc.oneof(
      fc.dictionary(field, raw).map(
        (all) =>
          `{${Object.entries(all)
            .map(([name, text]) => `"${name}":${text}`)
            .join(',')}}`,
      ),
      fc.constant(canary),
    );
    await fc.assert(
      fc.asyncProperty(texts, texts, fc.boolean(), fc.boolean(), async (here, there, overwrite, history) => {
        const side = (name: string, store: StoreSide['store'], capabilities: StoreSide['capabilities']): StoreSide => ({
          ...{ name, store, capabilities },
          client: createMemoryStore({ name, capabilities }),
        });
        const from = side('Key Vault', 'azure-keyvault-store', keyVaultCapabilities);
        const to = side('Vault', 'vault-secret-store', { ...vaultCapabilities, keepsDigits: true });
        for (const [{ client }, name, text] of [
          [from, 'shop-payment', here],
          [from, 'other', there],
          [to, 'shop/payment', there],
        ] as const)
          await client.write(name, new SecretValue(text), { expected: 'absent' });
        const options = { overwrite, history, includeUndeclared: history };
        const migration = {
          from,
          to,
          options,
          undeclaredSecrets: true,
          fingerprintKey: new Uint8Array(32),
          concurrency: 2,
        };
        const { plan, applied } = await moveSecrets(secrets, secrets, migration, () => true, {
          onApplied: () => undefined,
        });
        for (const item of [undefined, applied].map((of) =>
          migrationItem(plan, of, { environment: 'dev', from: '', to: '' }),
        )) {
          const all = [renderMigration('', item, []), renderMigrationMarkdown('', item, []), JSON.stringify(item)].join(
            '\n',
          );
          assert.ok(!all.includes(canary) && !all.includes('4242424242'), all);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a report of many', () => {
  const fine: MigratedSecret = {
    ...({ name: 'fine', declared: true, action: 'create', outcome: 'written', because: '', older: 0 } as const),
    ...{ from: { name: 'shop/fine', version: '2' }, to: { name: 'shop-fine', version: 'a1' } },
    ...{ differences: [], findings: [], left: [], asText: [] },
  };

  it('shows one that failed, behind however many with older versions', () => {
    const secrets = [
      ...Array.from({ length: 1500 }, () => fine),
      { ...fine, name: 'this', outcome: 'failed' } as const,
    ];
    const item = { environment: 'dev', from: '', to: '', secrets, each: () => secrets, undeclared: [], listed: true };
    assert.match(renderMigration('', item, []), /\n {2}this /);
  });

  it('finds room for long names that are not declared', () => {
    const undeclared = Array.from({ length: 100 }, () => 'y'.repeat(700));
    const item = { environment: 'dev', from: '', to: '', secrets: [], each: () => [], undeclared, listed: true };
    const markdown = renderMigrationMarkdown('', item, []);
    assert.ok(markdown.length < 60_000);
    assert.match(markdown, / and 95 more/);
  });
});
