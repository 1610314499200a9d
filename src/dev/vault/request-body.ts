/**
 * A request's body → its fields, with Vault 1.21's rules (http/handler.go, http/util.go): an object; nothing and null are no fields;
 * a name twice in one object is refused; a form is read too, which is what `curl -d role_id=…` sends.
 * The text of an error quotes nothing of a body but a field's name, where Vault quotes a character or a number: this server says `malformed JSON`.
 */
import { parseFields, quoteText } from '../../model/secret-text.ts';
import type { Fields } from './fields.ts';

export type ParsedBody = { readonly fields: Fields } | { readonly status: number; readonly error: string };

const none: ParsedBody = { fields: new Map() };
const maxDepth = 300;
const goKinds: Readonly<Record<string, string>> = {
  'a list': 'array',
  'a number': 'number',
  'a text': 'string',
  'a boolean': 'bool',
};

export function parseBody(body: Buffer, contentType: string, method: string): ParsedBody {
  const text = body.toString('utf8');
  const first = /[^ \t\r\n]/.exec(text)?.[0];
  if (first === undefined) return none;
  if (contentType.startsWith('application/x-www-form-urlencoded') && first !== '{' && first !== '[')
    return { fields: new Map([...new URLSearchParams(text)].map(([name, value]) => [name, quoteText(value)])) };
  const parsed = parseFields(text);
  if (parsed.kind === 'not-an-object') {
    if (parsed.found === 'invalid JSON') return { status: 500, error: 'malformed JSON' };
    const kind = goKinds[parsed.found];
    if (kind === undefined) return none;
    return {
      status: 400,
      error:
        method === 'PATCH'
          ? 'error parsing JSON'
          : `error parsing JSON: failed to parse JSON input: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
    };
  }
  const flaw = findFlaw(text);
  if (flaw !== undefined) return { status: 500, error: flaw };
  return { fields: new Map(parsed.fields.map(({ name, raw }) => [name, raw])) };
}

/** What is valid JSON and still refused, at any depth: a name twice, a number beyond a float64, too deep a nesting. */
function findFlaw(text: string): string | undefined {
  const names: (Set<string> | undefined)[] = [];
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]:]|-?\d[\d.eE+-]*/g;
  let last = '';
  for (const [part] of text.matchAll(token)) {
    if (part === '{' || part === '[') {
      names.push(part === '{' ? new Set() : undefined);
      if (names.length > maxDepth) return `JSON input exceeds allowed nesting depth`;
    } else if (part === '}' || part === ']') names.pop();
    else if (part === ':') {
      const name = JSON.parse(last) as string;
      const seen = names.at(-1);
      if (seen?.has(name) === true) return `duplicate key '${name}' in object`;
      seen?.add(name);
    } else if (!part.startsWith('"') && !Number.isFinite(Number(part))) return 'malformed JSON, invalid number syntax';
    last = part;
  }
  return undefined;
}
