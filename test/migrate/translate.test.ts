import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { receive } from '../../src/eso/receive.ts';
import { readRemoteSecret } from '../../src/eso/remote-secret.ts';
import type { SecretDefinition } from '../../src/model/configuration.ts';
import type { ApplicationTarget } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { Translation } from '../../src/migrate/translate.ts';
import { translate } from '../../src/migrate/translate.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

type Way = 'to Key Vault' | 'to Vault';
const holds = {
  'to Key Vault': { from: 'fields', to: 'text' },
  'to Vault': { from: 'text', to: 'fields' },
} as const;

const declared = { description: 'd', format: 'text', required: false } as const;
const names = ['A', 'B', 'C', 'D', 'E'] as const;

function targetOf(change: object = {}): ApplicationTarget {
  const configuration = soundConfiguration();
  const fields = Object.fromEntries(names.map((name) => [name, declared]));
  const payment = { ...configuration.secrets['payment'], fields, ...change } as SecretDefinition;
  const target = platformOf({ ...configuration, secrets: { payment } }).applications[0]?.targets[0];
  assert.ok(target);
  return target;
}

const ofFields = targetOf();
const ofText = targetOf({
  fields: undefined,
  text: { format: 'token', vaultProperty: 'value' },
  targets: [{ name: 'payment', key: 'KEY' }],
});

function move({ secret }: ApplicationTarget, text: string, way: Way, includeUndeclared = false): Translation {
  return translate(secret, new SecretValue(text), { ...holds[way], includeUndeclared });
}

/** The value in the other store, with what was said of it. */
function moved(target: ApplicationTarget, text: string, way: Way, includeUndeclared = false): string {
  const translation = move(target, text, way, includeUndeclared);
  if (translation.kind === 'blocked') return `blocked: ${translation.because} ${translation.field ?? ''}`.trim();
  const { value, left, asText } = translation;
  return [value.reveal(), ...left.map((name) => `left ${name}`), ...asText.map((name) => `text ${name}`)].join(' ');
}

/** What an application receives, by the operator. */
function seen(
  { secret, target }: ApplicationTarget,
  store: 'vault-secret-store' | 'azure-keyvault-store',
  text: string,
): unknown {
  const there = { ...secret, store };
  const received = receive(there, target, readRemoteSecret(there, new SecretValue(text)));
  return received.kind === 'synced'
    ? received.keys.map(({ key, value }) => [key, typeof value === 'string' ? value : value.reveal()])
    : received.kind;
}

describe('a secret on its way from Vault to Key Vault', () => {
  it('keeps every field that reads alike, spelling and all', () => {
    const text = '{"A":"a\\u003c\\n","B":true,"C":null,"D":12,"E":{"a":[1],"b":"x"}}';
    assert.equal(moved(ofFields, text, 'to Key Vault'), text);
  });

  it('carries as text what the applications receive in another spelling than the one in Vault', () => {
    assert.equal(
      moved(ofFields, '{"A":1e+21,"B":1.5,"C":{"z":1,"a":"<"}}', 'to Key Vault'),
      '{"A":"1000000000000000000000","B":1.5,"C":"{\\"a\\":\\"\\\\u003c\\",\\"z\\":1}"} text A text C',
    );
  });

  it('leaves behind what the catalog does not know, unless it is asked for', () => {
    assert.equal(moved(ofFields, '{"A":"a","old":"b"}', 'to Key Vault'), '{"A":"a"} left old');
    assert.equal(moved(ofFields, '{"A":"a","old":"b"}', 'to Key Vault', true), '{"A":"a","old":"b"}');
  });

  it('does not carry what the operator cannot read', () => {
    assert.equal(moved(ofFields, '{"A":1e400}', 'to Key Vault'), 'blocked: number too large A');
    assert.equal(moved(ofFields, '"text"', 'to Key Vault'), 'blocked: not a JSON object');
  });

  it('unpacks a plain text', () => {
    assert.equal(moved(ofText, '{"value":"a\\n","more":"b"}', 'to Key Vault'), 'a\n left more');
    assert.equal(moved(ofText, '{"value":1.50}', 'to Key Vault'), '1.50 text value');
    assert.equal(moved(ofText, '{"other":"a"}', 'to Key Vault'), 'blocked: field missing value');
  });
});

describe('a secret on its way from Key Vault to Vault', () => {
  it('keeps what Vault keeps, and carries as text what it would spell anew', () => {
    assert.equal(moved(ofFields, '{ "B": 12, "A": "x" }', 'to Vault'), '{"B":12,"A":"x"}');
    assert.equal(
      moved(ofFields, '{"A":1.50,"B":12345678901234567890,"C":[1, 2]}', 'to Vault'),
      '{"A":"1.50","B":"12345678901234567890","C":"[1, 2]"} text A text B text C',
    );
  });

  it('packs a plain text', () => {
    assert.equal(moved(ofText, '{"not":"looked into"}\n', 'to Vault'), '{"value":"{\\"not\\":\\"looked into\\"}\\n"}');
  });
});

describe('whatever is moved', () => {
  const number = fc.oneof(
    fc.constantFrom('0', '-0', '1.50', '1e21', '1E5', '12345678901234567890', '1e-7', '100', '0.1'),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  );
  const json = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
      number.map((text) => text.replace('+', '')),
      fc.constantFrom('true', 'false', 'null', '"<&>"', '"\\ud800"'),
      fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      fc
        .array(fc.tuple(fc.constantFrom('z', 'a', 'é', '<'), tie('value')), { maxLength: 3 })
        .map((entries) => `{ ${entries.map(([name, value]) => `"${name}": ${value}`).join(',')} }`),
    ),
  })).value;
  const object = fc
    .array(fc.tuple(fc.constantFrom(...names), json), { maxLength: 5 })
    .map((entries) => `{${entries.map(([name, value]) => `"${name}":${value}`).join(',')}}`);
  const stores = {
    'to Key Vault': ['vault-secret-store', 'azure-keyvault-store'],
    'to Vault': ['azure-keyvault-store', 'vault-secret-store'],
  } as const;

  for (const way of ['to Key Vault', 'to Vault'] as const) {
    it(`${way}: the applications receive the same`, () => {
      fc.assert(
        fc.property(object, (text) => {
          const translation = move(ofFields, text, way);
          assert.ok(translation.kind === 'translated');
          const [before, after] = stores[way];
          assert.deepEqual(seen(ofFields, after, translation.value.reveal()), seen(ofFields, before, text));
        }),
        { numRuns: 1000 },
      );
    });

    it(`${way}, a plain text: the applications receive the same`, () => {
      fc.assert(
        fc.property(json, fc.string({ unit: 'binary', minLength: 1 }), (raw, plain) => {
          const text = way === 'to Vault' ? plain : `{"value":${raw}}`;
          const translation = move(ofText, text, way);
          assert.ok(translation.kind === 'translated');
          const [before, after] = stores[way];
          assert.deepEqual(seen(ofText, after, translation.value.reveal()), seen(ofText, before, text));
        }),
        { numRuns: 1000 },
      );
    });
  }

  it('stays as it is when it is moved once more, and comes back as it went', () => {
    fc.assert(
      fc.property(object, (text) => {
        const once = move(ofFields, text, 'to Key Vault');
        if (once.kind !== 'translated') return;
        const back = move(ofFields, once.value.reveal(), 'to Vault');
        assert.ok(back.kind === 'translated');
        assert.equal(moved(ofFields, back.value.reveal(), 'to Key Vault'), once.value.reveal());
      }),
      { numRuns: 1000 },
    );
  });
});
