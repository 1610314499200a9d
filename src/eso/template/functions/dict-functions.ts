/** sprig's dictionaries, which are map[string]interface {} and no other: not the map that a template is given. */
import { Unpredictable } from '../../go-error.ts';
import type { GoString } from '../../go/go-string.ts';
import { asGoString } from '../../go/go-string.ts';
import type { GoValue, TemplateFunction } from '../go-value.ts';
import type { Entries } from './go-function.ts';
import { bool, failed, goFunction, isNilSlice, list, map, string, strings, text } from './go-function.ts';
import { mergeInto } from './merge.ts';
import { textual, typeOf } from './printing.ts';

const any = 'interface {}';
const dictionary = 'map[string]interface {}';

const dict = goFunction([`...${any}`], (...values) => {
  const entries: Entries = new Map();
  for (let at = 0; at < values.length; at += 2)
    entries.set(textual(values[at] ?? text('')), values[at + 1] ?? text(''));
  return map(entries);
});

/** @param what of the map the template asks for */
function requireOneOrder(entries: Entries, what: string): void {
  if (entries.size > 1)
    throw new Unpredictable('map-order', `its template uses ${what}, whose order is another each time`);
}

const keys = goFunction([`...${dictionary}`], (...maps) => {
  for (const entries of maps) requireOneOrder(entries, 'keys');
  return strings(maps.flatMap((entries) => [...entries.keys()]));
});

const values = goFunction([dictionary], (entries) => {
  requireOneOrder(entries, 'values');
  return list([...entries.values()]);
});

function merging(overwrite: boolean): TemplateFunction {
  return goFunction([dictionary, `...${dictionary}`], (destination, ...sources) => {
    for (const source of sources) mergeInto(destination, source, overwrite);
    return map(destination);
  });
}

function asserted(value: GoValue, type: string): never {
  throw failed(`interface conversion: interface {} is ${value.kind === 'nil' ? 'nil' : typeOf(value)}, not ${type}`);
}

/** Its last argument is the dictionary, the one before it the default, and the others lead down. */
const dig = goFunction([`...${any}`], (...values) => {
  if (values.length < 3) throw failed('dig needs at least three arguments');
  const path = values.slice(0, -2);
  const [otherwise, outermost] = values.slice(-2) as [GoValue, GoValue];
  let within = outermost;
  if (within.kind !== 'map' || within.type !== dictionary) asserted(within, dictionary);
  const names = path.map((name): GoString => (name.kind === 'string' ? name.value : asserted(name, 'string')));
  for (const name of names) {
    if (within.kind !== 'map' || within.type !== dictionary) asserted(within, dictionary);
    const step = within.entries.get(name);
    if (step === undefined) return otherwise;
    within = step;
  }
  return within;
});

/** github.com/mitchellh/copystructure */
function deepCopy(value: GoValue): GoValue {
  if (value.kind === 'slice') return isNilSlice(value) ? value : { ...value, items: value.items.map(deepCopy) };
  if (value.kind !== 'map') return value;
  return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, deepCopy(item)])) };
}

function only(entries: Entries, isWanted: (key: GoString) => boolean): GoValue {
  return map(new Map([...entries].filter(([key]) => isWanted(key))));
}

function keysOf(items: readonly GoString[]): ReadonlySet<GoString> {
  return new Set(items);
}

const copy = goFunction([any], (value) => {
  if (value.kind === 'nil') throw failed('reflect: call of reflect.Value.Type on zero Value');
  return deepCopy(value);
});

export const dictFunctions: readonly [string, TemplateFunction][] = [
  ['dict', dict],
  ['get', goFunction([dictionary, 'string'], (entries, key) => entries.get(key) ?? string(asGoString('')))],
  ['set', goFunction([dictionary, 'string', any], (entries, key, value) => map(entries.set(key, value)))],
  [
    'unset',
    goFunction([dictionary, 'string'], (entries, key) => {
      entries.delete(key);
      return map(entries);
    }),
  ],
  ['hasKey', goFunction([dictionary, 'string'], (entries, key) => bool(entries.has(key)))],
  [
    'pluck',
    goFunction(['string', `...${dictionary}`], (key, ...maps) =>
      list(maps.map((entries) => entries.get(key)).filter((value) => value !== undefined)),
    ),
  ],
  [
    'pick',
    goFunction([dictionary, '...string'], (entries, ...wanted) => {
      const names = keysOf(wanted);
      return only(entries, (key) => names.has(key));
    }),
  ],
  [
    'omit',
    goFunction([dictionary, '...string'], (entries, ...unwanted) => {
      const names = keysOf(unwanted);
      return only(entries, (key) => !names.has(key));
    }),
  ],
  ['keys', keys],
  ['values', values],
  ['merge', merging(false)],
  ['mustMerge', merging(false)],
  ['mergeOverwrite', merging(true)],
  ['mustMergeOverwrite', merging(true)],
  ['deepCopy', copy],
  ['mustDeepCopy', copy],
  ['dig', dig],
];
