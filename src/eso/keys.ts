/** The names that an ExternalSecret's data gets: ESO's ConvertKeys and ValidateKeys. */
import { GoError } from './go-error.ts';
import { onlyFailure } from './only-failure.ts';
import type { GoString } from './go/go-string.ts';
import { asGoString } from './go/go-string.ts';
import { isLetter, isNumber } from './go/letters.ts';
import { runeBytes, runesOf, shownText } from './go/runes.ts';
import type { OperatorSettings } from './prediction.ts';
import type { ConversionStrategy } from './resources.ts';

const maxLength = 253;

/** Letters and numbers of every script pass here, of which the API server takes ASCII's alone. */
function isAllowed(code: number): boolean {
  return isLetter(code) || isNumber(code) || code === 0x2d || code === 0x2e || code === 0x5f;
}

/**
 * Other characters become `_`, or `_U002f_` with `Unicode`. Without a strategy (which the API's defaults prevent before ESO 2) they stay, and
 * only what is not UTF-8 becomes U+FFFD.
 * @throws GoError where two keys become one (`secret name collision during conversion: …`, without a prefix); Unpredictable where that happens
 * to several
 */
export function convertKeys(
  map: ReadonlyMap<GoString, GoString>,
  strategy: ConversionStrategy,
  version: OperatorSettings['version'],
): Map<GoString, GoString> {
  const effective = strategy === '' && version.major >= 2 ? 'Default' : strategy;
  const converted = new Map<GoString, GoString>();
  const collisions = new Set<GoString>();
  for (const [key, value] of map) {
    const name = convert(key, effective);
    if (converted.has(name)) collisions.add(name);
    converted.set(name, value);
  }
  const failures = [...collisions].map(
    (name) => new GoError(`secret name collision during conversion: ${shownText(name)}`, 'key-collision'),
  );
  const failure = onlyFailure(failures, 'several of its keys become one by conversion');
  if (failure !== undefined) throw failure;
  return converted;
}

function convert(key: GoString, strategy: ConversionStrategy): GoString {
  let converted = '';
  for (const { code } of runesOf(key)) {
    if (strategy === '' || isAllowed(code)) converted += runeBytes(code);
    else converted += strategy === 'Default' ? '_' : `_U${code.toString(16).padStart(4, '0')}_`;
  }
  return asGoString(converted);
}

/**
 * @returns the map without the empty key, which the operator drops
 * @throws GoError for a key that is too long or has another character (without a prefix); Unpredictable where several are wrong
 */
export function validateKeys(map: ReadonlyMap<GoString, GoString>): Map<GoString, GoString> {
  const failures = [...map.keys()].flatMap((key) => invalidKey(key) ?? []);
  const failure = onlyFailure(failures, 'several of its keys are not valid');
  if (failure !== undefined) throw failure;
  return new Map([...map].filter(([key]) => key !== ''));
}

function invalidKey(key: GoString): GoError | undefined {
  if (key.length > maxLength) {
    const start = shownText(asGoString(key.slice(0, maxLength)));
    const length = String(key.length);
    return new GoError(
      `key has length ${length} but max is ${String(maxLength)}: (following is truncated): ${start}`,
      'invalid-key',
    );
  }
  for (const { code } of runesOf(key)) {
    if (isAllowed(code)) continue;
    const character = String.fromCodePoint(code);
    return new GoError(
      `key has invalid character ${character}, only alphanumeric, '-', '.' and '_' are allowed: ${shownText(key)}`,
      'invalid-key',
    );
  }
  return undefined;
}
