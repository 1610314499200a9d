/** Values, properties and numbers: the reference's cases 1 to 25. */
import { Cases, extract, read } from './reading.ts';

const cases = new Cases('values');

cases.add('key-vault', '1: no property, newline at the end', 'abc\n', { data: [read()] });
cases.add('key-vault', 'empty value', '', { data: [read()] });
cases.add('key-vault', 'a NUL and a BOM', '\ufeffa\u0000b', { data: [read()] });
cases.both('2: a property that is a literal key and a path', '{"a.b":"L","a":{"b":"N"}}', {
  data: [read({ property: 'a.b' })],
});
cases.both('2: only the literal key', '{"a.b":"L","a":{"c":"N"}}', { data: [read({ property: 'a.b' })] });
cases.both('3: a dotted key inside', '{"a":{"b.c":"x"}}', { data: [read({ property: 'a.b.c' })] });
cases.both('3: a dotted key inside, escaped', '{"a":{"b.c":"x"}}', { data: [read({ property: 'a.b\\.c' })] });
cases.both('4: null by property', '{"a":null,"b":"x"}', { data: [read({ property: 'a' })] });
cases.both('4: null by extract', '{"a":null,"b":"x"}', { dataFrom: [extract()] });
cases.both('5: a missing property, Delete', '{"a":"x"}', {
  data: [read({ property: 'p' })],
  target: { deletionPolicy: 'Delete' },
});
cases.both('5: a missing property', '{"a":"x"}', { data: [read({ property: 'p' })] });
for (const deletionPolicy of ['Retain', 'Delete', 'Merge'])
  for (const state of ['deleted', 'disabled'] as const) {
    const reading = { data: [read()], target: { deletionPolicy }, secret: { state } };
    cases.add('key-vault', `7: ${state}, ${deletionPolicy}`, 'x', reading);
    if (state === 'deleted') cases.add('vault', `8: ${state}, ${deletionPolicy}`, '{"a":"x"}', reading);
  }
for (const deletionPolicy of ['Retain', 'Delete', 'Merge']) {
  cases.both(`6: there is none, ${deletionPolicy}`, '{}', {
    data: [{ secretKey: 'out', remoteRef: { key: 'cases-@{case}-none' } }],
    target: { deletionPolicy },
    remote: [],
  });
  cases.both(`6: there is none to extract, ${deletionPolicy}`, '{}', {
    dataFrom: [{ extract: { key: 'cases-@{case}-none' } }],
    target: { deletionPolicy },
    remote: [],
  });
  cases.both(`6: one of two is missing, ${deletionPolicy}`, '{"a":"x"}', {
    data: [read({ property: 'a' }), { secretKey: 'other', remoteRef: { key: 'cases-@{case}-none' } }],
    target: { deletionPolicy },
  });
  cases.both(`9: extract of {}, ${deletionPolicy}`, '{}', { dataFrom: [extract()], target: { deletionPolicy } });
}
cases.add('vault', '8: forbidden', '{"a":"x"}', {
  data: [{ secretKey: 'out', remoteRef: { key: '@{denied/a}' } }],
  remote: [{ name: 'denied/a', place: 'vault', value: '{"a":"x"}' }],
});
cases.add('key-vault', 'forbidden', 'x', {
  store: 'key-vault-denied',
  data: [read()],
  secret: { place: 'key-vault-denied' },
});
for (const value of [
  'null',
  '[]',
  '"s"',
  '12',
  '',
  'true',
  '{"a":"x"}\n',
  '\ufeff{"a":"x"}',
  ' \n{"a":1} ',
  '{"a":1}x',
])
  cases.add('key-vault', `10 to 12: extract of ${JSON.stringify(value)}`, value, { dataFrom: [extract()] });
for (const value of [
  '{"a":"x","a":"y"',
  '{"a":tru}',
  '{"a":"\n"}',
  '{"a":01}',
  '{"a":"\\x"}',
  '{a:1}',
  '{"a"1}',
  '{,}',
])
  cases.add('key-vault', `not JSON: ${JSON.stringify(value)}`, value, { dataFrom: [extract()] });
for (const value of [
  'junk {"a":"x"}',
  '{"a":"x"',
  '{"a":"unterminated',
  'hello',
  '{"a":tru}',
  '{"a":"x"} t',
  '""',
  '[1,2]',
])
  cases.add('key-vault', `13: a property of ${JSON.stringify(value)}`, value, { data: [read({ property: 'a' })] });

const numbers = [
  ...['12345678901234567890', '1e21', '1.50', '1E5', '-0', '-0.0', '0.0000001', '1e-7', '123456789012345678901234'],
  ...['1.0', '100', '1e2', '0.1', '3.14159265358979312', '1e20', '123456789.5'],
];
for (const number of numbers) {
  const value = `{"a":${number},"o":{"n":${number}},"l":[${number}]}`;
  cases.both(`14 to 16: ${number} by property`, value, { data: [read({ property: 'a' })] });
  cases.both(`14 to 16: ${number} inside`, value, {
    data: [read({ property: 'o.n' }, 'x'), read({ property: 'o' }, 'y')],
  });
  cases.both(`14 to 16: ${number} by extract`, value, { dataFrom: [extract()] });
  cases.both(`14 to 16: ${number} by extract of an object`, value, { dataFrom: [extract({ property: 'o' })] });
}
// Vault takes neither such numbers nor half a surrogate pair.
cases.add('key-vault', '17: 1e400 by property', '{"a":1e400}', { data: [read({ property: 'a' })] });
cases.add('key-vault', '17: 1e400 by extract', '{"a":1e400}', { dataFrom: [extract()] });
const markup = '{"a":{ "k" : "<&>\u2028" , "j": [1, 2] },"s":"<&>\u2028\u00e9"}';
cases.both('18: an object with spaces by extract', markup, { dataFrom: [extract()] });
cases.both('18: an object with spaces by property', markup, { data: [read({ property: 'a' })] });
cases.both('18: all of it', markup, { data: [read()] });
cases.both('18: a text inside', markup, { data: [read({ property: 'a.k' }, 'x'), read({ property: 's' }, 'y')] });
cases.both('19: bool', '{"a":true,"b":false}', { data: [read({ property: 'a' })], dataFrom: [extract()] });
cases.add('key-vault', '20: duplicates by property', '{"a":"1","a":"2"}', { data: [read({ property: 'a' })] });
cases.add('key-vault', '20: duplicates by extract', '{"a":"1","a":"2"}', { dataFrom: [extract()] });
const list = '{"a":[{"n":1},{"n":2}],"a.9":"L","0":"zero"}';
for (const property of ['a.0', 'a.1.n', 'a.#', 'a.#.n', 'a.9', 'a.2', '0', 'a.-1', 'a', 'a.00'])
  cases.both(`21: ${property}`, list, { data: [read({ property })] });
const odd = '{"a|b":1,"ab":"x","@a":"at","!a":"bang","{a":"brace","a*c":"star","a\\\\b":"back","k\\u0065y":"v"}';
for (const property of [
  'a|b',
  'a*',
  'a?',
  '@a',
  '!a',
  '{a',
  'a*c',
  'a\\b',
  'a\\\\b',
  'key',
  '@this',
  '@keys',
  'ab.@this',
  '#',
])
  cases.both(`22 and 23: ${property}`, odd, { data: [read({ property })] });
cases.both('24: JSON inside a text', '{"a":"{\\"b\\":1}"}', { data: [read({ property: 'a.b' })] });
cases.both('24: JSON inside a text, extracted', '{"a":"{\\"b\\":1}"}', { dataFrom: [extract({ property: 'a' })] });
for (const property of ['a', 'b', 'c', 'd', 'e'])
  cases.both(`3.4: extract of the property ${property}`, '{"a":"hello","b":[1],"c":null,"d":"null","e":{"x":"y"}}', {
    dataFrom: [extract({ property })],
  });
const surrogate = '{"a":"\\ud800","b":"\\ud83d\\ude00","c":"x\\udc00y"}';
cases.add('key-vault', '25: half a surrogate pair by property', surrogate, {
  data: ['a', 'b', 'c'].map((property) => read({ property }, property)),
});
cases.add('key-vault', '25: half a surrogate pair by extract', surrogate, { dataFrom: [extract()] });

export const valueCases = cases.all;
