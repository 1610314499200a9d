/** What Go is asked (main.go beside this), generated from a seed. Texts hold one byte in each character. */
import fc from 'fast-check';
import { anyBytes, badNumbers, jsonText, mostly, numbers, path, words } from './json-questions.ts';
import { pattern, replacement, subject } from './pattern-questions.ts';

export type Question = readonly [operation: string, ...args: string[]];

const base64Text = fc
  .array(mostly(words('Y W J j 0 + / - _ = = 9 YWJj AAAA YQ== YWI='), fc.constantFrom('\n', '\r', ' '), 4), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''));
const floatText = fc.oneof(
  words(`${numbers} ${badNumbers}`),
  words(
    '0x1.8p1 -0X_1Fp-2 0x1p-1074 0x1.8p-1074 0x1.fffffffffffffffp3 0x 0xp1 0x1 1__0 _1 1_ 1_e5 1e1_0 1_0.2_5 +nan -inf infin 1e99999',
  ),
  words('2.5 0.5 1.5 1e23 0.000001 1234567 123456 999999.5 0.00001234 9.5 0.05 3368229.25'),
  fc.double().map(String),
  fc.float({ noNaN: true }).map(String),
  fc.integer({ min: -1000, max: 100_000 }).map((eighths) => String(eighths / 8)),
);
const json = ['rawMap', 'remarshal', 'remarshalRaw', 'useNumber', 'map', 'string'];

/** @param scale 1: about four hundred questions */
export function questions(seed: number, scale: number): readonly Question[] {
  const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
    fc.sample(arbitrary, { seed, numRuns: Math.ceil(count * scale) });
  return [
    ...['letter', 'number', 'digit', 'print'].map((name): Question => ['class', name]),
    ...sample(fc.tuple(fc.constant('gjson'), jsonText, path), 120),
    ...sample(fc.tuple(fc.constantFrom(...json), jsonText), 90),
    ...sample(fc.tuple(fc.constantFrom('marshalString', 'quote', 'runes'), anyBytes), 20),
    ...sample(fc.tuple(fc.constant('quoteRune'), fc.integer({ min: 0, max: 0x110010 }).map(String)), 5),
    ...sample(
      fc.tuple(fc.constant('formatFloat'), floatText, words('e f g E G'), words('-1 -1 0 1 3 6 20'), words('64 64 32')),
      40,
    ),
    ...sample(fc.tuple(fc.constant('parseFloat'), floatText), 15),
    ...sample(fc.tuple(fc.constantFrom('base64', 'base64url'), base64Text), 25),
    ...sample(fc.tuple(fc.constant('replace'), pattern, subject, replacement), 50),
    ...sample(fc.tuple(fc.constant('matches'), pattern, subject), 50),
  ];
}
