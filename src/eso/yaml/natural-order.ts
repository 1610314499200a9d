/** The order in which go.yaml.in/yaml/v2 writes the keys of a map: numbers within them count as numbers, letters come after all else. */
import type { GoString } from '../go/go-string.ts';
import { isDigit, isLetter } from '../go/letters.ts';
import { runesOf } from '../go/runes.ts';
import { notFollowed } from './yaml-node.ts';

export function byNaturalOrder(a: GoString, b: GoString): number {
  const [as, bs] = [codesOf(a), codesOf(b)];
  const at = as.findIndex((code, index) => code !== bs[index]);
  const [one, other] = [as[at], bs[at]];
  if (one === undefined || other === undefined) return as.length - bs.length;
  const [isOneLetter, isOtherLetter] = [isLetter(one), isLetter(other)];
  if (isOneLetter !== isOtherLetter) return isOneLetter ? 1 : -1;
  if (isOneLetter) return one - other;
  const [first, second] = [numberAt(as, bs, at), numberAt(bs, as, at)];
  return Number(first.value - second.value) || first.length - second.length || one - other;
}

function codesOf(text: GoString): number[] {
  return [...runesOf(text)].map(({ code }) => code);
}

/** The digits from where the texts differ on. A zero there counts less behind other digits than in front of all. */
function numberAt(
  codes: readonly number[],
  others: readonly number[],
  at: number,
): { readonly value: bigint; readonly length: number } {
  let value = 0n;
  if (codes[at] === 0x30 || others[at] === 0x30)
    for (let before = at - 1; before >= 0 && isDigit(codes[before] ?? 0); before--)
      if (codes[before] !== 0x30) {
        value = 1n;
        break;
      }
  let end = at;
  for (; end < codes.length && isDigit(codes[end] ?? 0); end++) value = value * 10n + BigInt((codes[end] ?? 0) - 0x30);
  // An int64 would have overflowed.
  if (end - at > 17) throw notFollowed();
  return { value, length: end - at };
}
