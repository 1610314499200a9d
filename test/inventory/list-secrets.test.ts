import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listSecret } from '../../src/inventory/list-secrets.ts';
import type { ListedCatalogSecret } from '../../src/inventory/list-secrets.ts';
import type { SecretDefinition } from '../../src/model/configuration.ts';
import type { Secret } from '../../src/model/platform.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { createMemoryStore } from '../../src/stores/memory/memory-store.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

const day = 86_400_000;

function secretOf(change: object = {}): Secret {
  const configuration = soundConfiguration();
  const payment = { ...configuration.secrets['payment'], ...change } as SecretDefinition;
  const [secret] = platformOf({ ...configuration, secrets: { payment } }).secrets;
  assert.ok(secret);
  return secret;
}

/** Written at the time 0, looked at `days` later. */
async function listed(text: string | undefined, secret = secretOf(), days = 0): Promise<ListedCatalogSecret> {
  const store = createMemoryStore({ name: 'Vault', capabilities: vaultCapabilities, now: () => 0 });
  if (text !== undefined) await store.write('shop/payment', new SecretValue(text), { expected: 'absent' });
  return await listSecret(secret, store, days * day);
}

describe('what is listed of a secret', () => {
  it('is where it is, which fields there are, and since when', async () => {
    const { remote, state, version, fields, ageDays, findings } = await listed('{"PROVIDER":"bank"}', secretOf(), 3);
    assert.deepEqual(
      { remote, state, version, fields, ageDays, findings },
      { remote: 'shop/payment', state: 'present', version: '1', fields: ['PROVIDER'], ageDays: 3, findings: [] },
    );
  });

  it('is that it is missing', async () => {
    const { state, ageDays } = await listed(undefined);
    assert.deepEqual([state, ageDays], ['missing', undefined]);
  });

  it('is what the catalog has against it, and what the catalog does not know', async () => {
    const { findings, undeclared } = await listed('{"PROVIDER":"card","old":"x"}');
    assert.deepEqual(findings, ['CARD_KEY is missing, and required: PROVIDER is card']);
    assert.deepEqual(undeclared, ['old']);
    const text = secretOf({ fields: undefined, text: { format: 'token' }, targets: [{ name: 'p', key: 'K' }] });
    assert.deepEqual((await listed('{"other":"x"}', text)).findings, [
      'it holds nothing that the operator can read',
      'value is missing, and required',
    ]);
  });

  it('is what was to be renewed by now', async () => {
    const fields = { KEY: { description: 'k', format: 'text', rotateAfterDays: 90 } };
    const secret = secretOf({ fields });
    assert.deepEqual((await listed('{"KEY":"x"}', secret, 90)).overdue, []);
    assert.deepEqual((await listed('{"KEY":"x"}', secret, 91)).overdue, ['KEY is to be renewed every 90 days']);
  });
});
