/** What the core knows of a secrets engine, an auth method or sys/: paths, their operations and their fields (sdk/framework). */
import type { Fields } from './fields.ts';
import type { Reply } from './reply.ts';
import type { TokenEntry } from './tokens.ts';

/** Vault's own names for what a request does; a policy's capabilities are named after them. */
export type Operation = 'read' | 'list' | 'create' | 'update' | 'patch' | 'delete';

/**
 * @property token undefined only for paths that need none
 * @property nowMs one time for the whole request
 */
export type BackendRequest = {
  readonly operation: Operation;
  readonly fields: Fields;
  readonly token: TokenEntry | undefined;
  readonly nowMs: number;
};

export type Handler = (request: BackendRequest) => Reply | Promise<Reply>;

/**
 * @property fields what the path knows; others are ignored, with a warning. Undefined: no warning
 * @property captured fields that the path itself gives
 */
export type Route = {
  readonly operations: Readonly<Partial<Record<Operation, Handler>>>;
  readonly fields?: readonly string[];
  readonly captured?: readonly string[];
};

export type Backend = {
  readonly type: string;
  /** @param path below the mount */
  route(path: string): Route | undefined;
  /** Undefined: the path has no existence check, and every write is an update. */
  exists?(path: string): boolean | undefined;
  /** Paths (below the mount) that need no token. */
  isUnauthenticated?(path: string): boolean;
  /** Paths that need the `sudo` capability. */
  needsSudo?(path: string, operation: Operation): boolean;
};
