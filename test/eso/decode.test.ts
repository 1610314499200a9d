import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeMap, decodeValue } from '../../src/eso/decode.ts';
import { GoError, Unpredictable } from '../../src/eso/go-error.ts';
import { asGoString, goString, goStringOfBytes } from '../../src/eso/go/go-string.ts';

const errorOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof GoError) return error.text.reveal();
    throw error;
  }
};

describe('values, as a decodingStrategy makes them', () => {
  it('stay as they are with None and without one', () => {
    for (const strategy of ['None', ''] as const) assert.equal(decodeValue(strategy, goString('aGk=')), 'aGk=');
  });

  it('come back from Base64 whatever they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        const value = goStringOfBytes(bytes);
        assert.equal(decodeValue('Base64', goString(base64)), value);
        assert.equal(decodeValue('Auto', goString(base64)), value);
        const url = base64.replaceAll('+', '-').replaceAll('/', '_');
        assert.equal(decodeValue('Base64URL', goString(url)), value);
        assert.equal(decodeValue('Auto', goString(url)), value);
      }),
    );
  });

  it('may have line breaks and set bits behind their end, and must have their padding', () => {
    assert.equal(decodeValue('Base64', goString('YW\nJj\r\n')), 'abc');
    assert.equal(decodeValue('Base64', goString('YR==')), 'a');
    assert.equal(
      errorOf(() => decodeValue('Base64', goString('YWI'))),
      'illegal base64 data at input byte 0',
    );
    assert.equal(
      errorOf(() => decodeValue('Base64', goString('aGk= '))),
      'illegal base64 data at input byte 4',
    );
    assert.equal(
      errorOf(() => decodeValue('Base64', goString('_w=='))),
      'illegal base64 data at input byte 0',
    );
  });

  it('are taken for Base64 by Auto where they happen to be, and else left alone', () => {
    assert.equal(decodeValue('Auto', goString('test')), '\xb5\xeb-');
    assert.equal(decodeValue('Auto', goString('abc')), 'abc');
    assert.equal(decodeValue('Auto', goString('pass word')), 'pass word');
  });

  it('name their key where they cannot be decoded, if it is the only one', () => {
    const good = [goString('good'), goString('aGk=')] as const;
    const bad = [goString('bad'), goString('?')] as const;
    const failing = (): unknown => decodeMap('Base64', new Map([good, bad]));
    assert.equal(errorOf(failing), 'failure decoding key bad: illegal base64 data at input byte 0');
    assert.throws(() => decodeMap('Base64', new Map([bad, [asGoString('worse'), goString('?')]])), Unpredictable);
    assert.deepEqual([...decodeMap('Base64', new Map([good]))], [['good', 'hi']]);
  });
});
