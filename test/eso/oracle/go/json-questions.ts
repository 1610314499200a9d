/** Texts that are JSON or nearly, and gjson's paths into them. Texts hold one byte in each character. */
import fc from 'fast-check';

export const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
export const words = (text: string): fc.Arbitrary<string> => fc.constantFrom(...text.split(' ').map(bytes));
const joined = (parts: readonly string[]): string => parts.join('');
export const mostly = (usual: fc.Arbitrary<string>, odd: fc.Arbitrary<string>, weight = 20): fc.Arbitrary<string> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd });

const characters = fc.constantFrom(
  'a',
  'b',
  '1',
  'é',
  '"',
  '\\',
  '\n',
  '\0',
  '<',
  '&',
  '😀',
  '\u2028',
  '\ufffd',
  ' ',
  '/',
  '\x7f',
  '\u0080',
);
const notUtf8 = fc.constantFrom(0x61, 0x80, 0xbf, 0xc0, 0xc3, 0xa9, 0xe2, 0xed, 0xa0, 0xf0, 0x9f, 0x98, 0xf4, 0xff);
export const anyBytes = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .array(mostly(characters, fc.string({ unit: 'binary', maxLength: 1 }), 6), { maxLength: 5 })
      .map((units) => bytes(joined(units))),
  },
  { weight: 1, arbitrary: fc.array(notUtf8, { maxLength: 6 }).map((codes) => String.fromCharCode(...codes)) },
);

const escapes = words(
  String.raw`\n \u0041 \u00e9 \ud83d\ude00 \ud800 \ude00\ud83d \ud800\u0041 \/ \" \\ \u2028 \b \u003c`,
);
const badParts = fc.constantFrom('\\x', '\\u12', '\\', '\\uzzzz', '\n', '\t', '\x01', '\xff', '\xed\xa0\x80');
const quoted = fc
  .array(mostly(mostly(words('a b é . { [ 1 λ'), escapes, 2), badParts), { maxLength: 4 })
  .map((parts) => `"${joined(parts)}"`);
const names = mostly(
  words('a b'),
  words(String.raw`a.b c 0 1 a* @this @a !a {a a|b ab # é a\\b \u0061 x\"y a\u002eb `),
  1,
).map((name) => `"${name}"`);

export const numbers =
  '0 -0 1 -1 1.50 1e21 1E-7 12345678901234567890 1e400 -1e400 0.1 100 1e20 123456789.125 5e-324 1e-400 -0.0 1.7976931348623157e308';
export const badNumbers = '+5 01 1. .5 - 1e NaN nan inf Infinity 0x1p4 1_000 1-2 --1 1e+ nil i N';
const literal = mostly(words(`true false null ${numbers}`), words(`tru falsey nulll n nu t ${badNumbers}`), 15);
const leaf = fc.oneof(literal, quoted);
const space = mostly(
  mostly(fc.constant(''), fc.constantFrom(' ', '\n', '\t ', '\r\n'), 6),
  fc.constantFrom('\v', bytes('\u00a0')),
  150,
);

/** A list or an object, with more in it down to the depth. */
function nested(depth: number): fc.Arbitrary<string> {
  const value =
    depth === 0 ? leaf : fc.oneof({ weight: 2, arbitrary: leaf }, { weight: 3, arbitrary: nested(depth - 1) });
  const item = fc.tuple(space, value, space).map(joined);
  const list = fc.tuple(fc.array(item, { maxLength: 3 }), space).map(([items, gap]) => `[${gap}${items.join(',')}]`);
  const field = fc
    .tuple(space, mostly(names, quoted), space, fc.constantFrom(':', ': '), space, value, space)
    .map(joined);
  const object = fc.array(field, { minLength: 1, maxLength: 4 }).map((fields) => `{${fields.join(',')}}`);
  return fc.oneof({ weight: 3, arbitrary: object }, { weight: 2, arbitrary: list });
}

const jsonValue = mostly(nested(2), leaf, 6);
const intruder = mostly(words('{ } [ ] , : " \\ é t 1 - \''), fc.constantFrom(' ', '\n', '\0', ''), 3);

/** Some are cut off, or have something in them or behind them that does not belong there. */
export const jsonText = fc.oneof(
  { weight: 12, arbitrary: jsonValue },
  { weight: 1, arbitrary: fc.tuple(jsonValue, fc.nat({ max: 40 })).map(([text, end]) => text.slice(0, end)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(jsonValue, fc.nat({ max: 60 }), intruder)
      .map(([text, at, unit]) => text.slice(0, at) + unit + text.slice(unit === '' ? at + 1 : at)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(jsonValue, fc.constantFrom('x', ' {}', ',', ']', '}', bytes('\ufeff'), '\0', '1')).map(joined),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      bytes('\ufeff{}'),
      'null',
      ' null ',
      '{}',
      '[]',
      'hello',
      "'",
      '"',
      '\\',
      '\x7f',
      '\xad',
      '\xa0',
    ),
  },
);

const oddComponents = words(
  String.raw`a\.b 2 * a* ? a? *b  é \a a\ a\* #a @this @a !a !true {a [0 {a}b #(a=1) 00 18446744073709551616 a\\b ab c a*b*`,
);
const components = fc.array(mostly(words('a b a b 0 1 # a b 0 *'), oddComponents, 5), { minLength: 1, maxLength: 3 });
export const path = fc
  .tuple(
    components,
    mostly(fc.constant('.'), fc.constant('|'), 6),
    mostly(fc.constant(''), fc.constantFrom('..', '.'), 12),
  )
  .map(
    ([parts, joiner, before]) =>
      `${before}${parts.slice(0, 2).join('.')}${parts.length > 2 ? joiner : ''}${parts.slice(2).join('.')}`,
  );
