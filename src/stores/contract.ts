/**
 * What Lockstep needs of a store of secrets, whichever it is. Types only, so that jobs depend on no adapter.
 *
 * What can be expected (a secret is missing, deleted, disabled, changed meanwhile, or not ours to see) is returned. Thrown is what cannot:
 * `StoreError` (src/stores/store-error.ts) when the store cannot be reached, answers nonsense, refuses a name, or when an attribute is
 * set that it does not have; and `signal.reason` when the caller gives up. "May not see it" is `forbidden`, never `missing`.
 *
 * Times are milliseconds since 1970, UTC. Differences between stores are capabilities: no caller asks which store it has.
 */
import type { SecretValue } from '../model/secret-value.ts';

export type SecretStore = {
  /** For people: `Vault http://localhost:8200`. */
  readonly name: string;
  readonly kind: 'vault' | 'key-vault' | 'memory';
  readonly capabilities: StoreCapabilities;

  /**
   * The secrets that are there, in no particular order, deleted ones left out; page by page, so that what changes meanwhile may or may not show.
   * Nothing is read of their values. Vault: needs list and read on metadata/, and one read for each. Key Vault: readMetadata.
   */
  list(options?: ListOptions): AsyncIterable<ListedSecret>;

  /**
   * The names that are in use, in no particular order, without a look at the secrets: in Vault those of deleted ones are among them. Vault: needs
   * list on metadata/ and one request for each folder. Key Vault: as `list`.
   */
  names(options?: ListOptions): AsyncIterable<string>;

  /** @param options.version default: the newest. One that is not kept any more is `missing`. */
  read(name: string, options?: { readonly version?: Version } & Cancellable): Promise<ReadOutcome>;

  /**
   * The versions that are kept, oldest first, so that the last one is the newest. Nothing is read of their values; tags and the like come with
   * `read`. Vault: needs read on metadata/<name>. Key Vault: readMetadata (of an access policy: list) and, where several were made in the last
   * second, getSecret.
   *
   * Where versions are not numbered, the order of those with the same `createdAtMs` is not known (Key Vault has whole seconds, and lists by ids that
   * say nothing of age), except that the newest is the last; not even that where several of the last second are disabled, or may not be read.
   */
  versions(name: string, options?: Cancellable): Promise<VersionsOutcome>;

  /**
   * Makes a new version if the newest one is still `expected`. Writing what is there already makes a version all the same: compare first.
   * @param options.metadata of the new version; what it leaves out is unset, except the tags where they belong to the secret
   */
  write(
    name: string,
    value: SecretValue,
    options: { readonly expected: Version | 'absent'; readonly metadata?: MetadataChange } & Cancellable,
  ): Promise<WriteOutcome>;

  /** Changes the newest version's metadata, without making a version, if that one is still `expected`. */
  writeMetadata(
    name: string,
    change: MetadataChange,
    options: { readonly expected: Version } & Cancellable,
  ): Promise<MetadataOutcome>;

  /** Deletes so that `recover` brings it back, if the newest version is still `expected`. One that is deleted already stays so. */
  delete(name: string, options: { readonly expected: Version } & Cancellable): Promise<DeleteOutcome>;

  listDeleted(options?: ListOptions): AsyncIterable<DeletedSecret>;

  recover(name: string, options?: Cancellable): Promise<RecoverOutcome>;

  /** What may be done with this name. Vault knows (sys/capabilities-self); Key Vault tells nobody beforehand. */
  permissions(name: string, options?: Cancellable): Promise<Permissions>;
};

export type StoreOperation =
  'list' | 'read' | 'versions' | 'write' | 'writeMetadata' | 'delete' | 'listDeleted' | 'recover';

declare const version: unique symbol;
/** Opaque: compared for equality, never for order. Only stores make one. */
export type Version = string & { readonly [version]: true };

export type StoreCapabilities = {
  /** `fields`: every value is a JSON object, kept as a map (order and spacing are the store's). `text`: any text, byte for byte. */
  readonly holds: 'fields' | 'text';
  /** Whether numbers keep their digits. Where they are read as doubles, a write that would change one (1.50, 12345678901234567890) throws instead. */
  readonly keepsDigits: boolean;
  /** Names are paths with `/`. Otherwise letters, digits and `-`. */
  readonly folders: boolean;
  /** Names that differ only in case are one name; the spelling of the first is kept. */
  readonly foldsCase: boolean;
  /** Bytes of UTF-8. */
  readonly maxValueBytes: number;
  /** How many versions of a secret are kept, the newest ones. */
  readonly keptVersions: number;
  /** Versions are 1, 2, 3 … and mean something to people. */
  readonly numberedVersions: boolean;
  /** Whether nothing can come between the comparison with `expected` and the write. */
  readonly guard: 'atomic' | 'compare-then-write';
  /**
   * `version`: only the newest version goes; older ones can still be read, and a write that expects the deleted version makes the next one.
   * `secret`: all go, and the name is reserved until the secret is recovered.
   */
  readonly deletes: 'version' | 'secret';
  /** Which of these can be set; tags always can. */
  readonly attributes: readonly ('enabled' | 'contentType' | 'expiresAtMs')[];
  /** Whether a new version keeps the tags or starts without. */
  readonly tagsOf: 'secret' | 'version';
  readonly maxTags: number;
  /** Characters that both a tag's name and its value may have. */
  readonly maxTagLength: number;
  /** Whether this can be a tag there: its lengths, its characters. */
  readonly takesTag: (name: string, value: string) => boolean;
  /** Whether `permissions` can be answered. */
  readonly tellsPermissions: boolean;
};

export type SecretMetadata = {
  /** Of this version. */
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly enabled: boolean;
  readonly contentType: string | undefined;
  /** For information: no store refuses to read an expired secret. */
  readonly expiresAtMs: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** Key Vault: it belongs to a certificate, which alone may change it. */
  readonly managed: boolean;
};

/** What is left out stays as it is; what is undefined is unset. Tags are replaced as a whole. */
export type MetadataChange = Partial<Pick<SecretMetadata, 'enabled' | 'contentType' | 'expiresAtMs' | 'tags'>>;

export type Cancellable = { readonly signal?: AbortSignal | undefined };
export type ListOptions = {
  /** Only names that start so, compared as the store compares names. Where there are folders it ends in `/`. */
  readonly prefix?: string;
} & Cancellable;

export type ListedSecret = { readonly name: string; readonly metadata: SecretMetadata };
export type DeletedSecret = { readonly name: string; readonly deletedAtMs: number };

export type ReadOutcome =
  | {
      readonly kind: 'present';
      readonly value: SecretValue;
      readonly version: Version;
      readonly metadata: SecretMetadata;
    }
  | { readonly kind: 'missing' }
  /** Key Vault: where we may not see deleted secrets, they are `missing`. */
  | { readonly kind: 'deleted'; readonly version: Version }
  | { readonly kind: 'disabled'; readonly version: Version | undefined }
  | { readonly kind: 'forbidden' };

/**
 * @property state `kept`: its value can be read. `disabled`: not before it is enabled (Key Vault). `deleted`: not before it is recovered, which Vault
 * does version by version. `destroyed`: never again (Vault)
 */
export type ListedVersion = {
  readonly version: Version;
  readonly createdAtMs: number;
  readonly state: 'kept' | 'disabled' | 'deleted' | 'destroyed';
};

export type VersionsOutcome =
  /** At least one. In Vault they may all be deleted or destroyed. */
  | { readonly kind: 'present'; readonly versions: readonly ListedVersion[] }
  | { readonly kind: 'missing' }
  /** All of it, where {@link StoreCapabilities.deletes} says `secret`: then its versions cannot be listed. As in `read`, it may be `missing`. */
  | { readonly kind: 'deleted'; readonly version: Version }
  | { readonly kind: 'forbidden' };

export type WriteOutcome =
  | { readonly kind: 'written'; readonly version: Version }
  /** @property found what is the newest instead of `expected` */
  | { readonly kind: 'conflict'; readonly found: Version | 'absent' }
  /** The name holds a deleted secret: see {@link StoreCapabilities.deletes} for the way on. */
  | { readonly kind: 'deleted'; readonly version: Version }
  | { readonly kind: 'refused'; readonly because: 'too large' | 'not a JSON object' | 'managed' }
  | { readonly kind: 'forbidden' };

/** It is {@link SecretMetadata.managed}. */
export type Managed = { readonly kind: 'refused'; readonly because: 'managed' };

export type MetadataOutcome =
  | { readonly kind: 'written' }
  | Managed
  | { readonly kind: 'conflict'; readonly found: Version }
  | { readonly kind: 'missing' }
  | { readonly kind: 'deleted'; readonly version: Version }
  | { readonly kind: 'forbidden' };

export type DeleteOutcome =
  | { readonly kind: 'deleted' }
  | Managed
  | { readonly kind: 'conflict'; readonly found: Version }
  | { readonly kind: 'missing' }
  | { readonly kind: 'forbidden' };

export type RecoverOutcome =
  | { readonly kind: 'recovered'; readonly version: Version }
  | Managed
  /** It was not deleted. */
  | { readonly kind: 'present'; readonly version: Version }
  | { readonly kind: 'missing' }
  | { readonly kind: 'forbidden' };

/**
 * That something is sent again because a store would not, or could not, do it at first; for the progress of long work. It holds no name, no address
 * and no value.
 *
 * @property because `throttled`: too many calls (429). `unavailable`: it failed, or says that it is not ready. `network`: no whole answer. `busy`:
 * the name is being deleted or recovered. @property waitMs how long it waits first
 */
export type StoreRetry = {
  readonly because: 'throttled' | 'unavailable' | 'network' | 'busy';
  readonly waitMs: number;
};

/** Called before each wait. It must not throw. */
export type OnRetry = (retry: StoreRetry) => void;

export type Permissions =
  { readonly kind: 'known'; readonly allowed: ReadonlySet<StoreOperation> } | { readonly kind: 'unknown' };
