/** The template that this project writes itself, executed as the operator does. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { GoError } from '../../../src/eso/go-error.ts';
import { goString, textOf } from '../../../src/eso/go/go-string.ts';
import { templateFunctions } from '../../../src/eso/template/functions/template-functions.ts';
import { renderTemplate } from '../../../src/eso/template/render-template.ts';
import { renderFieldTemplate } from '../../../src/manifests/field-template.ts';
import type { SecretDefinition } from '../../../src/model/configuration.ts';
import { platformOf, soundConfiguration } from '../../fixtures/configuration.ts';

const anyCharacter = fc.oneof(
  fc.constantFrom('é', '☃', '\u{1f600}', '\0', '\n', '"', ': '),
  fc.string({ minLength: 1, maxLength: 1 }),
);
const functions = templateFunctions({ major: 0, minor: 20, patch: 4 });

function received(change: Partial<SecretDefinition>, fields: Readonly<Record<string, string>>): Record<string, string> {
  const configuration = soundConfiguration();
  const payment = { ...configuration.secrets['payment'], ...change } as SecretDefinition;
  const arrival = platformOf({ ...configuration, secrets: { payment } }).applications[0]?.targets[0];
  assert.ok(arrival);
  const text = renderFieldTemplate(arrival.secret, arrival.target);
  const rendered = renderTemplate({
    name: text,
    text: goString(text),
    data: new Map(Object.entries(fields).map(([key, value]) => [goString(key), goString(value)])),
    functions,
  });
  const keys = (parse(textOf(rendered)) ?? {}) as Record<string, Uint8Array>;
  return Object.fromEntries(Object.entries(keys).map(([key, bytes]) => [key, Buffer.from(bytes).toString('utf8')]));
}

describe('the field template', () => {
  it('makes the declared fields and no others', () => {
    const fields = { PROVIDER: 'card', CARD_KEY: 'example-key', UNKNOWN: 'x' };
    assert.deepEqual(received({}, fields), { PROVIDER: 'card', CARD_KEY: 'example-key' });
  });

  it('renames', () => {
    const targets = [{ name: 'payment', keys: { PROVIDER: 'provider' } }];
    assert.deepEqual(received({ targets }, { PROVIDER: 'bank', NOTE: 'n' }), { provider: 'bank', NOTE: 'n' });
  });

  it('names the required fields that are missing, without any value', () => {
    assert.throws(
      () => received({}, { PROVIDER: 'card', NOTE: 'example-note' }),
      (error) => {
        assert.ok(error instanceof GoError);
        assert.match(error.text.reveal(), /error calling fail: required in .*, but missing or empty: CARD_KEY$/);
        assert.doesNotMatch(error.text.reveal(), /example-note/);
        return true;
      },
    );
  });

  it('keeps any text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, minLength: 1 }), (value) => {
        assert.deepEqual(received({}, { PROVIDER: 'bank', NOTE: value }), { PROVIDER: 'bank', NOTE: value });
      }),
    );
  });
});
