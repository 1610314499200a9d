/** The versions that the source has kept: which of them the target holds a copy of, and which go along with the newest. */
import type { Secret } from '../model/platform.ts';
import { remoteKey } from '../model/platform.ts';
import type { Version } from '../stores/contract.ts';
import { originOf } from './carry-metadata.ts';
import { differencesOf } from './compare-content.ts';
import type { Migration, Present } from './migration.ts';
import type { Prepared } from './prepare-secret.ts';
import { prepareSecret } from './prepare-secret.ts';

export type OlderVersions = {
  /** Oldest first. */
  readonly older: readonly Version[];
  /** What stays behind, for people. */
  readonly left: readonly string[];
};

/** What one version of the source becomes. @returns why it cannot go along, for people */
export async function prepareVersion(
  secret: Secret,
  version: Version,
  migration: Migration,
): Promise<Extract<Prepared, { kind: 'ready' }> | string> {
  const { from, signal } = migration;
  const found = await from.client.read(remoteKey({ ...secret, store: from.store }), { version, signal });
  if (found.kind !== 'present') return found.kind === 'missing' ? 'not kept' : found.kind;
  const prepared = prepareSecret(secret, found, migration);
  return prepared.kind === 'ready' ? prepared : prepared.because.reason;
}

/**
 * The version of the source that the target holds a copy of, by the copy's own note, and only if it is still what that version becomes.
 * @param candidates versions of which it may be a copy all the same: a run may have been ended before it could note it
 */
export async function findCopied(
  secret: Secret,
  target: Present,
  migration: Migration,
  candidates: readonly Version[] = [],
): Promise<Version | undefined> {
  const { from, to } = migration;
  const origin = originOf(target.metadata);
  // Where tags follow a version, the first one may be without.
  const isBare = to.capabilities.tagsOf === 'secret' && Object.keys(target.metadata.tags).length === 0;
  if (isBare ? candidates.length === 0 : origin?.store !== from.name) return undefined;
  if (!isBare && origin?.name !== remoteKey({ ...secret, store: from.store })) return undefined;
  // The store that gave it out wrote it there; one that it never gave is `missing`.
  const noted = isBare ? undefined : (origin?.version as Version);
  const possible = noted === undefined ? candidates : [noted, ...candidates.slice(candidates.indexOf(noted) + 1)];
  for (const version of possible) {
    const prepared = await prepareVersion(secret, version, migration);
    if (typeof prepared === 'string') continue;
    if (differencesOf({ ...secret, store: to.store }, prepared.value, target.value).length === 0) return version;
  }
  return undefined;
}

/** All before the newest, oldest first, as far as they are known. */
export async function versionsBefore(
  secret: Secret,
  newest: Version,
  { from, signal }: Migration,
): Promise<{ readonly versions: readonly Version[]; readonly left: readonly string[] }> {
  const listed = await from.client.versions(remoteKey({ ...secret, store: from.store }), { signal });
  if (listed.kind !== 'present') return { versions: [], left: ['older versions, which may not be listed'] };
  const before = listed.versions.filter(({ version }) => version !== newest);
  const isOrdered =
    from.capabilities.numberedVersions ||
    before.every(({ createdAtMs }, index) => before[index + 1]?.createdAtMs !== createdAtMs);
  return {
    versions: before.filter(({ state }) => state === 'kept').map(({ version }) => version),
    left: [
      ...(isOrdered ? [] : ['the order of older versions that were made in the same second']),
      ...before.filter(({ state }) => state !== 'kept').map(({ version, state }) => `version ${version}: ${state}`),
    ],
  };
}

/** Those that go along, in their order. @param after the one that the target holds already */
export async function olderVersions(
  secret: Secret,
  newest: Version,
  after: Version | undefined,
  migration: Migration,
): Promise<OlderVersions> {
  const { versions, left } = await versionsBefore(secret, newest, migration);
  const older: Version[] = [];
  const unfit: string[] = [];
  // indexOf gives -1 for none: then all of them go.
  for (const version of versions.slice(after === undefined ? 0 : versions.indexOf(after) + 1)) {
    const prepared = await prepareVersion(secret, version, migration);
    if (typeof prepared === 'string') unfit.push(`version ${version}: ${prepared}`);
    else older.push(version);
  }
  return { older, left: [...left, ...unfit] };
}
