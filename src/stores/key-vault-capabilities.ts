import type { StoreCapabilities } from './contract.ts';

/** What the secrets of Azure Key Vault can do: its documented limits. */
export const keyVaultCapabilities: StoreCapabilities = {
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
  takesTag: (name, value) => name !== '' && Math.max(name.length, value.length) <= 256,
  tellsPermissions: false,
};
