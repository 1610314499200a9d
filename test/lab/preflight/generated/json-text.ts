/** Texts of JSON, as people and programs write it: with numbers of every form, escapes, spaces, and what is not quite JSON. */
import fc from 'fast-check';
import type { Provider } from '../hand/reading.ts';

const digits = (max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: 1, maxLength: max });

const integer = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('0', '1', '7', '42', '100', '12345678901234567890', '9007199254740993') },
  { weight: 2, arbitrary: digits(24).map((text) => text.replace(/^0+(?=\d)/, '')) },
);

/** A JSON number; exponents stay within what Vault takes. */
export const numberText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', '-'),
    integer,
    fc.option(digits(18), { nil: undefined, freq: 1 }),
    fc.option(fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.nat({ max: 40 })), {
      nil: undefined,
      freq: 2,
    }),
  )
  .map(([sign, whole, fraction, exponent]) =>
    [sign, whole, fraction === undefined ? '' : `.${fraction}`, exponent === undefined ? '' : exponent.join('')].join(
      '',
    ),
  );

/** Well-formed text of many scripts, and of what JSON, HTML, YAML and shells escape. */
export const plainText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom('', 'example', 'x', 'true', 'null', '1.50', 'a b', 'YWJj', 'aGk', '{"k":1}', '[1,2]'),
  },
  {
    weight: 2,
    arbitrary: fc.string({
      unit: fc.constantFrom(...Array.from('ab01 .-_/=+"\\\'<>&{}[]:,#@|*\n\t\r$%é\u2028數😀\u0000\u007f')),
      maxLength: 12,
    }),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text.isWellFormed()) },
);

const stringText = (provider: Provider): fc.Arbitrary<string> => {
  const escaped = plainText.map((text) => JSON.stringify(text));
  const unicode = plainText.map(
    (text) => `"${text.replaceAll(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`,
  );
  const odd = fc.constantFrom('"\\ud800"', '"x\\udc00y"', '"\\ud83d\\ud83d\\ude00"', '"\\/"', '"\\b\\f"');
  // Vault does not take half a surrogate pair.
  const sound = fc.constantFrom('"\\/"', '"\\b\\f"', '"\\u003c"');
  return fc.oneof(
    { weight: 6, arbitrary: escaped },
    { weight: 1, arbitrary: unicode },
    { weight: 1, arbitrary: provider === 'vault' ? sound : odd },
  );
};

export const keyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'token', 'TOKEN', 'user-name', 'n0') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'a.b',
      'a/b',
      'a b',
      'b.c',
      '0',
      '1',
      'é',
      '數據',
      '',
      '@this',
      'a*',
      'a|b',
      '#',
      '.x',
      '..x',
    ),
  },
);

const space = fc.constantFrom('', '', '', ' ', '\n  ', '\t');

/** @param depth of nesting that is left */
export function jsonText(provider: Provider, depth = 2): fc.Arbitrary<string> {
  const leaves = [
    { weight: 5, arbitrary: stringText(provider) },
    { weight: 3, arbitrary: numberText },
    { weight: 2, arbitrary: fc.constantFrom('true', 'false', 'null') },
  ];
  if (depth === 0) return fc.oneof(...leaves);
  return fc.oneof(
    ...leaves,
    { weight: 2, arbitrary: objectText(provider, depth - 1) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(jsonText(provider, depth - 1), { maxLength: 3 }), space)
        .map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
    },
  );
}

/** Of different keys in Vault, which keeps a map; Key Vault keeps a text. */
export function objectText(provider: Provider, depth = 2): fc.Arbitrary<string> {
  const entry = fc.tuple(keyText, jsonText(provider, depth));
  const entries =
    provider === 'vault'
      ? fc.uniqueArray(entry, { selector: ([key]) => key, maxLength: 4 })
      : fc.array(entry, { maxLength: 4 });
  return fc
    .tuple(entries, space, space)
    .map(
      ([pairs, before, after]) =>
        `{${before}${pairs.map(([key, value]) => `${JSON.stringify(key)}${after}:${before}${value}`).join(`,${after}`)}${before}}`,
    );
}

/** What is not JSON, or not only: one character is missing, doubled or another; or there is something around it. */
export const brokenText: fc.Arbitrary<string> = fc
  .tuple(
    objectText('key-vault'),
    fc.nat(),
    fc.constantFrom('drop', 'double', 'replace', 'cut', 'before', 'after'),
    fc.constantFrom(...Array.from('{}[]",:x1\\ \n\ufeffé')),
  )
  .map(([text, at, how, character]) => {
    const index = at % Math.max(1, text.length);
    const [head, tail] = [text.slice(0, index), text.slice(index + 1)];
    const changed = {
      drop: head + tail,
      double: head + text.slice(index, index + 1).repeat(2) + tail,
      replace: head + character + tail,
      cut: head,
      before: character + text,
      after: text + character,
    }[how as 'drop'];
    return changed.isWellFormed() ? changed : text;
  });

/** A path into a value, as people write it, of keys that values here often have. */
export const propertyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'token', 'a.b', 'b.c', 'n0') },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.constantFrom('a', 'b', 'c', 'token', '0', '1', '#', 'n', 'a\\.b', 'é'), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join('.')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a..b', '.a', 'a.', 'absent', 'a/b', 'a b', '數據', 'user-name', 'a\\', '\\a', 'TOKEN'),
  },
);
