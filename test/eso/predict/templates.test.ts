import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { OperatorSettings } from '../../../src/eso/prediction.ts';
import type { DataFromEntry, ExternalSecret, Template, TemplateFrom } from '../../../src/eso/resources.ts';
import type { Given, Summary } from './sample.ts';
import { data, existing, externalSecret, extract, predicted, summary, template, vaultStore } from './sample.ts';

const remote = { K: '{"a":"x","b":"y"}' };

function withTemplate(change: Partial<Template>): ExternalSecret {
  return externalSecret({ dataFrom: [extract('K')], target: { template: template(change) } });
}

function outcome(change: Partial<Template>, given: Given = {}): Summary {
  return summary(predicted(withTemplate(change), { remote, ...given }));
}

function event(change: Partial<Template>, given: Given = {}): string {
  const result = outcome(change, given);
  assert.ok(result.kind === 'fails', JSON.stringify(result));
  assert.equal(result.message, 'could not update secret');
  return result.event;
}

function from(item: Partial<TemplateFrom>): Partial<Template> {
  return { templateFrom: [{ target: 'Data', ...item }] };
}

const fetching = 'could not apply template: error fetching templateFrom data: ';
const version2: Partial<OperatorSettings> = { version: { major: 2, minor: 9, patch: 0 } };

describe('templateFrom', () => {
  const items = [{ key: 't', templateAs: 'Values' }] as const;

  it('renders values, and keys with values', () => {
    const configMaps = { texts: { t: 'a is {{ .a }}', both: '{{ .a }}1: {{ .b }}' } };
    assert.deepEqual(outcome(from({ configMap: { name: 'texts', items } }), { configMaps }), {
      kind: 'created',
      data: { t: 'a is x' },
    });
    const both = [{ key: 'both', templateAs: 'KeysAndValues' }] as const;
    // YAML's y is a yes.
    assert.deepEqual(outcome(from({ configMap: { name: 'texts', items: both } }), { configMaps }), {
      kind: 'created',
      data: { x1: 'true' },
    });
    const secrets = { texts: existing({ t: '{{ .b }}' }) };
    assert.deepEqual(outcome(from({ secret: { name: 'texts', items } }), { secrets }), {
      kind: 'created',
      data: { t: 'y' },
    });
  });

  it('takes ConfigMap, Secret, literal, and then template.data', () => {
    const literal = 'l: literal\nt: literal\nd: literal';
    const change = {
      ...from({ literal, configMap: { name: 'texts', items }, secret: { name: 'texts', items } }),
      data: { d: 'data' },
    };
    const given = { configMaps: { texts: { t: 'map' } }, secrets: { texts: existing({ t: 'secret' }) } };
    assert.deepEqual(outcome(change, given), { kind: 'created', data: { t: 'literal', l: 'literal', d: 'data' } });
  });

  it('must be there, with its keys', () => {
    const missing = from({ configMap: { name: 'texts', items } });
    assert.equal(event(missing), `${fetching}configmaps "texts" not found`);
    assert.equal(event(missing, { configMaps: { texts: {} } }), `${fetching}error in configmap texts: missing key t`);
    const secret = from({ secret: { name: 'texts', items } });
    assert.equal(event(secret), `${fetching}secrets "texts" not found`);
    assert.equal(
      event(secret, { secrets: { texts: existing({}) } }),
      `${fetching}error in secret texts: missing key t`,
    );
    assert.deepEqual(outcome(secret, { secrets: { texts: 'unknown' } }), {
      kind: 'unpredictable',
      because: 'resource: Secret texts of templateFrom is not known',
    });
  });

  it('names the whole text where it fails', () => {
    const text = '{{ .c }}: x';
    assert.equal(
      event(from({ literal: text })),
      `${fetching}unable to execute template at key ${text}: unable to execute template at key ${text}: template: ${text}:1:3: executing "${text}" at <.c>: map has no entry for key "c"`,
    );
    assert.equal(
      event(from({ literal: 'a: {{ .a }}: c' })),
      `${fetching}could not unmarshal template to 'map[string][]byte': error converting YAML to JSON: yaml: mapping values are not allowed in this context`,
    );
  });

  it('goes to labels and annotations, and nowhere by another name', () => {
    const change = {
      templateFrom: [
        { target: 'Labels', literal: 'tier: "{{ .a }}"' },
        { target: 'Annotations', literal: 'note: "{{ .b }}"' },
        { target: 'data', literal: 'lost: "{{ .a }}"' },
      ],
    };
    const result = predicted(withTemplate(change), { remote });
    assert.ok(result.kind === 'syncs' && result.effect.kind === 'created');
    assert.equal(result.effect.secret.labels['tier'], 'x');
    assert.deepEqual(result.effect.secret.annotations, { note: 'y' });
    assert.deepEqual([...result.effect.secret.data], []);
    assert.deepEqual(outcome(change, { operator: version2 }), { kind: 'created', data: { lost: 'x' } });
    assert.equal(
      outcome({ templateFrom: [{ target: 'spec', literal: 'a: b' }] }, { operator: version2 }).kind,
      'unpredictable',
    );
  });
});

describe('a template', () => {
  it('has an engine, v2', () => {
    assert.equal(event({ engineVersion: 'v1' }), 'could not apply template: unsupported template engine version: v1');
  });

  it('renders labels and annotations, after the data', () => {
    const metadata = { labels: { tier: '{{ .a }}', plain: 'p' }, annotations: { note: '{{ .c }}' }, finalizers: [] };
    assert.match(
      event({ metadata }),
      /^could not apply template: could not execute template: could not execute template: unable to execute template at key note: /,
    );
    assert.match(event({ metadata, data: { d: '{{ .d }}' } }), /executing "d" at <.d>/);
  });

  it('that fails in two places is unpredictable', () => {
    const result = outcome({ data: { c: '{{ .c }}', d: '{{ .d }}' } });
    assert.ok(result.kind === 'unpredictable' && result.because.startsWith('map-order: '));
  });

  it('with other delimiters leaves the usual ones alone', () => {
    const given = { operator: { templateDelimiters: ['[[', ']]'] as const } };
    assert.deepEqual(outcome({ data: { c: '[[ .a ]] {{ .a }}' } }, given), {
      kind: 'created',
      data: { c: 'x {{ .a }}' },
    });
  });

  it('hides a fault of the ownership from 2.0 on, which hides it before', () => {
    const controller = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', name: 'other' };
    const secrets = { app: existing({}, { controller }) };
    const message = (operator: Partial<OperatorSettings>): string => {
      const result = outcome({ data: { c: '{{ .c }}' } }, { secrets, operator });
      return result.kind === 'fails' ? result.message : result.kind;
    };
    assert.equal(message({}), 'target is owned by another ExternalSecret');
    assert.equal(message(version2), 'could not update secret');
  });
});

describe('a transform of keys', () => {
  const transformed = (text: string): Summary => {
    const rewrite: DataFromEntry['rewrite'] = [{ transform: { template: text } }];
    return summary(
      predicted(externalSecret({ dataFrom: [extract('K', {}, rewrite)] }), { remote: { K: '{"a":"x"}' } }),
    );
  };
  const failed =
    'error processing spec.dataFrom[0].extract, err: error applying rewrite to keys: failed rewrite operation[0]: transform failed with ';

  it('makes names of names', () => {
    assert.deepEqual(transformed('app_{{ .value | upper }}'), { kind: 'created', data: { app_A: 'x' } });
  });

  it('fails in the words of the operator', () => {
    const event = (text: string): string => {
      const result = transformed(text);
      return result.kind === 'fails' ? result.event : result.kind;
    };
    assert.equal(event('{{ .value'), `${failed}failed to parse template: template: transform:1: unclosed action`);
    assert.equal(
      event('{{ .value.b }}'),
      `${failed}failed to execute template for key "a": template: transform:1:9: executing "transform" at <.value.b>: can't evaluate field b in type string`,
    );
  });
});

describe('what is printed of a prediction', () => {
  it('holds no value, whatever goes wrong', () => {
    const secret = 'examplevalue';
    const texts = fc.constantFrom(
      secret,
      `"${secret}"`,
      `{"a":"${secret}"}`,
      `{"a":"${secret}","b":1e400}`,
      `{"a":"${secret}"`,
      `[${secret}]`,
      `{"a":{"b":"${secret}"}}`,
    );
    const templates = fc.constantFrom(
      {},
      { c: '{{ fail .a }}' },
      { c: '{{ .a | b64dec }}' },
      { c: '{{ .a | fromJson | toJson }}' },
      { c: '{{ .a.b }}' },
      { c: '{{ index .a 1 2 }}' },
      { c: '{{ .a | toDate "2006" | date "2006" }}' },
    );
    const from = fc.constantFrom([], ['{{ .a }}: x'], ['c: {{ .a }}: y'], ['c: [{{ .a }}]'], ['{{ .a }}/: x']);
    const types = fc.constantFrom('Opaque', 'kubernetes.io/dockerconfigjson');
    fc.assert(
      fc.property(
        texts,
        templates,
        from,
        types,
        fc.boolean(),
        fc.boolean(),
        (text, contents, literals, type, isVault, isData) => {
          const resource = externalSecret({
            ...(isData
              ? { data: [data('a', 'K', { decodingStrategy: 'Base64', property: 'a' })] }
              : { dataFrom: [extract('K')] }),
            target: {
              template: template({
                type,
                data: contents,
                templateFrom: literals.map((literal) => ({ target: 'Data', literal })),
              }),
            },
          });
          const given: Given = isVault
            ? { store: vaultStore(), remote: { 'secret/data/K': `{"a":${JSON.stringify(text)}}` } }
            : { remote: { K: text } };
          const result = predicted(resource, given);
          const printed = JSON.stringify(result.kind === 'syncs' ? { ...result, effect: undefined } : result);
          assert.ok(!printed.includes('examplev'), printed);
        },
      ),
      { numRuns: 300 },
    );
  });
});
