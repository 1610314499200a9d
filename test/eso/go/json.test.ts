import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GoError } from '../../../src/eso/go-error.ts';
import { asGoString, goString, textOf } from '../../../src/eso/go/go-string.ts';
import { isJsonNumber, marshal, unmarshal, unmarshalRawMap, unmarshalString } from '../../../src/eso/go/json.ts';
import type { GoValue } from '../../../src/eso/template/go-value.ts';

function errorOf(json: string): GoError {
  try {
    unmarshal(goString(json), 'float');
  } catch (error) {
    if (error instanceof GoError) return error;
  }
  throw new assert.AssertionError({ message: `${json} was accepted` });
}

describe('encoding/json', () => {
  it('keeps raw values byte for byte, and the last of two fields of one name', () => {
    const json = String.raw`{"a": { "k" : "<" } , "b":1.50,"\u0061":[1, 2],"c":"\ud800"}`;
    assert.deepEqual(
      [...unmarshalRawMap(goString(json))],
      [
        ['a', '[1, 2]'],
        ['b', '1.50'],
        ['c', String.raw`"\ud800"`],
      ],
    );
    assert.equal(unmarshalRawMap(goString(' null ')).size, 0);
  });

  it('reads null as a text, and nothing else that is none', () => {
    assert.equal(unmarshalString(goString('null')), '');
    assert.equal(unmarshalString(goString(String.raw`"\ud83d\ude00\ud800"`)), goString('😀\ufffd'));
    for (const raw of ['1', 'true', '[]', '{}', '', '"']) assert.equal(unmarshalString(goString(raw)), undefined);
  });

  it('keeps the text of a number on request', () => {
    const value = unmarshal(goString('[12345678901234567890, 1.50]'), 'literal');
    assert.ok(value.kind === 'slice' && value.items.every(isJsonNumber));
    assert.equal(marshal(value), '[12345678901234567890,1.50]');
  });

  it('gives back every value that it has written', () => {
    const values = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
    fc.assert(
      fc.property(values, (value) => {
        const written = marshal(unmarshal(goString(JSON.stringify(value)), 'float'));
        assert.equal(marshal(unmarshal(written, 'float')), written);
        assert.deepEqual(JSON.parse(textOf(written)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('nests 10,000 levels and no more', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = `${open.repeat(9999)}{}${close.repeat(9999)}`;
      assert.equal(marshal(unmarshal(goString(deep), 'float')), deep);
      const deeper = `${open.repeat(10_001)}1${close.repeat(10_001)}`;
      assert.equal(errorOf(deeper).text.reveal(), `invalid character '${open.charAt(0)}' exceeded max depth`);
    }
  });

  it('does not print what its errors take from the value', () => {
    assert.equal(String(errorOf('{"a":x}').text), "invalid character '<redacted>' looking for beginning of value");
    assert.equal(errorOf('{"a":x}').text.reveal(), "invalid character 'x' looking for beginning of value");
    const number = errorOf('{"a":[1e400,2e400]}').text;
    assert.equal(String(number), 'json: cannot unmarshal number <redacted> into Go value of type float64');
    assert.equal(number.reveal(), 'json: cannot unmarshal number 1e400 into Go value of type float64');
  });

  it('writes bytes as Base64, float32 with its own digits, and integers as they are', () => {
    const item = (value: bigint, type: 'uint8' | 'int64'): GoValue => ({ kind: 'int', type, value });
    assert.equal(
      marshal({ kind: 'slice', type: '[]uint8', items: [item(104n, 'uint8'), item(105n, 'uint8')] }),
      '"aGk="',
    );
    assert.equal(marshal({ kind: 'float', type: 'float32', value: Math.fround(0.1) }), '0.1');
    assert.equal(marshal(item(-9223372036854775808n, 'int64')), '-9223372036854775808');
    assert.equal(marshal({ kind: 'string', value: asGoString('\xff\xe2\x80\xa8') }), String.raw`"\ufffd\u2028"`);
  });

  it('refuses a map within itself, and what is no number', () => {
    const map: GoValue = { kind: 'map', type: 'map[string]interface {}', entries: new Map() };
    map.entries.set(goString('self'), { kind: 'slice', type: '[]interface {}', items: [map] });
    assert.throws(() => marshal(map), GoError);
    assert.throws(() => marshal({ kind: 'float', type: 'float64', value: Number.NaN }), GoError);
    const shared: GoValue = { kind: 'map', type: 'map[string]interface {}', entries: new Map() };
    assert.equal(marshal({ kind: 'slice', type: '[]interface {}', items: [shared, shared] }), '[{},{}]');
  });
});
