import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GoError, Unpredictable } from '../../../src/eso/go-error.ts';
import { goString, textOf } from '../../../src/eso/go/go-string.ts';
import { compileRegexp } from '../../../src/eso/go/regexp.ts';

function replaceAll(source: string, text: string, template: string): string {
  return textOf(compileRegexp(source).replaceAll(goString(text), goString(template)));
}

describe('regular expressions as Go has them', () => {
  it('find what JavaScript finds, where both agree', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      'a*',
      'b+?',
      '(a|b)',
      '(?:ab|a)',
      '[^a]',
      'a{1,2}',
      '^',
      '$',
      '|',
      'é',
    );
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀', '-'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), text, (pieces, subject) => {
        // Repetitions of what may be empty, or of assertions, are where they differ.
        fc.pre(!/[\^$|(][*+{]/.test(pieces.join('')));
        const source = pieces.join('');
        const expected = new RegExp(source, 'u').exec(subject);
        const found = compileRegexp(source).find(goString(subject));
        const whole =
          found && textOf(goString(subject).slice(found[0].start, found[0].end) as ReturnType<typeof goString>);
        assert.equal(whole, expected?.[0]);
      }),
    );
  });

  it('take a reference for the longest name that it may be', () => {
    assert.equal(replaceAll('^db-(.*)$', 'db-x', '$1_y'), '');
    assert.equal(replaceAll('^db-(.*)$', 'db-x', '${1}_y'), 'x_y');
    assert.equal(replaceAll('(?P<n>x)', 'axb', '$$n=${n}$'), 'a$n=x$b');
  });

  it('replace an empty match at every place but behind another match', () => {
    assert.equal(replaceAll('a*', 'baac', 'x'), 'xbxcx');
    assert.equal(replaceAll('', 'é😀', '-'), '-é-😀-');
  });

  it('split as Go splits', () => {
    const split = (source: string, text: string, limit: number): string[] =>
      compileRegexp(source).split(goString(text), limit).map(textOf);
    assert.deepEqual(split('a', 'banana', -1), ['b', 'n', 'n', '']);
    assert.deepEqual(split('a', 'banana', 2), ['b', 'nana']);
    assert.deepEqual(split('z+', 'pizza', -1), ['pi', 'a']);
    assert.deepEqual(split('', 'abc', -1), ['a', 'b', 'c']);
    assert.deepEqual(split('x', '', -1), ['']);
    assert.deepEqual(split('x', 'axb', 0), []);
  });

  it('take linear time', () => {
    assert.equal(compileRegexp('^(a+)+$').test(goString(`${'a'.repeat(5000)}b`)), false);
  });

  it('end an empty repetition as Go does, unlike JavaScript', () => {
    assert.equal(replaceAll('^(|a)*', 'aa', '[$0]'), '[]aa');
    assert.equal(replaceAll('^(?:(a)|b)*$', 'ab', '[$1]'), '[a]');
  });

  it('ignore case beyond ASCII, as simple case folding has it', () => {
    assert.ok(compileRegexp('(?i)^straße ks$').test(goString('STRAẞE \u212a\u017f')));
    assert.ok(!compileRegexp('(?i)^ss$').test(goString('ß')));
    assert.ok(compileRegexp(String.raw`(?i)^\w\w$`).test(goString('\u212a\u017f')));
    assert.ok(!compileRegexp(String.raw`^\w$`).test(goString('\u212a')));
  });

  it('fail with the texts of Go', () => {
    const errors = {
      'a(b': 'missing closing ): `a(b`',
      'a)b': 'unexpected ): `a)b`',
      '[a': 'missing closing ]: `[a`',
      '*a': 'missing argument to repetition operator: `*`',
      'a**': 'invalid nested repetition operator: `**`',
      'x{1001}': 'invalid repeat count: `{1001}`',
      '(?=a)': 'invalid or unsupported Perl syntax: `(?=`',
      [String.raw`\8`]: String.raw`invalid escape sequence: ` + '`\\8`',
      '\\': 'trailing backslash at end of expression: ``',
    };
    for (const [source, text] of Object.entries(errors))
      assert.throws(
        () => compileRegexp(source),
        (error) => error instanceof GoError && error.text.reveal() === `error parsing regexp: ${text}`,
        source,
      );
  });

  it('are refused where their classes or their size are not known here', () => {
    for (const source of [String.raw`\p{Deseret}`, String.raw`\pC`, '('.repeat(300), 'a{1000}'.repeat(60)])
      assert.throws(() => compileRegexp(source), Unpredictable, source);
  });
});
