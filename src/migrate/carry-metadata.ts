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

/** Of a text in a store of fields that the catalog does not know: the field that holds it. */
const plainTextTag = 'lockstep-plain-text';

export type Origin = { readonly store: string; readonly name: string; readonly version: string };

export type CarriedMetadata = {
  readonly metadata: MetadataChange;
  /** What the other store cannot take, for people: `2 tags: …`. */
  readonly left: readonly string[];
};

/** What a value is, as far as its store does not say so itself. */
export type ValueKind = {
  readonly contentType?: string | undefined;
  /** The field that a plain text is in. */
  readonly plainTextField?: string | undefined;
};

export function carryMetadata(
  source: SecretMetadata,
  origin: Origin,
  to: Pick<StoreCapabilities, 'attributes' | 'maxTags' | 'takesTag'>,
  { contentType, plainTextField }: ValueKind = {},
): CarriedMetadata {
  const own: ReadonlySet<string> = new Set([
    ...Object.values(provenanceTags),
    ...Object.values(attributeTags),
    plainTextTag,
  ]);
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
  if (plainTextField !== undefined) tags.push([plainTextTag, plainTextField]);
  tags.push(...Object.entries(source.tags).filter(([name]) => !own.has(name)));

  const fitting = tags.filter(([name, value]) => to.takesTag(name, value));
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

/** Where a copy says that it came from. Undefined where it says nothing. */
export function originOf({ tags }: Pick<SecretMetadata, 'tags'>): Origin | undefined {
  const [store, name, version] = [provenanceTags.store, provenanceTags.name, provenanceTags.version].map(
    (tag) => tags[tag],
  );
  return store === undefined || name === undefined || version === undefined ? undefined : { store, name, version };
}

/** The field that holds a plain text, where it was one before it was copied. */
export function plainTextOf({ tags }: Pick<SecretMetadata, 'tags'>): string | undefined {
  return tags[plainTextTag];
}

function parseTime(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
