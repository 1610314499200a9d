import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GoError, Unpredictable } from '../../src/eso/go-error.ts';
import type { GoString } from '../../src/eso/go/go-string.ts';
import { asGoString, goString, textOf } from '../../src/eso/go/go-string.ts';
import { convertKeys, validateKeys } from '../../src/eso/keys.ts';

const version = { major: 0, minor: 20, patch: 4 };

function mapOf(...keys: readonly string[]): Map<GoString, GoString> {
  return new Map(keys.map((key, index) => [goString(key), goString(`example-${String(index)}`)]));
}

const keysOf = (map: ReadonlyMap<GoString, GoString>): string[] => [...map.keys()].map(textOf);

function failsWith(text: string, reason: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof GoError, String(error));
    assert.equal(error.text.reveal(), text);
    assert.equal(error.reason, reason);
    return true;
  };
}

const isMapOrder = (error: unknown): boolean => error instanceof Unpredictable && error.reason === 'map-order';

describe('keys, as a conversionStrategy makes them', () => {
  it('keep letters and numbers of every script, hyphens, dots and underscores', () => {
    for (const strategy of ['Default', 'Unicode'] as const)
      assert.deepEqual(keysOf(convertKeys(mapOf('a-b.c_1', 'clé', '数据', '½'), strategy, version)), [
        'a-b.c_1',
        'clé',
        '数据',
        '½',
      ]);
  });

  it('have an underscore, or the code point, for everything else', () => {
    const keys = mapOf('a/b', 'c d', 'e😀', '');
    assert.deepEqual(keysOf(convertKeys(keys, 'Default', version)), ['a_b', 'c_d', 'e_', '']);
    assert.deepEqual(keysOf(convertKeys(keys, 'Unicode', version)), ['a_U002f_b', 'c_U0020_d', 'e_U1f600_', '']);
  });

  it('stay as they are without a strategy, until ESO 2 takes that for Default', () => {
    assert.deepEqual(keysOf(convertKeys(mapOf('a/b'), '', version)), ['a/b']);
    assert.deepEqual(keysOf(convertKeys(mapOf('a/b'), '', { major: 2, minor: 9, patch: 0 })), ['a_b']);
  });

  it('do not have what Unicode got after 15.0, which Go does not know', () => {
    assert.deepEqual(keysOf(convertKeys(mapOf('\u{2ebf0}', '\u1c89'), 'Unicode', version)), ['_U2ebf0_', '_U1c89_']);
  });

  it('fail where two become one, and cannot be told where that happens more than once', () => {
    assert.throws(
      () => convertKeys(mapOf('a/b', 'x', 'a_b'), 'Default', version),
      failsWith('secret name collision during conversion: a_b', 'key-collision'),
    );
    assert.throws(() => convertKeys(mapOf('a/b', 'a_b', 'c/d', 'c_d'), 'Default', version), isMapOrder);
  });

  it('pass the validation once they are converted, whatever they were', () => {
    const anyKey = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(fc.property(anyKey, (key) => validateKeys(convertKeys(mapOf(key), 'Default', version)).size <= 1));
  });
});

describe('keys, as the operator validates them', () => {
  it('are dropped where they are empty', () => {
    assert.deepEqual(keysOf(validateKeys(mapOf('', 'a'))), ['a']);
  });

  it('are refused for a character, the first of which is named', () => {
    assert.throws(
      () => validateKeys(mapOf('ok', 'a b/c')),
      failsWith("key has invalid character  , only alphanumeric, '-', '.' and '_' are allowed: a b/c", 'invalid-key'),
    );
    assert.throws(
      () => validateKeys(new Map([[asGoString('a\xff\xff'), goString('')]])),
      failsWith(
        "key has invalid character \ufffd, only alphanumeric, '-', '.' and '_' are allowed: a\ufffd\ufffd",
        'invalid-key',
      ),
    );
  });

  it('are refused beyond 253 bytes, whatever is in them', () => {
    assert.equal(validateKeys(mapOf('x'.repeat(253))).size, 1);
    const start = `${'/'.repeat(252)}\ufffd`;
    assert.throws(
      () => validateKeys(mapOf(`${'/'.repeat(252)}é`)),
      failsWith(`key has length 254 but max is 253: (following is truncated): ${start}`, 'invalid-key'),
    );
  });

  it('cannot be told where several are wrong', () => {
    assert.throws(() => validateKeys(mapOf('a b', 'c d')), isMapOrder);
  });
});
