/** Listing versions: what KV v2 tells of each, and answers that are not Vault's. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { created, errors, failure, scriptVault } from './scripted-vault.ts';
import type { Answer, ScriptedVault } from './scripted-vault.ts';

const line = 'GET secret/metadata/a';

function script(answer: Answer): Promise<ScriptedVault> {
  return scriptVault((asked) => (asked.line === line ? answer : undefined));
}

/** As `GET metadata/…` answers. */
function key(versions: unknown): Answer {
  return { body: { data: { current_version: 1, custom_metadata: null, versions } } };
}

const fresh = { created_time: created, deletion_time: '', destroyed: false };

describe('the versions of a key in Vault', () => {
  it('are told with what became of each, by the clock of Vault, with one request', async () => {
    const answer = key({
      '3': { ...fresh, deletion_time: created },
      '4': { ...fresh, deletion_time: created, destroyed: true },
      '5': { ...fresh, deletion_time: '2126-01-02T03:04:05Z' },
      '6': fresh,
    });
    await using vault = await script(answer);
    const createdAtMs = Date.parse(created);
    assert.deepEqual(await vault.open().versions('a'), {
      kind: 'present',
      versions: [
        { version: '3', createdAtMs, state: 'deleted' },
        { version: '4', createdAtMs, state: 'destroyed' },
        { version: '5', createdAtMs, state: 'kept' },
        { version: '6', createdAtMs, state: 'kept' },
      ],
    });
    assert.deepEqual(
      vault.asked.map((asked) => asked.line),
      [line],
    );
  });

  it('are in the order of their numbers, in whatever order they are sent', async () => {
    // Vault sorts them as texts: 10 comes before 9.
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 999_999_999_999 }), { minLength: 1, maxLength: 30 });
    let answer: Answer = errors(404);
    await using vault = await scriptVault((asked) => (asked.line === line ? answer : undefined));
    const store = vault.open();
    await fc.assert(
      fc.asyncProperty(numbers, async (all) => {
        const versions = all.map((number) => `"${number}":${JSON.stringify(fresh)}`).join(',');
        answer = { body: `{"data":{"current_version":1,"versions":{${versions}}}}` };
        const outcome = await store.versions('a');
        assert.ok(outcome.kind === 'present');
        assert.deepEqual(
          outcome.versions.map(({ version }) => version),
          all.toSorted((a, b) => a - b).map(String),
        );
      }),
      { numRuns: 30 },
    );
  });

  const outcomes: readonly (readonly [title: string, answer: Answer, outcome: object])[] = [
    ['missing', errors(404), { kind: 'missing' }],
    // PushSecret of External Secrets Operator writes a key's metadata first.
    ['missing where it has only metadata', key({}), { kind: 'missing' }],
    ['forbidden', errors(403, '1 error occurred:\n\t* permission denied\n\n'), { kind: 'forbidden' }],
  ];
  for (const [title, answer, outcome] of outcomes)
    it(`are ${title}`, async () => {
      await using vault = await script(answer);
      assert.deepEqual(await vault.open().versions('a'), outcome);
    });

  it('need read on the metadata, and nothing else', async () => {
    for (const [path, capability, allowed] of [
      ['secret/metadata/a', 'read', true],
      ['secret/metadata/a', 'list', false],
      ['secret/data/a', 'read', false],
    ] as const) {
      const body = { data: { capabilities: [], [path]: [capability] } };
      await using vault = await scriptVault((asked) =>
        asked.line === 'POST sys/capabilities-self' ? { body } : undefined,
      );
      const permissions = await vault.open().permissions('a');
      assert.ok(permissions.kind === 'known');
      assert.equal(permissions.allowed.has('versions'), allowed);
    }
  });

  const odd: readonly (readonly [title: string, answer: Answer, message: RegExp])[] = [
    ['not JSON', { body: '<html>example-canary</html>' }, /not JSON/],
    ['no versions', { body: { data: { current_version: 1 } } }, /has no versions/],
    ['versions that are a list', key([fresh]), /has no versions/],
    ['no number', key({ 'example-canary': fresh }), /has no version/],
    ['number 0', key({ '0': fresh }), /has no version/],
    ['a number with digits of its own', key({ '01': fresh }), /has no version/],
    ['a version that is none', key({ '1': null }), /has no version/],
    ['no time', key({ '1': { destroyed: false } }), /has no version/],
    ['no mount', errors(404, 'no handler for route "secret/metadata/a"'), /nothing is mounted/],
    ['sealed', errors(503, 'Vault is sealed'), /is sealed/],
  ];
  for (const [title, answer, message] of odd)
    it(`are told as what they are not: ${title}`, async () => {
      await using vault = await script(answer);
      const error = await failure(vault.open().versions('a'));
      assert.match(error.message, message);
      assert.match(error.message, /could not list the versions of "a": /);
      assert.equal(error.operation, 'versions');
    });
});
