/** Writing one version, so that whatever happens on the way is told: written once, not written, or not known. */
import { remarshal } from '../../eso/go-json.ts';
import type { OnRetry } from '../contract.ts';
import { parseRecord } from './vault-answers.ts';
import { doubtful, nonsense, saysTooLarge, VaultFault } from './vault-fault.ts';
import { backOffMs, pause } from '../retry.ts';
import { refusal } from './vault-keys.ts';
import type { DataFound, VaultKeys } from './vault-keys.ts';
import { encodePath } from './vault-path.ts';

export type WriteRequest = {
  readonly name: string;
  /** The JSON object to write; none of it changes on the way (json-spelling.ts). It is a secret. */
  readonly text: string;
  /** The version that must be the newest; 0: none. */
  readonly cas: number;
  /** How often it is sent again where it is known that it was not written. */
  readonly retries: number;
  readonly onRetry: OnRetry | undefined;
};

/** @property tags those that the secret has already */
export type VersionWritten = { readonly kind: 'written'; readonly number: number; readonly tags: unknown };
export type WrittenOutcome =
  | VersionWritten
  /** Another version is the newest. */
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'too large' }
  | { readonly kind: 'forbidden' };

/**
 * Needs create and update on data/<name>. Where no answer came, or one that leaves it open, the newest version is read: ours, then it was
 * written; the one before, then it is sent again with the same `cas`, of which Vault lets only one through. Sending it again unseen would
 * report our own write as somebody else's.
 *
 * @throws {VaultFault} saying so where it cannot be known whether it was written; `signal.reason` where the caller gave up
 */
export async function writeVersion(
  keys: VaultKeys,
  request: WriteRequest,
  signal: AbortSignal | undefined,
): Promise<WrittenOutcome> {
  for (let count = 0; ; count++) {
    try {
      return await sendVersion(keys, request, signal);
    } catch (error) {
      if (!(error instanceof VaultFault) || error.effect === 'none') throw error;
      const found = await readAfter(keys, request, error, signal);
      const newest = found.kind === 'missing' ? 0 : found.version.number;
      if (found.kind === 'present' && newest === request.cas + 1 && isSame(found.raw, request.text))
        return { kind: 'written', number: newest, tags: found.tags };
      if (newest !== request.cas) return { kind: 'mismatch' };
      // What was sent may still be on its way, so that even now it is not sure that it is not written.
      if (count >= request.retries || !error.worthRepeating) throw doubtful(error);
      const waitMs = backOffMs(count);
      request.onRetry?.({ because: error.trouble, waitMs });
      await pause(waitMs, signal);
    }
  }
}

async function sendVersion(
  keys: VaultKeys,
  { name, text, cas }: WriteRequest,
  signal: AbortSignal | undefined,
): Promise<WrittenOutcome> {
  const body = `{"options":{"cas":${cas}},"data":${text}}`;
  const answer = await keys.post(`data/${encodePath(name)}`, body, false, signal);
  if (answer === 'forbidden') return { kind: 'forbidden' };
  if (answer.status === 400 && answer.errors.some((error) => error.includes('did not match the current version')))
    return { kind: 'mismatch' };
  if (saysTooLarge(answer.status, answer.errors)) return { kind: 'too large' };
  if (answer.status === 400) throw refusal(answer);
  if (answer.status !== 200) throw nonsense(`Vault answered a write with status ${answer.status}`);
  const { version, custom_metadata: tags } = parseRecord(answer.text);
  if (typeof version !== 'number') throw nonsense('its answer to a write has no version');
  return { kind: 'written', number: version, tags };
}

async function readAfter(
  keys: VaultKeys,
  { name }: WriteRequest,
  cause: VaultFault,
  signal: AbortSignal | undefined,
): Promise<Exclude<DataFound, { kind: 'forbidden' }>> {
  let found: DataFound;
  try {
    found = await keys.readData(name, undefined, signal);
  } catch (error) {
    throw error instanceof VaultFault ? doubtful(cause) : error;
  }
  if (found.kind === 'forbidden') throw doubtful(cause);
  return found;
}

/** The same fields, in whatever order: digits are the same already, for none of them changes (json-spelling.ts). */
function isSame(raw: string, text: string): boolean {
  return remarshal(raw, 'literal') === remarshal(text, 'literal');
}
