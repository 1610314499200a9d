import type { GoString } from './go-string.ts';
import type { Assertion } from './regexp-node.ts';
import type { Instruction } from './regexp-program.ts';
import { runesOf } from './runes.ts';

/** A text by its characters; `offsets` has one more: the text's length in bytes. */
export type Subject = { readonly codes: readonly number[]; readonly offsets: readonly number[] };

export function subjectOf(text: GoString): Subject {
  const codes: number[] = [];
  const offsets: number[] = [];
  for (const { code, at } of runesOf(text)) {
    codes.push(code);
    offsets.push(at);
  }
  return { codes, offsets: [...offsets, text.length] };
}

/** Places by slot, see `save`; undefined where the group took no part. */
type Slots = readonly (number | undefined)[];
/** Where a possibility stands in the program, and what it has noted. */
type Thread = { readonly at: number; readonly slots: Slots };

/**
 * The leftmost match that starts at `from` or behind it.
 * @returns places in characters, by slot; undefined where there is none
 */
export function runProgram(program: readonly Instruction[], subject: Subject, from: number): Slots | undefined {
  let matched: Slots | undefined;
  let threads: Thread[] = [];
  for (let place = from; place <= subject.codes.length; place++) {
    if (matched === undefined)
      addThread(program, subject, place, threads, new Set(threads.map(({ at }) => at)), { at: 0, slots: [] });
    else if (threads.length === 0) break;
    const next: Thread[] = [];
    const seen = new Set<number>();
    const code = subject.codes[place];
    for (const { at, slots } of threads) {
      const instruction = program[at];
      if (instruction?.kind === 'match') {
        // Those behind it in the order are worth less.
        matched = slots;
        break;
      }
      if (instruction?.kind === 'character' && code !== undefined && instruction.set(code))
        addThread(program, subject, place + 1, next, seen, { at: at + 1, slots });
    }
    threads = next;
  }
  return matched;
}

/** Follows what takes no character, in order; each instruction once at a place. */
function addThread(
  program: readonly Instruction[],
  subject: Subject,
  place: number,
  threads: Thread[],
  seen: Set<number>,
  thread: Thread,
): void {
  const pending = [thread];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const { at, slots } = current;
    if (seen.has(at)) continue;
    seen.add(at);
    const instruction = program[at];
    switch (instruction?.kind) {
      case 'jump':
        pending.push({ at: instruction.to, slots });
        break;
      case 'split':
        pending.push({ at: instruction.second, slots }, { at: instruction.first, slots });
        break;
      case 'save':
        pending.push({ at: at + 1, slots: withSlot(slots, instruction.slot, place) });
        break;
      case 'assertion':
        if (holds(instruction.assertion, subject, place)) pending.push({ at: at + 1, slots });
        break;
      default:
        threads.push(current);
    }
  }
}

function withSlot(slots: Slots, slot: number, place: number): Slots {
  const changed = [...slots];
  while (changed.length < slot) changed.push(undefined);
  changed[slot] = place;
  return changed;
}

function holds(assertion: Assertion, { codes }: Subject, place: number): boolean {
  const before = codes[place - 1];
  const after = codes[place];
  switch (assertion) {
    case 'text start':
      return before === undefined;
    case 'text end':
      return after === undefined;
    case 'line start':
      return before === undefined || before === 0x0a;
    case 'line end':
      return after === undefined || after === 0x0a;
    case 'word boundary':
      return isWord(before) !== isWord(after);
    case 'no word boundary':
      return isWord(before) === isWord(after);
  }
}

function isWord(code: number | undefined): boolean {
  return code !== undefined && code < 0x80 && /^\w$/.test(String.fromCharCode(code));
}
