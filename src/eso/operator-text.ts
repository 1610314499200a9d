/**
 * What the operator says: an error or an event. Parts of it may come from a secret's value (encoding/json names the character that it stumbled
 * over, a template's `fail` may be given anything), so a text knows which; printed, those are `<redacted>`.
 */
import type { SecretValue } from '../model/secret-value.ts';

/** Texts, not GoStrings: what the operator reports passes through JSON, so what is not UTF-8 in it is U+FFFD. */
export type OperatorTextPart = string | SecretValue;

export class OperatorText {
  readonly parts: readonly OperatorTextPart[];

  constructor(...parts: readonly OperatorTextPart[]) {
    this.parts = parts;
  }

  static of(text: string | OperatorText): OperatorText {
    return typeof text === 'string' ? new OperatorText(text) : text;
  }

  /** `before`, this, `after`. */
  wrap(before: string, after = ''): OperatorText {
    return new OperatorText(...(before === '' ? [] : [before]), ...this.parts, ...(after === '' ? [] : [after]));
  }

  /** With values in it: for comparison with what the operator said, and never for print. */
  reveal(): string {
    return this.parts.map((part) => (typeof part === 'string' ? part : part.reveal())).join('');
  }

  toString(): string {
    return this.parts.map(String).join('');
  }

  toJSON(): string {
    return this.toString();
  }
}
