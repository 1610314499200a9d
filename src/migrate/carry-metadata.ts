/** What goes along with a value to the other store, besides the value: its content type, tags, expiry, and where it came from. */
import type { MetadataChange, SecretMetadata, StoreCapabilities } from '../stores/contract.ts';

/** Tags that Lockstep writes. They tell of a copy where it is from, so that a later drift is seen without reading a value. */
const provenanceTags = {
  store: 'lockstep-from-store',
  name: 'lockstep-from-name',
  version: 'lockstep-from-version',
} as const;

/** Tags that stand for attributes that a store does not have; they become attributes again where it has them. */
const attributeTags = { contentType: 'lockstep-content-type', expiresAtMs: 'lockstep-expires-at' } as const;

export type Origin = { readonly store: string; readonly name: string; readonly version: string };

export type CarriedMetadata = {
  readonly metadata: MetadataChange;
  /** What the other store cannot take, for people: `2 tags: …`. */
  readonly left: readonly string[];
};

/** @param contentType where the source has none: what the value is */
export function carryMetadata(
  source: SecretMetadata,
  origin: Origin,
  to: Pick<StoreCapabilities, 'attributes' | 'maxTags' | 'maxTagLength'>,
  contentType?: string,
): CarriedMetadata {
  const own: ReadonlySet<string> = new Set([...Object.values(provenanceTags), ...Object.values(attributeTags)]);
  const wanted = {
    contentType: source.contentType ?? source.tags[attributeTags.contentType] ?? contentType,
    expiresAtMs: source.expiresAtMs ?? parseTime(source.tags[attributeTags.expiresAtMs]),
  };
  const takes = (attribute: 'contentType' | 'expiresAtMs'): boolean => to.attributes.includes(attribute);
  // What must be there comes first: a store takes a certain number of tags.
  const tags: [string, string][] = [
    [provenanceTags.store, origin.store],
    [provenanceTags.name, origin.name],
    [provenanceTags.version, origin.version],
  ];
  if (wanted.contentType !== undefined && source.contentType !== undefined && !takes('contentType'))
    tags.push([attributeTags.contentType, wanted.contentType]);
  if (wanted.expiresAtMs !== undefined && !takes('expiresAtMs'))
    tags.push([attributeTags.expiresAtMs, new Date(wanted.expiresAtMs).toISOString()]);
  tags.push(...Object.entries(source.tags).filter(([name]) => !own.has(name)));

  const fitting = tags.filter(([name, value]) => Math.max(name.length, value.length) <= to.maxTagLength);
  const taken = fitting.slice(0, to.maxTags);
  const left = tags.filter((tag) => !taken.includes(tag)).map(([name]) => name);
  return {
    metadata: {
      tags: Object.fromEntries(taken),
      ...(wanted.contentType !== undefined && takes('contentType') ? { contentType: wanted.contentType } : {}),
      ...(wanted.expiresAtMs !== undefined && takes('expiresAtMs') ? { expiresAtMs: wanted.expiresAtMs } : {}),
    },
    left: left.length === 0 ? [] : [`${left.length === 1 ? 'the tag' : `${left.length} tags`} ${left.join(', ')}`],
  };
}

function parseTime(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
