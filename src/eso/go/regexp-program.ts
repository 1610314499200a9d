/**
 * Regular expressions are run as Go runs them: all possibilities side by side, those that come first in the expression first, so that the first
 * alternative that leads to a match wins, empty repetitions end, and the time stays linear. JavaScript's own differ in all three.
 */
import { Unpredictable } from '../go-error.ts';
import type { CharacterSet } from './regexp-class.ts';
import type { Assertion, RegexpNode, Repetition } from './regexp-node.ts';

export type Instruction =
  | { readonly kind: 'character'; readonly set: CharacterSet }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  /** Both are tried, `first` first. */
  | { readonly kind: 'split'; readonly first: number; readonly second: number }
  | { readonly kind: 'jump'; readonly to: number }
  /** Notes the place: of group n's start in slot 2n, of its end in slot 2n + 1. */
  | { readonly kind: 'save'; readonly slot: number }
  | { readonly kind: 'match' };

const maxInstructions = 50_000;

/** @throws Unpredictable for what is larger than anybody's */
export function compileProgram(node: RegexpNode): readonly Instruction[] {
  const program: Instruction[] = [];
  emit(program, { kind: 'group', number: 0, node });
  add(program, { kind: 'match' });
  return program;
}

function add(program: Instruction[], instruction: Instruction): void {
  if (program.push(instruction) > maxInstructions)
    throw new Unpredictable('rewrite', 'its regular expression is very large');
}

function emit(program: Instruction[], node: RegexpNode): void {
  switch (node.kind) {
    case 'character':
    case 'assertion':
      add(program, node);
      break;
    case 'sequence':
      for (const inner of node.nodes) emit(program, inner);
      break;
    case 'alternatives':
      emitAlternatives(program, node.nodes);
      break;
    case 'group':
      add(program, { kind: 'save', slot: 2 * node.number });
      emit(program, node.node);
      add(program, { kind: 'save', slot: 2 * node.number + 1 });
      break;
    case 'repetition':
      emitRepetition(program, node);
  }
}

function emitAlternatives(program: Instruction[], nodes: readonly RegexpNode[]): void {
  const ends: number[] = [];
  for (const [index, node] of nodes.entries()) {
    const isLast = index === nodes.length - 1;
    const split = program.length;
    if (!isLast) add(program, { kind: 'jump', to: 0 });
    emit(program, node);
    if (isLast) continue;
    ends.push(program.length);
    add(program, { kind: 'jump', to: 0 });
    program[split] = { kind: 'split', first: split + 1, second: program.length };
  }
  for (const end of ends) program[end] = { kind: 'jump', to: program.length };
}

function emitRepetition(program: Instruction[], { node, min, max, isGreedy }: Repetition): void {
  if (max === 0) return;
  if (max === Infinity) {
    for (let count = 1; count < min; count++) emit(program, node);
    if (min > 0) emitPlus(program, node, isGreedy);
    else if (canBeEmpty(node)) emitOptional(program, isGreedy, () => emitPlus(program, node, isGreedy));
    else {
      const start = program.length;
      emitOptional(program, isGreedy, () => {
        emit(program, node);
        add(program, { kind: 'jump', to: start });
      });
    }
    return;
  }
  for (let count = 0; count < min; count++) emit(program, node);
  // x(x(x)?)?: to leave one is to leave all.
  const splits: number[] = [];
  for (let count = min; count < max; count++) {
    splits.push(program.length);
    add(program, { kind: 'jump', to: 0 });
    emit(program, node);
  }
  for (const split of splits) program[split] = choice(isGreedy, split + 1, program.length);
}

function emitPlus(program: Instruction[], node: RegexpNode, isGreedy: boolean): void {
  const start = program.length;
  emit(program, node);
  add(program, choice(isGreedy, start, program.length + 1));
}

function emitOptional(program: Instruction[], isGreedy: boolean, emitInner: () => void): void {
  const split = program.length;
  add(program, { kind: 'jump', to: 0 });
  emitInner();
  program[split] = choice(isGreedy, split + 1, program.length);
}

function choice(isGreedy: boolean, inside: number, outside: number): Instruction {
  return isGreedy
    ? { kind: 'split', first: inside, second: outside }
    : { kind: 'split', first: outside, second: inside };
}

function canBeEmpty(node: RegexpNode): boolean {
  switch (node.kind) {
    case 'character':
      return false;
    case 'assertion':
      return true;
    case 'sequence':
      return node.nodes.every(canBeEmpty);
    case 'alternatives':
      return node.nodes.some(canBeEmpty);
    case 'group':
      return canBeEmpty(node.node);
    case 'repetition':
      return node.min === 0 || canBeEmpty(node.node);
  }
}
