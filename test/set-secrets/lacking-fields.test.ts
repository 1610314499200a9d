import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lackingFields, missingFields, nextField, openFields } from '../../src/set-secrets/lacking-fields.ts';
import { secretOf, textSecretOf, valuesOf } from './set-secrets-fixture.ts';

const text = (required?: unknown): object => ({
  description: 'd',
  format: 'text',
  ...(required !== undefined && { required }),
});

function told(values: Readonly<Record<string, string>>, secret = secretOf()): string[] {
  return lackingFields(secret, valuesOf(values)).map(
    ({ field, state, need, message }) => `${field.name} ${state} ${need}: ${message}`,
  );
}

/** The order in which a person is asked who answers so; undefined: skipped. */
function asked(
  answers: Readonly<Record<string, string>>,
  secret = secretOf(),
  there: Readonly<Record<string, string>> = {},
): string[] {
  const values = valuesOf(there);
  const passed = new Set<string>();
  for (;;) {
    const next = nextField(secret, values, passed)?.field.name;
    if (next === undefined) return [...passed];
    passed.add(next);
    for (const [name, value] of valuesOf(answers)) if (name === next) values.set(name, value);
  }
}

describe('what a secret lacks', () => {
  it('is told in the order of the catalog, with what each field needs', () => {
    assert.deepEqual(told({}), [
      'PROVIDER missing required: is missing, and required',
      'CARD_KEY missing undecided: is missing, and required if PROVIDER is card',
      'NOTE missing optional: is missing, and optional',
    ]);
    assert.deepEqual(told({ PROVIDER: 'card', NOTE: '' }), [
      'CARD_KEY missing required: is missing, and required: PROVIDER is card',
      'NOTE empty optional: is empty, and optional',
    ]);
    assert.deepEqual(told({ PROVIDER: 'bank', NOTE: 'n' }), []);
  });

  it('is also what is there and no value of its field', () => {
    assert.deepEqual(told({ PROVIDER: 'cash', CARD_KEY: '<key>', NOTE: 'n' }), [
      'PROVIDER malformed required: is none of card, bank',
      'CARD_KEY placeholder undecided: is a placeholder, not a value',
    ]);
    assert.deepEqual(told({ PROVIDER: 'bank', CARD_KEY: 'a b', NOTE: 'n' }), [
      'CARD_KEY malformed optional: holds white space, such as a line break at its end',
    ]);
  });

  it('of a plain text is its field', () => {
    assert.deepEqual(told({}, textSecretOf('vault-secret-store')), [
      'value missing required: is missing, and required',
    ]);
  });

  it('is open unless it is optional and not there, or not decided yet', () => {
    assert.deepEqual(
      openFields(secretOf(), valuesOf({})).map(({ field }) => field.name),
      ['PROVIDER'],
    );
    const values = valuesOf({ PROVIDER: 'bank', NOTE: 'todo' });
    assert.deepEqual(
      openFields(secretOf(), values).map(({ field }) => field.name),
      ['NOTE'],
    );
    assert.deepEqual(missingFields(secretOf(), values), []);
    assert.deepEqual(missingFields(secretOf(), valuesOf({ PROVIDER: 'card' })), ['CARD_KEY']);
  });
});

describe('the fields that a person is asked for', () => {
  it('follow what was answered', () => {
    assert.deepEqual(asked({ PROVIDER: 'card' }), ['PROVIDER', 'CARD_KEY', 'NOTE']);
    assert.deepEqual(asked({ PROVIDER: 'bank' }), ['PROVIDER', 'NOTE']);
    assert.deepEqual(asked({}), ['PROVIDER', 'NOTE'], 'skipped: what it would decide stays open');
    assert.deepEqual(asked({}, secretOf(), { PROVIDER: 'card', NOTE: 'n' }), ['CARD_KEY']);
  });

  it('come also where the field that decides is behind them in the catalog, through several', () => {
    const secret = secretOf({
      fields: {
        A: text({ whenField: 'B', is: ['yes'] }),
        B: text({ whenField: 'C', is: ['yes'] }),
        C: text(),
      },
    });
    assert.deepEqual(asked({ C: 'yes', B: 'yes' }, secret), ['C', 'B', 'A']);
    assert.deepEqual(asked({ C: 'yes', B: 'no' }, secret), ['C', 'B']);
    assert.deepEqual(asked({ C: 'no' }, secret), ['C']);
  });
});
