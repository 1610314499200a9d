/** Faults on request, so that a test sees what its client does when a server is slow, refuses, or goes away in the middle. */

/**
 * `status`: answered with it, nothing is done. `latency`: done and answered, later. `drop`: done, but the connection closes without an answer.
 * `half-response`: done, and closed after half of the answer. `garbled`: done, and answered with all of the body but its last character.
 * `refuse`: the connection closes and nothing is done. After `drop` a client cannot know whether its write happened, which is what it must be
 * tested for.
 */
export type FaultEffect =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly errors?: readonly string[];
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'latency'; readonly latencyMs: number }
  | { readonly kind: 'drop' | 'refuse' | 'half-response' | 'garbled' };

/**
 * @typeParam Operation what the server can be asked for
 * @property operation default: any
 * @property path a prefix (`secret/data/`) or an expression; default: any
 * @property rate of the requests that match, 0 to 1; default 1
 * @property times how often at most; default: for as long as it is there
 */
export type Fault<Operation extends string = string> = {
  readonly effect: FaultEffect;
  readonly operation?: Operation;
  readonly path?: string | RegExp;
  readonly rate?: number;
  readonly times?: number;
};

export type Faults<Operation extends string = string> = {
  /** The first fault that matches a request takes effect. @returns takes it away again */
  add(fault: Fault<Operation>): () => void;
  clear(): void;
};

export class FaultList<Operation extends string> implements Faults<Operation> {
  #faults: { readonly fault: Fault<Operation>; left: number }[] = [];
  readonly #random: () => number;

  /** @param random 0 to below 1: given by tests, so that a rate gives the same requests each time */
  constructor(random: () => number) {
    this.#random = random;
  }

  add(fault: Fault<Operation>): () => void {
    const added = { fault, left: fault.times ?? Infinity };
    this.#faults.push(added);
    return () => {
      this.#faults = this.#faults.filter((one) => one !== added);
    };
  }

  clear(): void {
    this.#faults = [];
  }

  take(operation: Operation | undefined, path: string): FaultEffect | undefined {
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (entry.left <= 0 || (fault.operation !== undefined && fault.operation !== operation)) continue;
      if (!matchesPath(fault.path, path) || this.#random() >= (fault.rate ?? 1)) continue;
      entry.left -= 1;
      return fault.effect;
    }
    return undefined;
  }
}

function matchesPath(wanted: string | RegExp | undefined, path: string): boolean {
  if (wanted === undefined) return true;
  // search() starts at the beginning whatever flags the expression has.
  return typeof wanted === 'string' ? path.startsWith(wanted) : path.search(wanted) >= 0;
}
