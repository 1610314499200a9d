import type { BackendRequest } from './backend.ts';
import type { KvKeys } from './kv-keys.ts';

/** @property path the key, without `data/` and its like */
export type KvRequest = BackendRequest & { readonly keys: KvKeys; readonly path: string };
