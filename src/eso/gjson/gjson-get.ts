/** gjson.Get (1.18), as External Secrets Operator asks it for a property. */
import { Unpredictable } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import type { ListComponent } from './path.ts';
import { listComponent, matches, objectComponent, plainPath, splitAtPipe } from './path.ts';
import type { Found } from './scan.ts';
import { endOfNested, endOfText, scanScalar, textOfFound, unescapeText } from './scan.ts';

/** One walk through one text. */
type Search = {
  readonly json: string;
  at: number;
  found: Found | undefined;
  /** What the found value is asked for next. Set as soon as the component with the pipe is read, found or not. */
  pipe: string | undefined;
};

/** The search goes as deep as the path is long. */
const maxComponents = 1000;

/**
 * The text of what is at the path, undefined where `Exists()` is false. The JSON is not validated; of duplicate names the first counts.
 * @throws Unpredictable for queries, multipaths, modifiers and literals
 */
export function gjsonGet(json: GoString, path: GoString): GoString | undefined {
  if (path.split(/[.|]/, maxComponents + 1).length > maxComponents)
    throw new Unpredictable('query', `its property has more than ${String(maxComponents)} components`);
  const found = find(json, path);
  return found === undefined ? undefined : textOfFound(found);
}

function find(json: string, fullPath: string): Found | undefined {
  const path = plainPath(fullPath);
  const search: Search = { json, at: 0, found: undefined, pipe: undefined };
  // Two dots: the text is lines of JSON, and as such a list.
  if (path.startsWith('..')) searchList(search, path.slice(2));
  else {
    const start = json.search(/[{[]/);
    search.at = start + 1;
    if (start >= 0) enter(search, json.charAt(start), path);
  }
  return search.pipe === undefined ? search.found : find(search.found?.raw ?? '', search.pipe);
}

/** @returns whether it was found */
function enter(search: Search, bracket: string, path: string): boolean {
  return bracket === '{' ? searchObject(search, path) : searchList(search, path);
}

function searchObject(search: Search, path: string): boolean {
  const { part, rest, pipe, hasWildcard } = objectComponent(path);
  if (pipe !== undefined) search.pipe = pipe;
  const { json } = search;
  for (;;) {
    while (search.at < json.length && json.charAt(search.at) !== '"') {
      search.at += 1;
      if (json.charAt(search.at - 1) === '}') return false;
    }
    const end = search.at < json.length ? endOfText(json, search.at) : undefined;
    if (end === undefined) {
      search.at = json.length;
      return false;
    }
    const name = unescapeText(json.slice(search.at + 1, end - 1));
    search.at = end;
    if (searchValue(search, hasWildcard ? matches(name, part) : name === part, rest)) return true;
    if (search.at >= json.length) return false;
  }
}

/** The next value, whatever stands before it: a colon, or not. */
function searchValue(search: Search, isMatch: boolean, rest: string | undefined): boolean {
  const { json } = search;
  for (; search.at < json.length; search.at++) {
    const outcome = takeValue(search, isMatch, rest);
    if (outcome !== 'none') return outcome === 'found';
  }
  return false;
}

/** `none`: no value starts here. `unclosed`: a text that runs to the end. */
type Outcome = 'found' | 'passed' | 'none' | 'unclosed';

function takeValue(search: Search, isMatch: boolean, rest: string | undefined): Outcome {
  const { json, at } = search;
  const first = json.charAt(at);
  if (first === '{' || first === '[') {
    if (isMatch && rest !== undefined) {
      search.at += 1;
      return enter(search, first, rest) ? 'found' : 'passed';
    }
    search.at = endOfNested(json, at);
    if (!isMatch) return 'passed';
    search.found = { kind: 'json', raw: json.slice(at, search.at) };
    return 'found';
  }
  const scanned = scanScalar(json, at);
  if (scanned === undefined) return 'none';
  search.at = scanned.end;
  if (scanned.found === undefined) return 'unclosed';
  if (!isMatch || rest !== undefined) return 'passed';
  search.found = scanned.found;
  return 'found';
}

function searchList(search: Search, path: string): boolean {
  const component = listComponent(path);
  if (component.pipe !== undefined) search.pipe = component.pipe;
  const wanted = component.hasHash ? undefined : listIndex(component.part);
  const { json } = search;
  const starts: number[] = [];
  for (let index = 0; ; index++) {
    starts.push(search.at);
    for (;;) {
      if (search.at > json.length) return false;
      // The end of the text closes the list.
      if (search.at >= json.length || json.charAt(search.at) === ']') {
        search.at += 1;
        return closeList(search, component, starts);
      }
      const outcome = takeValue(search, index === wanted, component.rest);
      if (outcome === 'found') return true;
      if (outcome === 'unclosed') return false;
      if (outcome === 'passed') break;
      search.at += 1;
    }
  }
}

/** @param starts where each element was looked for, and where the end was found */
function closeList(search: Search, component: ListComponent, starts: readonly number[]): boolean {
  if (!component.hasHash || component.part !== '#') return false;
  if (component.ofEach === undefined) {
    search.found = { kind: 'number', raw: String(starts.length - 1) };
    return true;
  }
  const { path, pipe } = splitAtPipe(component.ofEach);
  if (pipe !== undefined) search.pipe = pipe;
  const raws: string[] = [];
  for (const start of starts) {
    const element = elementAt(search.json, start);
    const found = element === undefined ? undefined : find(element.raw, path);
    if (found !== undefined) raws.push(found.raw);
  }
  search.found = { kind: 'json', raw: `[${raws.join(',')}]` };
  return true;
}

/** The value at or behind `start`, which may lie beyond the list's end where a comma stands before that. */
function elementAt(json: string, start: number): Found | undefined {
  let at = start;
  while (' \t\r\n'.includes(json.charAt(at)) && at < json.length) at += 1;
  if (json.charAt(at) === ']') return undefined;
  for (; at < json.length; at++) {
    const first = json.charAt(at);
    if (first === '{' || first === '[') return { kind: 'json', raw: json.slice(at, endOfNested(json, at)) };
    const scanned = scanScalar(json, at);
    if (scanned !== undefined) return scanned.found;
  }
  return undefined;
}

/** Undefined where it is no number: then no element matches. Beyond 64 bits it wraps around. */
function listIndex(part: string): number | undefined {
  return /^\d+$/.test(part) ? Number(BigInt.asIntN(64, BigInt(part))) : undefined;
}
