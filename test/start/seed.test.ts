import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FieldDefinition, SecretDefinition } from '../../src/model/configuration.ts';
import { parseFields, unquoteText } from '../../src/model/secret-text.ts';
import { seedSecret } from '../../src/start/seed.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

function seed(definition: Partial<SecretDefinition>, holds: 'fields' | 'text' = 'text'): string {
  const configuration = soundConfiguration();
  const payment = { ...configuration.secrets['payment'], ...definition } as SecretDefinition;
  const [secret] = platformOf({ ...configuration, secrets: { payment } }).secrets;
  assert.ok(secret);
  return seedSecret(secret, holds).reveal();
}

function seedOf(fields: Record<string, Partial<FieldDefinition>>): Record<string, string | undefined> {
  const complete = Object.entries(fields).map(([name, field]) => [
    name,
    { description: 'd', format: 'text', ...field },
  ]);
  const parsed = parseFields(seed({ fields: Object.fromEntries(complete) as never }));
  assert.ok(parsed.kind === 'fields');
  return Object.fromEntries(parsed.fields.map(({ name, raw }) => [name, unquoteText(raw)]));
}

describe('the seed of a secret', () => {
  it('is clearly fake, by the format of each field', () => {
    const { PEM = '', ...rest } = seedOf({
      TOKEN: { format: 'token' },
      TEXT: {},
      URL: { format: 'url' },
      EMAIL: { format: 'email' },
      FLAG: { format: 'boolean' },
      NUMBER: { format: 'integer' },
      GUID: { format: 'guid' },
      JSON: { format: 'json' },
      CHOICE: { format: { oneOf: ['first', 'second'] } },
      PEM: { format: 'pem' },
    });
    assert.deepEqual(rest, {
      TOKEN: 'example-payment-TOKEN',
      TEXT: 'example-payment-TEXT',
      URL: 'https://example.org/payment/URL',
      EMAIL: 'someone@example.org',
      FLAG: 'true',
      NUMBER: '1',
      GUID: '00000000-0000-0000-0000-000000000000',
      JSON: '{"example":"example-payment-JSON"}',
      CHOICE: 'first',
    });
    assert.match(PEM, /^-----BEGIN EXAMPLE-----\n(?:EXAMPLE)+\n[A-Za-z0-9+/=]+\n-----END EXAMPLE-----\n$/);
  });

  it('has what the first choice requires, and nothing that is optional', () => {
    const when = (is: string): Partial<FieldDefinition> => ({ required: { whenField: 'PROVIDER', is: [is] } });
    const seeded = seedOf({
      KEY_A: when('a'),
      PROVIDER: { format: { oneOf: ['a', 'b'] } },
      KEY_B: when('b'),
      NOTE: { required: false },
      NESTED: { required: { whenField: 'KEY_A', is: ['example-payment-KEY_A'] } },
    });
    assert.deepEqual(Object.keys(seeded), ['KEY_A', 'PROVIDER', 'NESTED']);
  });

  it('follows a condition on a field that comes later', () => {
    const seeded = seedOf({
      LAST: { required: { whenField: 'MIDDLE', is: ['example-payment-MIDDLE'] } },
      MIDDLE: { required: { whenField: 'FIRST', is: ['example-payment-FIRST'] } },
      FIRST: {},
    });
    assert.deepEqual(Object.keys(seeded), ['LAST', 'MIDDLE', 'FIRST']);
  });

  it('of a plain text is that text, or its property in a store of fields', () => {
    const text = {
      fields: undefined as never,
      text: { format: 'token', vaultProperty: 'hook' },
      targets: [{ name: 'payment', key: 'K' }],
    } as const;
    assert.equal(seed(text), 'example-payment-text');
    assert.equal(seed(text, 'fields'), '{"hook":"example-payment-text"}');
  });
});
