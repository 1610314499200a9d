/**
 * Go ends a template that executes itself without end at a depth of 100,000, with an error that tells where it was then. The same template
 * executed with the same value does the same again, so the place follows from a few rounds.
 */
import type { GoString } from '../go/go-string.ts';
import type { GoValue } from './go-value.ts';
import type { StatementNode } from './node.ts';
import type { Reflected } from './reflected.ts';

export type Invocation = {
  readonly node: StatementNode;
  /** The template that the node stands in. */
  readonly within: GoString;
  readonly value: Reflected;
};

export const maximumDepth = 100_000;
/** Fewer are not looked at. */
const suspicious = 50;
/** Sprig's functions that change a map in place, after which the same value is not the same. */
const changesMaps = /\b(?:set|unset|merge|mustMerge|mergeOverwrite|mustMergeOverwrite)\b/;

/** Of the templates that are executed within each other: the one at Go's maximum depth, if they go on without end. */
export function lastOfEndless(invocations: readonly Invocation[], text: GoString): Invocation | undefined {
  const last = invocations.at(-1);
  if (last === undefined || invocations.length < suspicious || changesMaps.test(text)) return undefined;
  const before = invocations.length - 1;
  const first = invocations.findIndex(({ node, value }) => node === last.node && isSame(value, last.value));
  return first === before ? undefined : invocations[first + ((maximumDepth - first) % (before - first))];
}

function isSame(one: Reflected, other: Reflected): boolean {
  if (one === undefined || other === undefined || one === other) return one === other;
  if (one.kind === 'interface') return other.kind === 'interface' && isSamePlain(one.value, other.value);
  return other.kind !== 'interface' && isSamePlain(one, other);
}

function isSamePlain(one: GoValue, other: GoValue): boolean {
  if (one === other) return true;
  switch (one.kind) {
    case 'nil':
      return other.kind === 'nil';
    case 'bool':
    case 'string':
      return one.kind === other.kind && one.value === other.value;
    case 'int':
    case 'float':
      return one.kind === other.kind && one.type === other.type && one.value === other.value;
    default:
      return false;
  }
}
