/** The contract's write: one version if the newest is what was expected; or what is there instead. Key Vault compares nothing itself. */
import type { MetadataChange, StoreRetry, Version, WriteOutcome } from '../contract.ts';
import type { SecretValue } from '../../model/secret-value.ts';
import { keyVaultCapabilities } from '../key-vault-capabilities.ts';
import { StoreFault } from '../store-fault.ts';
import { AnsweredFault, doubtful, finalFault } from './key-vault-fault.ts';
import type { KeyVaultSecrets, SecretFound } from './key-vault-secrets.ts';
import { isSameMetadata, renderChange, withoutUndefined } from './secret-change.ts';
import { untilSettled } from './settle.ts';
import type { SettleOptions } from './settle.ts';

export type SecretWrite = {
  readonly name: string;
  readonly value: SecretValue;
  readonly expected: Version | 'absent';
  /** Checked already: secret-change.ts. */
  readonly metadata: MetadataChange;
  /** How often it is sent again where an answer came that leaves it open. */
  readonly retries: number;
};

/**
 * Where no answer came, the newest version is read: ours, then it was written. Otherwise it may still be on its way, and is not sent again.
 *
 * @throws {StoreFault} saying so where it cannot be known whether it was written; `signal.reason` where the caller gave up
 */
export async function writeSecret(
  secrets: KeyVaultSecrets,
  write: SecretWrite,
  settling: SettleOptions,
): Promise<WriteOutcome> {
  const text = write.value.reveal();
  if (Buffer.byteLength(text) > keyVaultCapabilities.maxValueBytes) return { kind: 'refused', because: 'too large' };
  if (!text.isWellFormed()) throw finalFault('it holds half a surrogate pair', 'Write it as valid Unicode.');
  const attempt = new Attempt(secrets, write, settling.signal);
  const outcome = await untilSettled(
    () => attempt.run(),
    settling,
    (waitMs) => settling.onRetry?.({ because: attempt.because, waitMs }),
  );
  if (outcome !== undefined) return outcome;
  throw new StoreFault({
    because: `it is being deleted or recovered, for more than ${settling.settleMs} ms`,
    hint: 'Try again later: az keyvault secret show-deleted tells when it is over.',
    retryable: true,
    effect: 'none',
  });
}

/** Compares and writes, as often as it is run: what was found before a pause holds no longer. */
class Attempt {
  readonly #secrets: KeyVaultSecrets;
  readonly #write: SecretWrite;
  readonly #signal: AbortSignal | undefined;
  /** Of an earlier run, which may have written after all. */
  #doubt: StoreFault | undefined;
  #doubts = 0;
  /** Why another run is worth it. */
  because: StoreRetry['because'] = 'busy';

  constructor(secrets: KeyVaultSecrets, write: SecretWrite, signal: AbortSignal | undefined) {
    this.#secrets = secrets;
    this.#write = write;
    this.#signal = signal;
  }

  /** @returns undefined where it is worth another run in a moment */
  async run(): Promise<WriteOutcome | undefined> {
    const { name, value, expected } = this.#write;
    this.because = 'busy';
    const metadata = withoutUndefined(this.#write.metadata);
    const found = await this.#look();
    if (found.kind === 'forbidden') return { kind: 'forbidden' };
    if (isManaged(found)) return { kind: 'refused', because: 'managed' };
    if (found.kind === 'missing' && expected !== 'absent')
      return (await this.#findDeleted()) ?? { kind: 'conflict', found: 'absent' };
    const newest = found.kind === 'missing' ? 'absent' : onlyNewest(found);
    if (newest !== expected) return this.#resolve(found) ?? { kind: 'conflict', found: newest };
    try {
      const body = JSON.stringify({ value: value.reveal(), ...renderChange(metadata) });
      const changed = await this.#secrets.put(name, body, this.#signal);
      switch (changed.kind) {
        case 'done':
          return { kind: 'written', version: changed.bundle.version };
        case 'too large':
          return { kind: 'refused', because: 'too large' };
        case 'forbidden':
          return { kind: 'forbidden' };
        case 'busy':
          return undefined;
        case 'deleted':
          // Not there yet where it was deleted a moment ago.
          return await this.#findDeleted('must be seen');
        case 'missing':
          throw finalFault('Key Vault does not find it while it is written (404)', 'Check AZURE_KEYVAULT_URI.');
      }
    } catch (error) {
      if (!(error instanceof StoreFault) || error.effect === 'none') throw error;
      return this.#clearUp(error);
    }
  }

  /** Of a write that is in doubt, nothing that keeps us from looking makes it a failed one. */
  async #look(): Promise<SecretFound> {
    try {
      const found = await this.#secrets.getNewest(this.#write.name, this.#signal);
      if (this.#doubt !== undefined && found.kind === 'forbidden') throw this.#doubt;
      return found;
    } catch (error) {
      throw this.#doubt !== undefined && error instanceof StoreFault ? doubtful(this.#doubt) : error;
    }
  }

  /** After a write without a clear answer. */
  async #clearUp(fault: StoreFault): Promise<WriteOutcome | undefined> {
    this.#doubt = fault;
    this.because = fault.trouble;
    const found = await this.#look();
    const { expected, retries } = this.#write;
    const unchanged =
      found.kind === 'missing' ? expected === 'absent' : found.kind !== 'forbidden' && newestOf(found)[0] === expected;
    if (!unchanged) {
      const ours = this.#resolve(found);
      if (ours !== undefined) return ours;
      throw doubtful(fault);
    }
    if (fault instanceof AnsweredFault && this.#doubts++ < retries) return undefined;
    throw doubtful(fault, 'it was not written when it was looked at afterwards, and may be yet');
  }

  /** What is there is not what was expected: where a write is in doubt, it may be ours. */
  #resolve(found: SecretFound): WriteOutcome | undefined {
    if (this.#doubt === undefined) return undefined;
    const { value, metadata } = this.#write;
    if (
      found.kind === 'present' &&
      found.bundle.value === value.reveal() &&
      isSameMetadata(metadata, found.bundle.metadata)
    )
      return { kind: 'written', version: found.bundle.version };
    throw doubtful(this.#doubt);
  }

  async #findDeleted(must?: 'must be seen'): Promise<WriteOutcome | undefined> {
    const deleted = await this.#secrets.getDeleted(this.#write.name, this.#signal);
    if (deleted.kind === 'present') return { kind: 'deleted', version: deleted.bundle.version };
    if (deleted.kind === 'forbidden' && must !== undefined)
      throw finalFault(
        'a deleted secret holds its name, and may not be seen',
        'Ask for permission to read secrets (role Key Vault Secrets User); then recover it, or have it purged.',
      );
    return undefined;
  }
}

export function isManaged(found: SecretFound): boolean {
  if (found.kind === 'present') return found.bundle.metadata.managed;
  return found.kind === 'disabled' && found.managed;
}

/** Several where it cannot be told which is. */
export function newestOf(found: Extract<SecretFound, { kind: 'present' | 'disabled' }>): readonly Version[] {
  return found.kind === 'present' ? [found.bundle.version] : found.newest;
}

/** @throws {StoreFault} where it cannot be told */
export function onlyNewest(found: Extract<SecretFound, { kind: 'present' | 'disabled' }>): Version {
  const [newest, ...others] = newestOf(found);
  if (newest !== undefined && others.length === 0) return newest;
  if (newest === undefined)
    throw finalFault(
      'it is disabled, and which version is the newest may not be seen',
      'Ask for permission to list secrets (role Key Vault Secrets User).',
    );
  throw finalFault(
    'it is disabled, and which of several versions of the same second is the newest cannot be told',
    'Enable its newest version first: az keyvault secret set-attributes --enabled true',
  );
}
