/** The contract's write: one version if the newest is what was expected, and its tags after it; or what is there instead. */
import type { MetadataChange, OnRetry, Version, WriteOutcome } from '../contract.ts';
import { parseFields, renderFields } from '../../model/secret-text.ts';
import type { SecretValue } from '../../model/secret-value.ts';
import { findChange } from '../json-spelling.ts';
import { vaultCapabilities } from '../vault-capabilities.ts';
import { finalFault, VaultFault } from './vault-fault.ts';
import type { VaultKeys } from './vault-keys.ts';
import { isSameTags, writeTags } from './vault-tags.ts';
import { numberOf, versionOf } from './vault-version.ts';
import { writeVersion } from './vault-write.ts';

export type SecretWrite = {
  readonly name: string;
  readonly value: SecretValue;
  readonly expected: Version | 'absent';
  /** Checked already: vault-tags.ts. */
  readonly tags: MetadataChange['tags'];
  readonly retries: number;
  readonly onRetry: OnRetry | undefined;
};

/** @throws {VaultFault} where a part was written and the rest was not, it says so; `signal.reason` where the caller gave up */
export async function writeSecret(
  keys: VaultKeys,
  { name, value, expected, tags, retries, onRetry }: SecretWrite,
  signal: AbortSignal | undefined,
): Promise<WriteOutcome> {
  const parsed = parseFields(value.reveal());
  if (parsed.kind === 'not-an-object') return { kind: 'refused', because: 'not a JSON object' };
  // The fields' own bytes; what is outside them goes, and of two fields with one name, which Vault refuses, the last stays.
  const text = renderFields(parsed.fields);
  if (Buffer.byteLength(text) > vaultCapabilities.maxValueBytes) return { kind: 'refused', because: 'too large' };
  const change = findChange(text);
  if (change !== undefined)
    throw finalFault(`it holds ${change}`, 'Make it a text, in quotes: Vault keeps every character of those.');
  const cas = expected === 'absent' ? 0 : numberOf(expected);
  // A version that Vault never gives is the newest of nothing.
  if (cas === undefined) return findConflict(keys, name, expected, signal);
  const outcome = await writeVersion(keys, { name, text, cas, retries, onRetry }, signal);
  if (outcome.kind === 'forbidden') return { kind: 'forbidden' };
  if (outcome.kind === 'too large') return { kind: 'refused', because: 'too large' };
  if (outcome.kind === 'mismatch') return findConflict(keys, name, expected, signal);
  if (tags !== undefined && !isSameTags(tags, outcome.tags)) await addTags(keys, name, outcome.number, tags);
  return { kind: 'written', version: versionOf(outcome) };
}

/** What is there instead of what a write expected. */
async function findConflict(
  keys: VaultKeys,
  name: string,
  expected: Version | 'absent',
  signal: AbortSignal | undefined,
): Promise<WriteOutcome> {
  const found = await keys.readData(name, undefined, signal);
  if (found.kind === 'forbidden')
    throw finalFault(
      'it was changed meanwhile, and which version is the newest may not be seen',
      'Ask for a policy that allows to read it (data/).',
    );
  if (found.kind === 'missing') return { kind: 'conflict', found: 'absent' };
  const newest = versionOf(found.version);
  if (found.kind === 'deleted' && expected === 'absent') return { kind: 'deleted', version: newest };
  if (newest !== expected) return { kind: 'conflict', found: newest };
  throw new VaultFault({
    because: 'Vault says that it was changed, and still has the version that was expected',
    hint: 'Try again in a moment: its servers may not agree yet.',
    retryable: true,
    effect: 'none',
  });
}

/** The version is there already: what keeps its tags from following must look neither as if nothing had been written, nor as if all had. */
async function addTags(
  keys: VaultKeys,
  name: string,
  number: number,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const incomplete = (because: string, retryable: boolean, not = 'not'): VaultFault =>
    new VaultFault({
      because: `version ${number} was written, its tags were ${not}: ${because}`,
      hint: `Write its metadata, expecting version ${number}; it needs "update" on metadata/${name}.`,
      retryable,
      effect: 'unknown',
    });
  let outcome: 'written' | 'forbidden';
  try {
    // Without the caller's signal: a moment more, and both are written.
    outcome = await writeTags(keys, name, tags, undefined);
  } catch (error) {
    if (!(error instanceof VaultFault)) throw error;
    throw incomplete(error.because, error.retryable, error.effect === 'unknown' ? 'perhaps not' : 'not');
  }
  if (outcome === 'forbidden') throw incomplete('it is not allowed', false);
}
