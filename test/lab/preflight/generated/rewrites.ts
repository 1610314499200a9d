/** Generated cases of what is done to the names of keys: rewriting by expressions and templates, and merging. */
import fc from 'fast-check';
import { extract } from '../hand/reading.ts';
import type { Reading } from '../hand/reading.ts';
import type { JsonObject } from '../kubernetes-object.ts';
import { keyText, plainText } from './json-text.ts';

type Made = { readonly value: string; readonly reading: Reading };

export const simpleObject: fc.Arbitrary<string> = fc
  .uniqueArray(
    fc.tuple(
      fc.oneof(keyText, fc.constantFrom('db-user', 'db-pass', 'app.key', 'x_y', 'X')),
      fc.oneof(
        plainText.map((text) => JSON.stringify(text)),
        fc.constantFrom('1', '{"k":"v","n":1.50}', '{"k":2,"m":null}'),
      ),
    ),
    {
      selector: ([key]) => key,
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`);

const regexpSource = fc.oneof(
  fc.constantFrom(
    '^',
    '$',
    '^db-',
    '-',
    '_',
    '\\.',
    '/',
    'a',
    '(.*)',
    '^(.)(.*)$',
    '[a-z]+',
    '[^a-zA-Z0-9]',
    '\\W',
    '(?i)TOKEN',
    'x|y',
    '(a)?b',
    '\\d',
    '^.+$',
    '(?P<first>.)',
    '[[:alpha:]]',
    '\\bdb',
    '.{2,}',
    'a*?',
    '\\pL',
    '(',
  ),
  fc
    .array(
      fc.constantFrom('a', 'b', '.', '.*', '[a-c]', '(b|c)', '^', '$', '\\w', '?', '+', '-', '\\.', '(?:x)', '*'),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join('')),
);
const regexpTarget = fc.oneof(
  fc.constantFrom('', '_', 'x', '$1', '${1}', '${1}_', '$1_', '$0$0', 'p-$0', '$2$1', '${first}.', '$$', '/', 'é'),
);
const rewriteOperation: fc.Arbitrary<JsonObject> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(regexpSource, regexpTarget).map(([source, target]) => ({ regexp: { source, target } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        '{{ .value | upper }}',
        'p-{{ .value }}',
        '{{ .value | replace "/" "_" }}',
        '{{ .value | trimPrefix "db-" }}',
        '{{ .value | trunc 3 }}',
        '{{ .value | sha256sum | trunc 8 }}',
        '{{ .missing }}',
        '{{ .value',
        '{{ .value | nope }}',
        '{{ if eq .value "a" }}A{{ else }}{{ .value }}{{ end }}',
      )
      .map((template) => ({ transform: { template } })),
  },
);
export const rewriteReading: fc.Arbitrary<Made> = fc
  .tuple(simpleObject, fc.array(rewriteOperation, { minLength: 1, maxLength: 2 }))
  .map(([value, rewrite]) => ({
    value,
    reading: { dataFrom: [extract({}, { rewrite })] },
  }));

const innerObject = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('k', 'l', 'm', 'both'),
      fc.constantFrom('"x"', '1', '1.50', '1e21', 'null', 'true', '{"z":"<"}', '[1e21]', '"é"'),
    ),
    { selector: ([key]) => key, maxLength: 3 },
  )
  .map((pairs) => `{${pairs.map(([key, value]) => `"${key}":${value}`).join(',')}}`);
export const mergeReading: fc.Arbitrary<Made> = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 6, arbitrary: innerObject },
        { weight: 1, arbitrary: fc.constantFrom('"text"', 'null', '[]', '1') },
      ),
      { minLength: 1, maxLength: 3 },
    ),
    fc.record(
      {
        conflictPolicy: fc.constantFrom('Error', 'Ignore', 'Ignore'),
        strategy: fc.constantFrom('Extract', 'JSON'),
        into: fc.constantFrom('all', 'x0', ''),
        priority: fc.array(fc.constantFrom('x0', 'x1', 'absent'), { maxLength: 2 }),
        priorityPolicy: fc.constantFrom('Strict', 'IgnoreNotFound'),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([objects, merge]) => ({
    value: `{${objects.map((object, index) => `"x${index}":${object}`).join(',')}}`,
    reading: { dataFrom: [extract({}, { rewrite: [{ merge }] })] },
  }));
