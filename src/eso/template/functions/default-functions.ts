/** sprig's defaults, types and flow. */
import type { TemplateFunction } from '../go-value.ts';
import { nil } from '../go-value.ts';
import { deepEqual, isEmpty } from './emptiness.ts';
import { bool, failed, goFunction, shown, text } from './go-function.ts';
import { kindOf, typeOf } from './printing.ts';

const any = 'interface {}';

export const defaultFunctions: readonly [string, TemplateFunction][] = [
  [
    'default',
    goFunction([any, `...${any}`], (otherwise, ...[given]) =>
      given === undefined || isEmpty(given) ? otherwise : given,
    ),
  ],
  ['empty', goFunction([any], (value) => bool(isEmpty(value)))],
  ['coalesce', goFunction([`...${any}`], (...values) => values.find((value) => !isEmpty(value)) ?? nil)],
  ['all', goFunction([`...${any}`], (...values) => bool(!values.some(isEmpty)))],
  ['any', goFunction([`...${any}`], (...values) => bool(values.some((value) => !isEmpty(value))))],
  ['ternary', goFunction([any, any, 'bool'], (whenTrue, whenFalse, condition) => (condition ? whenTrue : whenFalse))],
  [
    'fail',
    goFunction(['string'], (message) => {
      throw failed(shown(message));
    }),
  ],
  ['typeOf', goFunction([any], (value) => text(typeOf(value)))],
  ['typeIs', goFunction(['string', any], (type, value) => bool(type === typeOf(value)))],
  [
    'typeIsLike',
    goFunction(['string', any], (type, value) => bool(type === typeOf(value) || `*${type}` === typeOf(value))),
  ],
  ['kindOf', goFunction([any], (value) => text(kindOf(value)))],
  ['kindIs', goFunction(['string', any], (kind, value) => bool(kind === kindOf(value)))],
  ['deepEqual', goFunction([any, any], (a, b) => bool(deepEqual(a, b)))],
];
