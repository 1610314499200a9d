import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OperatorText } from '../../src/eso/operator-text.ts';
import type { Template } from '../../src/eso/resources.ts';
import { renderFieldTemplate } from '../../src/manifests/field-template.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { showEvent } from '../../src/preflight/shown-event.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';
import { externalSecretOf } from './resources-fixture.ts';

function shown(literal: string, failure: string): string {
  const template: Template = {
    engineVersion: 'v2',
    mergePolicy: 'Replace',
    metadata: { labels: {}, annotations: {}, finalizers: [] },
    data: {},
    templateFrom: [{ target: 'Data', literal }],
  };
  const { spec } = externalSecretOf('app');
  const externalSecret = externalSecretOf('app', { target: { ...spec.target, template } });
  return showEvent(new OperatorText('error calling fail: ', new SecretValue(failure)), externalSecret);
}

const [application] = platformOf(soundConfiguration()).applications;
const target = application?.targets[0];
assert.ok(target);
const own = renderFieldTemplate(target.secret, target.target);
const failure = 'required in shop/payment, but missing or empty: PROVIDER';

describe('an event', () => {
  it('names the fields that a template of synth found missing', () => {
    assert.equal(shown(own, failure), `error calling fail: ${failure}`);
    assert.equal(shown(own, `${failure}, CARD_KEY`), `error calling fail: ${failure}, CARD_KEY`);
  });

  it('shows nothing that the template does not say itself', () => {
    for (const other of [
      'example-canary',
      'required in shop/payment, but missing or empty: example-canary',
      'required in example-canary, but missing or empty: PROVIDER',
      `${failure}, example-canary`,
    ])
      assert.equal(shown(own, other), 'error calling fail: <redacted>', other);
  });

  it('shows nothing of a template that could say something else', () => {
    for (const template of [
      `{{- fail (index . "PROVIDER") }}\n${own}`,
      own.replace('$missing = append $missing $field', '$missing = append $missing (index $ $field)'),
      own.replace('join ", " $missing', 'join ", " (values .)'),
      '',
    ]) {
      assert.notEqual(template, own);
      assert.equal(shown(template, failure), 'error calling fail: <redacted>', template);
    }
  });
});
