/** decodingStrategy: ESO's Decode and DecodeMap. */
import { GoError } from './go-error.ts';
import { decodeBase64 } from './go/base64.ts';
import type { Base64Alphabet } from './go/base64.ts';
import type { GoString } from './go/go-string.ts';
import { shownText } from './go/runes.ts';
import { onlyFailure } from './only-failure.ts';
import type { DecodingStrategy } from './resources.ts';

/**
 * `Auto` takes what is Base64 for Base64, then for Base64URL, and leaves the rest: any text of 4n letters and digits is decoded.
 * @throws GoError as the operator's, without a prefix
 */
export function decodeValue(strategy: DecodingStrategy, value: GoString): GoString {
  switch (strategy) {
    case '':
    case 'None':
      return value;
    case 'Base64':
      return decodeBase64(value, 'standard');
    case 'Base64URL':
      return decodeBase64(value, 'url');
    case 'Auto':
      return decoded(value, 'standard') ?? decoded(value, 'url') ?? value;
  }
}

function decoded(value: GoString, alphabet: Base64Alphabet): GoString | undefined {
  try {
    return decodeBase64(value, alphabet);
  } catch (error) {
    if (error instanceof GoError) return undefined;
    throw error;
  }
}

/**
 * @throws GoError as the operator's (`failure decoding key …`, without a prefix); Unpredictable where there are several values that cannot be
 * decoded, since it reports the first that it comes upon
 */
export function decodeMap(strategy: DecodingStrategy, map: ReadonlyMap<GoString, GoString>): Map<GoString, GoString> {
  const result = new Map<GoString, GoString>();
  const failures: GoError[] = [];
  for (const [key, value] of map) {
    try {
      result.set(key, decodeValue(strategy, value));
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      failures.push(error.wrap(`failure decoding key ${shownText(key)}: `));
    }
  }
  const failure = onlyFailure(failures, 'several of its values are not what its decodingStrategy expects');
  if (failure !== undefined) throw failure;
  return result;
}
