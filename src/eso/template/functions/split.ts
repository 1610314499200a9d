/** strings.Split, strings.SplitN and strings.Replace, which treat an empty separator as the places between characters. */
import type { GoString } from '../../go/go-string.ts';
import { asGoString } from '../../go/go-string.ts';
import { runesOf } from '../../go/runes.ts';

/** @param most of the parts; the last has the rest. Below 0: no limit */
export function split(value: GoString, separator: GoString, most = -1): GoString[] {
  if (most === 0) return [];
  const parts = separator === '' ? characters(value) : (value.split(separator) as GoString[]);
  if (most < 0 || parts.length <= most) return parts;
  return [...parts.slice(0, most - 1), asGoString(parts.slice(most - 1).join(separator))];
}

export function replace(value: GoString, old: GoString, replacement: GoString): GoString {
  if (old === '') return asGoString(['', ...characters(value), ''].join(replacement));
  return asGoString(value.split(old).join(replacement));
}

export function characters(value: GoString): GoString[] {
  return [...runesOf(value)].map(({ at, width }) => asGoString(value.slice(at, at + width)));
}
