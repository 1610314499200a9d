/** What a body may be: the limits, values to the byte, and refusals that quote nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createTestVault, errorOf } from './key-vault-fixture.ts';
import type { Ask } from './key-vault-fixture.ts';

const put = (body: NonNullable<Ask['body']>): Ask => ({ method: 'PUT', path: '/secrets/a', body });
const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, '']));

describe('a value', () => {
  it('comes back as it was sent', () => {
    const { ask } = createTestVault();
    const property = fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (value, escaped) => {
      const json = JSON.stringify({ value });
      const body = escaped
        ? json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        : json;
      assert.equal(ask(put(body)).json.value, value);
      assert.equal(ask({ path: '/secrets/a' }).json.value, value);
    });
    fc.assert(property, { numRuns: 500 });
  });
  for (const value of ['', ' \r\n\t', 'a\u0000b', '\u2028\ufeff', '😀', '"\\/', '1.50', '{"a":1}'])
    it(`can be ${JSON.stringify(value)}`, () => {
      const { ask } = createTestVault();
      assert.equal(ask(put({ value })).json.value, value);
    });
  it('has at most 25 KiB of UTF-8', () => {
    const { ask } = createTestVault();
    const statuses = ['a'.repeat(25_600), 'a'.repeat(25_601), 'é'.repeat(12_800), 'é'.repeat(12_801)].map(
      (value) => ask(put({ value })).status,
    );
    assert.deepEqual(statuses, [200, 400, 200, 400]);
  });
  it('has names that are written in any way', () => {
    const { ask } = createTestVault();
    const tags = '"\\u0074ags":{"\\u0061":"1","__proto__":"2","constructor":"3"}';
    const answer = ask(put(`\ufeff {"\\u0076alue":"v",${tags}} `));
    assert.equal(answer.json.value, 'v');
    assert.match(answer.text, /"tags":\{"a":"1","__proto__":"2","constructor":"3"\}/);
  });
});

describe('what is taken', () => {
  const bodies: readonly object[] = [
    { value: 'v', contentType: '' },
    { value: 'v', contentType: 'c'.repeat(255) },
    { value: 'v', contentType: null, tags: null, attributes: null },
    { value: 'v', attributes: { enabled: null, nbf: null, exp: null } },
    { value: 'v', attributes: { exp: -1, nbf: 253_402_300_799 } },
    { value: 'v', tags: many(15) },
    { value: 'v', tags: { ['n'.repeat(512)]: 'v'.repeat(512) } },
    { value: 'v', unknown: { a: [1] }, id: 'x' },
  ];
  for (const body of bodies)
    it(JSON.stringify(body).slice(0, 60), () => assert.equal(createTestVault().ask(put(body)).status, 200));
});

/** Each holds `canary` where a text may hold something. */
const refused: readonly (readonly [string, NonNullable<Ask['body']>])[] = [
  ['nothing', ''],
  ['no JSON', 'canary'],
  ['half of JSON', '{"value":"canary"'],
  ['two values', '{"value":"canary"} {}'],
  ['a text', '"canary"'],
  ['a list', '["canary"]'],
  ['null', 'null'],
  ['bytes that are no UTF-8', Buffer.from('7b2276616c7565223a2263616e617279ff227d', 'hex')],
  ['half a surrogate pair', '{"value":"canary\\ud800"}'],
  ['the other half', '{"value":"\\udc00canary"}'],
  ['halves in the wrong order', '{"value":"canary\\udc00\\ud800"}'],
  ['no value', { contentType: 'canary' }],
  ['a value that is null', { value: null, contentType: 'canary' }],
  ['a value that is a number', '{"value":1,"contentType":"canary"}'],
  ['a value that is an object', { value: { canary: 'canary' } }],
  ['a value too long', { value: 'canary'.repeat(5000) }],
  ['a content type too long', { value: 'canary', contentType: 'canary'.repeat(43) }],
  ['a content type that is no text', { value: 'canary', contentType: ['canary'] }],
  ['16 tags', { value: 'canary', tags: many(16) }],
  ['a tag without a name', { value: 'canary', tags: { '': 'canary' } }],
  ['a tag with a long name', { value: 'canary', tags: { ['canary'.repeat(86)]: '' } }],
  ['a tag with a long value', { value: 'canary', tags: { a: 'canary'.repeat(86) } }],
  ['a tag that is a number', { value: 'canary', tags: { canary: 1 } }],
  ['a tag that is null', { value: 'canary', tags: { canary: null } }],
  ['tags that are a list', { value: 'canary', tags: ['canary'] }],
  ['attributes that are a text', { value: 'canary', attributes: 'canary' }],
  ['enabled that is a text', { value: 'canary', attributes: { enabled: 'true' } }],
  ['a time that is a text', { value: 'canary', attributes: { exp: '1' } }],
  ['a time with a fraction', { value: 'canary', attributes: { exp: 1.5 } }],
  ['a time after the year 9999', { value: 'canary', attributes: { nbf: 253_402_300_800 } }],
];

describe('what is refused', () => {
  for (const [name, body] of refused)
    it(`${name}: 400, which quotes nothing, and nothing is done`, () => {
      const { ask } = createTestVault();
      const answer = ask(put(body));
      assert.equal(errorOf(answer), '400 BadParameter');
      assert.ok(!answer.text.includes('canary'));
      assert.equal(ask({ path: '/secrets/a' }).status, 404);
    });
  it('an update, by the same rules but for the value', () => {
    const { ask } = createTestVault();
    ask(put({ value: 'v' }));
    const withoutValue = (body: unknown): body is object => typeof body === 'object' && !Buffer.isBuffer(body);
    for (const [name, body] of refused.slice(16).filter(([, one]) => withoutValue(one))) {
      const answer = ask({ method: 'PATCH', path: '/secrets/a', body });
      assert.equal(errorOf(answer), '400 BadParameter', name);
      assert.ok(!answer.text.includes('canary'));
    }
    assert.deepEqual(Object.keys(ask({ path: '/secrets/a' }).json), ['value', 'id', 'attributes']);
  });
  it('no refusal of any kind quotes a value', () => {
    const { ask, core } = createTestVault();
    core.admin('contoso').setManaged('cert', { value: 'canary', contentType: 'canary', tags: { canary: 'canary' } });
    core.admin('contoso').set('off', { value: 'canary', enabled: false });
    core.admin('contoso').set('gone', { value: 'canary' });
    const { value: blob } = ask({ method: 'POST', path: '/secrets/off/backup' }).json;
    ask({ method: 'DELETE', path: '/secrets/gone' });
    const body = { value: 'canary', tags: { canary: 'canary' }, contentType: 'canary' };
    const asked: readonly Ask[] = [
      ...['a_b', 'cert', 'gone'].map((name) => ({ method: 'PUT', path: `/secrets/${name}`, body })),
      { method: 'PUT', path: '/secrets/a', body, who: 'nobody' },
      { method: 'PUT', path: '/secrets/a', body, who: undefined },
      { method: 'POST', path: '/secrets/restore', body },
      { method: 'POST', path: '/secrets/restore', body: { value: blob } },
      { method: 'PATCH', path: '/secrets/none', body },
      { path: '/secrets/off' },
      { method: 'DELETE', path: '/secrets/cert' },
      { method: 'TRACE', path: '/secrets/a', body },
    ];
    for (const one of asked) {
      const answer = ask(one);
      assert.ok(answer.status >= 400 && !answer.text.includes('canary'), `${one.path}: ${answer.status}`);
    }
  });
});
