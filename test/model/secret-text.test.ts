import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { parseFields, quoteText, renderFields, unquoteText } from '../../src/model/secret-text.ts';
import type { SecretField } from '../../src/model/secret-text.ts';

const fieldsOf = (text: string): readonly SecretField[] => {
  const parsed = parseFields(text);
  assert.ok(parsed.kind === 'fields', text);
  return parsed.fields;
};
const entriesOf = (text: string): string[][] => fieldsOf(text).map(({ name, raw }) => [name, raw]);

/** Any JSON with any spacing, its numbers and escapes spelled in ways that JSON.parse would not keep. */
const space = fc.stringMatching(/^[ \t\n\r]{0,2}$/);
const number = fc.stringMatching(/^-?(0|[1-9]\d{0,30})(\.\d{1,20})?([eE][+-]?\d{1,4})?$/);
const quoted = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
  fc.stringMatching(/^(\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]|[a-z<>&é]){0,8}$/).map((text) => `"${text}"`),
);
const { value } = fc.letrec<{ value: string }>((tie) => {
  const list = (open: string, close: string, item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .tuple(
        space,
        fc.array(
          fc.tuple(space, item, space).map((parts) => parts.join('')),
          { maxLength: 4 },
        ),
      )
      .map(([inside, items]) => `${open}${items.length === 0 ? inside : items.join(',')}${close}`);
  const member = fc.tuple(quoted, space, space, tie('value')).map(([name, a, b, of]) => `${name}${a}:${b}${of}`);
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('true', 'false', 'null'),
      number,
      quoted,
      list('[', ']', tie('value')),
      list('{', '}', member),
    ),
  };
});
const member = fc.tuple(
  fc.oneof(quoted, fc.constantFrom('"a"', '"\\u0061"', '"__proto__"', '"7"')),
  space,
  space,
  value,
);
const objectText = fc
  .array(fc.tuple(space, member, space), { maxLength: 6 })
  .map(
    (members) =>
      `{${members.map(([before, [name, a, b, of], after]) => `${before}${name}${a}:${b}${of}${after}`).join(',')}}`,
  );

/**
 * JSON by another parser: JSON.parse of V8 13.6 (Node 24) takes the name "\\u0061" for a backslash once it has seen an object with that name in
 * this place.
 */
function parseOtherwise(text: string): unknown {
  // A bare carriage return is white space in JSON and can stand in no text of it; the other parser does not know it as such.
  return parse(text.replaceAll('\r', ' '), { schema: 'json', uniqueKeys: false, mapAsMap: true }) as unknown;
}

describe("a secret's text", () => {
  it('is a map of fields, every value byte for byte', () => {
    assert.deepEqual(
      entriesOf(
        ' { "B" : "x" , "A":12345678901234567890, "1": 1.50,"E":1E+21 ,"O":{ "k" : "<" } , "L":[1, 2],"N":null,"T":true}\n',
      ),
      [
        ['B', '"x"'],
        ['A', '12345678901234567890'],
        ['1', '1.50'],
        ['E', '1E+21'],
        ['O', '{ "k" : "<" }'],
        ['L', '[1, 2]'],
        ['N', 'null'],
        ['T', 'true'],
      ],
    );
  });

  it('of two fields of one name keeps the last, however they are spelled', () => {
    assert.deepEqual(entriesOf('{"a":1,"b":2,"\\u0061":3}'), [
      ['a', '3'],
      ['b', '2'],
    ]);
    assert.deepEqual(entriesOf('{"__proto__":"x"}'), [['__proto__', '"x"']]);
    assert.deepEqual(entriesOf('{"a":{"a":1,"b":2}}'), [['a', '{"a":1,"b":2}']]);
  });

  it('is what another parser takes it for, whatever the JSON', () => {
    fc.assert(
      fc.property(objectText, (text) => {
        const expected = [...(parseOtherwise(text) as Map<string, unknown>)].map(([name, of]) => [
          name.toWellFormed(),
          of,
        ]);
        const got = fieldsOf(text).map(({ name, raw }) => [name, parseOtherwise(raw)]);
        const byName = (a: unknown[], b: unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1);
        // Halves of surrogate pairs may make two names one; the other parser keeps them apart.
        fc.pre(new Set(expected.map(([name]) => name)).size === expected.length);
        assert.deepEqual(got.toSorted(byName), expected.toSorted(byName));
      }),
      { numRuns: 500 },
    );
  });

  it('comes back unchanged from being rendered', () => {
    fc.assert(
      fc.property(objectText, (text) => {
        const fields = fieldsOf(text);
        assert.deepEqual(fieldsOf(renderFields(fields)), fields);
      }),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), {
          selector: ([name]) => name,
        }),
        (entries) => {
          const fields = entries.map(([name, text]) => ({ name, raw: quoteText(text) }));
          assert.deepEqual(
            fieldsOf(renderFields(fields)).map(({ name, raw }) => [name, unquoteText(raw)]),
            entries,
          );
        },
      ),
    );
  });

  it('that is broken anywhere is refused exactly where JSON.parse refuses it', () => {
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const characters = fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '-',
      '.',
      'e',
      'u',
      'x',
      '\n',
      '\u0000',
      '\u00a0',
      '\ufeff',
      '',
    );
    fc.assert(
      fc.property(objectText, fc.nat(), characters, fc.boolean(), (text, position, character, replace) => {
        const at = position % (text.length + 1);
        const broken = text.slice(0, at) + character + text.slice(replace ? at + 1 : at);
        const parsed = parseFields(broken);
        if (parsed.kind === 'fields') assert.ok(isJson(broken), broken);
        else if (parsed.found === 'invalid JSON') assert.ok(!isJson(broken), broken);
      }),
      { numRuns: 2000 },
    );
  });

  it('that is no object says what it is, and nothing of itself', () => {
    for (const [text, found] of [
      ['', 'nothing'],
      [' \n', 'nothing'],
      ['null', 'null'],
      [' true ', 'a boolean'],
      ['-1.5e3', 'a number'],
      ['"example"', 'a text'],
      ['[{"a":1}]', 'a list'],
      ['example-token', 'invalid JSON'],
      ['{"a":1} x', 'invalid JSON'],
      ['{"a":01}', 'invalid JSON'],
      ['{"a":1,}', 'invalid JSON'],
      ['{"a":"x\ny"}', 'invalid JSON'],
      ['{"a":"\\ud8"}', 'invalid JSON'],
      ["{'a':1}", 'invalid JSON'],
      ['{"a":[}]', 'invalid JSON'],
      ['\ufeff{"a":1}', 'invalid JSON'],
    ])
      assert.deepEqual(parseFields(text ?? ''), { kind: 'not-an-object', found });
  });

  it('may be as deep as encoding/json allows, and as large as a store', () => {
    const deep = (levels: number): string => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    assert.equal(fieldsOf(deep(10_000)).length, 1);
    assert.equal(parseFields(deep(10_001)).kind, 'not-an-object');
    assert.equal(fieldsOf(`{"a":"${'\\n'.repeat(1_000_000)}"}`)[0]?.raw.length, 2_000_002);
    assert.equal(parseFields(`{"a":"${'x'.repeat(2_000_000)}`).kind, 'not-an-object');
  });

  it('decodes texts as encoding/json does', () => {
    assert.equal(unquoteText('"\\u00e9\\ud83d\\ude00\\n"'), 'é😀\n');
    assert.equal(unquoteText('"\\ud800x"'), '\ufffdx');
    assert.equal(unquoteText('1'), undefined);
  });
});
