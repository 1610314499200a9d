/** Names of keys, rewriting, decoding and what comes together: the reference's cases 26 to 33, 36 and 37, and 1.5. */
import type { JsonObject } from '../kubernetes-object.ts';
import { Cases, extract, providers, read } from './reading.ts';

const cases = new Cases('keys');

for (const conversionStrategy of ['Default', 'Unicode', 'None']) {
  cases.both(`26: a/b, ${conversionStrategy}`, '{"a/b":"x","c d":"y","é":"z","😀":"w"}', {
    dataFrom: [extract({ conversionStrategy, property: '' })],
  });
  cases.both(`26: a/b alone, ${conversionStrategy}`, '{"a/b":"x","c d":"y"}', {
    dataFrom: [extract({ conversionStrategy })],
  });
  cases.both(`27: a/b and a_b, ${conversionStrategy}`, '{"a/b":"x","a_b":"y"}', {
    dataFrom: [extract({ conversionStrategy })],
  });
}
cases.both('28: letters that only the operator takes', '{"clé":"x"}', { dataFrom: [extract()] });
for (const key of ['.', '..', '...', '..a', '.a', '-', '_', '数据', '١', 'a'.repeat(253), 'a'.repeat(254), 'ſ', '²'])
  cases.both(`28: the key ${key.slice(0, 10)} of ${key.length}`, JSON.stringify({ [key]: 'x' }), {
    dataFrom: [extract()],
  });
cases.both('29: an empty key alone', '{"":"x"}', { dataFrom: [extract()] });
cases.both('29: an empty key beside another', '{"":"x","a":"y"}', { dataFrom: [extract()] });

const regexp = (source: string, target: string): JsonObject => ({ rewrite: [{ regexp: { source, target } }] });
const some = '{"db-x":"1","db-y":"2","other":"3"}';
cases.both('30: a rewrite that leaves a/b as it is', '{"a/b":"x"}', { dataFrom: [extract({}, regexp('z', 'y'))] });
cases.both('31: $1_x is the group 1_x', some, { dataFrom: [extract({}, regexp('^db-(.*)$', '$1_x'))] });
cases.both('31: ${1}_x', some, { dataFrom: [extract({}, regexp('^db-(.*)$', '${1}_x'))] });
cases.both('31: named groups', some, { dataFrom: [extract({}, regexp('^db-(?P<n>.*)$', '${n}.$n'))] });
cases.both('31: all matches', some, { dataFrom: [extract({}, regexp('[a-z]', 'q$0'))] });
cases.both('31: $$ and a lone $', some, { dataFrom: [extract({}, regexp('-', '$$$'))] });
cases.both('31: an empty match everywhere', '{"ab":"x"}', { dataFrom: [extract({}, regexp('', '-'))] });
cases.both('31: not a regular expression', some, { dataFrom: [extract({}, regexp('(', 'x'))] });
cases.both('31: no lookahead in RE2', some, { dataFrom: [extract({}, regexp('(?=a)', 'x'))] });
cases.both('31: not greedy, and case', '{"DB-x":"1"}', { dataFrom: [extract({}, regexp('(?i)db-*?', 'y'))] });
cases.both('32: two keys become one', '{"ax":"1","bx":"2"}', { dataFrom: [extract({}, regexp('^.', ''))] });
const transform = (template: string): JsonObject => ({ rewrite: [{ transform: { template } }] });
cases.both('transform', some, { dataFrom: [extract({}, transform('{{ .value | upper | replace "-" "_" }}'))] });
cases.both('transform: no such field', some, { dataFrom: [extract({}, transform('{{ .nothing }}'))] });
cases.both('transform: cannot be parsed', '{"a":"1"}', {
  dataFrom: [extract({}, transform('{{ .value | nothing }}'))],
});
cases.both('transform: fails', '{"a":"1"}', { dataFrom: [extract({}, transform('{{ fail "no" }}'))] });
const nested = '{"x":{"k":"1","both":"x"},"y":{"k2":1.50,"both":"y"},"z":"{\\"in\\":null}"}';
const merge = (options: JsonObject): JsonObject => ({ rewrite: [{ merge: options }] });
cases.both('merge: conflict', '{"x":{"both":"x"},"y":{"both":"y"}}', { dataFrom: [extract({}, merge({}))] });
cases.both('merge: conflict ignored', nested, { dataFrom: [extract({}, merge({ conflictPolicy: 'Ignore' }))] });
cases.both('merge: priority', nested, {
  dataFrom: [extract({}, merge({ conflictPolicy: 'Ignore', priority: ['x'] }))],
});
cases.both('merge: priority that is not there', nested, {
  dataFrom: [extract({}, merge({ conflictPolicy: 'Ignore', priority: ['q'] }))],
});
cases.both('merge: priority that is not there, ignored', nested, {
  dataFrom: [extract({}, merge({ conflictPolicy: 'Ignore', priority: ['q', 'y'], priorityPolicy: 'IgnoreNotFound' }))],
});
cases.both('merge: into one', nested, {
  dataFrom: [extract({}, merge({ conflictPolicy: 'Ignore', strategy: 'JSON', into: 'all' }))],
});
cases.both('merge: into nothing', nested, {
  dataFrom: [extract({}, merge({ conflictPolicy: 'Ignore', strategy: 'JSON' }))],
});
cases.both('merge: not an object', '{"x":"hello"}', { dataFrom: [extract({}, merge({}))] });
cases.both('merge: numbers', '{"x":{"a":1e21,"b":1.50,"c":12345678901234567890,"d":{"e":1e21},"f":null,"g":true}}', {
  dataFrom: [extract({}, merge({}))],
});
cases.both('several operations', some, {
  dataFrom: [
    extract(
      {},
      {
        rewrite: [
          { regexp: { source: 'db-', target: 'a/' } },
          { transform: { template: '{{ .value | upper }}' } },
          { regexp: { source: '/', target: '.' } },
        ],
      },
    ),
  ],
});

for (const provider of providers)
  cases.add(provider, '33: two dataFrom and data', '', {
    dataFrom: [extract(), { extract: { key: '@{b}' } }],
    data: [read({ property: 'a' }, 'c')],
    remote: [
      { name: 'a', place: provider, value: '{"a":"1","b":"2","c":"3"}' },
      { name: 'b', place: provider, value: '{"b":"4","d":"5"}' },
    ],
  });
cases.both('33: two data of one key', '{"a":"1","b":"2"}', {
  data: [read({ property: 'b' }, 'k'), read({ property: 'a' }, 'k')],
});

const texts = [
  'test',
  'hello123',
  'abc',
  'aGk',
  'aGk=',
  'YWJj\n',
  'aGk= ',
  '',
  'YWJj',
  'a-_b',
  '+/8=',
  '-_8=',
  'Y\r\nQ==',
  'YR==',
  '*',
];
for (const decodingStrategy of ['Base64', 'Base64URL', 'Auto'])
  for (const text of texts)
    cases.both(`37: ${JSON.stringify(text)}, ${decodingStrategy}`, JSON.stringify({ a: text }), {
      data: [read({ property: 'a', decodingStrategy })],
    });
for (const decodingStrategy of ['Base64', 'Base64URL', 'Auto'])
  cases.both(`37: extract, ${decodingStrategy}`, '{"a":"YWJj","b":"_-8="}', {
    dataFrom: [extract({ decodingStrategy })],
  });
cases.both('37: extract of one that cannot be decoded', '{"a":"*"}', {
  dataFrom: [extract({ decodingStrategy: 'Base64' })],
});

export const keyCases = cases.all;
