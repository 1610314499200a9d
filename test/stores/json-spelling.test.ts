import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { findChange, respell } from '../../src/stores/json-spelling.ts';

/** As Go's encoding/json writes texts. */
function likeGo(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

describe('the spelling of JSON', () => {
  it('is that of JSON.stringify again, after Go has escaped it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const json = JSON.stringify(value);
        assert.equal(respell(likeGo(json)), json);
      }),
    );
  });

  it('of everything that is not a text stays as it is', () => {
    assert.equal(respell('{"a":[1.50, 1E5 ,-0],"\\u003c":true}'), '{"a":[1.50, 1E5 ,-0],"<":true}');
    const large = `{"a":"${'\\u003c'.repeat(200_000)}"}`;
    assert.equal(respell(large), `{"a":"${'<'.repeat(200_000)}"}`);
  });

  it('of doubles as JavaScript writes them is kept by Vault', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        assert.equal(findChange(JSON.stringify(value)), undefined);
      }),
    );
  });

  it('tells what Vault would give back as something else', () => {
    for (const number of [
      '1.50',
      '1.0',
      '1e5',
      '1E-7',
      '1e21',
      '12345678901234567890',
      '9007199254740993',
      '1e400',
      '0.10',
    ])
      for (const raw of [number, `{"a":${number}}`, `[1,[${number}]]`, `{"a":"1.5","b":{"c":[ ${number} ]}}`])
        assert.match(findChange(raw) ?? 'nothing', /a number/, raw);
    for (const raw of [
      '"1.50"',
      '{"1.50":"1e5"}',
      '[-0,1,1.5,1e+21,1e-7,0.000001]',
      '{"a\\"1.50":true,"b":null}',
      '"🔑"',
      '"\\ud83d\\udd11"',
    ])
      assert.equal(findChange(raw), undefined, raw);
    for (const raw of ['"\\ud800"', '{"\\udc00":1}', '["\ud800"]'])
      assert.match(findChange(raw) ?? 'nothing', /surrogate/);
  });
});
