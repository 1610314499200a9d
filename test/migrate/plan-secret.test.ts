import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SecretDefinition } from '../../src/model/configuration.ts';
import type { Secret } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { Action, PlannedSecret, PlanOptions } from '../../src/migrate/plan-secret.ts';
import { planSecret } from '../../src/migrate/plan-secret.ts';
import type { ReadOutcome, SecretMetadata, Version } from '../../src/stores/contract.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

const vault = { store: 'vault-secret-store', name: 'Vault http://vault', capabilities: vaultCapabilities } as const;
const keyVault = { store: 'azure-keyvault-store', name: 'Key Vault kv', capabilities: keyVaultCapabilities } as const;
const careful: PlanOptions = { includeUndeclared: false, overwrite: false };

function secretOf(change: object = {}): Secret {
  const configuration = soundConfiguration();
  const payment = { ...configuration.secrets['payment'], ...change } as SecretDefinition;
  const [secret] = platformOf({ ...configuration, secrets: { payment } }).secrets;
  assert.ok(secret);
  return secret;
}

const version = (text: string): Version => text as Version;
const metadata: SecretMetadata = {
  ...{ createdAtMs: 1, updatedAtMs: 1, enabled: true, contentType: undefined, expiresAtMs: undefined },
  ...{ tags: {}, managed: false },
};
function present(text: string, change: Partial<SecretMetadata> = {}): ReadOutcome {
  return { kind: 'present', value: new SecretValue(text), version: version('7'), metadata: { ...metadata, ...change } };
}
const missing: ReadOutcome = { kind: 'missing' };
const deleted: ReadOutcome = { kind: 'deleted', version: version('6') };

const bank = '{"PROVIDER":"bank"}';
function toKeyVault(source: ReadOutcome, target: ReadOutcome, options = careful, secret = secretOf()): PlannedSecret {
  return planSecret(secret, source, target, { from: vault, to: keyVault, options });
}
function toVault(source: ReadOutcome, target: ReadOutcome, options = careful): PlannedSecret {
  return planSecret(secretOf(), source, target, { from: keyVault, to: vault, options });
}
function blockedBecause({ action }: PlannedSecret): string {
  assert.ok(action.kind === 'blocked');
  return [action.because.side, action.because.reason, ...action.because.names].join(': ');
}
function writes(action: Action): readonly [string, string, string] {
  assert.ok('value' in action);
  return [action.kind, action.value.reveal(), action.expected];
}
function fieldsOf(action: Action): string[] {
  assert.ok('differences' in action);
  return action.differences.map(
    ({ field, source, target }) => `${field} ${source?.reveal() ?? '–'} ${target?.reveal() ?? '–'}`,
  );
}

describe('the plan for one secret', () => {
  it('creates what is not there, and says where it is from', () => {
    const { action, from, to } = toKeyVault(present(bank, { tags: { team: 'shop' } }), missing);
    assert.deepEqual(writes(action), ['create', bank, 'absent']);
    assert.deepEqual(
      [from, to],
      [
        { name: 'shop/payment', version: '7' },
        { name: 'shop-payment', version: 'absent' },
      ],
    );
    assert.deepEqual('metadata' in action ? action.metadata : undefined, {
      contentType: 'application/json',
      tags: {
        'lockstep-from-store': 'Vault http://vault',
        'lockstep-from-name': 'shop/payment',
        'lockstep-from-version': '7',
        team: 'shop',
      },
    });
  });

  it('leaves alone what is the same, in whatever order, and whatever else is there', () => {
    const two = '{"PROVIDER":"bank","NOTE":"n"}';
    assert.equal(
      toKeyVault(present(two), present('{ "NOTE": "n", "PROVIDER": "bank", "old": 1 }')).action.kind,
      'unchanged',
    );
  });

  it('overwrites only when it is asked to, and tells the fields', () => {
    const there = present('{"PROVIDER":"card","NOTE":"n"}');
    const conflict = toKeyVault(present(bank), there).action;
    assert.equal(conflict.kind, 'conflict');
    assert.deepEqual(fieldsOf(conflict), ['PROVIDER bank card', 'NOTE – n']);
    const update = toKeyVault(present(bank), there, { ...careful, overwrite: true }).action;
    assert.deepEqual(writes(update), ['update', bank, '7']);
    assert.deepEqual(fieldsOf(toKeyVault(present(bank), present('no object')).action), [` ${bank} no object`]);
  });

  it('recovers a name that is reserved, and goes on after a version that is deleted', () => {
    assert.deepEqual(writes(toKeyVault(present(bank), deleted).action), ['recover', bank, '6']);
    assert.deepEqual(writes(toVault(present(bank), deleted).action), ['create', bank, '6']);
  });

  it('tells what the source does not have', () => {
    assert.deepEqual(toKeyVault(missing, missing).action, { kind: 'missing', deleted: false });
    assert.deepEqual(toKeyVault(deleted, present(bank)).action, { kind: 'missing', deleted: true });
  });

  it('blocks what it may not see or change, on either side', () => {
    const disabled: ReadOutcome = { kind: 'disabled', version: undefined };
    assert.equal(blockedBecause(toVault(disabled, missing)), 'source: disabled');
    assert.equal(blockedBecause(toKeyVault({ kind: 'forbidden' }, missing)), 'source: forbidden');
    assert.equal(blockedBecause(toKeyVault(present(bank), { kind: 'forbidden' })), 'target: forbidden');
    assert.equal(blockedBecause(toKeyVault(present(bank), disabled)), 'target: disabled');
    const certificate = present('{"PROVIDER":"card"}', { managed: true });
    assert.equal(
      blockedBecause(toKeyVault(present(bank), certificate, { ...careful, overwrite: true })),
      'target: managed',
    );
  });

  it('blocks what does not fit, and what cannot be read', () => {
    const large = `{"PROVIDER":"bank","NOTE":"${'é'.repeat(keyVaultCapabilities.maxValueBytes / 2)}"}`;
    assert.equal(blockedBecause(toKeyVault(present(large), missing)), 'target: too large');
    assert.equal(blockedBecause(toVault(present('text'), missing)), 'source: not a JSON object');
    assert.equal(blockedBecause(toKeyVault(present('{"NOTE":1e999}'), missing)), 'source: number too large: NOTE');
  });

  it('holds the source against the catalog', () => {
    const { findings, action } = toKeyVault(present('{"PROVIDER":"card","CARD_KEY":"your-key"}'), missing);
    assert.deepEqual(
      findings.map(({ field, kind }) => `${field} ${kind}`),
      ['CARD_KEY placeholder'],
    );
    assert.equal(action.kind, 'create');
  });

  it('tells what stays behind, and what becomes a text', () => {
    const { left, asText } = toVault(
      present('{"PROVIDER":"bank","NOTE":1.50,"old":"x"}', { tags: { long: 'x'.repeat(600) } }),
      missing,
    );
    assert.deepEqual(left, ['the field old, which the catalog does not know', 'the tag long']);
    assert.deepEqual(asText, ['NOTE']);
  });

  it('keeps in tags the attributes that Vault does not have, and makes attributes of them again', () => {
    const expiring = present(bank, { contentType: 'application/json', expiresAtMs: Date.UTC(2030, 0, 2) });
    const there = toVault(expiring, missing).action;
    assert.ok(there.kind === 'create');
    assert.equal(there.metadata.expiresAtMs, undefined);
    const back = toKeyVault(present(bank, { tags: there.metadata.tags ?? {} }), missing).action;
    assert.ok(back.kind === 'create');
    assert.equal(back.metadata.expiresAtMs, Date.UTC(2030, 0, 2));
    assert.equal(back.metadata.contentType, 'application/json');
    assert.deepEqual(Object.keys(back.metadata.tags ?? {}), [
      ...['lockstep-from-store', 'lockstep-from-name', 'lockstep-from-version'],
    ]);
  });
});
