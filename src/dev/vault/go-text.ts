/** Text as Go's strconv and unicode see it. */

/** unicode.IsPrint: letters, marks, numbers, punctuation, symbols and the plain space. */
export function isPrintable(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(text);
}

const named = new Map([
  [7, 'a'],
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [11, 'v'],
  [12, 'f'],
  [13, 'r'],
  [34, '"'],
  [92, '\\'],
]);

/** strconv.Quote, which `%q` writes. */
export function goQuote(text: string): string {
  const quoted = Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const name = named.get(code);
    if (name !== undefined) return `\\${name}`;
    if (isPrintable(character)) return character;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${quoted.join('')}"`;
}
