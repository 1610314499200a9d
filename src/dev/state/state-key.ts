/** The key of a state file: in a file of its own, or given as a variable. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { StateError } from '../storage.ts';
import { stateKeyBytes } from './entry-cipher.ts';

export const stateKeyVariable = 'LOCKSTEP_DEV_STATE_KEY';

/**
 * @param given the value of the variable, in Base64; undefined: it is not set
 * @param isNew the state file holds nothing yet: only then a key is made, so that a lost one is not replaced by one that opens nothing
 * @throws StateError; it does not quote the key
 */
export function readStateKey(keyFile: string, given: string | undefined, isNew: boolean): Uint8Array {
  if (given !== undefined) return parseKey(given, stateKeyVariable);
  if (existsSync(keyFile)) return parseKey(readText(keyFile), keyFile);
  if (!isNew)
    throw new StateError(
      `${keyFile}, the key of the state, is not there`,
      `Put it back, or set ${stateKeyVariable}. Without it the state cannot be read: remove it to begin anew.`,
    );
  return makeKey(keyFile);
}

function makeKey(keyFile: string): Uint8Array {
  const key = randomBytes(stateKeyBytes);
  // Renamed into place: half a key would lock the state for ever.
  const draft = `${keyFile}.new`;
  try {
    writeFileSync(draft, `${key.toString('base64')}\n`, { mode: 0o600, flush: true });
    chmodSync(draft, 0o600);
    renameSync(draft, keyFile);
  } catch (error) {
    throw new StateError(
      `${keyFile}, the key of the state, could not be written`,
      'Its folder must be writable.',
      error,
    );
  }
  return key;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StateError(
      `${file}, the key of the state, could not be read`,
      'It must be a file that you can read.',
      error,
    );
  }
}

function parseKey(text: string, where: string): Uint8Array {
  const key = Buffer.from(text, 'base64');
  if (key.length === stateKeyBytes && key.toString('base64') === text.trim()) return key;
  throw new StateError(
    `${where} does not hold a key`,
    `It is ${stateKeyBytes} bytes in Base64, as openssl rand -base64 ${stateKeyBytes} makes them.`,
  );
}
