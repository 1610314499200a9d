/** One line that is typed or pasted, made of what a terminal in raw mode sends. Pure; shows nothing. */

const PASTE_BEGINS = '\u001b[200~';
const PASTE_ENDS = '\u001b[201~';
/** Arrows and the like: ECMA-48 control sequences, and what keypads send. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const keySequence = /^\u001b(?:\[[0-?]*[ -/]*[@-~]|O[ -~])/;
// eslint-disable-next-line no-control-regex -- the same
const unfinishedSequence = /^\u001b(?:\[[0-?]*[ -/]*|O)?$/;

export type Fed =
  | 'more'
  /** @property rest whether more came along: several lines without marks around them, so none of it is the answer */
  | { readonly kind: 'entered'; readonly rest: boolean }
  /** Ctrl-C, Ctrl-\, or Ctrl-D where nothing is typed. */
  | 'stopped';

export class HiddenLine {
  #text = '';
  /** What came of a paste that has not ended; undefined outside of one. */
  #paste: string | undefined;
  /** The beginning of a sequence whose end has not come. */
  #carry = '';

  get text(): string {
    return this.#text;
  }

  /** @param chunk in any pieces; characters are whole */
  feed(chunk: string): Fed {
    let left = this.#carry + chunk;
    this.#carry = '';
    while (left !== '') {
      if (this.#paste !== undefined) {
        left = this.#feedPaste(left);
        continue;
      }
      if (left.startsWith('\u001b')) {
        const sequence = keySequence.exec(left)?.[0];
        if (sequence === undefined && unfinishedSequence.test(left)) {
          this.#carry = left;
          break;
        }
        if (sequence === PASTE_BEGINS) this.#paste = '';
        // Escape by itself is no part of an answer; what is typed after it is.
        left = left.slice(sequence?.length ?? 1);
        continue;
      }
      const [character = ''] = left;
      left = left.slice(character.length);
      switch (character) {
        case '\r':
        case '\n':
          return { kind: 'entered', rest: left !== '' && !(character === '\r' && left === '\n') };
        case '\u0003':
        case '\u001c':
          return 'stopped';
        case '\u0004':
          if (this.#text === '') return 'stopped';
          break;
        case '\b':
        case '\u007f':
          this.#text = this.#text.replace(/.$/su, '');
          break;
        case '\u0015': // Ctrl-U
          this.#text = '';
          break;
        default:
          if (character >= ' ' || character === '\t') this.#text += character;
      }
    }
    return 'more';
  }

  /** @returns what comes behind the paste */
  #feedPaste(left: string): string {
    const all = (this.#paste ?? '') + left;
    const end = all.indexOf(PASTE_ENDS);
    if (end === -1) {
      this.#paste = all;
      return '';
    }
    this.#paste = undefined;
    // Terminals send line breaks as Enter does. After a single line one is no part of it: without the marks it would have been Enter.
    const pasted = all.slice(0, end).replace(/\r\n?/g, '\n');
    this.#text += /^[^\n]*\n+$/.test(pasted) ? pasted.replace(/\n+$/, '') : pasted;
    return all.slice(end + PASTE_ENDS.length);
  }
}
