/** Which bytes go.yaml.in/yaml/v2 reads: UTF-8 without control characters. */
import type { GoString } from '../go/go-string.ts';

export type BadCharacter = { readonly at: number; readonly problem: string };

const plain = /^[\t\n\r -~]*$/;

/** The first that is refused, with what is said of it. Undefined: none is. */
export function findBadCharacter(text: GoString): BadCharacter | undefined {
  if (plain.test(text)) return undefined;
  for (let at = 0; at < text.length;) {
    const first = text.charCodeAt(at);
    const width =
      first < 0x80 ? 1 : (first & 0xe0) === 0xc0 ? 2 : (first & 0xf0) === 0xe0 ? 3 : (first & 0xf8) === 0xf0 ? 4 : 0;
    if (width === 0) return { at, problem: 'invalid leading UTF-8 octet' };
    if (at + width > text.length) return { at, problem: 'incomplete UTF-8 octet sequence' };
    let code = width === 1 ? first : first & (0x7f >> width);
    for (let next = at + 1; next < at + width; next++) {
      const byte = text.charCodeAt(next);
      if ((byte & 0xc0) !== 0x80) return { at, problem: 'invalid trailing UTF-8 octet' };
      code = (code << 6) | (byte & 0x3f);
    }
    const least = [0, 0, 0x80, 0x800, 0x10000][width] ?? 0;
    if (code < least) return { at, problem: 'invalid length of a UTF-8 sequence' };
    if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return { at, problem: 'invalid Unicode character' };
    if (!isAllowed(code)) return { at, problem: 'control characters are not allowed' };
    at += width;
  }
  return undefined;
}

function isAllowed(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code < 0x7f || code === 0x85 || (code >= 0xa0 && code <= 0xfffd) || code >= 0x10000;
}
