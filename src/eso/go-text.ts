/** Small pieces of the operator's messages. */
import { goString, textOf } from './go/go-string.ts';
import { quote } from './go/quote.ts';

/** fmt's `%q` of a text, for messages. */
export function quoted(text: string): string {
  return textOf(quote(goString(text)));
}
