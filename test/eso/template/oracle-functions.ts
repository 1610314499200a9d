/** The functions of the recording program (test/eso/oracle/template/functions.go), with the same names and types. */
import { GoError } from '../../../src/eso/go-error.ts';
import { asGoString } from '../../../src/eso/go/go-string.ts';
import { shownText } from '../../../src/eso/go/runes.ts';
import { quote } from '../../../src/eso/go/quote.ts';
import { SecretValue } from '../../../src/model/secret-value.ts';
import { OperatorText } from '../../../src/eso/operator-text.ts';
import type { GoParameter, GoValue, TemplateFunctions } from '../../../src/eso/template/go-value.ts';
import { nil } from '../../../src/eso/template/go-value.ts';
import { formatValue, plain } from '../../../src/eso/template/format-value.ts';

type Of<Kind extends GoValue['kind']> = GoValue & { readonly kind: Kind };

const anything = ['...interface {}'] as const;

export const oracleFunctions: TemplateFunctions = new Map(
  [
    define('fail', ['string'], (message: Of<'string'>) => failWith(message)),
    define('panics', ['string'], (message: Of<'string'>) => failWith(message)),
    define('list', anything, (...items: GoValue[]) => ({ kind: 'slice', type: '[]interface {}', items })),
    define('strings', ['...string'], (...items: GoValue[]) => ({ kind: 'slice', type: '[]string', items })),
    define('bytes', ['string'], ({ value }: Of<'string'>) => ({
      kind: 'slice',
      type: '[]byte',
      items: Array.from(value, (unit) => ({ kind: 'int', type: 'uint8', value: BigInt(unit.charCodeAt(0)) }) as const),
    })),
    define('dict', anything, (...values: GoValue[]) => {
      const pairs = Array.from({ length: values.length >> 1 }, (_, pair) => {
        return [formatValue(values[pair * 2] ?? nil, 'v', plain), values[pair * 2 + 1] ?? nil] as const;
      });
      return { kind: 'map', type: 'map[string]interface {}', entries: new Map(pairs) };
    }),
    define(
      'set',
      ['map[string]interface {}', 'string', 'interface {}'],
      (map: Of<'map'>, { value: key }: Of<'string'>, value: GoValue) => {
        map.entries.set(key, value);
        return map;
      },
    ),
    define('has', ['interface {}', '[]interface {}'], (needle: GoValue, { items }: Of<'slice'>) =>
      bool(items.some((item) => formatValue(item, 'v', plain) === formatValue(needle, 'v', plain))),
    ),
    define('join', ['string', '[]string'], ({ value }: Of<'string'>, { items }: Of<'slice'>) =>
      text(items.map((item) => formatValue(item, 'v', plain)).join(value)),
    ),
    define('quote', anything, (...values: GoValue[]) =>
      text(values.map((value) => quote(formatValue(value, 'v', plain))).join(' ')),
    ),
    define('upper', ['string'], ({ value }: Of<'string'>) =>
      text(value.replaceAll(/[a-z]/g, (unit) => unit.toUpperCase())),
    ),
    define('nothing', [], () => nil),
    define('boxed', ['interface {}'], (value: GoValue) => value),
    define('plus', ['int', 'int'], (one: Of<'int'>, other: Of<'int'>) => ({
      ...one,
      value: BigInt.asIntN(64, one.value + other.value),
    })),
    define('small', ['int8'], (value: GoValue) => value),
    define('octet', ['uint8'], (value: GoValue) => value),
    define('wide', ['int64'], (value: GoValue) => value),
    define('large', ['uint64'], (value: GoValue) => value),
    define('half', ['float64'], (float: Of<'float'>) => ({ ...float, value: float.value / 2 })),
    define('flip', ['bool'], ({ value }: Of<'bool'>) => bool(!value)),
  ].map(([name, parameters, call]) => [asGoString(name), { parameters, call }]),
);

function define(
  name: string,
  parameters: readonly GoParameter[],
  call: (...values: never[]) => GoValue,
): [string, readonly GoParameter[], (...values: readonly GoValue[]) => GoValue] {
  return [name, parameters, call as unknown as (...values: readonly GoValue[]) => GoValue];
}

function failWith({ value }: Of<'string'>): never {
  throw new GoError(new OperatorText(new SecretValue(shownText(value))));
}

function text(value: string): GoValue {
  return { kind: 'string', value: asGoString(value) };
}

function bool(value: boolean): GoValue {
  return { kind: 'bool', value };
}
