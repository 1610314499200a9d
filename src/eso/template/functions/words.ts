/** The words of a text: snakecase, kebabcase and camelcase (github.com/huandu/xstrings 1.5.0), swapcase and the rest of Masterminds/goutils. */
import { Unpredictable } from '../../go-error.ts';
import type { GoString } from '../../go/go-string.ts';
import { asGoString, goString } from '../../go/go-string.ts';
import { runeBytes } from '../../go/runes.ts';
import { convertRune, isSpace, mapRunes } from './casing.ts';
import { bytesIn } from './go-function.ts';

function requireAscii(value: GoString, name: string): void {
  if (/[^\0-\x7f]/.test(value)) throw new Unpredictable('template', `its template gives ${name} more than ASCII`);
}

type Word = {
  readonly kind: 'number' | 'upper' | 'alphabet' | 'connector' | 'punctuation' | 'other';
  readonly word: string;
};

const kinds: readonly (readonly [Word['kind'], RegExp])[] = [
  ['connector', /^[-_\t-\r ]+/],
  ['punctuation', /^[!"#%&'()*,./:;?@[\\\]{}-]+[!"#%&'()*,./:;?@[\\\]{}_-]*/],
  // Of `HTTPServer` the first word is `HTTP`.
  ['upper', /^[A-Z]{2,}(?![A-Za-z])|^[A-Z]+(?=[A-Z][a-z])|^[A-Z][a-z]*/],
  ['alphabet', /^[a-z]+/],
  ['number', /^[0-9]+/],
  ['other', /^[^-_\t-\r !"#%&'()*,./:;?@[\\\]{}A-Za-z0-9]+/],
];

function wordsOf(value: string): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < value.length;) {
    const rest = value.slice(at);
    const [kind, word] = kinds
      .map(([kind, pattern]) => [kind, pattern.exec(rest)?.[0]] as const)
      .find(([, word]) => word !== undefined) ?? ['other', rest];
    words.push({ kind, word: word ?? rest });
    at += (word ?? rest).length;
  }
  return words;
}

export function joinWords(value: GoString, connector: '_' | '-', name: string): GoString {
  requireAscii(value, name);
  const words = wordsOf(value);
  let written = '';
  let at = 0;
  const write = ({ kind, word }: Word): void => {
    if (kind === 'connector') written += connector.repeat(word.length);
    else written += kind === 'upper' ? word.toLowerCase() : word;
  };
  /** Words and numbers that follow a number belong to it: `20x` of `HTTP20xOK`. */
  const writeRun = (): void => {
    for (let next = words[at]; next?.kind === 'alphabet' || next?.kind === 'number'; next = words[at]) {
      write(next);
      at += 1;
    }
  };
  const separate = (): void => {
    const next = words[at];
    if (next !== undefined && next.kind !== 'punctuation' && next.kind !== 'connector') written += connector;
  };
  let pending = words[at];
  at += 1;
  while (pending !== undefined && at < words.length) {
    const word: Word = pending;
    write(word);
    const next = words[at];
    if (word.kind === 'number') {
      writeRun();
      separate();
    } else if (word.kind !== 'connector' && word.kind !== 'punctuation') {
      if (next?.kind !== 'number') separate();
      else if (at + 1 < words.length) {
        at += 1;
        if (words[at]?.kind === 'alphabet') {
          written += connector;
          write(next);
          writeRun();
        } else write(next);
        separate();
      }
    }
    pending = words[at];
    at += 1;
  }
  if (pending !== undefined) write(pending);
  return asGoString(written);
}

export function camelCase(value: GoString): GoString {
  requireAscii(value, 'camelcase');
  const isConnector = (character: string): boolean => /[-_\t-\r ]/.test(character);
  const isUpper = (character: string): boolean => /[A-Z]/.test(character);
  const [, leading = '', first = '', rest = ''] = /^([-_\t-\r ]*)(.?)(.*)$/s.exec(value) ?? [];
  if (first === '') return asGoString(value + value.slice(-1));
  let written = leading;
  let previous = first.toLowerCase();
  let lowering = isUpper(first);
  for (const character of rest) {
    let current = character;
    if (isConnector(character) && isConnector(previous)) {
      written += previous;
      previous = current;
      continue;
    }
    if (isConnector(previous)) {
      lowering = isUpper(character);
      current = character.toUpperCase();
    } else {
      if (lowering && isUpper(character)) current = character.toLowerCase();
      else lowering = false;
      written += previous;
    }
    previous = current;
  }
  if (rest !== '' && lowering) previous = previous.toLowerCase();
  return asGoString(written + previous);
}

/** Lower case after whitespace becomes a capital, and otherwise what is lower becomes upper and the other way round. */
export function swapCase(value: GoString): GoString {
  let afterSpace = true;
  return mapRunes(value, (code) => {
    const character = String.fromCodePoint(code);
    if (/[\p{Lu}\p{Lt}]/u.test(character)) {
      afterSpace = false;
      return convertRune(code, 'lower');
    }
    if (/\p{Ll}/u.test(character)) {
      const capital = afterSpace;
      afterSpace = false;
      return convertRune(code, capital ? 'title' : 'upper');
    }
    afterSpace = isSpace(code);
    return code;
  });
}

export function untitle(value: GoString): GoString {
  let begins = true;
  return mapRunes(value, (code) => {
    if (isSpace(code)) {
      begins = true;
      return code;
    }
    const first = begins;
    begins = false;
    return first ? convertRune(code, 'lower') : code;
  });
}

/** goutils goes by bytes here and takes each for a character, so that what is not ASCII comes out garbled. */
export function initials(value: GoString): GoString {
  let kept = '';
  let begins = true;
  for (const byte of value) {
    const code = byte.charCodeAt(0);
    if (!isSpace(code) && begins) kept += runeBytes(code);
    begins = isSpace(code);
  }
  return asGoString(kept);
}

/** As `initials`: garbled, but only where there is a space. */
export function withoutSpace(value: GoString): GoString {
  const kept = bytesIn(value).filter((byte) => !isSpace(byte.charCodeAt(0)));
  return kept.length === value.length ? value : goString(kept.join(''));
}

export function abbreviate(value: GoString, offset: number, width: number): GoString {
  if (value === '' || width < 4) return asGoString('');
  if (value.length <= width) return value;
  let from = Math.min(offset, value.length);
  if (value.length - from < width - 3) from = value.length - (width - 3);
  if (from <= 4) return asGoString(`${value.slice(0, width - 3)}...`);
  if (width < 7) return asGoString('');
  if (from + width - 3 < value.length)
    return asGoString(`...${abbreviate(asGoString(value.slice(from)), 0, width - 3)}`);
  return asGoString(`...${value.slice(value.length - (width - 3))}`);
}

/** @param breakWords whether a word that is longer than the width is cut */
export function wrap(value: GoString, width: number, newline: string, breakWords: boolean): GoString {
  const column = Math.max(width, 1);
  const lines: string[] = [];
  let at = 0;
  while (value.length - at > column) {
    if (value.charAt(at) === ' ') {
      at += 1;
      continue;
    }
    let end = value.slice(at, at + column + 1).lastIndexOf(' ');
    if (end >= 0) end += at;
    else if (!breakWords) end = value.indexOf(' ', at + column);
    if (end < 0 && !breakWords) break;
    if (end < 0) {
      lines.push(value.slice(at, at + column));
      at += column;
    } else {
      lines.push(value.slice(at, end));
      at = end + 1;
    }
  }
  return asGoString([...lines, value.slice(at)].join(newline === '' ? '\n' : newline));
}
