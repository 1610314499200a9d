/** What is wrong with manifests that were given: a problem as of config/, with the place in the file. Never a value of a Secret. */
import type { Problem, ProblemCode } from '../model/problem.ts';

/** `where` is `file`, `file:line` or `file:line:column`: what an editor opens. */
export type InputProblem = Problem & {
  readonly file: string;
  /** From 1. Undefined for the file as a whole. */
  readonly line: number | undefined;
  /** From 1, in UTF-16 units. */
  readonly column: number | undefined;
};

export type InputPlace = { readonly file: string; readonly line?: number; readonly column?: number };

export function inputProblem(
  code: ProblemCode,
  { file, line, column }: InputPlace,
  path: string,
  message: string,
  hint: string,
): InputProblem {
  const where = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':');
  return { code, where, path, message, hint, file, line, column };
}
