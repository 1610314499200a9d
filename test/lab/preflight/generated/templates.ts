/** Generated templates: expressions and control structures of those that people write, now and then with a mistake. */
import fc from 'fast-check';
import { extract } from '../hand/reading.ts';
import type { Reading } from '../hand/reading.ts';
import type { JsonObject } from '../kubernetes-object.ts';
import { plainText } from './json-text.ts';
import { numberFunctions, scalars, shapes, structured, textFunctions } from './template-parts.ts';

const key = fc.constantFrom('.a', '.a', '.b', '.list', '.empty', '.c', '(index . "b-c")');
const expression: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(key, fc.array(fc.constantFrom(...textFunctions), { maxLength: 2 }))
      .map(([from, calls]) => [from, ...calls].join(' | ')),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('3', '7.5', '(int .b)', '.b', '(float64 .b)', '-2'),
        fc.array(fc.constantFrom(...numberFunctions), { minLength: 1, maxLength: 2 }),
      )
      .map(([from, calls]) => [from, ...calls].join(' | ')),
  },
  { weight: 4, arbitrary: fc.constantFrom(...structured) },
);
const plain = fc.constantFrom(
  '',
  'x',
  ' ',
  '\n',
  'user: ',
  '"',
  '}',
  '{',
  ' {{/* c */}} ',
  '{{- /* c */ -}}',
  'é',
  '\t\n ',
);
const open = fc.constantFrom('{{ ', '{{', '{{- ');
const close = fc.constantFrom(' }}', '}}', ' -}}');
const action = fc.tuple(open, expression, close).map((parts) => parts.join(''));

const templateText: fc.Arbitrary<string> = fc.letrec<{ body: string; node: string; structure: string }>((tie) => ({
  body: fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((nodes) => nodes.join('')),
  node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, plain, action, action, tie('structure')),
  structure: fc
    .tuple(tie('body'), tie('body'), fc.constantFrom(...shapes))
    .map(([first, second, shape]) => shape.replace('1', () => first).replace('2', () => second)),
})).body;

const yamlScalar = fc.constantFrom(...scalars);
const literal: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .array(
        fc.tuple(
          fc.constantFrom('x', 'y', '"z"', 'a', 'a.b', '1', 'true', '? k\n', '{{ "gen" | toJson }}'),
          yamlScalar,
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((pairs) => pairs.map(([name, scalar]) => `${name}: ${scalar}\n`).join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '# c\n',
      'text',
      '- a\n',
      '{}',
      '{"a": "b"}',
      '---\nx: y\n',
      'x: y\n---\nz: w\n',
      'x: y\n...\n',
      '\tx: y',
      '{{ toYaml (dict "x" "y") }}',
      '{{ range $k, $v := . }}{{ $k | toJson }}: {{ $v | toJson }}\n{{ end }}',
    ),
  },
);

function valueOf(texts: readonly [string, string, string]): string {
  const [a, b, c] = texts;
  return JSON.stringify({ a, b, c, 'b-c': 'two', list: 'a,b,,a', empty: '' });
}
const values = fc
  .tuple(
    fc.oneof(fc.constantFrom('example', 'Two Words', 'camelCase', 'x-y_z', '  pad ', '42', 'éÀ'), plainText),
    fc.constantFrom('3', '3', '-1', '2.5', '0', '1e3', 'abc', '9223372036854775808'),
    fc.constantFrom(
      '{"k":"v","n":1.50,"l":[1,"x",null],"m":{"x":true}}',
      '{"k":1e21,"n":12345678,"l":[]}',
      '[1,2]',
      '{',
      'null',
      '"s"',
      '{"k":"<é>","n":0.1,"l":[1,2,3],"m":{"x":{"y":"z"}}}',
    ),
  )
  .map(valueOf);

type Made = { readonly value: string; readonly reading: Reading };

export const templateReading: fc.Arbitrary<Made> = (() => {
  const template: fc.Arbitrary<{ readonly template: JsonObject; readonly resources?: readonly JsonObject[] }> =
    fc.oneof(
      { weight: 6, arbitrary: templateText.map((text) => ({ template: { data: { out: text } } })) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(literal, fc.constantFrom('Data', 'Data', 'Labels', 'Annotations'))
          .map(([text, target]) => ({ template: { templateFrom: [{ target, literal: text }] } })),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(
            fc.oneof(literal, templateText),
            fc.constantFrom('Values', 'KeysAndValues'),
            fc.constantFrom('ConfigMap', 'Secret'),
            fc.constantFrom('Data', 'Annotations'),
          )
          .map(([text, templateAs, kind, target]) => ({
            template: {
              templateFrom: [
                {
                  target,
                  [kind === 'Secret' ? 'secret' : 'configMap']: {
                    name: '@{case}-from',
                    items: [{ key: 'file', templateAs }],
                  },
                },
              ],
            },
            resources: [
              {
                apiVersion: 'v1',
                kind,
                metadata: { name: '@{case}-from' },
                [kind === 'Secret' ? 'stringData' : 'data']: { file: text },
              },
            ],
          })),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(expression, expression).map(([label, annotation]) => ({
          template: {
            metadata: { labels: { l: `{{ ${label} }}` }, annotations: { n: 'plain' } },
            data: { x: 'y' },
            mergePolicy: annotation.length % 2 === 0 ? 'Merge' : 'Replace',
          },
        })),
      },
    );
  return fc.tuple(values, template).map(([value, { template, resources = [] }]) => ({
    value,
    reading: { dataFrom: [extract()], target: { template }, resources },
  }));
})();
