/** Which path of Vault the operator asks for: vault buildPath and buildMetadataPath, then the client's path.Join. */
import { GoError, Unpredictable } from '../go-error.ts';
import type { VaultProvider } from '../resources.ts';

/**
 * A key that begins with the store's path and a slash loses it once, and in KV v2 a `data/` after it, but only then: with the path `secret`,
 * `data/foo` is read at `secret/data/data/foo`, and a secret at `secret/foo` within the mount cannot be named so.
 * @returns below /v1/
 */
export function dataPath(key: string, { path, version }: VaultProvider): string {
  const isV2 = version === 'v2';
  if (path === undefined) {
    if (!isV2 || key.includes('/data/')) return cleaned(key);
    const [mount = '', ...rest] = key.split('/');
    return cleaned([mount, 'data', ...rest].join('/'));
  }
  const before = `${path}/`;
  let rest = key;
  if (rest.startsWith(before)) {
    rest = rest.slice(before.length);
    if (isV2 && rest.startsWith('data/')) rest = rest.slice('data/'.length);
  }
  return cleaned(isV2 ? `${path}/data/${rest}` : `${path}/${rest}`);
}

/**
 * Nothing is stripped here: with the path `secret`, `secret/foo` is read at `secret/metadata/secret/foo`.
 * @throws GoError, Unpredictable where the operator panics
 */
export function metadataPath(key: string, provider: VaultProvider): string {
  return cleaned(rawMetadataPath(key, provider));
}

/** The same for a list, which ends in a slash. */
export function listPath(key: string, provider: VaultProvider): string {
  return `${cleaned(rawMetadataPath(key, provider))}/`;
}

function rawMetadataPath(key: string, { path, version }: VaultProvider): string {
  if (version === 'v1') {
    if (path === undefined)
      throw new Unpredictable('store', 'the operator panics: KV v1 without a path cannot be listed');
    return `${path}/${key}`;
  }
  if (path !== undefined) return `${path}/metadata/${key}`;
  if (!key.includes('data')) throw new GoError("provided Path isn't a valid kv v2 path", 'store-configuration');
  return key.replace('/data/', '/metadata/');
}

/** path.Join('/v1', …): without empty parts, `.` and `..`. */
function cleaned(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined)
      throw new Unpredictable('store', 'its key leaves the part of Vault that holds secrets');
  }
  return parts.join('/');
}
