/** The contract's delete and recover: each is asked for once, and is over when everybody sees it. */
import type { DeleteOutcome, RecoverOutcome, Version } from '../contract.ts';
import { StoreFault } from '../store-fault.ts';
import { doubtful, finalFault } from './key-vault-fault.ts';
import type { Changed, KeyVaultSecrets } from './key-vault-secrets.ts';
import { untilSettled } from './settle.ts';
import type { SettleOptions } from './settle.ts';
import { isManaged, newestOf, onlyNewest } from './write-secret.ts';

/** @throws {StoreFault}; `signal.reason` where the caller gave up: what was asked for goes on */
export async function deleteSecret(
  secrets: KeyVaultSecrets,
  name: string,
  expected: Version,
  settling: SettleOptions,
): Promise<DeleteOutcome> {
  const { signal } = settling;
  const found = await secrets.getNewest(name, signal);
  if (found.kind === 'forbidden') return { kind: 'forbidden' };
  if (found.kind === 'missing') {
    const deleted = await secrets.getDeleted(name, signal);
    return { kind: deleted.kind === 'present' ? 'deleted' : 'missing' };
  }
  if (isManaged(found)) return { kind: 'refused', because: 'managed' };
  const newest = onlyNewest(found);
  if (newest !== expected) return { kind: 'conflict', found: newest };
  if (found.kind === 'present' && found.bundle.recoveryLevel === 'Purgeable') throw notRecoverable();
  const changed = await asked(() => secrets.delete(name, signal));
  if (changed.kind === 'forbidden') return { kind: 'forbidden' };
  if (changed.kind === 'done' && !changed.bundle.isRecoverable) return { kind: 'deleted' };
  if (changed.kind === 'missing' && changed.attempts === 1) {
    const deleted = await secrets.getDeleted(name, signal);
    return { kind: deleted.kind === 'missing' ? 'missing' : 'deleted' };
  }
  const settled = await untilSettled(async () => {
    const { kind } = await asked(() => secrets.getDeleted(name, signal));
    // Where we may not see it, the SDKs take it for done: until it is, it is a 404.
    return kind === 'missing' ? undefined : kind;
  }, settling);
  if (settled === undefined) throw unsettled('deleted', settling.settleMs);
  return { kind: 'deleted' };
}

/** @throws {StoreFault}; `signal.reason` where the caller gave up: what was asked for goes on */
export async function recoverSecret(
  secrets: KeyVaultSecrets,
  name: string,
  settling: SettleOptions,
): Promise<RecoverOutcome> {
  const { signal } = settling;
  const deleted = await secrets.getDeleted(name, signal);
  if (deleted.kind === 'forbidden') return { kind: 'forbidden' };
  if (deleted.kind === 'missing') {
    const found = await secrets.getNewest(name, signal);
    if (found.kind === 'missing' || found.kind === 'forbidden') return { kind: found.kind };
    return { kind: 'present', version: newestOf(found)[0] ?? onlyNewest(found) };
  }
  const { version, metadata } = deleted.bundle;
  if (metadata.managed) return { kind: 'refused', because: 'managed' };
  const recovered: RecoverOutcome = { kind: 'recovered', version };
  let isAsked = false;
  const ask = async (): Promise<'done' | 'forbidden' | 'missing' | undefined> => {
    if (!isAsked) {
      const changed = await asked(() => secrets.recover(name, signal));
      if (changed.kind === 'forbidden') return 'forbidden';
      if (changed.kind === 'missing' && changed.attempts === 1) return 'missing';
      // Being deleted, still: asked for again in a moment. Being recovered: it comes.
      if (changed.kind === 'busy') return (await isThere(secrets, name, signal)) ? 'done' : undefined;
      isAsked = true;
    }
    return (await asked(() => isThere(secrets, name, signal))) ? 'done' : undefined;
  };
  const settled = await untilSettled(ask, settling, (waitMs) => {
    if (!isAsked) settling.onRetry?.({ because: 'busy', waitMs });
  });
  if (settled === undefined) throw unsettled('recovered', settling.settleMs);
  if (settled === 'done') return recovered;
  return { kind: settled };
}

/** Where it may not be read, or is disabled, it is there: until it is, it is a 404. */
async function isThere(secrets: KeyVaultSecrets, name: string, signal: AbortSignal | undefined): Promise<boolean> {
  return (await secrets.get(name, undefined, signal)).kind !== 'missing';
}

/** Whatever fails from here on leaves open whether it was done. */
async function asked<Found extends Changed | { kind: string } | boolean>(ask: () => Promise<Found>): Promise<Found> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof StoreFault && error.effect === 'unknown')
      throw doubtful(error, 'it is not known whether it was done');
    throw error;
  }
}

function notRecoverable(): StoreFault {
  return finalFault(
    'this vault has no soft delete: it could not be recovered',
    'Turn soft delete on for the vault (az keyvault update --enable-soft-delete), which cannot be turned off again.',
  );
}

function unsettled(what: 'deleted' | 'recovered', settleMs: number): StoreFault {
  return new StoreFault({
    because: `Key Vault has agreed, and after ${settleMs} ms it is still not ${what}`,
    hint: 'Look again later: az keyvault secret show, az keyvault secret show-deleted',
    retryable: true,
    effect: 'unknown',
  });
}
