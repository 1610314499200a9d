import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { networkFault as keyVaultFault } from '../../src/stores/key-vault/network-fault.ts';
import { networkFault as vaultFault } from '../../src/stores/vault/network-fault.ts';

describe('what went wrong below HTTP', () => {
  for (const [store, fault] of Object.entries({ vault: vaultFault, 'key-vault': keyVaultFault })) {
    it(`is tried again at once where that can help: ${store}`, () => {
      const tried = (code: string): boolean[] => {
        const { retryable, worthRepeating } = fault(code, 'https://example.org', false);
        return [retryable, worthRepeating];
      };
      assert.deepEqual(tried('ECONNREFUSED'), [true, true]);
      // Somebody may make the name; not within the second.
      assert.deepEqual(tried('ENOTFOUND'), [true, false]);
      assert.deepEqual(tried('CERT_HAS_EXPIRED'), [false, false]);
    });
    it(`may have been done where the connection was there: ${store}`, () => {
      assert.equal(fault('ECONNRESET', 'https://example.org', true).effect, 'unknown');
      assert.equal(fault('ECONNREFUSED', 'https://example.org', false).effect, 'none');
    });
  }
});
