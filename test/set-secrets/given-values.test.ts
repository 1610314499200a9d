import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldFormats } from '../../src/model/configuration.ts';
import type { FieldFormat } from '../../src/model/configuration.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { generateValue, isGenerated } from '../../src/set-secrets/generate-value.ts';
import { checkValue, parseValues, remarkOn } from '../../src/set-secrets/given-values.ts';
import { secretOf, textSecretOf } from './set-secrets-fixture.ts';

const canary = 'kJ4-canary-7Qz';
const check = (format: FieldFormat, text: string): string | undefined => checkValue({ format }, new SecretValue(text));

describe('a value that is given', () => {
  it('is held against its format, and not told', () => {
    assert.equal(check('token', canary), undefined);
    assert.match(check('token', `${canary}\n`) ?? '', /white space/);
    assert.match(check('email', canary) ?? '', /e-mail/);
    assert.match(check({ oneOf: ['a', 'b'] }, canary) ?? '', /^is none of a, b$/);
    assert.equal(check('text', ''), 'is empty');
    assert.match(check('text', '<token>') ?? '', /placeholder/);
    assert.match(check('text', `${canary}\ud800`) ?? '', /surrogate/);
    for (const format of fieldFormats)
      assert.ok(!(check(format, `${canary} \n`) ?? '').includes(canary), `${format} tells the value`);
  });

  it('keeps the line break at its end, which is told where no format minds it', () => {
    assert.match(remarkOn({ format: 'text' }, new SecretValue('a\n')) ?? '', /ends in a line break, which stays/);
    assert.equal(remarkOn({ format: 'text' }, new SecretValue('a')), undefined);
    assert.equal(remarkOn({ format: 'pem' }, new SecretValue('a\n')), undefined);
  });
});

describe('--values', () => {
  const parse = (text: string, secret = secretOf()): string[] => {
    const parsed = parseValues(secret, text);
    return parsed.kind === 'wrong'
      ? [...parsed.problems]
      : [...parsed.values].map(([name, value]) => `${name}=${value.reveal()}`);
  };

  it('are texts by the names of fields', () => {
    assert.deepEqual(parse('{"NOTE":"a\\n\\u00e9","PROVIDER":"card"}'), ['NOTE=a\né', 'PROVIDER=card']);
    assert.deepEqual(parse(`{"value":"${canary}"}`, textSecretOf('azure-keyvault-store')), [`value=${canary}`]);
  });

  it('are refused without a value, nor a name that may be one', () => {
    const wrong: Record<string, RegExp> = {
      [`{"${canary}":"NOTE"}`]: /^a field is not in the catalog; payment has PROVIDER, CARD_KEY, NOTE$/,
      [`{"NOTE":{"${canary}":1}}`]: /^NOTE is not a text: put it in double quotes/,
      '{"NOTE":1}': /^NOTE is not a text/,
      '{"NOTE":true}': /^NOTE is not a text/,
      [`"${canary}"`]: /^it holds a text, and not a JSON object/,
      [`{"NOTE":"${canary}"`]: /^it holds invalid JSON/,
      [`NOTE=${canary}`]: /^it holds invalid JSON/,
      '\ufeff{"NOTE":"a"}': /^it holds invalid JSON/,
      '': /^it holds nothing/,
      '{}': /^it holds no field$/,
    };
    for (const [text, says] of Object.entries(wrong)) {
      const [problem = ''] = parse(text);
      assert.match(problem, says);
      assert.ok(!problem.includes(canary));
    }
  });
});

describe('the generator', () => {
  it('gives what nobody can guess, and its format takes', () => {
    for (const format of ['token', 'text', 'guid'] as const) {
      const values = Array.from({ length: 200 }, () => generateValue(format)?.reveal() ?? '');
      assert.equal(new Set(values).size, 200);
      for (const value of values) assert.equal(check(format, value), undefined, format);
    }
    const [token = ''] = [generateValue('token')?.reveal()];
    assert.equal(Buffer.from(token, 'base64url').length, 32);
    assert.match(token, /^[\w-]{43}$/);
  });

  it('gives nothing where chance makes no sense', () => {
    for (const format of ['url', 'email', 'boolean', 'integer', 'pem', 'json', { oneOf: ['a'] }] as const) {
      assert.equal(generateValue(format), undefined);
      assert.ok(!isGenerated({ origin: 'generated', format }));
    }
    assert.ok(isGenerated({ origin: 'generated', format: 'token' }));
    assert.ok(!isGenerated({ origin: 'external', format: 'token' }));
  });
});
