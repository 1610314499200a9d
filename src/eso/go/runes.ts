/** UTF-8 as Go reads it: a byte that begins no valid sequence is one U+FFFD by itself. */
import type { GoString } from './go-string.ts';
import { asGoString, goString } from './go-string.ts';

export type Rune = {
  readonly code: number;
  readonly at: number;
  /** In bytes. 1 and `code` U+FFFD: not UTF-8. */
  readonly width: number;
};

const replacement = 0xfffd;
const replacementBytes = '\xef\xbf\xbd';
const ascii = /^[\0-\x7f]*$/;

/** utf8.DecodeRuneInString of what starts at `at`, which is within the text. */
export function runeAt(text: GoString, at: number): Rune {
  const first = text.charCodeAt(at);
  if (first < 0x80) return { code: first, at, width: 1 };
  const width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  let code = first & (0x7f >> width);
  let valid = first >= 0xc2 && first <= 0xf4;
  for (let next = at + 1; next < at + width; next++) {
    const byte = text.charCodeAt(next);
    valid &&= (byte & 0xc0) === 0x80;
    code = (code << 6) | (byte & 0x3f);
  }
  const tooLong = width === 3 ? code < 0x800 : width === 4 && code < 0x10000;
  const noCharacter = (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff;
  return valid && !tooLong && !noCharacter ? { code, at, width } : { code: replacement, at, width: 1 };
}

/** As `for at, code := range text` goes. */
export function* runesOf(text: GoString): Generator<Rune, void> {
  for (let at = 0; at < text.length;) {
    const rune = runeAt(text, at);
    yield rune;
    at += rune.width;
  }
}

/** utf8.EncodeRune: half a surrogate pair becomes U+FFFD. */
export function runeBytes(code: number): GoString {
  return goString(String.fromCodePoint(code));
}

/** strings.ToValidUTF8 byte by byte, as encoding/json does it. */
export function validUtf8(text: GoString): GoString {
  if (ascii.test(text)) return text;
  let valid = '';
  for (const { at, code, width } of runesOf(text))
    valid += code === replacement ? replacementBytes : text.slice(at, at + width);
  return asGoString(valid);
}

/** The text that a message shows: each byte that is not UTF-8 is one U+FFFD. */
export function shownText(text: GoString): string {
  if (ascii.test(text)) return text;
  let shown = '';
  for (const { code } of runesOf(text)) shown += String.fromCodePoint(code);
  return shown;
}
