import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readRemoteSecret } from '../../src/eso/remote-secret.ts';
import type { StoreName } from '../../src/model/configuration.ts';
import type { Secret } from '../../src/model/platform.ts';
import { quoteText, renderFields } from '../../src/model/secret-text.ts';
import { SecretValue } from '../../src/model/secret-value.ts';

const field = {
  name: 'text',
  description: '',
  format: 'text',
  required: true,
  origin: 'external',
  obtainedFrom: undefined,
  rotateAfterDays: undefined,
} as const;

function secretIn(store: StoreName, kind: 'fields' | 'text'): Secret {
  return {
    name: 'payment',
    description: '',
    application: 'shop',
    store,
    vaultPath: 'shop/payment',
    keyVaultName: 'shop-payment',
    content: kind === 'fields' ? { kind, fields: [] } : { kind, field, vaultProperty: 'value' },
    targets: [],
  };
}

const vault = 'vault-secret-store';
const keyVault = 'azure-keyvault-store';

/** The map of a read, or what the operator says instead. */
function read(store: StoreName, text: string, kind: 'fields' | 'text' = 'fields'): Record<string, string> | string {
  const remote = readRemoteSecret(secretIn(store, kind), new SecretValue(text));
  if (remote.kind === 'text') return remote.text.reveal();
  if (remote.kind === 'unreadable') return `unreadable: ${remote.because}`;
  assert.ok(remote.kind === 'present');
  return Object.fromEntries([...remote.fields].map(([name, value]) => [name, value.reveal()]));
}

function failureOf(result: Record<string, string> | string): string {
  assert.ok(typeof result === 'string');
  return result;
}

/** One field's value, as an extract from Vault, a property from Vault and an extract from Key Vault give it. */
const values: readonly (readonly [
  raw: string,
  vaultExtract: string,
  vaultProperty: string,
  keyVaultExtract: string,
])[] = [
  ['"<é\\n\\u0041"', '<é\nA', '<é\nA', '<é\nA'],
  ['""', '', '', ''],
  ['null', '', '', ''],
  ['true', 'true', 'true', 'true'],
  ['12345678901234567890', '12345678901234567000', '12345678901234567890', '12345678901234567890'],
  ['1.50', '1.5', '1.50', '1.50'],
  ['1.0', '1', '1.0', '1.0'],
  ['1e21', '1000000000000000000000', '1e21', '1e21'],
  ['1E5', '100000', '1E5', '1E5'],
  ['1e23', '100000000000000000000000', '1e23', '1e23'],
  ['-1.25e-7', '-0.000000125', '-1.25e-7', '-1.25e-7'],
  ['0.001', '0.001', '0.001', '0.001'],
  ['-0', '-0', '-0', '-0'],
  ['1234.5678', '1234.5678', '1234.5678', '1234.5678'],
  ['[1, 2]', '[1,2]', '[1,2]', '[1, 2]'],
  ['{ "k" : "<" }', '{"k":"\\u003c"}', '{"k":"\\u003c"}', '{ "k" : "<" }'],
  [
    '{"b":1e21,"a":1.50,"c":[1e-7,-0.0]}',
    '{"a":1.5,"b":1e+21,"c":[1e-7,-0]}',
    '{"a":1.50,"b":1e21,"c":[1e-7,-0.0]}',
    '{"b":1e21,"a":1.50,"c":[1e-7,-0.0]}',
  ],
  [
    '{"\\ud83d\\ude00":1,"\\ufb01":2,"A":null}',
    '{"A":null,"ﬁ":2,"😀":1}',
    '{"A":null,"ﬁ":2,"😀":1}',
    '{"\\ud83d\\ude00":1,"\\ufb01":2,"A":null}',
  ],
];

describe('a remote secret, read by the operator', () => {
  for (const [raw, vaultExtract, vaultProperty, keyVaultExtract] of values)
    it(`gives ${raw} as each store's provider does`, () => {
      const text = `{"value":${raw}}`;
      assert.deepEqual(read(vault, text), { value: vaultExtract });
      assert.deepEqual(read(vault, text, 'text'), { value: vaultProperty });
      assert.deepEqual(read(keyVault, text), { value: keyVaultExtract });
    });

  it('gives every text as it is, from either store', () => {
    const names = fc.stringMatching(/^[-._a-zA-Z0-9]{1,20}$/);
    fc.assert(
      fc.property(fc.dictionary(names, fc.string({ unit: 'grapheme' })), (fields) => {
        const text = renderFields(Object.entries(fields).map(([name, value]) => ({ name, raw: quoteText(value) })));
        for (const store of [vault, keyVault] as const)
          assert.deepEqual(Object.entries(read(store, text)).toSorted(), Object.entries(fields).toSorted());
      }),
    );
  });

  it('gives a plain text of Key Vault byte for byte, JSON or not', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => read(keyVault, text, 'text') === text));
    assert.equal(read(keyVault, ' {"a": 1}\r\n', 'text'), ' {"a": 1}\r\n');
  });

  it('names fields as an extract converts them', () => {
    assert.deepEqual(read(keyVault, '{"a/b":"1","clé":"2","😀":"3","a.b-c_d":"4","":"5"}'), {
      a_U002f_b: '1',
      clé: '2',
      _U1f600_: '3',
      'a.b-c_d': '4',
    });
    assert.match(
      failureOf(read(vault, '{"a/b":"1","a_U002f_b":"2"}')),
      /secret name collision during conversion: a_U002f_b$/,
    );
    assert.match(failureOf(read(vault, `{"${'é'.repeat(127)}":"1"}`)), /longer than 253 bytes/);
  });

  it('holds nothing where it is an empty object or null', () => {
    for (const store of [vault, keyVault] as const)
      for (const text of ['{}', ' null ', '{"":"x"}']) assert.deepEqual(read(store, text), {});
  });

  it('cannot be read where it is no object, and is not quoted', () => {
    for (const text of ['example-canary', '', '"example-canary"', '["example-canary"]', '{"a":"example-canary"']) {
      const said = failureOf(read(keyVault, text));
      assert.match(said, /^unreadable: error unmarshalling json data: it holds .*, not a JSON object$/);
      assert.doesNotMatch(said, /canary/);
    }
    assert.match(failureOf(read(vault, '{"a":1e400}')), /too large/);
    assert.match(failureOf(read(vault, '{"a":[1e400]}')), /too large/);
    assert.deepEqual(read(keyVault, '{"a":1e400}'), { a: '1e400' });
  });
});
