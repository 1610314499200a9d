/** Why an execution ends, in Go's words, which know `%s`, `%q`, `%v`, `%d` and `%w`; the place is added where it is caught. */
import type { SaidOperand } from './template-error.ts';

export class ExecutionFailure extends Error {
  readonly format: string;
  readonly operands: readonly SaidOperand[];

  constructor(format: string, ...operands: readonly SaidOperand[]) {
    super('a template that Go cannot execute');
    this.format = format;
    this.operands = operands;
  }
}
