/**
 * The contract's `versions`. Key Vault documents no order for its list of versions, and gives them by their ids, which are random; when each was
 * made it tells in whole seconds. Which is the newest it tells by giving it to those who name no version.
 */
import type { ListedVersion, SecretMetadata, Version, VersionsOutcome } from '../contract.ts';
import { nonsense } from './key-vault-fault.ts';
import type { KeyVaultSecrets } from './key-vault-secrets.ts';

/** @throws {StoreFault}; `signal.reason` where the caller gave up */
export async function listVersions(
  secrets: KeyVaultSecrets,
  name: string,
  signal: AbortSignal | undefined,
): Promise<VersionsOutcome> {
  const items = await secrets.listVersions(name, signal);
  if (items === 'forbidden') return { kind: 'forbidden' };
  if (items.length === 0) {
    const deleted = await secrets.getDeleted(name, signal);
    return deleted.kind === 'present' ? { kind: 'deleted', version: deleted.bundle.version } : { kind: 'missing' };
  }
  const versions = items.map(({ version, metadata }) => listedVersion(version, metadata)).toSorted(byAge);
  const latestMs = versions.at(-1)?.createdAtMs;
  const latest = versions.filter(({ createdAtMs }) => createdAtMs === latestMs);
  if (latest.length === 1) return { kind: 'present', versions };
  const newest = await findNewest(secrets, name, latest, signal);
  if (newest === undefined) return { kind: 'present', versions };
  return { kind: 'present', versions: [...versions.filter(({ version }) => version !== newest.version), newest] };
}

/** Of several that were made in the last second. One that was made meanwhile, or is not on the list yet, is found as well. */
async function findNewest(
  secrets: KeyVaultSecrets,
  name: string,
  latest: readonly ListedVersion[],
  signal: AbortSignal | undefined,
): Promise<ListedVersion | undefined> {
  const found = await secrets.get(name, undefined, signal);
  if (found.kind === 'present') return listedVersion(found.bundle.version, found.bundle.metadata);
  if (found.kind !== 'disabled') return undefined;
  const [disabled, ...others] = latest.filter(({ state }) => state === 'disabled');
  return others.length === 0 ? disabled : undefined;
}

function listedVersion(version: Version, { createdAtMs, enabled }: SecretMetadata): ListedVersion {
  // A time that is lacking would look like the oldest of all.
  if (createdAtMs === 0) throw nonsense('its listing has a version without a time');
  return { version, createdAtMs, state: enabled ? 'kept' : 'disabled' };
}

/** Of the same second by their ids, so that it is the same order each time. */
function byAge(one: ListedVersion, other: ListedVersion): number {
  return one.createdAtMs - other.createdAtMs || (one.version < other.version ? -1 : 1);
}
