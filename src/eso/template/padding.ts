/** Width and precision of package fmt, which count characters and not bytes. */
import type { GoString } from '../go/go-string.ts';
import { asGoString } from '../go/go-string.ts';
import { runesOf } from '../go/runes.ts';

export type FormatFlags = {
  readonly width?: number;
  readonly precision?: number;
  readonly minus?: boolean;
  readonly plus?: boolean;
  readonly sharp?: boolean;
  readonly space?: boolean;
  readonly zero?: boolean;
  /** `%#v`. */
  readonly sharpV?: boolean;
};

const ascii = /^[\0-\x7f]*$/;

/** With zeros only to the left. */
export function pad(text: string, flags: FormatFlags): GoString {
  if (flags.width === undefined) return asGoString(text);
  const missing = flags.width - characters(text);
  if (missing <= 0) return asGoString(text);
  if (flags.minus === true) return asGoString(text + ' '.repeat(missing));
  return asGoString((flags.zero === true ? '0' : ' ').repeat(missing) + text);
}

export function truncate(text: string, { precision }: FormatFlags): GoString {
  if (precision === undefined || text.length <= precision) return asGoString(text);
  if (ascii.test(text)) return asGoString(text.slice(0, precision));
  let left = precision;
  for (const { at } of runesOf(asGoString(text))) if (left-- === 0) return asGoString(text.slice(0, at));
  return asGoString(text);
}

function characters(text: string): number {
  if (ascii.test(text)) return text.length;
  return Iterator.from(runesOf(asGoString(text))).reduce((count) => count + 1, 0);
}
