import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { receive } from '../../src/eso/receive.ts';
import type { RemoteSecret } from '../../src/eso/remote-secret.ts';
import { renderFieldTemplate } from '../../src/manifests/field-template.ts';
import type { SecretDefinition } from '../../src/model/configuration.ts';
import type { ApplicationTarget } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

function targetOf(change: Partial<SecretDefinition> = {}): ApplicationTarget {
  const configuration = soundConfiguration();
  const payment = { ...configuration.secrets['payment'], ...change } as SecretDefinition;
  const target = platformOf({ ...configuration, secrets: { payment } }).applications[0]?.targets[0];
  assert.ok(target);
  return target;
}

function present(fields: Record<string, string>): RemoteSecret {
  return {
    kind: 'present',
    fields: new Map(Object.entries(fields).map(([name, value]) => [name, new SecretValue(value)])),
  };
}

/** The keys with their values, or the condition and its cause. */
function received({ secret, target }: ApplicationTarget, remote: RemoteSecret): Record<string, string> | string {
  const result = receive(secret, target, remote);
  if (result.kind === 'retained') return 'retained';
  if (result.kind === 'failed') return `${result.condition}: ${result.because}`;
  return Object.fromEntries(
    result.keys.map(({ key, value }) => [key, typeof value === 'string' ? value : value.reveal()]),
  );
}

function failureOf(result: Record<string, string> | string): string {
  assert.ok(typeof result === 'string');
  return result;
}

const text: Partial<SecretDefinition> = {
  fields: undefined as never,
  text: { format: 'token' },
  targets: [{ name: 'payment', key: 'KEY' }],
};
const declared = { description: 'd', format: 'text' } as const;

describe('what a Kubernetes Secret receives', () => {
  it('is the declared fields and no others', () => {
    const remote = present({ PROVIDER: 'bank', NOTE: 'a note', old: 'example' });
    assert.deepEqual(received(targetOf(), remote), { PROVIDER: 'bank', NOTE: 'a note' });
  });

  it('has an optional field where it is there, be it empty', () => {
    assert.deepEqual(received(targetOf(), present({ PROVIDER: 'bank' })), { PROVIDER: 'bank' });
    assert.deepEqual(received(targetOf(), present({ PROVIDER: 'bank', NOTE: '' })), { PROVIDER: 'bank', NOTE: '' });
  });

  it('is nothing new where a required field is missing or empty', () => {
    const failed = 'could not update secret: required in shop/payment, but missing or empty: ';
    assert.equal(received(targetOf(), present({ NOTE: 'x' })), `${failed}PROVIDER`);
    assert.equal(received(targetOf(), present({ NOTE: 'x', PROVIDER: '' })), `${failed}PROVIDER`);
  });

  it('needs what its condition asks for, and only then', () => {
    const failed = 'could not update secret: required in shop/payment, but missing or empty: CARD_KEY';
    assert.equal(received(targetOf(), present({ PROVIDER: 'card' })), failed);
    assert.equal(received(targetOf(), present({ PROVIDER: 'card', CARD_KEY: '' })), failed);
    assert.deepEqual(received(targetOf(), present({ PROVIDER: 'card', CARD_KEY: 'k' })), {
      PROVIDER: 'card',
      CARD_KEY: 'k',
    });
    assert.deepEqual(received(targetOf(), present({ PROVIDER: 'bank', CARD_KEY: '' })), {
      PROVIDER: 'bank',
      CARD_KEY: '',
    });
  });

  it('names everything that is missing, in the order of the template', () => {
    const when = (is: string): object => ({ ...declared, required: { whenField: 'A', is: [is] } });
    const target = targetOf({
      fields: { C1: when('x'), D: when('y'), A: declared, C2: when('x'), E: declared, F: when('x') } as never,
    });
    const remote = present({ A: 'x', C2: '' });
    const names = 'E, C1, C2, F';
    assert.equal(
      received(target, remote),
      `could not update secret: required in shop/payment, but missing or empty: ${names}`,
    );
    const places = names
      .split(', ')
      .map((name) => renderFieldTemplate(target.secret, target.target).indexOf(`"${name}"`));
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    );
  });

  it('asks only for fields that arrive, by conditions on any field', () => {
    const targets = [{ name: 'payment', fields: ['CARD_KEY'] }];
    const target = targetOf({ targets });
    assert.deepEqual(received(target, present({ NOTE: 'x' })), {});
    assert.deepEqual(received(target, present({ PROVIDER: 'card', CARD_KEY: 'k' })), { CARD_KEY: 'k' });
    assert.match(failureOf(received(target, present({ PROVIDER: 'card' }))), /missing or empty: CARD_KEY$/);
  });

  it('has the keys that fields are renamed to', () => {
    const targets = [{ name: 'payment', keys: { PROVIDER: 'provider' } }];
    assert.deepEqual(received(targetOf({ targets }), present({ PROVIDER: 'bank', provider: 'x', NOTE: 'n' })), {
      provider: 'bank',
      NOTE: 'n',
    });
  });

  it('has the further keys of its template, as far as they can be told', () => {
    const template = {
      type: 'git',
      same: '{{ .PROVIDER }}',
      trimmed: '{{- .NOTE -}}',
      made: '{{ .NOTE | upper }}',
      mixed: 'a{{ .NOTE }}',
      braces: 'a }} b',
    };
    const target = targetOf({ targets: [{ name: 'payment', fields: ['PROVIDER'], template }] });
    assert.deepEqual(received(target, present({ PROVIDER: 'bank', NOTE: 'n' })), {
      PROVIDER: 'bank',
      type: 'git',
      same: 'bank',
      trimmed: 'n',
      made: 'unpredictable',
      mixed: 'unpredictable',
      braces: 'a }} b',
    });
    assert.equal(
      received(target, present({ PROVIDER: 'bank' })),
      'could not update secret: template of trimmed: map has no entry for key "NOTE"',
    );
    assert.match(
      failureOf(received(target, present({ NOTE: 'n' }))),
      /required in/,
      'the fields come before the template',
    );
  });

  it('stays as it is where the remote secret holds no field and none is required', () => {
    const optional = targetOf({ fields: { NOTE: { ...declared, required: false } } });
    assert.equal(received(optional, present({})), 'retained');
    assert.equal(
      received(targetOf(), present({})),
      'could not update secret: required in shop/payment, but missing or empty: PROVIDER',
    );
  });

  it('of a plain text is that text, which must not be empty', () => {
    const value = 'example\n';
    assert.deepEqual(received(targetOf(text), { kind: 'text', text: new SecretValue(value) }), { KEY: value });
    assert.deepEqual(received(targetOf(text), present({ value, other: 'x' })), { KEY: value });
    const empty = 'could not update secret: required in shop/payment, but missing or empty: KEY';
    assert.equal(received(targetOf(text), { kind: 'text', text: new SecretValue('') }), empty);
    assert.equal(received(targetOf(text), present({ value: '' })), empty);
    assert.equal(
      received(targetOf(text), present({ other: 'x' })),
      'could not get secret data from provider: shop/payment: cannot find secret data for key: "value"',
    );
    const path = targetOf({ ...text, text: { format: 'token', vaultProperty: 'a.b' } });
    assert.deepEqual(received(path, present({ 'a.b': 'literal' })), { KEY: 'literal' });
    assert.deepEqual(received(path, present({ a: '{"b":"x"}' })), { KEY: 'unpredictable' });
    const templated = targetOf({
      ...text,
      targets: [{ name: 'payment', key: 'KEY', template: { copy: '{{ .KEY }}' } }],
    });
    assert.deepEqual(received(templated, present({ value: 'x' })), { KEY: 'x', copy: 'x' });
  });

  it('is nothing new where the remote secret cannot be read', () => {
    const failed = 'could not get secret data from provider: shop/payment: ';
    const required = 'could not update secret: required in shop/payment, but missing or empty: ';
    assert.equal(received(targetOf(), { kind: 'missing' }), `${required}PROVIDER`);
    assert.equal(received(targetOf(text), { kind: 'deleted' }), `${required}KEY`);
    const optional = targetOf({ fields: { NOTE: { ...declared, required: false } } });
    assert.equal(received(optional, { kind: 'missing' }), `${failed}Secret does not exist`);
    assert.match(failureOf(received(optional, { kind: 'deleted' })), /Secret does not exist \(it is deleted/);
    assert.equal(received(targetOf(), { kind: 'disabled' }), `${failed}403, it is disabled`);
    assert.equal(received(targetOf(text), { kind: 'forbidden' }), `${failed}403, the operator may not read it`);
    assert.equal(received(targetOf(), { kind: 'unreadable', because: 'why' }), `${failed}why`);
    assert.match(
      failureOf(received(targetOf(), { kind: 'text', text: new SecretValue('example') })),
      /not a JSON object$/,
    );
  });

  it('is what the remote secret holds, byte for byte, or names the required fields that it lacks', () => {
    const value = fc.string({ unit: 'grapheme', maxLength: 8 });
    const names = ['PROVIDER', 'CARD_KEY', 'NOTE', 'other'];
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), fc.oneof(value, fc.constantFrom('card', 'bank'))),
        (fields) => {
          const result = received(targetOf(), present(fields));
          const needed = fields['PROVIDER'] === 'card' ? ['PROVIDER', 'CARD_KEY'] : ['PROVIDER'];
          const lacking = needed.filter((name) => (fields[name] ?? '') === '');
          if (lacking.length > 0)
            assert.match(failureOf(result), new RegExp(`missing or empty: ${lacking.join(', ')}$`));
          else
            assert.deepEqual(
              result,
              Object.fromEntries(names.slice(0, 3).flatMap((name) => (name in fields ? [[name, fields[name]]] : []))),
            );
        },
      ),
    );
  });
});
