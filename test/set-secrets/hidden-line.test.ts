import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Fed } from '../../src/commands/hidden-line.ts';
import { HiddenLine } from '../../src/commands/hidden-line.ts';

function feed(...chunks: readonly string[]): { readonly text: string; readonly last: Fed } {
  const line = new HiddenLine();
  let last: Fed = 'more';
  for (const chunk of chunks) {
    last = line.feed(chunk);
    if (last !== 'more') break;
  }
  return { text: line.text, last };
}

describe('a hidden line', () => {
  it('is what is typed, without the keys that move a cursor', () => {
    assert.equal(feed('a\u001b[Db\u001b[1;5Cc\u001bOAd\u001b').text, 'abcd');
    assert.equal(feed('a\u001b', '[', '3', '~b').text, 'ab');
    assert.equal(feed('\u001babc').text, 'abc', 'Escape takes nothing along');
    assert.equal(feed('a\u0001\u0012\u0000b\tc').text, 'ab\tc');
  });

  it('can be corrected', () => {
    assert.equal(feed('ab😀\u007f\u007fc').text, 'ac');
    assert.equal(feed('\u007f\bab\u0015c').text, 'c');
  });

  it('ends at Enter, and tells whether more came along', () => {
    assert.deepEqual(feed('a\r'), { text: 'a', last: { kind: 'entered', rest: false } });
    assert.deepEqual(feed('a\r\n').last, { kind: 'entered', rest: false });
    assert.deepEqual(feed('a\rb').last, { kind: 'entered', rest: true });
    assert.deepEqual(feed('a\r\r').last, { kind: 'entered', rest: true });
    for (const [keys, last] of [
      ['a\u0003', 'stopped'],
      ['\u0004', 'stopped'],
      ['a\u0004', 'more'],
    ] as const)
      assert.equal(feed(keys).last, last);
  });

  it('is the same in whichever pieces it comes, pasted or typed', () => {
    const typed = fc.string({ unit: 'grapheme-ascii' });
    // Terminals take Escape out of what is pasted.
    const pasted = fc.string({
      unit: fc.constantFrom('a', 'é', '[', '2', '0', '1', '~', '\r', '\u0003', '\u0004', '\u007f'),
    });
    fc.assert(
      fc.property(typed, pasted, typed, fc.array(fc.nat(60), { maxLength: 12 }), (before, paste, after, cuts) => {
        const all = `${before}\u001b[200~${paste}\u001b[201~${after}\r`;
        const at = [0, ...cuts.map((cut) => Math.min(cut, all.length)), all.length].toSorted((a, b) => a - b);
        const chunks = at.slice(1).map((end, index) => all.slice(at[index], end));
        const lines = paste.replaceAll('\r', '\n');
        const taken = /^[^\n]*\n+$/.test(lines) ? lines.replace(/\n+$/, '') : lines;
        const { text, last } = feed(...chunks);
        assert.equal(text, `${before}${taken}${after}`);
        assert.deepEqual(last, { kind: 'entered', rest: false });
      }),
    );
  });
});
