/** Whether a text is JSON to encoding/json, and what that says where it is not (Go 1.25 and 1.26, without the jsonv2 experiment). */
import { SecretValue } from '../../model/secret-value.ts';
import { GoError } from '../go-error.ts';
import { OperatorText } from '../operator-text.ts';
import type { GoString } from './go-string.ts';
import { quoteCharacter } from './quote.ts';

const maxDepth = 10_000;

type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'end of value';

/** @throws GoError as json.Unmarshal does before it looks at anything else */
export function checkJson(text: GoString): void {
  const closers: ('}' | ']')[] = [];
  let expected: Expected = 'value';
  for (let at = skipWhitespace(text, 0); ; at = skipWhitespace(text, at)) {
    const character = text.charAt(at);
    const closer = closers.at(-1);
    switch (expected) {
      case 'colon':
        if (character !== ':') throw unexpected(text, at, 'after object key');
        expected = 'value';
        at += 1;
        break;
      case 'name or }':
      case 'name':
        if (character === '"') {
          at = checkText(text, at);
          expected = 'colon';
        } else if (character === '}' && expected === 'name or }') expected = 'end of value';
        else throw unexpected(text, at, 'looking for beginning of object key string');
        break;
      case 'value or ]':
      case 'value':
        if (character === '{' || character === '[') {
          if (closers.push(character === '{' ? '}' : ']') > maxDepth) throw unexpected(text, at, 'exceeded max depth');
          expected = character === '{' ? 'name or }' : 'value or ]';
          at += 1;
        } else {
          if (character !== ']' || expected !== 'value or ]') at = checkScalar(text, at);
          expected = 'end of value';
        }
        break;
      case 'end of value':
        if (closer === undefined) {
          if (at < text.length) throw unexpected(text, at, 'after top-level value');
          return;
        }
        if (character === closer) closers.pop();
        else if (character === ',') expected = closer === '}' ? 'name' : 'value';
        else throw unexpected(text, at, closer === '}' ? 'after object key:value pair' : 'after array element');
        at += 1;
    }
  }
}

/** @returns where the next token starts, or the length of the text */
export function skipWhitespace(text: GoString, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at += 1;
  }
}

/** @returns where it ends */
function checkScalar(text: GoString, at: number): number {
  const first = text.charAt(at);
  switch (first) {
    case '"':
      return checkText(text, at);
    case 't':
      return checkLiteral(text, at, 'true');
    case 'f':
      return checkLiteral(text, at, 'false');
    case 'n':
      return checkLiteral(text, at, 'null');
    default:
      if (first === '-' || isDigit(first)) return checkNumber(text, at);
      throw unexpected(text, at, 'looking for beginning of value');
  }
}

function checkLiteral(text: GoString, at: number, literal: string): number {
  for (let index = 1; index < literal.length; index++) {
    const letter = literal.charAt(index);
    if (text.charAt(at + index) !== letter)
      throw unexpectedWithin(text, at + index, `in literal ${literal} (expecting '${letter}')`);
  }
  return at + literal.length;
}

function checkNumber(text: GoString, from: number): number {
  let at = text.charAt(from) === '-' ? from + 1 : from;
  const digits = (context: string): void => {
    if (!isDigit(text.charAt(at))) throw unexpectedWithin(text, at, `${context} numeric literal`);
    while (isDigit(text.charAt(at))) at += 1;
  };
  if (text.charAt(at) === '0') at += 1;
  else digits('in');
  if (text.charAt(at) === '.') {
    at += 1;
    digits('after decimal point in');
  }
  if (text.charAt(at) === 'e' || text.charAt(at) === 'E') {
    at += 1;
    if (text.charAt(at) === '+' || text.charAt(at) === '-') at += 1;
    digits('in exponent of');
  }
  return at;
}

function checkText(text: GoString, from: number): number {
  for (let at = from + 1; ; at++) {
    const character = text.charAt(at);
    if (character === '"') return at + 1;
    if (character < ' ') throw unexpected(text, at, 'in string literal');
    if (character !== '\\') continue;
    at += 1;
    if (text.charAt(at) === 'u') {
      for (let digit = 0; digit < 4; digit++) {
        at += 1;
        if (!/^[0-9a-fA-F]$/.test(text.charAt(at)))
          throw unexpectedWithin(text, at, String.raw`in \u hexadecimal character escape`);
      }
    } else if (!/^["\\/bfnrt]$/.test(text.charAt(at))) throw unexpectedWithin(text, at, 'in string escape code');
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function unexpected(text: GoString, at: number, context: string): GoError {
  if (at >= text.length) return new GoError('unexpected end of JSON input');
  const character = new SecretValue(quoteCharacter(text.charCodeAt(at)));
  return new GoError(new OperatorText("invalid character '", character, `' ${context}`));
}

/** Where the text ends within a number, a literal or an escape, encoding/json tries a space and complains about that. */
function unexpectedWithin(text: GoString, at: number, context: string): GoError {
  return at < text.length ? unexpected(text, at, context) : new GoError(`invalid character ' ' ${context}`);
}
