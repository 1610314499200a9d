/** What was asked, for tests: no token, no query, no body, no value. */
import type { FaultEffect } from './faults.ts';

/**
 * @property path decoded, without the query
 * @property operation undefined where the server knows none of that kind
 * @property status 0: closed without an answer
 */
export type LoggedRequest<Operation extends string = string> = {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly operation?: Operation;
  readonly status: number;
  readonly durationMs: number;
  readonly fault?: FaultEffect['kind'];
};

const kept = 10_000;

export class RequestLog<Operation extends string> {
  readonly entries: LoggedRequest<Operation>[] = [];
  readonly #added: (entry: LoggedRequest<Operation>) => void;

  /** @param added is told of each entry */
  constructor(added: (entry: LoggedRequest<Operation>) => void = () => undefined) {
    this.#added = added;
  }

  /** The last 10,000 are kept: a server that is loaded for hours must not fill the memory with its past. */
  add(entry: LoggedRequest<Operation>): void {
    if (this.entries.length >= kept * 2) this.entries.splice(0, kept);
    this.entries.push(entry);
    this.#added(entry);
  }
}
