/** Tags are a key's `custom_metadata`. Its limits are checked here, before a version is written that its tags could not follow. */
import { isDeepStrictEqual } from 'node:util';
import { maxTagValueLength, printable, vaultCapabilities } from '../vault-capabilities.ts';
import type { VaultKeys } from './vault-keys.ts';
import { refusal } from './vault-keys.ts';
import { encodePath } from './vault-path.ts';

/** What is wrong with them, in words that fit after a colon; undefined where nothing is. */
export function checkTags(tags: Readonly<Record<string, string>>): string | undefined {
  const { maxTags, maxTagLength } = vaultCapabilities;
  const all = Object.entries(tags);
  if (all.length > maxTags) return `it has more than ${maxTags} tags`;
  if (all.some(([name]) => name === '')) return "a tag's name is empty";
  if (all.some(([name]) => Buffer.byteLength(name) > maxTagLength))
    return `a tag's name is longer than ${maxTagLength} bytes`;
  if (all.some(([, tag]) => tag === '')) return 'a tag is empty';
  if (all.some(([, tag]) => Buffer.byteLength(tag) > maxTagValueLength))
    return `a tag is longer than ${maxTagValueLength} bytes`;
  return all.flat().every((text) => printable.test(text)) ? undefined : 'a tag holds characters that cannot be printed';
}

/** @param there what Vault has: null where there are none */
export function isSameTags(tags: Readonly<Record<string, string>>, there: unknown): boolean {
  return isDeepStrictEqual({ ...tags }, { ...(there as object | null) });
}

/** Replaces all of them. Needs update on metadata/<name>. */
export async function writeTags(
  keys: VaultKeys,
  name: string,
  tags: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<'written' | 'forbidden'> {
  const answer = await keys.post(
    `metadata/${encodePath(name)}`,
    JSON.stringify({ custom_metadata: tags }),
    true,
    signal,
  );
  if (answer === 'forbidden') return 'forbidden';
  if (answer.status !== 200 && answer.status !== 204) throw refusal(answer);
  return 'written';
}
