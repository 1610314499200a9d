import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SecretDefinition } from '../../src/model/configuration.ts';
import type { Secret } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { Action, PlannedSecret, PlanOptions, Sides } from '../../src/migrate/migration.ts';
import { planSecret } from '../../src/migrate/plan-secret.ts';
import { prepareSecret } from '../../src/migrate/prepare-secret.ts';
import type { MetadataChange, ReadOutcome, SecretMetadata, Version } from '../../src/stores/contract.ts';
import { keyVaultCapabilities } from '../../src/stores/key-vault-capabilities.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

const vault = { store: 'vault-secret-store', name: 'Vault http://vault', capabilities: vaultCapabilities } as const;
const keyVault = { store: 'azure-keyvault-store', name: 'Key Vault kv', capabilities: keyVaultCapabilities } as const;
const careful: PlanOptions = { includeUndeclared: false, overwrite: false, history: false };
const fingerprintKey = new Uint8Array(32);

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
  return planSecret(secret, source, target, { from: vault, to: keyVault, options, fingerprintKey });
}
function toVault(source: ReadOutcome, target: ReadOutcome, options = careful): PlannedSecret {
  return planSecret(secretOf(), source, target, { from: keyVault, to: vault, options, fingerprintKey });
}
function blockedBecause({ action }: PlannedSecret): string {
  assert.ok(action.kind === 'blocked');
  return [action.because.side, action.because.reason, ...action.because.names].join(': ');
}
function writes(action: Action): readonly [string, string] {
  assert.ok('expected' in action);
  return [action.kind, action.expected];
}
/** Which sides have the field. */
function fieldsOf(action: Action): string[] {
  assert.ok('differences' in action);
  return action.differences.map(
    ({ field, source, target }) => `${field} ${source ? 'has' : '–'} ${target ? 'has' : '–'}`,
  );
}
function metadataFor(from: Sides['from'], to: Sides['to'], source: ReadOutcome): MetadataChange {
  assert.ok(source.kind === 'present');
  const prepared = prepareSecret(secretOf(), source, { from, to, options: careful, fingerprintKey });
  assert.ok(prepared.kind === 'ready');
  assert.equal(prepared.value.reveal(), bank);
  return prepared.metadata;
}

describe('the plan for one secret', () => {
  it('creates what is not there, and says where it is from', () => {
    const { action, from, to } = toKeyVault(present(bank, { tags: { team: 'shop' } }), missing);
    assert.deepEqual(writes(action), ['create', 'absent']);
    assert.deepEqual(
      [from, to],
      [
        { name: 'shop/payment', version: '7' },
        { name: 'shop-payment', version: 'absent' },
      ],
    );
    assert.deepEqual(metadataFor(vault, keyVault, present(bank, { tags: { team: 'shop' } })), {
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
    assert.deepEqual(fieldsOf(conflict), ['PROVIDER has has', 'NOTE – has']);
    const update = toKeyVault(present(bank), there, { ...careful, overwrite: true }).action;
    assert.deepEqual(writes(update), ['update', '7']);
    assert.deepEqual(fieldsOf(toKeyVault(present(bank), present('no object')).action), [' has has']);
  });

  it('lets the newest version follow an older one that was copied, and renews the note of a copy that is the same', () => {
    const origin = { 'lockstep-from-store': 'Vault http://vault', 'lockstep-from-name': 'shop/payment' };
    const copy = present('{"PROVIDER":"card"}', { tags: { ...origin, 'lockstep-from-version': '5' } });
    const sides = { from: vault, to: keyVault, fingerprintKey };
    const older = (options: PlanOptions): Action =>
      planSecret(secretOf(), present(bank), copy, { ...sides, options }, undefined, version('5')).action;
    assert.deepEqual(writes(older({ ...careful, history: true })), ['append', '7']);
    const conflict = older(careful);
    assert.equal(conflict.kind === 'conflict' && conflict.copyOf, '5');
    const tagged = (tags: Record<string, string>): Action => toKeyVault(present(bank), present(bank, { tags })).action;
    assert.deepEqual(tagged({ ...origin, 'lockstep-from-version': '5' }), { kind: 'unchanged', note: '7' });
    assert.deepEqual(tagged({ ...origin, 'lockstep-from-version': '7' }), { kind: 'unchanged' });
    const elsewhere = { ...origin, 'lockstep-from-store': 'Vault http://other', 'lockstep-from-version': '5' };
    assert.deepEqual(tagged(elsewhere), { kind: 'unchanged' });
  });

  it('recovers a name that is reserved, and goes on after a version that is deleted', () => {
    assert.deepEqual(writes(toKeyVault(present(bank), deleted).action), ['recover', '6']);
    assert.deepEqual(writes(toVault(present(bank), deleted).action), ['create', '6']);
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
    const there = metadataFor(keyVault, vault, expiring);
    assert.equal(there.expiresAtMs, undefined);
    const back = metadataFor(vault, keyVault, present(bank, { tags: there.tags ?? {} }));
    assert.equal(back.expiresAtMs, Date.UTC(2030, 0, 2));
    assert.equal(back.contentType, 'application/json');
    assert.deepEqual(Object.keys(back.tags ?? {}), [
      ...['lockstep-from-store', 'lockstep-from-name', 'lockstep-from-version'],
    ]);
  });
});
