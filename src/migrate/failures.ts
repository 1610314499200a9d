/** One secret that cannot be read or written is told and does not end the rest; a store that answers nothing any more does. */
import { PlatformError } from '../model/problem.ts';
import type { Failure } from './migration.ts';

/** So many in a row, and it is not about the secrets. */
const TOLERATED = 10;

const notReached: Failure = {
  because: 'not reached: the store did not answer any more',
  hint: 'Run it again when it does.',
};

export class Failures {
  #inARow = 0;
  #hasAnswered = false;
  #last: PlatformError | undefined;

  /** @throws {StoreError} the last of too many, where none went well; whatever else `work` throws */
  async tell<Result>(work: () => Promise<Result>, failed: (failure: Failure) => Result): Promise<Result> {
    if (this.#inARow >= TOLERATED) return failed(notReached);
    try {
      const result = await work();
      this.#inARow = 0;
      this.#hasAnswered = true;
      return result;
    } catch (error) {
      // Errors of stores are adapters' own: here they are known by their name.
      if (!(error instanceof PlatformError) || error.name !== 'StoreError') throw error;
      this.#inARow += 1;
      this.#last = error;
      if (this.#inARow >= TOLERATED) this.throwIfNothing();
      return failed({ because: error.message, hint: error.hint });
    }
  }

  /** @throws {StoreError} where none went well: then it is one error, and not one for each secret */
  throwIfNothing(): void {
    if (this.#last !== undefined && !this.#hasAnswered) throw this.#last;
  }
}
