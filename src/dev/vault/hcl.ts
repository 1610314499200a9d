/**
 * The part of HCL 1 that policies are written in, and its JSON form, as one tree: blocks of one name are a list of objects, a block's labels
 * are keys inside. `path "a" { x = 1 }` and `{"path":{"a":{"x":1}}}` are both `{path: [{a: [{x: 1}]}]}`.
 */
export type HclValue = string | number | boolean | readonly HclValue[] | HclObject;
/** In the order of the text; a name can come more than once. */
export type HclObject = { readonly entries: readonly (readonly [string, HclValue])[] };

/** @property message where, and what was expected; never the text of the policy beyond a name */
export class HclError extends Error {}

export function parseHcl(text: string): HclObject {
  if (text.trimStart().startsWith('{')) return parseJsonForm(text);
  const parser = new HclParser(text);
  return { entries: parser.entries(undefined) };
}

function parseJsonForm(text: string): HclObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new HclError('the policy is not valid JSON');
  }
  return fromJson(parsed) as HclObject;
}

function fromJson(value: unknown): HclValue {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value === 'object' && value !== null)
    return { entries: Object.entries(value).map(([name, inner]) => [name, fromJson(inner)] as const) };
  return value as string;
}

export function isHclObject(value: HclValue | undefined): value is HclObject {
  return typeof value === 'object' && 'entries' in value;
}

type Token = { readonly kind: 'name' | 'text' | 'number' | 'mark' | 'end'; readonly text: string };

const tokenPattern =
  /(?:[\s]|#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)*(?:(?<heredoc><<-?(?<tag>\w+)\r?\n(?<body>[^]*?)^[ \t]*\k<tag>[ \t]*$)|(?<text>"(?:[^"\\\n]|\\.)*")|(?<number>-?\d[\w.]*)|(?<name>[A-Za-z_][\w.-]*)|(?<mark>[{}[\]=,]))?/my;

class HclParser {
  readonly #text: string;
  #at = 0;
  #token: Token = { kind: 'mark', text: '' };

  constructor(text: string) {
    this.#text = text;
    this.#token = this.#read();
  }

  /** @param closer undefined: up to the end of the text */
  entries(closer: '}' | undefined): readonly (readonly [string, HclValue])[] {
    const entries: (readonly [string, HclValue])[] = [];
    for (;;) {
      if (closer !== undefined && this.#takeMark(closer)) return entries;
      if (this.#token.kind === 'end') {
        if (closer === undefined) return entries;
        throw this.#error('object expected closing RBRACE got: EOF');
      }
      entries.push(this.#entry());
      this.#takeMark(',');
    }
  }

  #entry(): readonly [string, HclValue] {
    const keys: string[] = [];
    while (this.#token.kind === 'name' || this.#token.kind === 'text') {
      keys.push(this.#token.text);
      this.#token = this.#read();
    }
    const [name, ...labels] = keys;
    if (name === undefined) throw this.#error('expected a key');
    if (labels.length === 0 && this.#takeMark('=')) return [name, this.#value()];
    if (!this.#takeMark('{')) throw this.#error(`key '${name}' expected start of object ('{') or assignment ('=')`);
    return [
      name,
      labels.reduceRight<HclObject>((inner, label) => ({ entries: [[label, inner]] }), { entries: this.entries('}') }),
    ];
  }

  #value(): HclValue {
    const { kind, text } = this.#token;
    if (kind === 'mark' && text === '[') return this.#list();
    this.#token = this.#read();
    if (kind === 'text') return text;
    if (kind === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
    if (kind === 'name' && (text === 'true' || text === 'false')) return text === 'true';
    if (kind === 'mark' && text === '{') return { entries: this.entries('}') };
    throw this.#error('expected a value');
  }

  #list(): readonly HclValue[] {
    this.#takeMark('[');
    const items: HclValue[] = [];
    while (!this.#takeMark(']')) {
      if (this.#token.kind === 'end') throw this.#error('list expected closing RBRACK got: EOF');
      items.push(this.#value());
      if (!this.#takeMark(',') && !(this.#token.kind === 'mark' && this.#token.text === ']'))
        throw this.#error('error parsing list, expected comma or list end');
    }
    return items;
  }

  #takeMark(mark: string): boolean {
    if (this.#token.kind !== 'mark' || this.#token.text !== mark) return false;
    this.#token = this.#read();
    return true;
  }

  #read(): Token {
    tokenPattern.lastIndex = this.#at;
    const match = tokenPattern.exec(this.#text);
    this.#at += match?.[0].length ?? 0;
    const groups = match?.groups ?? {};
    if (groups['heredoc'] !== undefined) return { kind: 'text', text: groups['body'] ?? '' };
    if (groups['text'] !== undefined) return { kind: 'text', text: unquote(groups['text']) };
    if (groups['number'] !== undefined) return { kind: 'number', text: groups['number'] };
    if (groups['name'] !== undefined) return { kind: 'name', text: groups['name'] };
    if (groups['mark'] !== undefined) return { kind: 'mark', text: groups['mark'] };
    if (this.#at < this.#text.length) throw this.#error('illegal character');
    return { kind: 'end', text: '' };
  }

  #error(what: string): HclError {
    const before = this.#text.slice(0, this.#at).split('\n');
    // HCL 1 counts one column more at the end of the text.
    const past = this.#token.kind === 'end' ? 2 : 1;
    return new HclError(`At ${before.length}:${(before.at(-1)?.length ?? 0) + past}: ${what}`);
  }
}

function unquote(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(["\\nt])/g, (_all, character: string) =>
      character === 'n' ? '\n' : character === 't' ? '\t' : character,
    );
}
