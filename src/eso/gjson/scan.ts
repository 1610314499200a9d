/** How gjson 1.18 goes through a text that it takes for JSON: it never asks whether it is. */
import { formatFloat } from '../go/format-float.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { parseFloat64 } from '../go/parse-float.ts';
import { runeBytes } from '../go/runes.ts';

/** A value with its text as it stands. */
export type Found = { readonly kind: 'text' | 'number' | 'true' | 'false' | 'null' | 'json'; readonly raw: string };

/** `end`: behind it. `found` undefined: a text that is not closed. */
export type Scanned = { readonly end: number; readonly found: Found | undefined };

/** @returns undefined where no text, literal or number starts at `at` */
export function scanScalar(json: string, at: number): Scanned | undefined {
  const first = json.charAt(at);
  if (first === '"') {
    const end = endOfText(json, at);
    return end === undefined
      ? { end: json.length, found: undefined }
      : { end, found: { kind: 'text', raw: json.slice(at, end) } };
  }
  const isNull = first === 'n' && (at + 1 >= json.length || json.charAt(at + 1) === 'u');
  if (isNull || first === 't' || first === 'f') {
    let end = at + 1;
    while (/^[a-z]$/.test(json.charAt(end))) end += 1;
    return {
      end,
      found: { kind: first === 't' ? 'true' : first === 'f' ? 'false' : 'null', raw: json.slice(at, end) },
    };
  }
  if (!/^[-+0-9iInN]$/.test(first)) return undefined;
  let end = at + 1;
  while (end < json.length && json.charAt(end) > ' ' && !',]}'.includes(json.charAt(end))) end += 1;
  return { end, found: { kind: 'number', raw: json.slice(at, end) } };
}

/** @returns behind the closing quote of the text that opens at `from`, or undefined where none closes it */
export function endOfText(json: string, from: number): number | undefined {
  for (let at = from + 1; at < json.length; at++) {
    const character = json.charAt(at);
    if (character === '"') return at + 1;
    if (character === '\\') at += 1;
  }
  return undefined;
}

/**
 * @returns behind the list or object that opens at `from`; brackets of all three kinds count alike. Unclosed, it takes
 * the rest, and one more where a text in it is not closed: then what is around it has no end either.
 */
export function endOfNested(json: string, from: number): number {
  let depth = 0;
  for (let at = from; at < json.length; at++) {
    const character = json.charAt(at);
    if (character === '"') {
      const end = endOfText(json, at);
      if (end === undefined) return json.length + 1;
      at = end - 1;
    } else if (character === '{' || character === '[' || character === '(') depth += 1;
    else if (character === '}' || character === ']' || character === ')') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return json.length;
}

/** Result.String() */
export function textOfFound({ kind, raw }: Found): GoString {
  switch (kind) {
    case 'text':
      return unescapeText(raw.slice(1, -1));
    case 'number':
      return asGoString(/^-?\d*$/.test(raw) ? raw : formatFloat(parseFloat64(raw) ?? 0, 'f', -1));
    case 'null':
      return asGoString('');
    case 'json':
      return asGoString(raw);
    default:
      return asGoString(kind);
  }
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
};

/** Where there are escapes, the text ends before the first that is none and before a control character. */
export function unescapeText(inner: string): GoString {
  if (!inner.includes('\\')) return asGoString(inner);
  let text = '';
  for (let at = 0; at < inner.length;) {
    const character = inner.charAt(at);
    if (character < ' ') break;
    if (character !== '\\') {
      text += character;
      at += 1;
      continue;
    }
    const letter = inner.charAt(at + 1);
    if (letter === 'u') {
      if (at + 6 > inner.length) break;
      let code = hexadecimal(inner.slice(at + 2, at + 6));
      at += 6;
      // Half a surrogate pair takes any escape behind it along.
      if (code >= 0xd800 && code <= 0xdfff && inner.length - at >= 6 && inner.startsWith('\\u', at)) {
        code = joinSurrogates(code, hexadecimal(inner.slice(at + 2, at + 6)));
        at += 6;
      }
      text += runeBytes(code);
    } else {
      const escaped = escapes[letter];
      if (escaped === undefined) break;
      text += escaped;
      at += 2;
    }
  }
  return asGoString(text);
}

/** strconv.ParseUint(…, 16, 64), whose errors leave 0. */
function hexadecimal(digits: string): number {
  return /^[\da-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : 0;
}

function joinSurrogates(high: number, low: number): number {
  return high < 0xdc00 && low >= 0xdc00 && low <= 0xdfff ? (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000 : 0xfffd;
}
