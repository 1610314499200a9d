import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SecretValue } from '../../src/model/secret-value.ts';
import { fingerprint } from '../../src/report/fingerprint.ts';

const key = randomBytes(32);
const of = (name: string, ...values: string[]): string =>
  fingerprint(
    key,
    name,
    values.map((value) => new SecretValue(value)),
  );

describe('a fingerprint', () => {
  it('is 8 characters of base32, the first 40 bits of an HMAC', () => {
    const fixed = new Uint8Array(32);
    assert.equal(
      fingerprint(fixed, 'github', [new SecretValue('example')]),
      base32(createHmac('sha256', fixed).update('["github","example"]').digest().subarray(0, 5)),
    );
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (name, value) => /^[A-Z2-7]{8}$/.test(of(name, value))),
    );
  });

  it('is the same for the same value under the same name, in one run', () => {
    assert.equal(of('github', 'example'), of('github', 'example'));
    assert.notEqual(of('github', 'example'), of('github', 'example2'));
    assert.notEqual(of('github', 'example'), fingerprint(randomBytes(32), 'github', [new SecretValue('example')]));
  });

  it('hides that two secrets share a value, and where one value ends and the next begins', () => {
    assert.notEqual(of('github', 'example'), of('jira', 'example'));
    assert.notEqual(of('a', 'b', 'c'), of('a', 'bc'));
    assert.notEqual(of('a', 'b","c'), of('a', 'b', 'c'));
  });
});

/** The other way round: by the text of the bits. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(parseInt(five, 2)))
    .join('');
}
