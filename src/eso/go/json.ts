/**
 * encoding/json over GoStrings: json.Unmarshal and json.Marshal for the types that the operator uses them with. A loop with a stack of its own
 * in place of recursion, since values go to 10,000 levels; and no JSON.parse, which loses digits and invalid UTF-8, and in V8 13.6 takes the
 * name `"\u0061"` for a backslash.
 */
import { SecretValue } from '../../model/secret-value.ts';
import { GoError } from '../go-error.ts';
import { OperatorText } from '../operator-text.ts';
import type { GoValue } from '../template/go-value.ts';
import { nil } from '../template/go-value.ts';
import type { GoString } from './go-string.ts';
import { asGoString } from './go-string.ts';
import type { JsonNumber } from './json-number.ts';
import { checkJson, skipWhitespace } from './json-syntax.ts';
import { unquoteJson } from './json-text.ts';

export { isJsonNumber } from './json-number.ts';
export { marshal } from './marshal.ts';

/** `float`: numbers become float64. `literal`: they keep their text, as with Decoder.UseNumber. */
export type JsonNumbers = 'float' | 'literal';

/**
 * json.Unmarshal into a map[string]json.RawMessage: raw values byte for byte; `null` gives an empty map; of two fields of one name the last
 * counts.
 * @throws GoError with the text of encoding/json
 */
export function unmarshalRawMap(text: GoString): Map<GoString, GoString> {
  checkJson(text);
  const fields = new Map<GoString, GoString>();
  const start = skipWhitespace(text, 0);
  if (text.charAt(start) === 'n') return fields;
  if (text.charAt(start) !== '{') throw notAssignable(text.charAt(start), 'map[string]json.RawMessage');
  for (let at = skipWhitespace(text, start + 1); text.charAt(at) !== '}';) {
    const name = asGoString(text.slice(at, endOfText(text, at)));
    at = skipWhitespace(text, skipWhitespace(text, at + name.length) + 1);
    const end = endOfValue(text, at);
    fields.set(unquoteJson(name), asGoString(text.slice(at, end)));
    at = skipWhitespace(text, end);
    if (text.charAt(at) === ',') at = skipWhitespace(text, at + 1);
  }
  return fields;
}

/** json.Unmarshal into a string: `null` gives the empty one. Undefined where that is an error. */
export function unmarshalString(raw: GoString): GoString | undefined {
  try {
    checkJson(raw);
  } catch (error) {
    if (error instanceof GoError) return undefined;
    throw error;
  }
  const start = skipWhitespace(raw, 0);
  if (raw.charAt(start) === 'n') return asGoString('');
  return raw.charAt(start) === '"' ? unquoteJson(asGoString(raw.slice(start, endOfText(raw, start)))) : undefined;
}

/**
 * json.Unmarshal into a map[string]any.
 * @throws GoError with the text of encoding/json
 */
export function unmarshalMap(text: GoString, numbers: JsonNumbers = 'float'): Map<GoString, GoValue> {
  checkJson(text);
  const first = text.charAt(skipWhitespace(text, 0));
  if (first !== 'n' && first !== '{') throw notAssignable(first, 'map[string]interface {}');
  const value = decode(text, numbers);
  return value.kind === 'map' ? value.entries : new Map<GoString, GoValue>();
}

/**
 * json.Unmarshal into an interface{}: map[string]interface {}, []interface {}, string, float64 or json.Number, bool, nil.
 * @throws GoError with the text of encoding/json
 */
export function unmarshal(text: GoString, numbers: JsonNumbers): GoValue {
  checkJson(text);
  return decode(text, numbers);
}

function notAssignable(first: string, type: string): GoError {
  const found = { '[': 'array', '{': 'object', '"': 'string', t: 'bool', f: 'bool' }[first] ?? 'number';
  return new GoError(`json: cannot unmarshal ${found} into Go value of type ${type}`, 'not-an-object');
}

type Frame =
  | { readonly kind: 'list'; readonly items: GoValue[] }
  | { readonly kind: 'map'; readonly entries: Map<GoString, GoValue>; name: GoString | undefined };

/** Of a text that is known to be JSON. */
function decode(text: GoString, numbers: JsonNumbers): GoValue {
  const open: Frame[] = [];
  let whole = nil;
  let failure: GoError | undefined;
  const add = (value: GoValue): void => {
    const frame = open.at(-1);
    if (frame === undefined) whole = value;
    else if (frame.kind === 'list') frame.items.push(value);
    else if (frame.name !== undefined) {
      frame.entries.set(frame.name, value);
      frame.name = undefined;
    }
  };
  for (let at = skipWhitespace(text, 0); at < text.length; at = skipWhitespace(text, at)) {
    const from = at;
    at = endOfToken(text, at);
    const frame = open.at(-1);
    switch (text.charAt(from)) {
      case ',':
      case ':':
        break;
      case '[':
        open.push({ kind: 'list', items: [] });
        break;
      case '{':
        open.push({ kind: 'map', entries: new Map(), name: undefined });
        break;
      case ']':
      case '}':
        open.pop();
        if (frame?.kind === 'list') add({ kind: 'slice', type: '[]interface {}', items: frame.items });
        else if (frame !== undefined) add({ kind: 'map', type: 'map[string]interface {}', entries: frame.entries });
        break;
      case '"': {
        const value = unquoteJson(asGoString(text.slice(from, at)));
        if (frame?.kind === 'map' && frame.name === undefined) frame.name = value;
        else add({ kind: 'string', value });
        break;
      }
      case 't':
      case 'f':
        add({ kind: 'bool', value: text.charAt(from) === 't' });
        break;
      case 'n':
        add(nil);
        break;
      default: {
        const literal = asGoString(text.slice(from, at));
        const value = Number(literal);
        if (numbers === 'literal') add(jsonNumber(literal));
        else {
          // Decoding goes on, and the first of these errors is the outcome.
          if (!Number.isFinite(value)) failure ??= outOfRange(literal);
          add({ kind: 'float', type: 'float64', value });
        }
      }
    }
  }
  if (failure !== undefined) throw failure;
  return whole;
}

function jsonNumber(value: GoString): JsonNumber {
  return { kind: 'string', value, type: 'json.Number' };
}

function outOfRange(literal: GoString): GoError {
  const text = ['json: cannot unmarshal number ', new SecretValue(literal), ' into Go value of type float64'];
  return new GoError(new OperatorText(...text));
}

function endOfToken(text: GoString, from: number): number {
  const first = text.charAt(from);
  if ('[]{},:'.includes(first)) return from + 1;
  if (first === '"') return endOfText(text, from);
  let at = from + 1;
  while (at < text.length && !' \t\r\n,]}:'.includes(text.charAt(at))) at += 1;
  return at;
}

function endOfText(text: GoString, from: number): number {
  let at = from + 1;
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function endOfValue(text: GoString, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const first = text.charAt(at);
    at = endOfToken(text, at);
    if (first === '{' || first === '[') depth += 1;
    else if (first === '}' || first === ']') depth -= 1;
    if (depth > 0) at = skipWhitespace(text, at);
  } while (depth > 0);
  return at;
}
