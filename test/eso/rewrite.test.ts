import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GoError, Unpredictable } from '../../src/eso/go-error.ts';
import type { GoString } from '../../src/eso/go/go-string.ts';
import { goString, textOf } from '../../src/eso/go/go-string.ts';
import type { Rewrite } from '../../src/eso/resources.ts';
import type { RenderKey } from '../../src/eso/rewrite.ts';
import { rewriteMap } from '../../src/eso/rewrite.ts';

type Merge = NonNullable<Rewrite['merge']>;

const upper: RenderKey = (template, key) => {
  if (template === 'bad') throw new GoError('failed to parse template: template: transform:1: example');
  if (template === 'fails') throw new GoError(`failed to execute template for key "${key}": example`);
  return goString(textOf(key).toUpperCase());
};

function rewrite(map: Readonly<Record<string, string>>, ...rewrites: readonly Rewrite[]): Record<string, string> {
  const entries = Object.entries(map).map(([key, value]): [GoString, GoString] => [goString(key), goString(value)]);
  const rewritten = rewriteMap(rewrites, new Map(entries), upper);
  return Object.fromEntries([...rewritten].map(([key, value]) => [textOf(key), textOf(value)]));
}

const regexp = (source: string, target: string): Rewrite => ({ regexp: { source, target } });
const merge = (options: Partial<Merge>): Rewrite => ({
  merge: { into: '', priority: [], priorityPolicy: 'Strict', conflictPolicy: 'Error', strategy: 'Extract', ...options },
});

function fails(text: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof GoError, String(error));
    assert.equal(error.text.reveal(), `failed rewrite operation[0]: ${text}`);
    assert.equal(error.reason === 'rewrite' || error.reason === 'not-an-object', true);
    return true;
  };
}

const isMapOrder = (error: unknown): boolean => error instanceof Unpredictable && error.reason === 'map-order';

describe('keys that a regular expression rewrites', () => {
  it('have every match replaced, one operation after the other', () => {
    assert.deepEqual(rewrite({ 'db-user': 'a', 'db-db-x': 'b' }, regexp('db-', ''), regexp('^(.)', 'K_$1')), {
      K_user: 'a',
      K_x: 'b',
    });
  });

  it('lose what a reference takes for a longer name of a group', () => {
    assert.deepEqual(rewrite({ 'db-x': 'a' }, regexp('^db-(.*)$', '$1_y')), { '': 'a' });
    assert.deepEqual(rewrite({ 'db-x': 'a' }, regexp('^db-(.*)$', '${1}_y')), { x_y: 'a' });
  });

  it('cannot be told where two with different values become one', () => {
    assert.throws(() => rewrite({ a: '1', b: '2' }, regexp('.', 'x')), isMapOrder);
    assert.deepEqual(rewrite({ a: '1', b: '1' }, regexp('.', 'x')), { x: '1' });
  });

  it('fail with a regular expression that Go does not take', () => {
    assert.throws(
      () => rewrite({}, regexp('a(b', '')),
      fails('regexp failed with failed to compile: error parsing regexp: missing closing ): `a(b`'),
    );
  });
});

describe('keys that a template transforms', () => {
  const transform = (template: string): Rewrite => ({ transform: { template } });

  it('are what it renders', () => {
    assert.deepEqual(rewrite({ a: '1', b: '2' }, transform('')), { A: '1', B: '2' });
  });

  it('fail with it, also where there are none to transform but it cannot be parsed', () => {
    const text = 'transform failed with failed to parse template: template: transform:1: example';
    assert.throws(() => rewrite({ a: '1', b: '2' }, transform('bad')), fails(text));
    assert.throws(() => rewrite({}, transform('bad')), fails(text));
    assert.deepEqual(rewrite({}, transform('fails')), {});
    assert.throws(() => rewrite({ a: '1', b: '2' }, transform('fails')), isMapOrder);
  });
});

describe('values that are merged', () => {
  it('become the fields of their objects, with numbers as doubles', () => {
    assert.deepEqual(
      rewrite({ a: '{"n":1e21,"t":"x","z":null,"y":true}', b: '{"o":{"b":1.50,"a":"<"}}', c: 'null' }, merge({})),
      { n: '1000000000000000000000', t: 'x', z: '', y: 'true', o: String.raw`{"a":"\u003c","b":1.5}` },
    );
  });

  it('may stay beside a JSON of all of them', () => {
    const into = merge({ strategy: 'JSON', into: 'all' });
    assert.deepEqual(rewrite({ b: '{"k":1e21}', a: '{"j":"<"}' }, into), {
      b: '{"k":1e21}',
      a: '{"j":"<"}',
      all: '{"j":"<","k":1e+21}',
    });
    assert.throws(
      () => rewrite({ a: '{}' }, merge({ strategy: 'JSON' })),
      fails("merge failed with missing 'into' field"),
    );
  });

  it('win by their order and their priority where conflicts are ignored', () => {
    const map = { a: '{"k":"a"}', b: '{"k":"b"}' };
    assert.deepEqual(rewrite(map, merge({ conflictPolicy: 'Ignore' })), { k: 'b' });
    assert.deepEqual(rewrite(map, merge({ conflictPolicy: 'Ignore', priority: ['a'] })), { k: 'a' });
    assert.throws(() => rewrite(map, merge({})), fails('merge failed with conflicts: k'));
    assert.throws(() => rewrite({ a: '{"k":1,"l":1}', b: '{"k":1,"l":1}' }, merge({})), isMapOrder);
  });

  it('need every key of the priority, unless that is to be ignored', () => {
    const missing = { priority: ['zz'] };
    assert.throws(() => rewrite({}, merge(missing)), fails('merge failed with key "zz" not found in input map'));
    assert.deepEqual(rewrite({}, merge({ ...missing, priorityPolicy: 'IgnoreNotFound' })), {});
  });

  it('must be objects', () => {
    assert.throws(
      () => rewrite({ a: '["example"]' }, merge({})),
      fails(
        'merge failed with failed to unmarshal JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
      ),
    );
  });
});
