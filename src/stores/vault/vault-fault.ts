/** Why a request to Vault failed (vault-store.ts makes a StoreError of it). */
import { StoreFault } from '../store-fault.ts';
import type { StoreFaultDetails } from '../store-fault.ts';

export class VaultFault extends StoreFault {}

/** It will not be otherwise before somebody changes something, and nothing was done. */
export function finalFault(because: string, hint: string): VaultFault {
  return new VaultFault({ because, hint, retryable: false, effect: 'none' });
}

/** Of a request that changes something, and of which no answer tells whether it did. */
export function doubtful(fault: VaultFault): VaultFault {
  return new VaultFault({
    because: `${fault.because}; it is not known whether it was written`,
    hint: `Read it before you write it again. ${fault.hint}`,
    retryable: fault.retryable,
    effect: 'unknown',
  });
}

/** Vault, or something between, answered what KV v2 does not answer. */
export function nonsense(what: string): VaultFault {
  return new VaultFault({
    because: what,
    hint: 'Check that VAULT_ADDR is the address of Vault itself, and not of a proxy or of its user interface.',
    retryable: false,
    effect: 'unknown',
  });
}

export function tokenRefused(): VaultFault {
  return finalFault(
    'Vault does not know the token: it is wrong, expired or revoked',
    'Log in again (vault login) and set VAULT_TOKEN to a token that is valid, or unset it to use ~/.vault-token.',
  );
}

/** @param texts Vault's errors. Vault 1.21.4 says `permission denied` and `invalid token` for a token that it does not know. */
export function saysInvalidToken(texts: readonly string[]): boolean {
  return texts.some((text) => text.includes('invalid token') || text.includes('bad token'));
}

/** Vault 1.20 and later count and measure what they are sent before they look at it, and answer 500. */
const refusedJson = /^(?:JSON |malformed JSON|duplicate key |failed to parse JSON)/;
const tooLarge = /exceeds allowed length|too large/;

/** Whether a value is larger than this Vault takes: over HTTP (413), as JSON, or as one entry of its storage. */
export function saysTooLarge(status: number, texts: readonly string[]): boolean {
  return status === 413 || (status >= 400 && texts.some((text) => tooLarge.test(text)));
}

/** The statuses that mean the same for every request; undefined for those that only its sender can read (200, 204, 400, 403, 404, 413). */
export function faultOfStatus(
  status: number,
  texts: readonly string[],
  retryAfterMs: number | undefined,
): VaultFault | undefined {
  const says = (text: string): boolean => texts.some((one) => one.includes(text));
  const fault = (because: string, hint: string, more: Omit<StoreFaultDetails, 'because' | 'hint'>): VaultFault =>
    new VaultFault({ because, hint, ...more });
  const final = { retryable: false, effect: 'none' } as const;
  const later = { retryable: true, effect: 'none', worthRepeating: true, retryAfterMs } as const;
  const perhapsDone = { retryable: true, effect: 'unknown', worthRepeating: true, retryAfterMs } as const;

  // A mount that is new, or was KV v1 a moment ago.
  if (status === 400 && says('from non-versioned to versioned data'))
    return fault('the mount is being made ready for versions', 'Try again in a moment.', later);
  if ([200, 204, 400, 403, 404, 413].includes(status) || saysTooLarge(status, texts)) return undefined;
  switch (status) {
    case 405:
      return fault('Vault does not support this on that path', 'Check that the mount is a KV v2 mount.', final);
    case 412:
      return fault('this Vault server has not caught up with its cluster', 'Try again in a moment.', later);
    case 429:
      return fault('Vault asks to slow down (429)', 'Try again later, or raise its rate limit quota.', {
        ...later,
        trouble: 'throttled',
      });
    case 472:
    case 474:
    case 530:
      return fault(
        status === 472
          ? 'this Vault server belongs to a cluster that stands by for disaster recovery'
          : 'this Vault server is not part of a cluster that works',
        'Point VAULT_ADDR at the primary cluster.',
        final,
      );
    case 473:
      return fault('this Vault server is a performance standby', 'Point VAULT_ADDR at the active server.', {
        retryable: true,
        effect: 'none',
      });
    case 501:
      return fault('Vault is not initialised', 'Initialise it: vault operator init', final);
    case 503:
      if (says('sealed'))
        return fault('Vault is sealed', 'Unseal it: vault operator unseal', { retryable: true, effect: 'none' });
      return fault('Vault is not available (503)', 'Look at its state: vault status', perhapsDone);
  }
  if (status === 500 && texts.some((text) => refusedJson.test(text)))
    return fault(
      'Vault does not take this JSON: a name twice in one object, or more levels or entries than it allows',
      'Make the value simpler, or keep its inner part as a text.',
      final,
    );
  if (status >= 500) return fault(`Vault failed (${status})`, 'Look at its log.', perhapsDone);
  return nonsense(`Vault answered with status ${status}`);
}
