/** JSON and numbers as Go writes them, of plain texts: for those outside of the predictor. */
import { GoError } from './go-error.ts';
import { formatFloat as format } from './go/format-float.ts';
import { goString, textOf } from './go/go-string.ts';
import type { JsonNumbers } from './go/json.ts';
import { marshal, unmarshal } from './go/json.ts';

export type { JsonNumbers as Numbers } from './go/json.ts';

/**
 * json.Marshal of json.Unmarshal: keys sorted by their bytes, no spaces, `<`, `>`, `&`, U+2028 and U+2029 escaped. Of two keys of one name the
 * last counts.
 * @returns undefined where encoding/json refuses it: what is no JSON, or has a number that is beyond a float64
 */
export function remarshal(raw: string, numbers: JsonNumbers): string | undefined {
  try {
    return textOf(marshal(unmarshal(goString(raw), numbers)));
  } catch (error) {
    if (error instanceof GoError) return undefined;
    throw error;
  }
}

/** strconv.FormatFloat(x, 'f', -1, 64): the shortest digits that give the number back, never with an exponent. Undefined beyond a float64. */
export function formatFloat(raw: string): string | undefined {
  const number = Number(raw);
  return Number.isFinite(number) ? textOf(format(number, 'f', -1)) : undefined;
}
