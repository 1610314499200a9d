import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { FieldFormat, Requirement } from '../../src/model/configuration.ts';
import type { Field, FieldsContent } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { checkFormat, checkValues, isPlaceholder } from '../../src/model/value-rules.ts';

function field(name: string, format: FieldFormat, required: Requirement): Field {
  return {
    ...{ name, format, required, description: '', origin: 'external' as const },
    ...{ obtainedFrom: undefined, rotateAfterDays: undefined },
  };
}

const content: FieldsContent = {
  kind: 'fields',
  fields: [
    field('PROVIDER', { oneOf: ['one', 'two'] }, true),
    field('ONE_KEY', 'token', { whenField: 'PROVIDER', is: ['one'] }),
    field('URL', 'url', false),
  ],
};
const check = (values: Readonly<Record<string, string>>): string[] =>
  checkValues({ content }, new Map(Object.entries(values).map(([name, text]) => [name, new SecretValue(text)]))).map(
    (finding) => `${finding.kind}: ${finding.field} ${finding.message}`,
  );

describe('what a store holds against the catalog', () => {
  it('finds nothing where everything is right, and nothing in what is optional and absent', () => {
    assert.deepEqual(check({ PROVIDER: 'one', ONE_KEY: 'sk-4fz91' }), []);
    assert.deepEqual(check({ PROVIDER: 'two', URL: 'https://llm.internal/v1' }), []);
    assert.deepEqual(check({ PROVIDER: 'two', URL: 'postgres://db.internal:5432/app' }), []);
  });

  it('tells what is required, always or under a condition', () => {
    assert.deepEqual(check({}), ['missing: PROVIDER is missing, and required']);
    assert.deepEqual(check({ PROVIDER: 'one', ONE_KEY: '' }), [
      'empty: ONE_KEY is empty, and required: PROVIDER is one',
    ]);
  });

  it('tells placeholders and wrong formats, and no value', () => {
    assert.deepEqual(check({ PROVIDER: 'three', ONE_KEY: 'your-key', URL: 'llm.internal' }), [
      'malformed: PROVIDER is none of one, two',
      'placeholder: ONE_KEY is a placeholder, not a value',
      'malformed: URL is not a URL, such as https://host/path',
    ]);
  });

  it('checks a plain text as a required field', () => {
    const text = { kind: 'text' as const, field: field('x', 'pem', false), vaultProperty: 'value' };
    const found = (values: ReadonlyMap<string, SecretValue>): string[] =>
      checkValues({ content: text }, values).map(({ field: name, kind }) => `${name} ${kind}`);
    assert.deepEqual(found(new Map()), ['value missing']);
    assert.deepEqual(found(new Map([['value', new SecretValue('no pem')]])), ['value malformed']);
  });
});

describe('placeholders', () => {
  const yes = [
    ...['your-key', 'your_api_key', 'YOUR KEY', 'my-token', 'changeme', 'CHANGE_ME', 'replace-with-your-token'],
    ...['<token>', '${TOKEN}', '{{ token }}', 'xxxx', '...', '***', 'TODO', 'tbd', 'placeholder', 'password'],
    ...['example-jira-ATLASSIAN_TOKEN', 'https://example.org/jira', 'https://api.example.com', ' changeme\n'],
  ];
  const no = [
    ...[
      'sk-4fz91',
      'yourself',
      'https://llm.internal',
      'xx',
      'tokenized-3f9',
      'secret1',
      'mykey',
      'https://examples.org',
    ],
    ...['ghp_abcdEFGH', '{"a":1}', '-----BEGIN X-----', 'someone@corp.internal'],
  ];
  for (const text of yes)
    it(`knows ${JSON.stringify(text)}`, () => {
      assert.equal(isPlaceholder(text), true);
    });
  for (const text of no)
    it(`lets ${JSON.stringify(text)} be`, () => {
      assert.equal(isPlaceholder(text), false);
    });
});

describe('formats', () => {
  const cases: readonly (readonly [FieldFormat, readonly string[], readonly string[]])[] = [
    ['text', ['', ' any \n'], []],
    ['token', ['abc', 'a/b+c='], ['abc\n', 'a b']],
    [
      'url',
      ['https://a.internal', 'http://localhost:8080/x?y=1', 'postgres://u:p@db.internal/app'],
      ['a.internal', 'mailto:a@b.co', 'https://', 'https://a b'],
    ],
    ['email', ['a@b.co'], ['a', 'a@b', 'a b@c.de']],
    ['boolean', ['true', 'false'], ['True', '1', 'yes']],
    ['integer', ['0', '-12', '12345678901234567890'], ['1.0', '1e3', ' 1']],
    ['guid', ['0F8FAD5B-d9cb-469f-a165-70867728950e'], ['{0f8fad5b-d9cb-469f-a165-70867728950e}', '0f8fad5b']],
    ['pem', ['-----BEGIN A B-----\nAA==\n-----END A B-----\n'], ['-----BEGIN A-----\nAA==\n-----END B-----', 'AA==']],
    ['json', ['{"a":[1]}', '1.50', '"x"'], ['{', "{'a':1}"]],
    [{ oneOf: ['a', 'b'] }, ['a'], ['A', '']],
  ];
  for (const [format, right, wrong] of cases)
    it(typeof format === 'string' ? format : 'one of a list', () => {
      for (const text of right) assert.equal(checkFormat(format, text), undefined, text);
      for (const text of wrong) assert.equal(typeof checkFormat(format, text), 'string', text);
    });

  it('takes for a URL what URL takes, whatever its host, its port and its path are made of', () => {
    const label = fc.oneof(
      fc.stringMatching(/^[a-z0-9-]{0,6}$/),
      fc.constantFrom('xn--a', 'xn--', '0x7f', '256', 'ä', 'A', 'a_b', ' '),
    );
    const parts = fc.record({
      scheme: fc.constantFrom('http', 'https', 'postgres', 'HTTPS', ''),
      host: fc.array(label, { maxLength: 4 }).map((labels) => labels.join('.')),
      port: fc.oneof(
        fc.constant(''),
        fc.nat({ max: 99_999 }).map((port) => `:${port}`),
      ),
      path: fc.oneof(fc.constant(''), fc.stringMatching(/^\/[a-z/.%?#\\]{0,8}$/)),
    });
    let taken = 0;
    fc.assert(
      fc.property(parts, ({ scheme, host, port, path }) => {
        const text = `${scheme}://${host}${port}${path}`;
        const isUrl = !/\s/.test(text) && (URL.parse(text)?.hostname ?? '') !== '';
        if (isUrl) taken += 1;
        assert.equal(checkFormat('url', text) === undefined, isUrl, text);
      }),
      { numRuns: 3000 },
    );
    assert.ok(taken > 300 && taken < 2700, String(taken));
  });
});
