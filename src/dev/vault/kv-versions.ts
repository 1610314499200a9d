/** secret/delete, undelete and destroy, and secret/config (path_delete.go, path_destroy.go, path_config.go). */
import { booleanField, durationField, integerField, integersField } from './fields.ts';
import type { Fields } from './fields.ts';
import { formatDuration } from './go-duration.ts';
import { attributionOf } from './attribution.ts';
import type { KvRequest } from './kv-request.ts';
import { deletionTime, isDeleted } from './kv-keys.ts';
import type { KvKeys, VersionMetadata } from './kv-keys.ts';
import { errorReply, noContent, reply } from './reply.ts';
import type { Reply } from './reply.ts';

export function changeVersions(request: KvRequest, change: 'delete' | 'undelete' | 'destroy'): Reply {
  const { keys, path, nowMs, token, operation } = request;
  const numbers = integersField(request.fields, 'versions');
  if (numbers.length === 0) return errorReply(400, `${change === 'destroy' ? 'no' : 'No'} version number provided`);
  const metadata = keys.metadata(path);
  if (metadata === undefined) return noContent;
  const by = attributionOf(token, change === 'undelete' ? 'undelete' : operation);
  const versions: Record<number, VersionMetadata> = { ...metadata.versions };
  for (const number of numbers) {
    const version = versions[number];
    if (version === undefined || version.destroyed) continue;
    if (change === 'destroy') {
      versions[number] = { ...version, destroyed: true };
      keys.deleteData(path, number);
    } else if (change === 'undelete') {
      const { deletionMs: _, ...kept } = version;
      // A time to live starts again.
      const deletionMs = deletionTime(nowMs, keys.config(), metadata);
      versions[number] = { ...kept, ...(deletionMs !== undefined && { deletionMs }), deletedBy: null };
    } else if (!isDeleted(version, nowMs)) versions[number] = { ...version, deletionMs: nowMs, deletedBy: by };
  }
  keys.putMetadata(path, { ...metadata, versions, ...(change !== 'destroy' && { lastUpdatedBy: by }) });
  return noContent;
}

export function readConfig(keys: KvKeys): Reply {
  const { casRequired, deleteVersionAfterS, maxVersions } = keys.config();
  return reply({
    data: `{"cas_required":${String(casRequired)},"delete_version_after":"${formatDuration(deleteVersionAfterS)}","max_versions":${maxVersions}}`,
    mountType: 'kv',
  });
}

/** What is left out stays. A negative delete_version_after switches it off for every key, 0 clears it. */
export function writeConfig(keys: KvKeys, fields: Fields): Reply {
  const before = keys.config();
  const after = durationField(fields, 'delete_version_after', 'signed') ?? before.deleteVersionAfterS;
  keys.putConfig({
    maxVersions: (integerField(fields, 'max_versions') ?? before.maxVersions) >>> 0,
    casRequired: booleanField(fields, 'cas_required') ?? before.casRequired,
    deleteVersionAfterS: Math.max(after, -1),
  });
  return noContent;
}
