/** sprig's lists. Each function has a `must` form, which returns the error that the plain one panics with: text/template reports both alike. */
import { Unpredictable } from '../../go-error.ts';
import type { GoValue, TemplateFunction } from '../go-value.ts';
import { nil } from '../go-value.ts';
import { toInt64 } from './conversions.ts';
import { deepEqual, isEmpty } from './emptiness.ts';
import { bool, failed, goFunction, int, list, nilSlice, strings, text } from './go-function.ts';
import { joined, kindOf, textual, texts } from './printing.ts';
import { split } from './split.ts';

const any = 'interface {}';
const nilPointer = 'runtime error: invalid memory address or nil pointer dereference';
/** A list beyond it would fill the operator's memory, and ours. */
const mostItems = 1_000_000;

type Slice = Extract<GoValue, { kind: 'slice' }>;

/** @param refusal what is said of another type than a list, before the type's kind */
function sliceOf(value: GoValue, refusal: string, after = ''): Slice {
  if (value.kind === 'slice') return value;
  if (value.kind === 'nil') throw failed(nilPointer);
  throw failed(`${refusal} ${kindOf(value)}${after}`);
}

function both(name: string, must: string, made: TemplateFunction): [string, TemplateFunction][] {
  return [
    [name, made],
    [must, made],
  ];
}

function whole(
  name: string,
  must: string,
  refusal: string,
  give: (slice: Slice) => GoValue,
): [string, TemplateFunction][] {
  return both(
    name,
    must,
    goFunction([any], (value) => give(sliceOf(value, refusal))),
  );
}

const makeList = goFunction([`...${any}`], (...items) => list(items));
const append = goFunction([any, any], (value, item) => list([...sliceOf(value, 'Cannot push on type').items, item]));
const prepend = goFunction([any, any], (value, item) =>
  list([item, ...sliceOf(value, 'Cannot prepend on type').items]),
);

const slice = goFunction([any, `...${any}`], (value, ...indices) => {
  const { items, type } = sliceOf(value, 'list should be type of slice or array but');
  if (items.length === 0) return nil;
  const [first, second] = indices;
  const start = first === undefined ? 0n : toInt64(first);
  const end = second === undefined ? BigInt(items.length) : toInt64(second);
  if (start < 0n || end < start) throw failed('reflect.Value.Slice: slice index out of bounds');
  // Go looks at the capacity, which is not always the length, and shows what lies between them.
  if (end > items.length) throw new Unpredictable('template', 'its template takes a slice beyond the end of a list');
  return { kind: 'slice', type, items: items.slice(Number(start), Number(end)) };
});

const chunk = goFunction(['int', any], (size, value) => {
  const { items } = sliceOf(value, 'Cannot chunk type');
  if (size <= 0n) throw new Unpredictable('template', 'its template makes chunks of no size');
  const chunks: GoValue[] = [];
  for (let at = 0; at < items.length; at += Number(size)) chunks.push(list(items.slice(at, at + Number(size))));
  return { kind: 'slice', type: '[][]interface {}', items: chunks };
});

const has = goFunction([any, any], (needle, haystack) => {
  if (haystack.kind === 'nil') return bool(false);
  return bool(includes(sliceOf(haystack, 'Cannot find has on type').items, needle));
});

const without = goFunction([any, `...${any}`], (value, ...omitted) =>
  list(sliceOf(value, 'Cannot find without on type').items.filter((item) => !includes(omitted, item))),
);

const concat = goFunction([`...${any}`], (...lists) => {
  const items = lists.flatMap((value) => sliceOf(value, 'Cannot concat type', ' as list').items);
  return items.length === 0 ? nilSlice('[]interface {}') : list(items);
});

function includes(items: readonly GoValue[], wanted: GoValue): boolean {
  return items.some((item) => deepEqual(item, wanted));
}

function unique(items: readonly GoValue[]): GoValue[] {
  const kept: GoValue[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    // Texts, which most lists are made of, are told apart quickly.
    if (item.kind === 'string' ? seen.has(item.value) : includes(kept, item)) continue;
    if (item.kind === 'string') seen.add(item.value);
    kept.push(item);
  }
  return kept;
}

const sortAlpha = goFunction([any], (value) => {
  if (value.kind !== 'slice') return strings([textual(value)]);
  const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  if (!isStrings(value)) return strings(texts(value).toSorted(byBytes));
  // Go sorts a []string itself, so that who holds it sees it sorted.
  (value.items as GoValue[]).sort((a, b) => byBytes(textual(a), textual(b)));
  return value;
});

function range(start: bigint, stop: bigint, step: bigint): bigint[] {
  const upward = stop >= start;
  if (upward ? step <= 0n : step >= 0n) return [];
  if ((stop - start) / step > mostItems) throw new Unpredictable('template', 'its template makes too long a list');
  const numbers: bigint[] = [];
  for (let number = start; upward ? number < stop : number > stop; number += step) numbers.push(number);
  return numbers;
}

function ints(numbers: readonly bigint[]): GoValue {
  return { kind: 'slice', type: '[]int', items: numbers.map(int) };
}

const until = goFunction(['int'], (count) => ints(range(0n, count, count < 0n ? -1n : 1n)));
const untilStep = goFunction(['int', 'int', 'int'], (start, stop, step) => ints(range(start, stop, step)));

/** As the command of that name: `seq END`, `seq START END`, `seq START STEP END`. */
const seq = goFunction(['...int'], (...parameters) => {
  const [first = 0n, second = 0n, third = 0n] = parameters;
  const [start, end, step] =
    parameters.length === 1
      ? [1n, first, undefined]
      : parameters.length === 2
        ? [first, second, undefined]
        : [first, third, second];
  if (parameters.length === 0 || parameters.length > 3) return text('');
  const towards = end < start ? -1n : 1n;
  if (step !== undefined && step > 0n && end < start) return text('');
  return text(range(start, end + towards, step ?? towards).join(' '));
});

export const listFunctions: readonly [string, TemplateFunction][] = [
  ['list', makeList],
  ['tuple', makeList],
  ...both('append', 'mustAppend', append),
  ...both('push', 'mustPush', append),
  ...both('prepend', 'mustPrepend', prepend),
  ...whole('first', 'mustFirst', 'Cannot find first on type', ({ items }) => items[0] ?? nil),
  ...whole('last', 'mustLast', 'Cannot find last on type', ({ items }) => items.at(-1) ?? nil),
  ...whole('rest', 'mustRest', 'Cannot find rest on type', ({ items }) =>
    items.length === 0 ? nilSlice('[]interface {}') : list(items.slice(1)),
  ),
  ...whole('initial', 'mustInitial', 'Cannot find initial on type', ({ items }) =>
    items.length === 0 ? nilSlice('[]interface {}') : list(items.slice(0, -1)),
  ),
  ...whole('reverse', 'mustReverse', 'Cannot find reverse on type', ({ items }) => list(items.toReversed())),
  ...whole('compact', 'mustCompact', 'Cannot compact on type', ({ items }) =>
    list(items.filter((item) => !isEmpty(item))),
  ),
  ...whole('uniq', 'mustUniq', 'Cannot find uniq on type', ({ items }) => list(unique(items))),
  ...both('without', 'mustWithout', without),
  ...both('has', 'mustHas', has),
  ...both('slice', 'mustSlice', slice),
  ...both('chunk', 'mustChunk', chunk),
  ['concat', concat],
  ['sortAlpha', sortAlpha],
  ['join', goFunction(['string', any], joined)],
  ['toStrings', goFunction([any], (value) => (isStrings(value) ? value : strings(texts(value))))],
  ['splitList', goFunction(['string', 'string'], (separator, value) => strings(split(value, separator)))],
  ['until', until],
  ['untilStep', untilStep],
  ['seq', seq],
];

function isStrings(value: GoValue): boolean {
  return value.kind === 'slice' && value.type === '[]string';
}
