/** What KV v2 can do: its documented limits, and the defaults of a mount that is configured no other way. */
import type { StoreCapabilities } from './contract.ts';

export const vaultCapabilities: StoreCapabilities = {
  holds: 'fields',
  /** KV v2 reads what it has stored into float64: json-spelling.ts. */
  keepsDigits: false,
  folders: true,
  foldsCase: false,
  /** `max_json_string_value_length`, and one Raft entry (`max_entry_size`). What is nearly as large may be refused by Vault itself: "too large" as well. */
  maxValueBytes: 1024 * 1024,
  /** `max_versions` of a mount that sets none. */
  keptVersions: 10,
  numberedVersions: true,
  /** `options.cas`. For metadata there is no such thing: they are compared, then written. */
  guard: 'atomic',
  deletes: 'version',
  attributes: [],
  /** `custom_metadata` */
  tagsOf: 'secret',
  maxTags: 64,
  /** Of a tag's name; its value may have 512. */
  maxTagLength: 128,
  takesTag: (name, value) =>
    [name, value].every((text) => text !== '' && printable.test(text)) &&
    Buffer.byteLength(name) <= 128 &&
    Buffer.byteLength(value) <= maxTagValueLength,
  tellsPermissions: true,
};

export const maxTagValueLength = 512;

/** What Go's unicode.IsPrint takes. */
export const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u;
