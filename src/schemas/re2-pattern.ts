/**
 * Kubernetes' patterns are RE2 (https://github.com/google/re2/wiki/Syntax); JavaScript's, with the `u` flag, differ in details that would
 * change what is accepted: `.` and `\s` stand for other characters, escapes of punctuation are errors, named groups and POSIX classes are
 * written otherwise.
 */
const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7F',
  blank: '\\t ',
  cntrl: '\\x00-\\x1F\\x7F',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};
/** What RE2 calls white space: less than JavaScript does. */
const SPACE = '\\t\\n\\f\\r ';
/** May be escaped with the `u` flag. */
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;

/** The same pattern for `new RegExp(…, 'u')`, or undefined where JavaScript has no equal. */
export function re2ToJavaScript(pattern: string): string | undefined {
  const ignoreCase = pattern.startsWith('(?i)');
  const body = translate(ignoreCase ? pattern.slice(4) : pattern);
  if (body === undefined) return undefined;
  const translated = ignoreCase ? `(?i:${body})` : body;
  try {
    new RegExp(translated, 'u');
    return translated;
  } catch {
    return undefined;
  }
}

function translate(pattern: string): string | undefined {
  let out = '';
  let at = 0;
  while (at < pattern.length) {
    const token = nextToken(pattern, at);
    if (token === undefined) return undefined;
    out += token.text;
    at = token.end;
  }
  return out;
}

type Token = { readonly text: string; readonly end: number };

function nextToken(pattern: string, at: number): Token | undefined {
  const character = pattern.charAt(at);
  if (character === '\\') return escape(pattern, at, false);
  if (character === '[') return characterClass(pattern, at);
  if (character === '.') return { text: '[^\\n]', end: at + 1 };
  if (pattern.startsWith('(?P<', at)) return { text: '(?<', end: at + 4 };
  // Flags that are set in the middle of a pattern are not carried over.
  if (pattern.startsWith('(?', at) && !/^\(\?(?::|<[A-Za-z_])/.test(pattern.slice(at))) return undefined;
  // A possessive-looking repetition is an error in both; a lone brace is text in RE2 only.
  if (character === '{' && !/^\{\d+(,\d*)?\}/.test(pattern.slice(at))) return { text: '\\{', end: at + 1 };
  if (character === '{') {
    const end = pattern.indexOf('}', at) + 1;
    return { text: pattern.slice(at, end), end };
  }
  return { text: character === '}' || character === ']' ? `\\${character}` : character, end: at + 1 };
}

function escape(pattern: string, at: number, inClass: boolean): Token | undefined {
  const letter = pattern.charAt(at + 1);
  const end = at + 2;
  if (/[dDwWfnrtv]/.test(letter)) return { text: `\\${letter}`, end };
  if (letter === 's') return { text: inClass ? SPACE : `[${SPACE}]`, end };
  if (letter === 'x') {
    const code = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(pattern.slice(end));
    return code === null ? undefined : { text: `\\u{${code[1] ?? code[2] ?? ''}}`, end: end + code[0].length };
  }
  if (letter === 'p' || letter === 'P') {
    const name = /^(?:([A-Z])|\{(\^?)([A-Za-z_]+)\})/.exec(pattern.slice(end));
    if (name === null || name[2] === '^') return undefined;
    const property = name[1] ?? name[3] ?? '';
    return { text: `\\${letter}{${property.length > 2 ? 'Script=' : ''}${property}}`, end: end + name[0].length };
  }
  if (letter === 'a') return { text: '\\x07', end };
  if (!inClass) {
    if (letter === 'S') return { text: `[^${SPACE}]`, end };
    if (letter === 'A') return { text: '^', end };
    if (letter === 'z') return { text: '$', end };
    if (letter === 'b' || letter === 'B') return { text: `\\${letter}`, end };
  }
  if (/[A-Za-z0-9]/.test(letter) || letter === '') return undefined;
  return { text: SYNTAX.test(letter) || (inClass && letter === '-') ? `\\${letter}` : letter, end };
}

function characterClass(pattern: string, start: number): Token | undefined {
  let at = start + 1;
  let text = '[';
  if (pattern.charAt(at) === '^') {
    text += '^';
    at++;
  }
  for (let first = true; at < pattern.length; first = false) {
    const character = pattern.charAt(at);
    if (character === ']' && !first) return { text: `${text}]`, end: at + 1 };
    const posix = /^\[:(\w+):\]/.exec(pattern.slice(at));
    if (posix !== null) {
      const range = POSIX[posix[1] ?? ''];
      if (range === undefined) return undefined;
      text += range;
      at += posix[0].length;
    } else if (character === '\\') {
      const token = escape(pattern, at, true);
      if (token === undefined) return undefined;
      text += token.text;
      at = token.end;
    } else {
      text += character === ']' || character === '[' ? `\\${character}` : character;
      at++;
    }
  }
  return undefined;
}
