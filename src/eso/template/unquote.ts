/** strconv.Unquote and strconv.UnquoteChar for what the lexer has found to be quoted. */
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { runeAt, runeBytes } from '../go/runes.ts';
import { SyntaxFailure } from './syntax-failure.ts';

const named = new Map([
  ['a', 0x07],
  ['b', 0x08],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['v', 0x0b],
  ['\\', 0x5c],
]);
const numeric = [
  { pattern: /^x([\da-fA-F]{2})/, base: 16, isByte: true },
  { pattern: /^([0-7]{3})/, base: 8, isByte: true },
  { pattern: /^u([\da-fA-F]{4})/, base: 16, isByte: false },
  { pattern: /^U([\da-fA-F]{8})/, base: 16, isByte: false },
];

/** Of a text in double quotes or backquotes. */
export function unquote(quoted: GoString): GoString {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith('`')) return asGoString(inner.replaceAll('\r', ''));
  let text = '';
  for (let rest = asGoString(inner); rest !== '';) {
    const plain = /^[^\\\x80-\xff]+/.exec(rest)?.[0];
    if (plain !== undefined) {
      text += plain;
      rest = asGoString(rest.slice(plain.length));
      continue;
    }
    const character = unquoteCharacter(rest, '"');
    text += character.isByte ? String.fromCharCode(character.code) : runeBytes(character.code);
    rest = character.rest;
  }
  return asGoString(text);
}

type Unquoted = { readonly code: number; readonly isByte: boolean; readonly rest: GoString };

/** The first character of what stands inside the quotes. */
export function unquoteCharacter(text: GoString, mark: string): Unquoted {
  const first = text.charAt(0);
  if (first === mark || first === '') throw invalid();
  if (first !== '\\') {
    const { code, width } = runeAt(text, 0);
    return { code, isByte: false, rest: asGoString(text.slice(width)) };
  }
  const name = text.charAt(1);
  const code = name === mark ? name.charCodeAt(0) : named.get(name);
  if (code !== undefined) return { code, isByte: false, rest: asGoString(text.slice(2)) };
  return unquoteNumeric(asGoString(text.slice(1)));
}

function unquoteNumeric(text: GoString): Unquoted {
  for (const { pattern, base, isByte } of numeric) {
    const match = pattern.exec(text);
    if (match?.[1] === undefined) continue;
    const code = Number.parseInt(match[1], base);
    if (isByte ? code > 0xff : code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw invalid();
    return { code, isByte, rest: asGoString(text.slice(match[0].length)) };
  }
  throw invalid();
}

function invalid(): SyntaxFailure {
  return new SyntaxFailure('invalid syntax');
}
