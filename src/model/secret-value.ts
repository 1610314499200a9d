/**
 * The text of a secret, on its way from one place to another. Whatever prints it prints `<redacted>`: string conversion, JSON, inspection.
 * The text is a private field, so neither a spread, a clone nor an enumeration carries it along; equality is `equals()`, for
 * `assert.deepEqual` takes any two of these for equal.
 */
const redacted = '<redacted>';

export class SecretValue {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself: for stores, for src/eso and for fingerprints. What is revealed is never put into a message, a log or a result. */
  reveal(): string {
    return this.#text;
  }

  /** Of two of one length it takes as long where they differ in their first character as where they differ in their last. */
  equals(other: SecretValue): boolean {
    const [mine, theirs] = [this.#text, other.#text];
    if (mine.length !== theirs.length) return false;
    let difference = 0;
    for (let index = 0; index < mine.length; index++) difference |= mine.charCodeAt(index) ^ theirs.charCodeAt(index);
    return difference === 0;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [Symbol.toPrimitive](): string {
    return redacted;
  }

  /** What console.log and util.inspect print: the symbol is registered, so the model needs no Node for it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return redacted;
  }
}
