/** How the two real stores behave, as far as a store in memory can. Sources: their documented limits (azure-key-vault secrets; KV v2). */
import type { StoreCapabilities } from '../contract.ts';

export const vaultLike: StoreCapabilities = {
  holds: 'fields',
  keepsDigits: false,
  folders: true,
  foldsCase: false,
  /** One Raft entry: `max_entry_size`. */
  maxValueBytes: 1024 * 1024,
  /** The default of KV v2's `max_versions`. */
  keptVersions: 10,
  numberedVersions: true,
  guard: 'atomic',
  deletes: 'version',
  attributes: [],
  tagsOf: 'secret',
  maxTags: 64,
  /** Of a tag's name; its value may have 512. */
  maxTagLength: 128,
  tellsPermissions: true,
};

export const keyVaultLike: StoreCapabilities = {
  holds: 'text',
  keepsDigits: true,
  folders: false,
  foldsCase: true,
  maxValueBytes: 25 * 1024,
  keptVersions: Infinity,
  numberedVersions: false,
  guard: 'compare-then-write',
  deletes: 'secret',
  attributes: ['enabled', 'contentType', 'expiresAtMs'],
  tagsOf: 'version',
  maxTags: 15,
  /** 512 by its documentation, 256 wherever that is older. */
  maxTagLength: 256,
  tellsPermissions: false,
};
