/** secret/metadata/… (path_metadata.go). */
import { booleanField, durationField, integerField, mapField, weakString } from './fields.ts';
import { formatDuration, formatTime } from './go-duration.ts';
import type { KvRequest } from './kv-request.ts';
import { newKey } from './kv-keys.ts';
import { unquoteText } from '../../model/secret-text.ts';
import { goQuote, isPrintable } from './go-text.ts';
import { errorReply, json, multiError, multiErrorReply, noContent, notFound, reply } from './reply.ts';
import type { Reply } from './reply.ts';

export function listMetadata({ keys, path, fields }: KvRequest): Reply {
  const names = keys.list(path);
  const shown =
    booleanField(fields, 'exclude_deleted') === true
      ? names.filter((name) => {
          const metadata = keys.metadata(path + name);
          // Any deletion time hides it, one in the future too.
          return name.endsWith('/') || metadata?.versions[metadata.currentVersion]?.deletionMs === undefined;
        })
      : names;
  return shown.length === 0 ? notFound : reply({ data: `{"keys":${json(shown)}}`, mountType: 'kv' });
}

export function readMetadata({ keys, path }: KvRequest): Reply {
  const metadata = keys.metadata(path);
  if (metadata === undefined) return notFound;
  // By hand: who did it is a struct in Go, whose order is kept, within maps, which are sorted.
  const versions = Object.entries(metadata.versions)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([number, { createdBy, createdMs, deletedBy, deletionMs, destroyed }]) =>
        `"${number}":{"created_by":${JSON.stringify(createdBy)},"created_time":"${formatTime(createdMs)}","deleted_by":${JSON.stringify(deletedBy)},"deletion_time":"${formatTime(deletionMs)}","destroyed":${String(destroyed)}}`,
    );
  const { casRequired, currentVersion, customMetadata, lastUpdatedBy, maxVersions, oldestVersion } = metadata;
  const data = [
    `"cas_required":${String(casRequired)}`,
    `"created_time":"${formatTime(metadata.createdMs)}"`,
    `"current_version":${currentVersion}`,
    `"custom_metadata":${json(customMetadata)}`,
    `"delete_version_after":"${formatDuration(metadata.deleteVersionAfterS)}"`,
    `"last_updated_by":${JSON.stringify(lastUpdatedBy)}`,
    `"max_versions":${maxVersions}`,
    `"oldest_version":${oldestVersion}`,
    `"updated_time":"${formatTime(metadata.updatedMs)}"`,
    `"versions":{${versions.join(',')}}`,
  ];
  return reply({ data: `{${data.join(',')}}`, mountType: 'kv' });
}

/** custom_metadata replaces what is there; a key that has no version yet comes into being. */
export function writeMetadata({ keys, path, fields, nowMs }: KvRequest): Reply {
  const maxVersions = integerField(fields, 'max_versions');
  const casRequired = booleanField(fields, 'cas_required');
  const deleteVersionAfterS = durationField(fields, 'delete_version_after');
  const sent = mapField(fields, 'custom_metadata');
  if ([maxVersions, casRequired, deleteVersionAfterS, sent].every((value) => value === undefined)) return noContent;
  const custom = parseCustomMetadata(sent ?? new Map());
  if ('status' in custom) return custom;
  keys.putMetadata(path, {
    ...(keys.metadata(path) ?? newKey(nowMs)),
    ...(maxVersions !== undefined && { maxVersions: maxVersions >>> 0 }),
    ...(casRequired !== undefined && { casRequired }),
    ...(deleteVersionAfterS !== undefined && { deleteVersionAfterS }),
    ...(sent !== undefined && { customMetadata: orNull(custom.values) }),
  });
  return casRequiredReply(keys.config().casRequired, casRequired);
}

/** custom_metadata is merged, null removes; the key must be there. */
export function patchMetadata({ keys, path, fields }: KvRequest): Reply {
  const maxVersions = integerField(fields, 'max_versions');
  const casRequired = booleanField(fields, 'cas_required');
  const deleteVersionAfterS = durationField(fields, 'delete_version_after');
  const sent = mapField(fields, 'custom_metadata');
  const kept = new Map([...(sent ?? [])].filter(([, raw]) => raw !== 'null'));
  const custom = parseCustomMetadata(kept);
  if ('status' in custom) return custom;
  const metadata = keys.metadata(path);
  if (metadata === undefined) return { status: 404 };
  // The merged map is read back into map[string]string, which takes no number, although the check above does.
  const odd = [...kept.values()].find((raw) => unquoteText(raw) === undefined);
  if (odd !== undefined)
    return multiErrorReply(
      500,
      `json: cannot unmarshal ${/^[tf]/.test(odd) ? 'bool' : 'number'} into Go struct field KeyMetadata.custom_metadata of type string`,
    );
  const merged = { ...metadata.customMetadata, ...custom.values };
  const removed = new Set([...(sent ?? [])].filter(([, raw]) => raw === 'null').map(([name]) => name));
  const left = Object.fromEntries(Object.entries(merged).filter(([name]) => !removed.has(name)));
  keys.putMetadata(path, {
    ...metadata,
    ...(maxVersions !== undefined && { maxVersions: maxVersions >>> 0 }),
    ...(casRequired !== undefined && { casRequired }),
    ...(deleteVersionAfterS !== undefined && fields.get('delete_version_after') !== 'null' && { deleteVersionAfterS }),
    ...(sent !== undefined && { customMetadata: sent === null ? null : orNull(left) }),
  });
  return casRequiredReply(keys.config().casRequired, casRequired);
}

export function deleteMetadata({ keys, path }: KvRequest): Reply {
  keys.deleteKey(path);
  return noContent;
}

function casRequiredReply(byMount: boolean, sent: boolean | undefined): Reply {
  return byMount && sent === false
    ? reply({
        warnings: ['"cas_required" set to false, but is mandated by backend config. This value will be ignored.'],
        mountType: 'kv',
      })
    : noContent;
}

/** An empty map is kept as none (an empty protobuf map is a nil one). */
function orNull(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> | null {
  return Object.keys(values).length === 0 ? null : values;
}

const [maxKeys, maxKeyBytes, maxValueBytes] = [64, 128, 512];
const prefix = 'custom_metadata validation failed';

/** At most 64 keys of 1 to 128 bytes; values are texts of 1 to 512 bytes; all printable. Scalars become texts. */
function parseCustomMetadata(sent: ReadonlyMap<string, string>): { values: Record<string, string> } | Reply {
  const pairs: [string, string][] = [];
  for (const [name, raw] of sent) {
    const text = weakString(raw);
    // Vault quotes the value here.
    if (text === undefined)
      return errorReply(
        400,
        `${prefix}: '' expected type 'string', got unconvertible type '${raw.startsWith('{') ? 'map[string]interface {}' : '[]interface {}'}'`,
      );
    pairs.push([name, text]);
  }
  const values = Object.fromEntries(pairs);
  const errors = customMetadataErrors(values);
  return errors.length === 0 ? { values } : errorReply(400, multiError(errors));
}

function customMetadataErrors(values: Readonly<Record<string, string>>): string[] {
  const count = Object.keys(values).length;
  if (count > maxKeys) return [`${prefix}: payload must contain at most ${maxKeys} keys, provided ${count}`];
  return Object.entries(values).flatMap(([name, value]) => {
    const [nameBytes, valueBytes] = [Buffer.byteLength(name), Buffer.byteLength(value)];
    return [
      nameBytes === 0 || nameBytes > maxKeyBytes
        ? `length of key ${goQuote(name)} is ${nameBytes} but must be 0 < len(key) <= ${maxKeyBytes}`
        : [],
      valueBytes === 0 || valueBytes > maxValueBytes
        ? `length of value for key ${goQuote(name)} is ${valueBytes} but must be 0 < len(value) <= ${maxValueBytes}`
        : [],
      isPrintable(name) ? [] : `key ${goQuote(name)} (${name}) contains unprintable characters`,
      isPrintable(value) ? [] : `value for key ${goQuote(name)} contains unprintable characters`,
    ]
      .flat()
      .map((error) => `${prefix}: ${error}`);
  });
}
