/** sprig's JSON. Without `must` an error is swallowed: there is no text then, or no value; but toRawJson panics with it. */
import { GoError, Unpredictable } from '../../go-error.ts';
import type { GoString } from '../../go/go-string.ts';
import { asGoString } from '../../go/go-string.ts';
import { marshal } from '../../go/marshal.ts';
import { unmarshal } from '../../go/json.ts';
import type { GoValue, TemplateFunction } from '../go-value.ts';
import { nil } from '../go-value.ts';
import type { Entries } from './go-function.ts';
import { goFunction, isNilSlice, string } from './go-function.ts';

const any = 'interface {}';

function compactJson(value: GoValue, escapeHtml = true): GoString {
  return marshal(withNulls(value), { escapeHtml });
}

/** A slice that is nil is null in JSON. */
export function withNulls(value: GoValue): GoValue {
  if (value.kind === 'slice') return isNilSlice(value) ? nil : { ...value, items: value.items.map(withNulls) };
  if (value.kind !== 'map') return value;
  // A map may hold itself, which marshal finds out.
  if (!holdsNil(value, new Set())) return value;
  return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, withNulls(item)])) };
}

function holdsNil(value: GoValue, seen: Set<Entries>): boolean {
  if (value.kind === 'slice') return isNilSlice(value) || value.items.some((item) => holdsNil(item, seen));
  if (value.kind !== 'map' || seen.has(value.entries)) return false;
  seen.add(value.entries);
  return [...value.entries.values()].some((item) => holdsNil(item, seen));
}

/** json.Indent with two spaces: what is empty stays on its line. */
function indented(json: GoString): GoString {
  let written = '';
  let depth = 0;
  const newline = (): string => `\n${'  '.repeat(depth)}`;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|\{\}|\[\]|[[\]{},:]|[^"[\]{},:]+/gs)) {
    if (token === '}' || token === ']') {
      depth -= 1;
      written += newline() + token;
    } else if (token === '{' || token === '[') {
      depth += 1;
      written += token + newline();
    } else if (token === ',') written += token + newline();
    else written += token === ':' ? ': ' : token;
  }
  return asGoString(written);
}

function swallowed(give: () => GoValue, otherwise: GoValue): GoValue {
  try {
    return give();
  } catch (error) {
    if (error instanceof GoError) return otherwise;
    throw error;
  }
}

function writing(write: (value: GoValue) => GoString, onError?: GoValue): TemplateFunction {
  return goFunction([any], (value) => {
    const give = (): GoValue => string(write(value));
    return onError === undefined ? give() : swallowed(give, onError);
  });
}

/** Of what cannot be a float64 the rest is given, and the number itself is not. */
function fromJson(json: GoString): GoValue {
  try {
    return unmarshal(json, 'float');
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    if (error.text.reveal().startsWith('json: cannot unmarshal'))
      throw new Unpredictable('template', 'its template uses fromJson of a number that is too large');
    return nil;
  }
}

const noText = string(asGoString(''));
const raw = writing((value) => compactJson(value, false));

export const jsonFunctions: readonly [string, TemplateFunction][] = [
  ['toJson', writing(compactJson, noText)],
  ['mustToJson', writing(compactJson)],
  ['toPrettyJson', writing((value) => indented(compactJson(value)), noText)],
  ['mustToPrettyJson', writing((value) => indented(compactJson(value)))],
  ['toRawJson', raw],
  ['mustToRawJson', raw],
  ['fromJson', goFunction(['string'], fromJson)],
  ['mustFromJson', goFunction(['string'], (json) => unmarshal(json, 'float'))],
];
