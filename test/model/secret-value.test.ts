import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { SecretValue } from '../../src/model/secret-value.ts';

const canary = 'example-canary-value';
const value = new SecretValue(canary);

describe('a SecretValue', () => {
  it('prints <redacted> in every way that a program prints', () => {
    const holder = { name: 'TOKEN', value, list: [value], map: new Map([['TOKEN', value]]) };
    const printed = [
      String(value),
      // eslint-disable-next-line @typescript-eslint/restrict-template-expressions -- what careless code would do
      `${value}`,
      'a' + (value as unknown as string),
      JSON.stringify(value),
      JSON.stringify(holder),
      inspect(value),
      inspect(holder, { depth: Infinity, showHidden: true }),
      format('%s %o %O %j', value, value, value, value),
    ];
    for (const text of printed) {
      assert.match(text, /<redacted>/);
      assert.doesNotMatch(text, /canary/);
    }
  });

  it('does not give its text away where it is taken apart', () => {
    const parts = [
      // eslint-disable-next-line @typescript-eslint/no-misused-spread -- what careless code would do
      { ...value },
      Object.entries(value),
      Object.getOwnPropertyNames(value),
      structuredClone(value),
      inspect(value, { customInspect: false, showHidden: true }),
      new Error('failed', { cause: value }),
    ];
    assert.doesNotMatch(inspect(parts, { depth: Infinity, showHidden: true, customInspect: false }), /canary/);
  });

  it('gives its text to who asks for it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => new SecretValue(text).reveal() === text));
  });

  it('equals another of the same text, and no other', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        assert.equal(new SecretValue(a).equals(new SecretValue(b)), a === b);
        assert.ok(new SecretValue(a).equals(new SecretValue(a)));
        assert.equal(new SecretValue(a).equals(new SecretValue(a + b)), b === '');
        assert.equal(new SecretValue(a + b).equals(new SecretValue(a)), b === '');
      }),
    );
    // Where one is the other, repeated, every character compared is the same.
    assert.equal(new SecretValue('abab').equals(new SecretValue('ab')), false);
    assert.equal(new SecretValue('').equals(new SecretValue('')), true);
  });
});
