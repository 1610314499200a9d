import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { renderYaml } from '../../src/manifests/yaml.ts';

const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    'yes',
    'E0',
    'e+12',
    'No',
    'on',
    'null',
    '~',
    '',
    ' ',
    '1:30',
    '0x1f',
    '1_000',
    '.5',
    '1e3',
    '- a',
    'a: b',
    'a #b',
    '*a',
    '&a',
    '!a',
    '%',
    '@',
    '`',
    '=',
    '<<',
    '|',
    '>',
    '---',
    '...',
    '2026-01-01',
    '1h0m0s',
    'a:',
    '\ta',
    'https://a.b/c:d',
    'true',
    'Infinity',
    '1.2.3',
    'é',
    '\u2028',
    '\u0085',
    '\ufeff',
    '{{ x }}',
  ),
  fc
    .array(fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '#', '\t', '-', '\r', 'é') }), { maxLength: 6 })
    .map((lines) => lines.join('\n')),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text !== '__proto__');
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
  ),
}));
const document = fc.oneof(fc.dictionary(key, tree, { maxKeys: 5 }), fc.array(tree, { maxLength: 4 }));

describe('renderYaml', () => {
  for (const version of ['1.1', '1.2'] as const)
    it(`is read back as what it was by a YAML ${version} parser`, () => {
      fc.assert(
        fc.property(document, (value) => {
          const plain: unknown = JSON.parse(JSON.stringify(value));
          assert.deepEqual(
            parse(renderYaml(value), { version, schema: version === '1.1' ? 'yaml-1.1' : 'core', maxAliasCount: 0 }),
            plain,
          );
        }),
        { numRuns: 1000 },
      );
    });

  it('keeps text of several lines readable', () =>
    assert.equal(
      renderYaml({ a: { b: 'one\n\n  two: #\n', c: ['x\ny'] } }),
      'a:\n  b: |\n    one\n\n      two: #\n  c:\n    - |-\n      x\n      y\n',
    ));

  it('leaves durations and addresses unquoted, and quotes what YAML 1.1 would take for something else', () =>
    assert.equal(
      renderYaml({ a: '1h0m0s', b: 'https://x.y:1/z', c: 'no', d: '1.10', e: [] }),
      'a: 1h0m0s\nb: https://x.y:1/z\nc: "no"\nd: "1.10"\ne: []\n',
    ));

  it('leaves out what is undefined and refuses what YAML cannot hold', () => {
    assert.equal(renderYaml({ a: undefined, b: [{ c: undefined }, { d: 1, e: undefined }] }), 'b:\n  - {}\n  - d: 1\n');
    assert.throws(() => renderYaml({ a: 1.5 }), TypeError);
    assert.throws(() => renderYaml({ a: 2 ** 60 }), TypeError);
    assert.throws(() => renderYaml({ a: Symbol('a') }), TypeError);
  });
});
