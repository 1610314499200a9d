import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { re2ToJavaScript } from '../../src/schemas/re2-pattern.ts';

/** Pattern, texts that RE2 matches, texts that it does not. */
const cases: readonly [pattern: string, matching: readonly string[], other: readonly string[]][] = [
  ['^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$', ['a', 'a-b.c'], ['A', '-a', 'a.', 'a\n']],
  ['^[-._a-zA-Z0-9]+$', ['a-b_c.D'], ['', 'a b']],
  ['^.{2,}|[^./]$', ['ab', 'a', '\u2028\u2028'], ['', '.', '/']],
  ['^a\\-b\\_c$', ['a-b_c'], ['a-b-c']],
  ['^\\s$', [' ', '\t'], ['\u00a0', '\v']],
  ['^[\\s,]$', [' ', ','], ['\u00a0']],
  ['^\\S$', ['a', '\u00a0'], [' ']],
  ['^[[:alpha:]_]+$', ['aB_'], ['1']],
  ['^[]a]$', [']', 'a'], ['b']],
  ['^[^]a]$', ['b'], [']', 'a']],
  ['^[\\]\\-\\[]$', [']', '-', '['], ['\\']],
  ['(?i)^abc$', ['ABC', 'abc'], ['ab']],
  ['^(?P<year>\\d{4})$', ['2026'], ['26']],
  ['^(?:a|b)$', ['a', 'b'], ['ab']],
  ['\\Aab\\z', ['ab'], ['cab', 'abc']],
  ['^\\x41\\x{1F600}$', ['A😀'], ['A']],
  ['^\\pL\\p{Greek}$', ['aα'], ['1α']],
  ['^a{2}$', ['aa'], ['a']],
  ['^{a}$', ['{a}'], ['a']],
  ['^.$', ['😀', '\r'], ['\n']],
];

describe('re2ToJavaScript', () => {
  for (const [pattern, matching, other] of cases)
    it(`means the same: ${pattern}`, () => {
      const translated = re2ToJavaScript(pattern);
      assert.ok(translated !== undefined);
      const expression = new RegExp(translated, 'u');
      for (const text of matching) assert.match(text, expression);
      for (const text of other) assert.doesNotMatch(text, expression);
    });

  it('gives up on what has no equal', () => {
    for (const pattern of ['\\C', 'a(?s)b', '\\Qa.b\\E', '[\\S]', '[[:nope:]]', '[a', 'a(?i:b', '\\'])
      assert.equal(re2ToJavaScript(pattern), undefined, pattern);
  });
});
