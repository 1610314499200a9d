/**
 * The errors of text/template. Go puts the template's name into the format that the error is printed by, so a name that has a `%` in it (the
 * name is the whole text where a template makes keys and values) is taken for verbs, which use up the operands of the message.
 */
import { SecretValue } from '../../model/secret-value.ts';
import { GoError } from '../go-error.ts';
import type { GoString } from '../go/go-string.ts';
import { asGoString, goString } from '../go/go-string.ts';
import { quote } from '../go/quote.ts';
import { shownText } from '../go/runes.ts';
import type { OperatorTextPart } from '../operator-text.ts';
import { OperatorText } from '../operator-text.ts';
import type { GoValue } from './go-value.ts';
import { formatValue, plain } from './format-value.ts';
import type { Concrete } from './reflected.ts';
import { sprintf } from './sprintf.ts';

/** A text of the template's own; what is no string to Go but prints as a text; one that comes of a value; an error. */
export type SaidOperand =
  GoString | number | { readonly said: string } | { readonly secret: Concrete } | { readonly error: OperatorText };

/** `executing "NAME" at <NODE>`, with what is a `%` doubled by Go. */
export type TemplatePlace = {
  readonly place: string;
  readonly executing?: { readonly name: GoString; readonly node: GoString };
};

/** `format` knows `%s`, `%q`, `%v`, `%d` and `%w`, with nothing between. */
export function templateError(
  { place, executing }: TemplatePlace,
  format: string,
  operands: readonly SaidOperand[],
): GoError {
  const before = `template: ${place}: `;
  if (place.includes('%')) {
    const at =
      executing === undefined ? '' : `executing ${quote(doubled(executing.name))} at <${doubled(executing.node)}>: `;
    return new GoError(misprinted(before + at + format, operands), 'template');
  }
  const at = executing === undefined ? '' : `executing ${quote(executing.name)} at <${executing.node}>: `;
  return new GoError(new OperatorText(shownText(asGoString(before + at)), ...printed(format, operands)), 'template');
}

function doubled(text: GoString): GoString {
  return asGoString(text.replaceAll('%', '%%'));
}

function printed(format: string, operands: readonly SaidOperand[]): OperatorTextPart[] {
  const rest = [...operands];
  return format.split(/(%[sqvdw])/).flatMap((piece): readonly OperatorTextPart[] => {
    const operand = piece.startsWith('%') ? rest.shift() : undefined;
    if (operand === undefined) return piece === '' ? [] : [piece];
    return typeof operand === 'string' && piece === '%q' ? [shownText(quote(operand))] : partsOf(operand);
  });
}

function partsOf(operand: SaidOperand): readonly OperatorTextPart[] {
  if (typeof operand === 'string') return [shownText(operand)];
  if (typeof operand === 'number') return [String(operand)];
  if ('error' in operand) return operand.error.parts;
  return 'secret' in operand
    ? [new SecretValue(shownText(formatValue(operand.secret, 'v', plain)))]
    : [shownText(asGoString(operand.said))];
}

function misprinted(format: string, operands: readonly SaidOperand[]): OperatorText {
  const values = operands.map(valueOf);
  const speaking = new Map<GoValue, 'error' | 'value' | 'other'>();
  operands.forEach((operand, index) => {
    const value = values[index];
    if (typeof operand === 'object' && value !== undefined)
      speaking.set(value, 'error' in operand ? 'error' : 'secret' in operand ? 'value' : 'other');
  });
  const text = shownText(sprintf(asGoString(format), values, speaking));
  const isSecret = operands.some((operand) => partsOf(operand).some((part) => typeof part !== 'string'));
  return new OperatorText(isSecret ? new SecretValue(text) : text);
}

function valueOf(operand: SaidOperand): GoValue {
  if (typeof operand === 'number') return { kind: 'int', type: 'int', value: BigInt(operand) };
  if (typeof operand === 'string') return { kind: 'string', value: operand };
  if ('secret' in operand) return { ...operand.secret };
  return { kind: 'string', value: 'error' in operand ? goString(operand.error.reveal()) : asGoString(operand.said) };
}
