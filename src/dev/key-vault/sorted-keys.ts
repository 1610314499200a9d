/** Keys in order, so that a page of a list costs what it returns: no sort and no scan for a request. ASCII only. */
export class SortedKeys {
  readonly #keys: string[];

  /** @param keys in any order, each once */
  constructor(keys: Iterable<string>) {
    // The default order is that of the code units, in which the methods below compare.
    this.#keys = [...keys].sort();
  }

  get size(): number {
    return this.#keys.length;
  }

  add(key: string): void {
    const at = this.#lowerBound(key);
    if (this.#keys[at] !== key) this.#keys.splice(at, 0, key);
  }

  delete(key: string): void {
    const at = this.#lowerBound(key);
    if (this.#keys[at] === key) this.#keys.splice(at, 1);
  }

  /** The first key that is not before this one. */
  from(key: string): string | undefined {
    return this.#keys[this.#lowerBound(key)];
  }

  after(key: string): string | undefined {
    const at = this.#lowerBound(key);
    return this.#keys[this.#keys[at] === key ? at + 1 : at];
  }

  #lowerBound(key: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
