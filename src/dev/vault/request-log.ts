/** What was asked, for tests: no token, no query, no body, no value. */
import type { Operation } from './backend.ts';
import type { FaultEffect } from './faults.ts';

/**
 * @property path decoded, without `/v1/` and without the query
 * @property operation undefined where the method is none of Vault's
 * @property status 0: closed without an answer
 */
export type LoggedRequest = {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly operation?: Operation;
  readonly status: number;
  readonly durationMs: number;
  readonly fault?: FaultEffect['kind'];
};

const kept = 10_000;

export class RequestLog {
  readonly entries: LoggedRequest[] = [];

  /** The last 10,000 are kept: a server that is loaded for hours must not fill the memory with its past. */
  add(entry: LoggedRequest): void {
    if (this.entries.length >= kept * 2) this.entries.splice(0, kept);
    this.entries.push({ ...entry, path: withoutTokens(entry.path) });
  }
}

/** A token does not belong in a path, but old clients put it there (`auth/token/lookup/<token>`); such a path is not served, nor shown. */
function withoutTokens(path: string): string {
  return path
    .replace(/^(auth\/token\/[^/]+\/).+$/, '$1<redacted>')
    .replace(/\b(?:hv[sbr]|[sbr])\.[\w-]{20,}/g, '<redacted>');
}
