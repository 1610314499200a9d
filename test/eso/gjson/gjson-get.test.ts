import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Unpredictable } from '../../../src/eso/go-error.ts';
import { asGoString, goString, textOf } from '../../../src/eso/go/go-string.ts';
import { gjsonGet } from '../../../src/eso/gjson/gjson-get.ts';

function get(json: string, path: string): string | undefined {
  const found = gjsonGet(goString(json), goString(path));
  return found === undefined ? undefined : textOf(found);
}

/** JSON, path, and what gjson 1.18 was seen to give. */
const seen: readonly (readonly [json: string, path: string, found: string | undefined])[] = [
  ['{"a.b":"lit","a":{"b":"nest"}}', 'a.b', 'nest'],
  ['{"a.b":"lit","a":{"c":1}}', 'a.b', undefined],
  ['{"a.b":"lit","a":{"c":1}}', String.raw`a\.b`, 'lit'],
  ['{"a":12345678901234567890}', 'a', '12345678901234567890'],
  ['{"a":1e21}', 'a', '1000000000000000000000'],
  ['{"a":1.50}', 'a', '1.5'],
  ['{"a":1e-7}', 'a', '0.0000001'],
  ['{"a":-0.0}', 'a', '-0'],
  ['{"a":1E400}', 'a', '+Inf'],
  ['{"a":[1, 2]}', 'a', '[1, 2]'],
  ['{"a":[1, 2]}', 'a.#', '2'],
  ['{"a":[1, 2]}', 'a.0', '1'],
  ['{"a":[{"n":1},{"n":2}]}', 'a.#.n', '[1,2]'],
  ['{"a":[{"n":[1,2]},{"n":[3]}]}', 'a.#.n.0', '[1,3]'],
  ['{"a":[{"n":[1,2]},{"n":[3]}]}', 'a.#.n|0', '[1,2]'],
  ['hello', 'a', undefined],
  ['', 'a', undefined],
  ['{"a":null}', 'a', ''],
  ['{"a":true}', 'a', 'true'],
  ['junk {"a":"x"}', 'a', 'x'],
  ['{"a":"x"', 'a', 'x'],
  ['{"a":"unterminated', 'a', undefined],
  ['{"a":tru}', 'a', 'true'],
  ['{"a":NaN}', 'a', 'NaN'],
  ['{"ab":"x"}', 'a*', 'x'],
  ['{"ab":"x"}', '?b', 'x'],
  ['{"a|b":"x"}', 'a|b', undefined],
  ['{"{a":"x"}', '{a', undefined],
  ['{"":"x"}', '{a', 'x'],
  ['{"@a":"x"}', '@a', 'x'],
  ['{"!a":"x"}', '!a', 'x'],
  ['{"a":"1","a":"2"}', 'a', '1'],
  [String.raw`{"a":"{\"b\":1}"}`, 'a.b', undefined],
  ['["x"]', '0', 'x'],
  ['{"0":"x"}', '0', 'x'],
  [String.raw`{"a":"\ud800"}`, 'a', '\ufffd'],
  [String.raw`{"k\u0065y":"v"}`, 'key', 'v'],
  ['{"a":1}\n{"a":2}', '..1.a', '2'],
  ['[1,2', '#', '2'],
  ['[1,"2', '#', undefined],
  ['[[1,2', '#', '1'],
  ['[{"b":1},{"b', '#.b', undefined],
];

describe('gjson', () => {
  for (const [json, path, found] of seen)
    it(`finds ${String(found)} at ${path} of ${json}`, () => {
      assert.equal(get(json, path), found);
    });

  it('is not evaluated for queries, multipaths, modifiers and literals', () => {
    const json = '{"a":[{"b":1}]}';
    for (const path of [
      '@this',
      'a.@reverse',
      'a|@keys',
      '!true',
      'a.#(b==1)',
      'a.#(b==1)#.b',
      '{a,b}',
      'a.[0,1]',
      'a*b*c*d*e',
    ])
      assert.throws(
        () => get(json, path),
        (error) => error instanceof Unpredictable && error.reason === 'query',
        path,
      );
  });

  it('never throws anything else, whatever it is given', () => {
    const units = fc.string({ unit: fc.constantFrom(...'{}[]":,.ab0#*?\\|@!( \n\xff'.split('')), maxLength: 30 });
    fc.assert(
      fc.property(units, units, (json, path) => {
        try {
          gjsonGet(asGoString(json), asGoString(path));
        } catch (error) {
          assert.ok(error instanceof Unpredictable, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('finds every text by its name', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '/', ' '), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(name, fc.string({ unit: 'binary' }), (key, value) => {
        assert.equal(get(JSON.stringify({ other: [1, { [key]: 2 }], [key]: value }), key), value);
      }),
    );
  });

  it('goes as deep as a property is likely to, and refuses to go deeper', () => {
    const json = `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`;
    assert.equal(get(json, Array<string>(1000).fill('a').join('.')), '1');
    assert.throws(() => get(json, Array<string>(1001).fill('a').join('.')), Unpredictable);
    assert.equal(get(`{"x":${'['.repeat(100_000)}${']'.repeat(100_000)},"a":"found"}`, 'a'), 'found');
  });
});
