/**
 * The tokens of a TypeScript file, as far as an edit of config/ needs them: what is a text, a comment or a bracket, and where. No grammar: what
 * is not understood ends in undefined, and whoever edits loads the result before it is written.
 */

export type Token = {
  readonly kind: 'punctuation' | 'name' | 'number' | 'string' | 'template' | 'regexp';
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
  readonly text: string;
};

export type Comment = { readonly start: number; readonly end: number; readonly text: string };

export type Tokens = { readonly tokens: readonly Token[]; readonly comments: readonly Comment[] };

const rules = {
  space: /[\s\uFEFF]+/y,
  comment: /\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\//y,
  name: /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy,
  number: /\.?\d[\w.]*/y,
  string: /'(?:[^'\\\n\r]|\\[\s\S])*'|"(?:[^"\\\n\r]|\\[\s\S])*"/y,
  regexp: /\/(?:[^/\\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+\/[a-z]*/y,
  punctuation: /\.\.\.|=>|[{}()[\];,<>=:?.!&|^~+\-*%/]/y,
};

/** A `/` behind one of these begins a regular expression; behind anything else it divides. */
const beforeValue = /^(?:[{([;,<>=:?!&|^~+\-*%]|=>|\.\.\.|return|typeof|case|in|of)$/;

export function tokensOf(text: string): Tokens | undefined {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  let at = 0;
  const match = (rule: RegExp): string | undefined => {
    rule.lastIndex = at;
    return rule.exec(text)?.[0];
  };
  const push = (kind: Token['kind'], found: string): void => {
    tokens.push({ kind, start: at, end: at + found.length, text: found });
    at += found.length;
  };
  while (at < text.length) {
    const space = match(rules.space);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const comment = match(rules.comment);
    if (comment !== undefined) {
      comments.push({ start: at, end: at + comment.length, text: comment });
      at += comment.length;
      continue;
    }
    if (text.startsWith('`', at)) {
      const end = templateEnd(text, at);
      if (end === undefined) return undefined;
      push('template', text.slice(at, end));
      continue;
    }
    const before = tokens.at(-1)?.text;
    const isValue = before === undefined || beforeValue.test(before);
    const regexp = isValue && text.startsWith('/', at) ? match(rules.regexp) : undefined;
    if (regexp !== undefined) push('regexp', regexp);
    else {
      const kind = (['name', 'number', 'string', 'punctuation'] as const).find((of) => match(rules[of]) !== undefined);
      const found = kind === undefined ? undefined : match(rules[kind]);
      if (kind === undefined || found === undefined) return undefined;
      push(kind, found);
    }
  }
  return { tokens, comments };
}

/** @param start of its first backtick. @returns behind the last one; what stands in `${}` is code, and may hold templates again */
function templateEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') return at + 1;
    else if (text.startsWith('${', at)) {
      const end = substitutionEnd(text, at + 2);
      if (end === undefined) return undefined;
      at = end - 1;
    }
  }
  return undefined;
}

function substitutionEnd(text: string, start: number): number | undefined {
  let depth = 1;
  for (let at = start; at < text.length;) {
    rules.string.lastIndex = rules.comment.lastIndex = at;
    const opaque = rules.string.exec(text)?.[0] ?? rules.comment.exec(text)?.[0];
    const end = text[at] === '`' ? templateEnd(text, at) : at + (opaque?.length ?? 1);
    if (end === undefined) return undefined;
    if (text[at] === '{') depth++;
    if (text[at] === '}' && --depth === 0) return end;
    at = end;
  }
  return undefined;
}

/** The text of a string literal; undefined where it is written with escapes. */
export function literalText(token: Token | undefined): string | undefined {
  return token?.kind === 'string' && !token.text.includes('\\') ? token.text.slice(1, -1) : undefined;
}

const closers: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

/** @param open the index of a `{`, `[` or `(`. @returns the index of what closes it */
export function closingOf(tokens: readonly Token[], open: number): number | undefined {
  const awaited: string[] = [];
  for (let index = open; index < tokens.length; index++) {
    const { kind, text } = tokens[index] as Token;
    if (kind !== 'punctuation') continue;
    const closer = closers[text];
    if (closer !== undefined) awaited.push(closer);
    else if ('}])'.includes(text)) {
      if (awaited.pop() !== text) return undefined;
      if (awaited.length === 0) return index;
    }
  }
  return undefined;
}

/** What stands between an opening and its closing bracket, by the commas of its own level: ranges of indices, the end excluded. */
export function partsOf(tokens: readonly Token[], open: number, close: number): [from: number, to: number][] {
  const parts: [number, number][] = [];
  let from = open + 1;
  for (let index = from; index <= close; index++) {
    const { kind, text } = tokens[index] as Token;
    if (index < close && kind === 'punctuation' && closers[text] !== undefined)
      index = closingOf(tokens, index) ?? close;
    else if (index === close || (kind === 'punctuation' && text === ',')) {
      if (index > from) parts.push([from, index]);
      from = index + 1;
    }
  }
  return parts;
}
