/** Where the entry of an application stands in the text of config/applications.ts, and what of it an edit may take hold of. */
import type { Token, Tokens } from './tokens.ts';
import { closingOf, literalText, partsOf } from './tokens.ts';

/** A `{ … }` in the text: indices of its brackets among the tokens. */
export type ObjectLiteral = { readonly open: number; readonly close: number };

export type Entry =
  | { readonly kind: 'object'; readonly element: Range; readonly object: ObjectLiteral }
  /** Another module's. */
  | { readonly kind: 'imported'; readonly element: Range; readonly name: string };

/** Offsets in the text. */
type Range = { readonly start: number; readonly end: number };

/** What is to be found: the application at this place of those that the file exports. */
export type Wanted = { readonly name: string; readonly index: number; readonly of: number };

/** @returns undefined where the text is written in a way that is not understood */
export function findEntry({ tokens }: Tokens, { name, index, of }: Wanted): Entry | undefined {
  const open = listOf(tokens);
  const close = open === undefined ? undefined : closingOf(tokens, open);
  if (open === undefined || close === undefined) return undefined;
  const elements = partsOf(tokens, open, close);
  const isPlain = elements.length === of && elements.every(([from]) => tokens[from]?.text !== '...');
  const entries = (isPlain ? elements.slice(index, index + 1) : elements).flatMap((element) => {
    const entry = entryOf(tokens, element);
    return entry === undefined ? [] : [entry];
  });
  const named = entries.filter((entry) => entry.kind === 'object' && nameIn(tokens, entry.object) === name);
  if (named.length > 0) return named.length === 1 ? named[0] : undefined;
  // Its place tells which one it is; a name that says otherwise is not overruled.
  const [only] = isPlain ? entries : [];
  return only?.kind === 'object' && nameIn(tokens, only.object) !== undefined ? undefined : only;
}

/** The `[` of `export const applications = defineApplications([`, or of a list that stands there by itself. */
function listOf(tokens: readonly Token[]): number | undefined {
  const value = valueOfConstant(tokens, 'applications');
  if (value === undefined) return undefined;
  return unwrapped(tokens, value, '[');
}

/** The index of the first token of what a `const` of the file's own level is set to. */
function valueOfConstant(tokens: readonly Token[], name: string): number | undefined {
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    if (token.kind === 'punctuation' && '{[('.includes(token.text)) {
      index = closingOf(tokens, index) ?? tokens.length;
      continue;
    }
    if (token.text !== 'const' || tokens[index + 1]?.text !== name) continue;
    const equals = tokens.findIndex(({ text }, at) => at > index && (text === '=' || text === ';'));
    return tokens[equals]?.text === '=' ? equals + 1 : undefined;
  }
  return undefined;
}

/** Through calls around it: of `define({ … })` the `{`. */
function unwrapped(tokens: readonly Token[], start: number, bracket: '[' | '{'): number | undefined {
  let at = start;
  while (tokens[at]?.kind === 'name' || tokens[at]?.text === '.' || tokens[at]?.text === '(') at++;
  return tokens[at]?.text === bracket ? at : undefined;
}

function entryOf(tokens: readonly Token[], [from, to]: readonly [number, number]): Entry | undefined {
  const [first, last] = [tokens[from], tokens[to - 1]];
  if (first === undefined || last === undefined) return undefined;
  const element = { start: first.start, end: last.end };
  const isName = to - from === 1 && first.kind === 'name';
  const declared = isName ? valueOfConstant(tokens, first.text) : from;
  if (declared === undefined) return { kind: 'imported', element, name: first.text };
  const object = objectAt(tokens, unwrapped(tokens, declared, '{'));
  return object === undefined ? undefined : { kind: 'object', element, object };
}

function objectAt(tokens: readonly Token[], open: number | undefined): ObjectLiteral | undefined {
  const close = open === undefined ? undefined : closingOf(tokens, open);
  return open === undefined || close === undefined ? undefined : { open, close };
}

function nameIn(tokens: readonly Token[], object: ObjectLiteral): string | undefined {
  const value = propertyOf(tokens, object, 'name');
  return value === undefined ? undefined : literalText(tokens[value.from]);
}

/** A property's value: indices of its tokens, the end excluded. */
export type Value = { readonly from: number; readonly to: number };

/** Of several of one name the last, which is the one that counts. Of a shorthand the value is the name itself. */
export function propertyOf(tokens: readonly Token[], { open, close }: ObjectLiteral, name: string): Value | undefined {
  const isNamed = ([from, to]: readonly [number, number]): boolean =>
    (literalText(tokens[from]) ?? tokens[from]?.text) === name && (to === from + 1 || tokens[from + 1]?.text === ':');
  const found = partsOf(tokens, open, close).findLast(isNamed);
  if (found === undefined) return undefined;
  const [from, to] = found;
  return { from: to === from + 1 ? from : from + 2, to };
}

export function objectIn(tokens: readonly Token[], value: Value | undefined): ObjectLiteral | undefined {
  return value !== undefined && tokens[value.from]?.text === '{' ? objectAt(tokens, value.from) : undefined;
}
