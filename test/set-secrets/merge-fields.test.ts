import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseFields, quoteText, renderFields } from '../../src/model/secret-text.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { findFields, isSameValue, isSomething, mergeFields, realChanges } from '../../src/set-secrets/merge-fields.ts';
import { secretOf, textSecretOf, valuesOf } from './set-secrets-fixture.ts';

const fields = { content: secretOf().content, holds: 'text' } as const;

function merged(
  base: string | undefined,
  changes: Readonly<Record<string, string>>,
  place = fields,
): string | undefined {
  return mergeFields(place, base === undefined ? undefined : new SecretValue(base), valuesOf(changes))?.reveal();
}

/** JSON as others spell it: spaces, escapes, digits. */
const rawValue = fc.oneof(
  fc.string({ unit: 'grapheme' }).map(quoteText),
  fc.constantFrom(
    '1.50',
    '12345678901234567890',
    '-0',
    '1e400',
    'null',
    'true',
    '[1, 2 ]',
    '{"b" : 1,"a":2}',
    '"\\u00e9\\/"',
  ),
);
const name = fc.oneof(fc.constantFrom('PROVIDER', 'CARD_KEY', 'NOTE', 'other', '__proto__', 'a.b'), fc.string());

describe('fields that are put into a secret', () => {
  it('leave every other field as it was: its bytes, its place, its number of digits', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ name, raw: rawValue }), { selector: (field) => field.name }),
        fc.dictionary(name, fc.string({ unit: 'grapheme' })),
        (base, changes) => {
          const text = merged(renderFields(base), changes);
          const parsed = parseFields(text ?? '');
          assert.ok(parsed.kind === 'fields');
          const given = new Map(Object.entries(changes).map(([key, value]) => [key, quoteText(value)]));
          const kept = base.map((field) => ({ name: field.name, raw: given.get(field.name) ?? field.raw }));
          const added = [...given].filter(([key]) => !base.some((field) => field.name === key));
          assert.deepEqual(parsed.fields, [...kept, ...added.map(([key, raw]) => ({ name: key, raw }))]);
        },
      ),
    );
  });

  it('are the whole of a plain text where the store holds texts, and one field elsewhere', () => {
    const { content } = textSecretOf('azure-keyvault-store');
    assert.equal(merged('old', { value: 'new\n' }, { content, holds: 'text' }), 'new\n');
    const inFields = { content, holds: 'fields' } as never;
    assert.equal(merged('{"value":"old","by":"me"}', { value: 'new' }, inFields), '{"value":"new","by":"me"}');
    assert.equal(merged(undefined, { value: 'new' }, inFields), '{"value":"new"}');
  });

  it('are not put over what is no object', () => {
    for (const base of ['text', '', '[]', 'null', '{"a":1']) assert.equal(merged(base, { NOTE: 'n' }), undefined);
  });

  it('are no change where they are there already, as texts', () => {
    const base = new SecretValue('{"NOTE":"\\u0061","CARD_KEY":1}');
    const changes = realChanges(fields, base, valuesOf({ NOTE: 'a', CARD_KEY: '1', PROVIDER: 'bank' }));
    assert.deepEqual([...changes.keys()], ['CARD_KEY', 'PROVIDER']);
  });

  it('replace something only where something is', () => {
    const found = findFields(fields, new SecretValue('{"a":"","b":null,"c":"x","d":0}'), ['a', 'b', 'c', 'd', 'e']);
    assert.deepEqual(
      [...found].filter(([, raw]) => isSomething(raw)).map(([key]) => key),
      ['c', 'd'],
    );
  });
});

describe('what a store gives back', () => {
  const same = (holds: 'text' | 'fields', one: string, other: string): boolean =>
    isSameValue({ ...fields, holds }, new SecretValue(one), new SecretValue(other));

  it('is the same in another order where the store keeps fields, and to the byte elsewhere', () => {
    assert.ok(same('fields', '{"b":"<","a":1.50}', '{"a":1.50,"b":"\\u003c"}'));
    assert.ok(!same('text', '{"b":1,"a":2}', '{"a":2,"b":1}'));
    for (const other of ['{"a":1.5,"b":"<"}', '{"a":1.50}', '{"a":1.50,"b":"< "}', 'x'])
      assert.ok(!same('fields', '{"b":"<","a":1.50}', other), other);
  });
});
