import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { remarshal } from '../../src/eso/go-json.ts';

/** What encoding/json would make of a value that is there already, so that no parser takes part. */
function marshal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(marshal).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const names = Object.keys(value).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${names.map((name) => `${marshal(name)}:${marshal((value as Record<string, unknown>)[name])}`).join(',')}}`;
  }
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const values = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });

describe('JSON read and written again by Go', () => {
  it('has its keys sorted and no spaces, whatever it is', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        assert.equal(remarshal(JSON.stringify(value, null, indent), 'float'), marshal(value));
      }),
    );
  });

  it('keeps the text of its numbers, or reads them as doubles', () => {
    const raw = '[1.50, 12345678901234567890, -0, 1E3, 1e400]';
    assert.equal(remarshal(raw, 'literal'), '[1.50,12345678901234567890,-0,1E3,1e400]');
    assert.equal(remarshal(raw, 'float'), undefined);
    assert.equal(remarshal(raw.replace(', 1e400', ''), 'float'), '[1.5,12345678901234567000,-0,1000]');
  });

  it('has of two keys of one name the last, and escapes what Go escapes', () => {
    assert.equal(
      remarshal(String.raw`{"b":"<","a":[],"b":{"c":null}, "\u0061":true}`, 'literal'),
      '{"a":true,"b":{"c":null}}',
    );
    assert.equal(remarshal(String.raw`"<\/>\ud800\u2028"`, 'literal'), '"\\u003c/\\u003e\ufffd\\u2028"');
  });

  it('tells apart names that V8 takes for each other', () => {
    JSON.parse(String.raw`[{"\u0061":1}]`);
    assert.equal(remarshal(String.raw`[{"\u0061":1},{"\\":2}]`, 'literal'), '[{"a":1},{"\\\\":2}]');
  });

  it('may be as deep as Go allows', () => {
    const deep = `${'{"a":['.repeat(5000)}1${']}'.repeat(5000)}`;
    assert.equal(remarshal(deep, 'literal'), deep);
  });
});
