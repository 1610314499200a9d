import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GoError, Unpredictable } from '../../../src/eso/go-error.ts';
import type { GoString } from '../../../src/eso/go/go-string.ts';
import { bytesOf, goString, goStringOfBytes, textOf } from '../../../src/eso/go/go-string.ts';
import { unmarshalYamlStringMap } from '../../../src/eso/yaml/unmarshal-string-map.ts';
import { recorded } from '../template/functions/answers.ts';

function outcomeOf(text: GoString): string {
  try {
    return shown([...unmarshalYamlStringMap(text)]);
  } catch (error) {
    if (error instanceof GoError) return `error ${error.text.reveal()}`;
    if (error instanceof Unpredictable) return 'unpredictable';
    throw error;
  }
}

function shown(entries: readonly (readonly [string, string])[]): string {
  return JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe('YAML as the real operator read it', () => {
  const outcomes = recorded.documents.map(({ y, m, e }) => ({
    text: y,
    expected: e === undefined ? shown(Object.entries(m ?? {})) : `error ${textOf(e as GoString)}`,
    actual: outcomeOf(y as GoString),
  }));
  it('is read alike, or not told', () => {
    const differences = outcomes.filter(({ expected, actual }) => expected !== actual && actual !== 'unpredictable');
    assert.deepEqual(differences, []);
  });
  it('is told of what platforms write', () => {
    const untold = outcomes.filter(({ actual }) => actual === 'unpredictable');
    assert.ok(untold.length < outcomes.length / 5, `${untold.length} of ${outcomes.length}`);
  });
});

describe('the form of the templates that are written here', () => {
  it('gives back every value that is UTF-8', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/), fc.string({ unit: 'grapheme' })),
        (values) => {
          const entries = Object.entries(values).map(([key, value]) => [goString(key), goString(value)] as const);
          const text = entries.map(
            ([key, value]) => `"${key}": !!binary "${Buffer.from(bytesOf(value)).toString('base64')}"\n`,
          );
          assert.deepEqual(unmarshalYamlStringMap(goString(text.join(''))), new Map(entries));
        },
      ),
    );
  });
  it('puts U+FFFD in place of each byte that is not, since the operator goes by way of JSON', () => {
    const value = Buffer.from([0xff, 0x41, 0xc3]).toString('base64');
    assert.deepEqual(
      unmarshalYamlStringMap(goString(`"K": !!binary "${value}"\n`)),
      new Map([[goString('K'), goString('\ufffdA\ufffd')]]),
    );
  });
  it('is read quickly', () => {
    const lines = Array.from({ length: 10 }, (_, at) => `"KEY_${at}": !!binary "${'ZXhhbXBsZS12YWx1ZQ'.repeat(4)}"\n`);
    const text = goString(lines.join(''));
    const start = performance.now();
    for (let at = 0; at < 2000; at++) unmarshalYamlStringMap(text);
    assert.ok(performance.now() - start < 2000);
  });
});

describe('what a value does to YAML that it is put into unquoted', () => {
  const errors: Readonly<Record<string, string>> = {
    'a: b': 'mapping values are not allowed in this context',
    '@x': 'found character that cannot start any token',
    '%x': 'found character that cannot start any token',
    '*.example.com': 'did not find expected alphabetic or numeric character',
    '- x': 'block sequence entries are not allowed in this context',
    '"x': 'found unexpected end of stream',
  };
  for (const [value, problem] of Object.entries(errors))
    it(JSON.stringify(value), () => {
      assert.equal(outcomeOf(goString(`key: ${value}`)), `error error converting YAML to JSON: yaml: ${problem}`);
      assert.equal(
        outcomeOf(goString(`x: 1\nkey: ${value}`)),
        `error error converting YAML to JSON: yaml: line 2: ${problem}`,
      );
    });
  it('a PEM file', () => {
    const text = 'key: -----BEGIN EXAMPLE-----\nZXhhbXBsZQ==\n-----END EXAMPLE-----\n';
    assert.equal(
      outcomeOf(goString(text)),
      "error error converting YAML to JSON: yaml: line 3: could not find expected ':'",
    );
  });
  it('control characters and what is not UTF-8', () => {
    const refused = 'error error converting YAML to JSON: yaml: control characters are not allowed';
    assert.equal(outcomeOf(goString('key: a\x01b')), refused);
    const text = goStringOfBytes(Buffer.from('key: a\xff', 'latin1'));
    assert.equal(outcomeOf(text), 'error error converting YAML to JSON: yaml: invalid leading UTF-8 octet');
  });
  it('keeps a value out of what is printed', () => {
    assert.throws(
      () => unmarshalYamlStringMap(goString('key: *example')),
      (error) =>
        error instanceof GoError && error.text.reveal().includes('example') && !String(error.text).includes('example'),
    );
  });
});
