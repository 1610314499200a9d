/**
 * A secret's text ⇄ its fields. JSON.parse would lose the digits of large numbers and the spelling of nested values, and would quote the text
 * in its errors; here every value keeps its bytes and nothing is quoted. Accepts what Go's encoding/json accepts, since that is what reads
 * the text in the cluster: RFC 8259, no byte order mark, at most 10,000 levels.
 */

/** @property raw the value's JSON, byte for byte: `"text"` with its quotes, `1.50`, `[1, 2]`. It is a secret: never print it. */
export type SecretField = { readonly name: string; readonly raw: string };

export type ParsedFields =
  | { readonly kind: 'fields'; readonly fields: readonly SecretField[] }
  | {
      readonly kind: 'not-an-object';
      readonly found: 'nothing' | 'invalid JSON' | 'null' | 'a boolean' | 'a number' | 'a text' | 'a list';
    };

const maxDepth = 10_000;

/** One secret is looked at from several sides, one after the other, and is the same text each time. */
let last: { readonly text: string; readonly parsed: ParsedFields } | undefined;

/** Of two fields of one name the last counts, in the place of the first. */
export function parseFields(text: string): ParsedFields {
  if (last?.text !== text) last = { text, parsed: parseAnew(text) };
  return last.parsed;
}

function parseAnew(text: string): ParsedFields {
  const start = skipWhitespace(text, 0);
  if (start === text.length) return { kind: 'not-an-object', found: 'nothing' };
  const fields = new Map<string, string>();
  const end = scanValue(text, start, (name, raw) => fields.set(name, raw));
  if (end === undefined || skipWhitespace(text, end) !== text.length)
    return { kind: 'not-an-object', found: 'invalid JSON' };
  const kind = kindOf(text.charAt(start));
  if (kind !== 'an object') return { kind: 'not-an-object', found: kind };
  return { kind: 'fields', fields: [...fields].map(([name, raw]) => ({ name, raw })) };
}

/** One line without spaces between fields; every raw value as it is, in the order given. */
export function renderFields(fields: readonly SecretField[]): string {
  return `{${fields.map(({ name, raw }) => `${quoteText(name)}:${raw}`).join(',')}}`;
}

/** A text as the raw value of a field. */
export function quoteText(text: string): string {
  return JSON.stringify(text);
}

/** The text that a raw value holds, or undefined where it holds something else. Half a surrogate pair becomes U+FFFD, as in encoding/json. */
export function unquoteText(raw: string): string | undefined {
  if (!raw.startsWith('"')) return undefined;
  const text = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
  return text.toWellFormed();
}

function kindOf(first: string): 'an object' | 'a list' | 'a text' | 'null' | 'a boolean' | 'a number' {
  switch (first) {
    case '{':
      return 'an object';
    case '[':
      return 'a list';
    case '"':
      return 'a text';
    case 'n':
      return 'null';
    case 't':
    case 'f':
      return 'a boolean';
    default:
      return 'a number';
  }
}

/**
 * One pass with a stack of its own: deep nesting must not exhaust the program's.
 * @param onField called for each field of the outermost object
 * @returns where the value that starts at `start` ends, or undefined where it is not valid
 */
function scanValue(text: string, start: number, onField: (name: string, raw: string) => void): number | undefined {
  const closers: string[] = [];
  let at: number | undefined = start;
  let outer = { name: '', from: 0 };
  const atOuterField = (): boolean => closers.length === 1 && closers[0] === '}';
  const nameAt = (from: number): number | undefined => {
    const end = text.charAt(from) === '"' ? endOfText(text, from) : undefined;
    if (end === undefined) return undefined;
    const colon = skipWhitespace(text, end);
    if (text.charAt(colon) !== ':') return undefined;
    const value = skipWhitespace(text, colon + 1);
    if (atOuterField()) outer = { name: unquoteText(text.slice(from, end)) ?? '', from: value };
    return value;
  };

  for (;;) {
    // A value starts here.
    const first = text.charAt(at);
    if (first === '{' || first === '[') {
      const closer = first === '{' ? '}' : ']';
      if (closers.push(closer) > maxDepth) return undefined;
      const inside: number = skipWhitespace(text, at + 1);
      if (text.charAt(inside) !== closer) {
        at = first === '{' ? nameAt(inside) : inside;
        if (at === undefined) return undefined;
        continue;
      }
      closers.pop();
      at = inside + 1;
    } else {
      at = endOfScalar(text, at);
      if (at === undefined) return undefined;
    }
    // A value has ended here, and with it as many others as are closed now.
    for (;;) {
      if (closers.length === 0) return at;
      if (atOuterField()) onField(outer.name, text.slice(outer.from, at));
      at = skipWhitespace(text, at);
      if (text.charAt(at) !== closers.at(-1)) break;
      closers.pop();
      at += 1;
    }
    if (text.charAt(at) !== ',') return undefined;
    const next: number = skipWhitespace(text, at + 1);
    at = closers.at(-1) === '}' ? nameAt(next) : next;
    if (at === undefined) return undefined;
  }
}

/** @returns where the next token starts, or the length of the text */
function skipWhitespace(text: string, from: number): number {
  let at = from;
  while (isWhitespace(text.charCodeAt(at))) at += 1;
  return at;
}

/** @param code NaN behind the end */
function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

const otherScalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** @returns where the text, number, boolean or null that starts at `from` ends, or undefined where there is none */
function endOfScalar(text: string, from: number): number | undefined {
  if (text.charAt(from) === '"') return endOfText(text, from);
  otherScalar.lastIndex = from;
  return otherScalar.test(text) ? otherScalar.lastIndex : undefined;
}

const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** As far as a text goes without an escape. */
// eslint-disable-next-line no-control-regex -- they end a text
const plain = /[^"\\\u0000-\u001f]*/y;

function endOfText(text: string, from: number): number | undefined {
  for (let at = from + 1; ;) {
    plain.lastIndex = at;
    plain.test(text);
    at = plain.lastIndex;
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code !== 0x5c) return undefined;
    escape.lastIndex = at;
    if (!escape.test(text)) return undefined;
    at = escape.lastIndex;
  }
}
