/** What is wrong with a template's text, in Go's words; the parser adds the place. Does not leave src/eso/template. */
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';

export class SyntaxFailure extends Error {
  readonly said: GoString;

  constructor(said: string) {
    super('a template that Go cannot parse');
    this.said = asGoString(said);
  }
}
