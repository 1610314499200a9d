/** The contract against the embedded Vault, over HTTP; and what becomes of writes when that breaks. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { Version } from '../../src/stores/contract.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';
import type { VaultStore } from '../../src/stores/vault/vault-store.ts';
import { describeStore } from '../contract/store-contract.ts';

const lacking = 'keepsDigits' in vaultCapabilities ? false : 'the contract cannot say yet that Vault rounds numbers';

describe('over HTTP', { skip: lacking }, () => {
  let vault: Awaited<ReturnType<typeof createEmbeddedVault>> | undefined;
  const stores: VaultStore[] = [];

  before(async () => {
    vault = await createEmbeddedVault();
  });
  after(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await vault?.close();
  });

  describeStore('the embedded Vault', vaultCapabilities, () => {
    if (vault === undefined) throw new Error('not started');
    const auth = { kind: 'token', token: new SecretValue(vault.rootToken) } as const;
    const store = createVaultStore({ address: vault.url, auth });
    stores.push(store);
    return Promise.resolve(store);
  });
});

describe('one writer, over a network that fails', () => {
  it('knows what it has written, or knows that it does not', async () => {
    // The same faults each time.
    let state = 7;
    const random = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
    const vault = await createEmbeddedVault({ random });
    const auth = { kind: 'token', token: new SecretValue(vault.rootToken) } as const;
    const store = createVaultStore({ address: vault.url, auth, retries: 1 });
    const seen = { written: 0, failed: 0 };
    try {
      let newest: Version | 'absent' = 'absent';
      for (let count = 0; count < 40; count++) {
        const value = new SecretValue(`{"count":${count}}`);
        for (const kind of ['drop', 'half-response', 'refuse'] as const)
          vault.faults.add({ effect: { kind }, path: 'secret/', rate: 0.3 });
        const outcome: unknown = await store.write('a', value, { expected: newest }).catch((error: unknown) => error);
        vault.faults.clear();
        const read = await store.read('a');
        if (outcome instanceof StoreError) {
          seen.failed += 1;
          assert.match(outcome.message, /not known whether it was written/);
          newest = read.kind === 'present' ? read.version : 'absent';
          continue;
        }
        seen.written += 1;
        const version: Version = String(Number(newest === 'absent' ? 0 : newest) + 1) as Version;
        assert.deepEqual(outcome, { kind: 'written', version });
        assert.ok(read.kind === 'present' && read.version === version && read.value.equals(value));
        newest = version;
      }
      assert.ok(seen.written > 5 && seen.failed > 0, JSON.stringify(seen));
    } finally {
      await store.close();
      await vault.close();
    }
  });
});
