import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GoError, Unpredictable } from '../../../../src/eso/go-error.ts';
import { goString } from '../../../../src/eso/go/go-string.ts';
import { templateFunctions } from '../../../../src/eso/template/functions/template-functions.ts';
import type { GoValue } from '../../../../src/eso/template/go-value.ts';
import { called, expectedOf, outcomeOf, read, recorded, write } from './answers.ts';

const functions = templateFunctions({ major: 0, minor: 20, patch: 4 });
const call = (name: string, ...values: readonly Parameters<typeof read>[0][]): GoValue => {
  const made = functions.get(name);
  assert.ok(made !== undefined, name);
  return made.call(...values.map(read));
};

describe('what the functions of the real operator gave', () => {
  const outcomes = recorded.answers.map((answer) => ({
    name: answer.f,
    shown: JSON.stringify(answer.a),
    expected: expectedOf(answer),
    actual: called(functions.get(answer.f), answer),
  }));
  for (const [name, calls] of Map.groupBy(outcomes, (outcome) => outcome.name))
    it(name, () => {
      const differences = calls
        .filter(({ expected, actual }) => expected !== actual && actual !== 'unpredictable')
        .map(({ shown, expected, actual }) => `${shown}: ${expected}, not ${actual}`);
      assert.deepEqual(differences, []);
    });

  it('is told for all but a few of them', () => {
    const untold = outcomes.filter(({ name, actual }) => actual === 'unpredictable' && name !== 'fromYaml');
    assert.ok(untold.length < outcomes.length / 50, `${untold.length} of ${outcomes.length}`);
  });
});

describe('the functions that there are', () => {
  it('are those of the real operator, with their parameters', () => {
    // What a template can have of these is nothing that could be told.
    const opaque = /time\.Time|sprig\.certificate/g;
    const expected = Object.entries(recorded.signatures).map(
      ([name, text]) => `${name}(${text.replace(opaque, 'interface {}')})`,
    );
    const actual = [...functions].map(([name, { parameters }]) => `${name}(${parameters.join(', ')})`);
    assert.deepEqual(actual.toSorted(), expected.toSorted());
  });

  it('are others from version 2 on', () => {
    const later = new Set(templateFunctions({ major: 2, minor: 9, patch: 0 }).keys());
    const before = new Set(functions.keys());
    assert.deepEqual([...before].filter((name) => !later.has(name)).toSorted(), ['getHostByName', 'getSecretKey']);
    assert.deepEqual([...later].filter((name) => !before.has(name)).toSorted(), ['certSANs', 'hexdec', 'sha512sum']);
    assert.equal(templateFunctions({ major: 1, minor: 3, patch: 2 }), functions);
  });

  it('give the checksum that version 2 has', () => {
    const sha512sum = templateFunctions({ major: 2, minor: 0, patch: 0 }).get('sha512sum');
    const digest = sha512sum?.call({ kind: 'string', value: goString('abc') });
    assert.ok(digest?.kind === 'string');
    assert.match(digest.value, /^ddaf35a193617aba.{96}2a9ac94fa54ca49f$/);
  });
});

describe('changing the case', () => {
  const { upper, lower, title } = recorded.casing;
  const all = String.fromCodePoint(...Array.from({ length: 0x590 - 1 }, (_, at) => at + 1));
  for (const [name, expected] of Object.entries({ upper, lower }))
    it(`is that of Go for every character below U+0590: ${name}`, () => {
      const wanted = Array.from(expected);
      const differences = Array.from(all).filter((character, at) => {
        const changed = outcomeOf(() => call(name, goString(character)));
        return changed !== JSON.stringify(goString(wanted[at] ?? ''));
      });
      assert.deepEqual(differences, []);
    });
  it('gives titles of the letters that begin words', () => {
    for (const [at, character] of Array.from(all).entries()) {
      const wanted = Array.from(title)[at] ?? '';
      assert.deepEqual(write(call('title', goString(` ${character}`))), goString(` ${wanted}`), character);
    }
  });
  it('is not told of scripts with cases that are not followed', () => {
    assert.throws(() => call('upper', goString('ა')), Unpredictable);
    assert.deepEqual(write(call('upper', goString('日本 a'))), goString('日本 A'));
  });
});

describe('what depends on more than its arguments', () => {
  const reasonOf = (name: string, ...values: readonly Parameters<typeof read>[0][]): string => {
    try {
      return JSON.stringify(write(call(name, ...values)));
    } catch (error) {
      if (error instanceof Unpredictable) return `${error.reason}: ${error.because}`;
      throw error;
    }
  };
  it('is not told', () => {
    assert.equal(reasonOf('now'), 'random: its template uses now');
    assert.equal(reasonOf('randAlphaNum', ['int', '8']), 'random: its template uses randAlphaNum');
    assert.equal(reasonOf('getHostByName', 'example.com'), 'resource: its template uses getHostByName');
    assert.equal(reasonOf('filterPEM', 'CERTIFICATE', ''), 'template: its template uses filterPEM');
    assert.equal(
      reasonOf('htmlDateInZone', 'no date', 'UTC'),
      'random: its template uses htmlDateInZone of the present time',
    );
  });
  it('is told of maps with one key, whose order is no question', () => {
    assert.equal(reasonOf('keys', ['map[string]interface {}', { a: true }]), '["[]string",["a"]]');
    assert.match(reasonOf('keys', ['map[string]interface {}', { a: true, b: true }]), /^map-order: /);
    assert.match(reasonOf('values', ['map[string]interface {}', { a: true, b: true }]), /^map-order: /);
  });
});

describe('what a function shares with its argument', () => {
  it('a map is changed in place by set, unset and merge', () => {
    const map = read(['map[string]interface {}', { a: 'x' }]);
    const value: GoValue = { kind: 'string', value: goString('y') };
    functions.get('set')?.call(map, { kind: 'string', value: goString('b') }, value);
    functions.get('merge')?.call(map, read(['map[string]interface {}', { a: 'z', c: 'w' }]));
    functions.get('unset')?.call(map, { kind: 'string', value: goString('a') });
    assert.deepEqual(write(map), ['map[string]interface {}', { b: 'y', c: 'w' }]);
  });
  it('sortAlpha sorts the texts themselves', () => {
    const list = call('splitList', ',', 'b,a');
    functions.get('sortAlpha')?.call(list);
    assert.deepEqual(write(list), ['[]string', ['a', 'b']]);
  });
  it('a list that is nil is null in JSON', () => {
    const rest = call('rest', ['[]interface {}', []]);
    assert.deepEqual(write(functions.get('toJson')?.call(rest) ?? rest), 'null');
    const nothing = call('fromYaml', '');
    assert.deepEqual(write(functions.get('toJson')?.call(nothing) ?? nothing), '{}');
  });
});

describe('errors', () => {
  const value = 'example-secret';
  const failures: readonly (readonly [name: string, ...values: readonly Parameters<typeof read>[0][]])[] = [
    ['fail', value],
    ['urlParse', `http://h/%zz${value}`],
    ['regexFind', `${value}(`, ''],
    ['mustRegexFind', `${value}(`, ''],
    ['semverCompare', `${value} ${value}`, '1.2.3'],
    ['urlJoin', ['map[string]interface {}', { userinfo: `${value} ` }]],
  ];
  for (const [name, ...values] of failures)
    it(`keep what is of a value apart: ${name}`, () => {
      assert.throws(
        () => call(name, ...values),
        (error) => {
          assert.ok(error instanceof GoError);
          assert.ok(error.text.reveal().includes(value), error.text.reveal());
          assert.ok(!String(error.text).includes(value), String(error.text));
          return true;
        },
      );
    });
});

describe('limits', () => {
  it('does not fill the memory', () => {
    for (const make of [
      () => call('repeat', ['int', '9000000000'], 'x'),
      () => call('until', ['int', '9000000000']),
      () => call('indent', ['int', '9000000000'], 'x'),
    ])
      assert.throws(make, Unpredictable);
  });
});
