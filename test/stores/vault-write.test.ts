/** What becomes of a write, whatever happens to its request: written once and told so, not written, or told that it is not known. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { Version } from '../../src/stores/contract.ts';
import { canary, deleted, errors, failure, present, scriptVault, written } from './scripted-vault.ts';
import type { Answer, ScriptedVault } from './scripted-vault.ts';

const text = `{"b":[1.5,{"y":1,"x":2}],"a":"${canary}"}`;
const value = new SecretValue(text);
/** As Vault gives it back: sorted at every level. */
const mine = `{"a":"${canary}","b":[1.5,{"x":2,"y":1}]}`;
const version3 = '3' as Version;

/** @param writes the answers to one write after the other. @param reads likewise */
function script(writes: readonly Answer[], reads: readonly Answer[] = []): Promise<ScriptedVault> {
  return scriptVault(({ line }, count) => {
    if (line === 'POST secret/data/a') return writes[count] ?? errors(500);
    return line === 'GET secret/data/a' ? (reads[count] ?? errors(500)) : undefined;
  });
}

const lines = (vault: ScriptedVault): string[] => vault.asked.map(({ line }) => line.replace(' secret/data/a', ''));
const mismatch = errors(400, 'check-and-set parameter did not match the current version');

describe('a write to Vault', () => {
  it('sends the fields as they are', async () => {
    await using vault = await script([written(1)]);
    const spaced = ' { "b" : 1.5 , "a": "\\u003c<é" ,"b": [ 7 ] } ';
    const outcome = await vault.open().write('a', new SecretValue(spaced), { expected: 'absent' });
    assert.deepEqual(outcome, { kind: 'written', version: '1' });
    assert.equal(vault.asked[0]?.body, '{"options":{"cas":0},"data":{"b":[ 7 ],"a":"\\u003c<é"}}');
  });

  const outcomes: readonly {
    title: string;
    writes: readonly Answer[];
    reads?: readonly Answer[];
    expected?: Version | 'absent';
    outcome: object;
    lines: readonly string[];
  }[] = [
    {
      title: 'compares with the version that was expected',
      writes: [mismatch],
      reads: [{ body: present(4) }],
      outcome: { kind: 'conflict', found: '4' },
      lines: ['POST', 'GET'],
    },
    {
      title: 'tells that there is nothing',
      writes: [mismatch],
      reads: [errors(404)],
      outcome: { kind: 'conflict', found: 'absent' },
      lines: ['POST', 'GET'],
    },
    {
      title: 'tells that it is deleted',
      writes: [mismatch],
      reads: [deleted(3)],
      expected: 'absent',
      outcome: { kind: 'deleted', version: '3' },
      lines: ['POST', 'GET'],
    },
    {
      title: 'tells which version is deleted, to one who expected another',
      writes: [mismatch],
      reads: [deleted(4)],
      outcome: { kind: 'conflict', found: '4' },
      lines: ['POST', 'GET'],
    },
    {
      title: 'tells what cannot be a version of Vault from one that is',
      writes: [],
      reads: [{ body: present(3) }],
      expected: '0123456789abcdef' as Version,
      outcome: { kind: 'conflict', found: '3' },
      lines: ['GET'],
    },
    {
      title: 'is sent again where Vault did nothing',
      writes: [errors(429), errors(412), written(4)],
      outcome: { kind: 'written', version: '4' },
      lines: ['POST', 'POST', 'POST'],
    },
    {
      title: 'whose answer was cut off, and which was written',
      writes: [{ ...written(4), cut: 'in the body' }],
      reads: [{ body: present(4, mine) }],
      outcome: { kind: 'written', version: '4' },
      lines: ['POST', 'GET'],
    },
    {
      title: 'without an answer, which was written',
      writes: [{ hang: 'at once' }],
      reads: [{ body: present(4, mine) }],
      outcome: { kind: 'written', version: '4' },
      lines: ['POST', 'GET'],
    },
    {
      title: 'whose answer makes no sense, and which was written',
      writes: [{ body: '<html>' }],
      reads: [{ body: present(4, mine) }],
      outcome: { kind: 'written', version: '4' },
      lines: ['POST', 'GET'],
    },
    {
      title: 'that was not written is sent again with the same comparison',
      writes: [{ cut: 'at once' }, errors(502), written(4)],
      reads: [{ body: present(3) }, { body: present(3) }],
      outcome: { kind: 'written', version: '4' },
      lines: ['POST', 'GET', 'POST', 'GET', 'POST'],
    },
    {
      title: 'of a new secret that was not written is sent again',
      writes: [{ cut: 'at once' }, written(1)],
      reads: [errors(404)],
      expected: 'absent',
      outcome: { kind: 'written', version: '1' },
      lines: ['POST', 'GET', 'POST'],
    },
    {
      title: 'that somebody else came before, with another value',
      writes: [{ cut: 'at once' }],
      reads: [{ body: present(4, { a: 'other' }) }, { body: present(4, { a: 'other' }) }],
      outcome: { kind: 'conflict', found: '4' },
      lines: ['POST', 'GET', 'GET'],
    },
    {
      title: 'that is too large for its body, its JSON or its storage',
      writes: [errors(413, 'http: request body too large')],
      outcome: { kind: 'refused', because: 'too large' },
      lines: ['POST'],
    },
    {
      title: 'with a text that is too long for Vault',
      writes: [errors(500, 'JSON string value exceeds allowed length')],
      outcome: { kind: 'refused', because: 'too large' },
      lines: ['POST'],
    },
    {
      title: 'that is too large for Raft',
      writes: [errors(500, '1 error occurred:\n\t* put failed due to value being too large; got 2097152 bytes')],
      outcome: { kind: 'refused', because: 'too large' },
      lines: ['POST'],
    },
    {
      title: 'that is not allowed',
      writes: [errors(403, 'permission denied')],
      outcome: { kind: 'forbidden' },
      lines: ['POST'],
    },
  ];
  for (const one of outcomes)
    it(one.title, async () => {
      await using vault = await script(one.writes, one.reads);
      const store = vault.open({ timeoutMs: 200 });
      assert.deepEqual(await store.write('a', value, { expected: one.expected ?? version3 }), one.outcome);
      assert.deepEqual(lines(vault), one.lines);
      for (const { body } of vault.asked.filter(({ line }) => line.startsWith('POST')))
        assert.equal(body, `{"options":{"cas":${one.expected === 'absent' ? 0 : 3}},"data":${text}}`);
    });

  const unknown: readonly (readonly [title: string, writes: readonly Answer[], reads: readonly Answer[]])[] = [
    ['may not be read', [{ cut: 'at once' }], [errors(403, 'permission denied')]],
    ['cannot be read', [{ cut: 'at once' }], Array<Answer>(3).fill({ cut: 'at once' })],
    [
      'is not written after all attempts',
      Array<Answer>(3).fill(errors(500)),
      Array<Answer>(3).fill({ body: present(3) }),
    ],
  ];
  for (const [title, writes, reads] of unknown)
    it(`says that it does not know, where it ${title}`, async () => {
      await using vault = await script(writes, reads);
      const error = await failure(vault.open().write('a', value, { expected: version3 }));
      assert.match(error.message, /it is not known whether it was written/);
      assert.match(error.hint, /^Read it before you write it again/);
      assert.ok(error.retryable);
    });

  it('is sent once where the connection was never there', async () => {
    const vault = await script([]);
    const store = vault.open({ retries: 0 });
    await vault[Symbol.asyncDispose]();
    const error = await failure(store.write('a', value, { expected: version3 }));
    assert.doesNotMatch(error.message, /not known/);
  });

  it('refuses what would change on the way, and sends nothing', async () => {
    await using vault = await script([]);
    for (const wrong of [
      '{"a":1.50}',
      '{"a":[{"b":12345678901234567890}]}',
      '{"a":1e400}',
      '{"a":"\\ud800"}',
      '{"a":"\ud800"}',
    ])
      assert.match(
        (await failure(vault.open().write('a', new SecretValue(wrong), { expected: version3 }))).message,
        /it holds/,
      );
    for (const injected of ['{}},"options":{"cas":9}', '{}}{', '{} // {'])
      assert.deepEqual(await vault.open().write('a', new SecretValue(injected), { expected: version3 }), {
        kind: 'refused',
        because: 'not a JSON object',
      });
    assert.equal(vault.asked.length, 0);
  });
});
