/** The functions that text/template has itself. `and` and `or` are the execution's, which does not evaluate all of their arguments. */
import { SecretValue } from '../../model/secret-value.ts';
import { GoError } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { shownText } from '../go/runes.ts';
import { OperatorText } from '../operator-text.ts';
import type { Callable } from './call.ts';
import { plainValue } from './call.ts';
import { isEqualToAny, isLess, isLessOrEqual } from './compare.ts';
import { escapeHtml, escapeJs, escapeQuery } from './escape.ts';
import type { GoValue } from './go-value.ts';
import { indexInto, sliceOf } from './index-into.ts';
import type { Reflected } from './reflected.ts';
import { int, isTrue, typeOf, unboxed } from './reflected.ts';
import { sprint, sprintf, sprintln } from './sprintf.ts';

const value = 'reflect.Value';
const anything = { parameters: [], rest: 'interface {}' };

export const builtins: ReadonlyMap<string, Callable> = new Map<string, Callable>([
  ['and', { parameters: [value], rest: value, call: ([last]) => last }],
  ['or', { parameters: [value], rest: value, call: ([last]) => last }],
  ['call', { parameters: [value], rest: value, call: callNoFunction }],
  ['not', { parameters: [value], call: ([operand]) => bool(!isTrue(operand)) }],
  ['len', { parameters: [value], call: ([operand]) => int(lengthOf(operand)) }],
  ['index', { parameters: [value], rest: value, call: ([item, ...indexes]) => indexInto(item, indexes) }],
  ['slice', { parameters: [value], rest: value, call: ([item, ...indexes]) => sliceOf(item, indexes) }],
  ['print', { ...anything, call: (values) => text(sprint(values.map(plainValue))) }],
  ['println', { ...anything, call: (values) => text(sprintln(values.map(plainValue))) }],
  ['printf', { parameters: ['string'], rest: 'interface {}', call: printf }],
  ['html', { ...anything, call: (values) => text(escapeHtml(printed(values))) }],
  ['js', { ...anything, call: (values) => text(escapeJs(printed(values))) }],
  ['urlquery', { ...anything, call: (values) => text(escapeQuery(printed(values))) }],
  ['eq', { parameters: [value], rest: value, call: ([one, ...others]) => bool(isEqualToAny(one, others)) }],
  ['ne', { parameters: [value, value], call: ([one, other]) => bool(!isEqualToAny(one, [other])) }],
  ['lt', { parameters: [value, value], call: ([one, other]) => bool(isLess(one, other)) }],
  ['le', { parameters: [value, value], call: ([one, other]) => bool(isLessOrEqual(one, other)) }],
  ['gt', { parameters: [value, value], call: ([one, other]) => bool(!isLessOrEqual(one, other)) }],
  ['ge', { parameters: [value, value], call: ([one, other]) => bool(!isLess(one, other)) }],
]);

function bool(truth: boolean): Reflected {
  return { kind: 'bool', value: truth };
}

function text(made: GoString): Reflected {
  return { kind: 'string', value: made };
}

function printf([format, ...values]: readonly Reflected[]): Reflected {
  const concrete = unboxed(format);
  return text(sprintf(concrete?.kind === 'string' ? concrete.value : asGoString(''), values.map(plainValue)));
}

/** fmt.Sprint, with `<no value>` for nil as the template itself prints it. */
function printed(values: readonly Reflected[]): GoString {
  return sprint(
    values.map((operand): GoValue => unboxed(operand) ?? { kind: 'string', value: asGoString('<no value>') }),
  );
}

function lengthOf(operand: Reflected): number {
  if (operand === undefined) throw new GoError('reflect: call of reflect.Value.Type on zero Value', 'template');
  const concrete = unboxed(operand);
  if (concrete === undefined) throw new GoError('len of nil pointer', 'template');
  switch (concrete.kind) {
    case 'string':
      return concrete.value.length;
    case 'slice':
      return concrete.items.length;
    case 'map':
      return concrete.entries.size;
    default:
      throw new GoError(`len of type ${typeOf(concrete)}`, 'template');
  }
}

/** No value here is a function. The execution puts the callee's name, as Go finds it, before the arguments. */
function callNoFunction([name, callee]: readonly Reflected[]): Reflected {
  const concrete = unboxed(callee);
  if (concrete === undefined) throw new GoError('call of nil', 'template');
  const named = name?.kind === 'string' ? name.value : asGoString('');
  throw new GoError(
    new OperatorText('non-function ', new SecretValue(shownText(named)), ` of type ${typeOf(concrete)}`),
    'template',
  );
}
