import { suggest } from '../model/names.ts';
import { UsageError } from '../model/problem.ts';

export function unknownName(what: string, name: string, known: readonly string[]): UsageError {
  const nearest = suggest(name, known);
  return new UsageError(
    `there is no ${what} "${name}"`,
    `${nearest === undefined ? '' : `Did you mean ${nearest}? `}There are ${known.join(', ')}.`,
  );
}
