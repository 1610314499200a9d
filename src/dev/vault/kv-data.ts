/** secret/data/… and secret/subkeys/… (path_data.go, path_subkeys.go). */
import { renderFields } from '../../model/secret-text.ts';
import { remarshal } from '../../eso/go-json.ts';
import { integerField, mapField, weakInteger } from './fields.ts';
import { formatTime } from './go-duration.ts';
import type { KvRequest } from './kv-request.ts';
import { attributionOf } from './attribution.ts';
import { isDeleted, newKey } from './kv-keys.ts';
import type { KeyMetadata, VersionMetadata } from './kv-keys.ts';
import { mergePatch } from './merge-patch.ts';
import { errorReply, json, multiErrorReply, noContent, notFound, reply } from './reply.ts';
import type { Reply } from './reply.ts';

export function readData(request: KvRequest): Reply {
  const found = findVersion(request);
  if (found === undefined) return notFound;
  const { metadata, version, number, gone } = found;
  const text = gone ? 'null' : request.keys.data(request.path, number);
  return gone
    ? reply({ data: `{"data":null,"metadata":${versionJson(metadata, version, number)}}` }, 404)
    : reply({ data: `{"data":${text},"metadata":${versionJson(metadata, version, number)}}`, mountType: 'kv' });
}

/** The names of a version's fields without their values: what may be shown to one who must not see these. */
export function readSubkeys(request: KvRequest): Reply {
  const depth = integerField(request.fields, 'depth') ?? 0;
  const found = findVersion(request);
  if (found === undefined) return notFound;
  const { metadata, version, number, gone } = found;
  const about = versionJson(metadata, version, number);
  if (gone) return reply({ data: `{"metadata":${about},"subkeys":null}` }, 404);
  const value: unknown = JSON.parse(request.keys.data(request.path, number));
  const subkeys = value === null ? 'null' : json(withoutValues(value as object, depth, 2));
  return reply({ data: `{"metadata":${about},"subkeys":${subkeys}}`, mountType: 'kv' });
}

/** @param level of the values of `fields`, counted from 2 as path_subkeys.go does; a limit of 0 is none */
function withoutValues(fields: object, limit: number, level: number): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name,
      (limit === 0 || level <= limit) && isFilledMap(value) ? withoutValues(value, limit, level + 1) : null,
    ]),
  );
}

function isFilledMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}

export function writeData(request: KvRequest): Reply {
  const data = mapField(request.fields, 'data');
  const refused = data === undefined ? errorReply(400, 'no data provided') : refusedCas(request);
  if (refused !== undefined) return refused;
  // KV v2 keeps json.Marshal of what was sent, and reads it with json.Unmarshal into float64: numbers lose their digits (1.50 → 1.5,
  // 12345678901234567890 → 12345678901234567000). That happens once and for all here.
  return addVersion(request, data === null || data === undefined ? 'null' : fieldsJson(data));
}

export function patchData(request: KvRequest): Reply {
  const data = mapField(request.fields, 'data');
  if (data === undefined) return errorReply(400, 'no data provided');
  const metadata = request.keys.metadata(request.path);
  // Found nothing to patch: an empty answer, unlike that of a read.
  if (metadata === undefined) return { status: 404 };
  const refused = refusedCas(request);
  if (refused !== undefined) return refused;
  const version = metadata.versions[metadata.currentVersion];
  if (version === undefined) return { status: 404 };
  if (isDeleted(version, request.nowMs) || version.destroyed)
    return reply({ data: versionJson(metadata, version, metadata.currentVersion) }, 404);
  const before = request.keys.data(request.path, metadata.currentVersion);
  // framework.HandlePatchOperation refuses to patch a null, which a write of {"data":null} leaves.
  if (before === 'null') return multiErrorReply(500, 'resource does not exist');
  return addVersion(request, mergePatch(before, data === null ? 'null' : fieldsJson(data)));
}

export function deleteData({ keys, path, nowMs, operation, token }: KvRequest): Reply {
  const metadata = keys.metadata(path);
  const latest = metadata?.versions[metadata.currentVersion];
  if (metadata === undefined || latest === undefined || latest.destroyed || isDeleted(latest, nowMs)) return noContent;
  const by = attributionOf(token, operation);
  keys.putMetadata(path, {
    ...metadata,
    lastUpdatedBy: by,
    versions: { ...metadata.versions, [metadata.currentVersion]: { ...latest, deletionMs: nowMs, deletedBy: by } },
  });
  return noContent;
}

function addVersion({ keys, path, nowMs, operation, token }: KvRequest, data: string): Reply {
  const metadata = keys.addVersion(path, data, attributionOf(token, operation), nowMs);
  const version = metadata.versions[metadata.currentVersion];
  if (version === undefined) return notFound;
  return reply({ data: versionJson(metadata, version, metadata.currentVersion), mountType: 'kv' });
}

/** Check-and-set: the version that the writer saw must still be the current one; 0 for a key that never had one. */
function refusedCas({ fields, keys, path, nowMs }: KvRequest): Reply | undefined {
  const metadata = keys.metadata(path) ?? newKey(nowMs);
  const sent = mapField(fields, 'options')?.get('cas');
  if (sent === undefined)
    return keys.config().casRequired || metadata.casRequired
      ? errorReply(400, 'check-and-set parameter required for this call')
      : undefined;
  const cas = weakInteger(sent);
  if (cas === undefined) return errorReply(400, 'error parsing check-and-set parameter');
  return cas === metadata.currentVersion
    ? undefined
    : errorReply(400, 'check-and-set parameter did not match the current version');
}

type Found = { metadata: KeyMetadata; version: VersionMetadata; number: number; gone: boolean };

function findVersion({ fields, keys, path, nowMs }: KvRequest): Found | undefined {
  const asked = integerField(fields, 'version') ?? 0;
  const metadata = keys.metadata(path);
  if (metadata === undefined) return undefined;
  const number = asked > 0 ? asked : metadata.currentVersion;
  const version = metadata.versions[number];
  return version && { metadata, version, number, gone: version.destroyed || isDeleted(version, nowMs) };
}

function versionJson({ customMetadata }: KeyMetadata, version: VersionMetadata, number: number): string {
  const custom = customMetadata === null ? 'null' : json(customMetadata);
  return `{"created_time":"${formatTime(version.createdMs)}","custom_metadata":${custom},"deletion_time":"${formatTime(version.deletionMs)}","destroyed":${String(version.destroyed)},"version":${number}}`;
}

function fieldsJson(fields: ReadonlyMap<string, string>): string {
  const raw = renderFields([...fields].map(([name, value]) => ({ name, raw: value })));
  return remarshal(raw, 'float') ?? 'null';
}
