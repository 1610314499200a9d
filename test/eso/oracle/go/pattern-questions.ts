/** Regular expressions, right and wrong ones, with what they are applied to. Texts hold one byte in each character. */
import fc from 'fast-check';
import { bytes, mostly, words } from './json-questions.ts';

const pieces = words(
  String.raw`a b db- . .* .*? a* b+ a? (a) (a|b) (?:ab) (?P<n>b) (?<m>a|) [a-c] [^a] [[:alpha:]] [^[:digit:]] [[:^space:]] \d \W [\D] [^\W_] \pL \p{Greek} \P{Lu} \p{^L} ^ $ \b \B \A \z (?i) (?i:É) (?i:\W) (?s). (?m)^ (?m:$) (?U)a* a{2} a{1,2} b{0,} b{2,}? (a*)* (|a)* (a|b)*? (?:(a)|b)+ (?:a*)+ (^a*){2,3} | \. \Qa.b\E \x61 \x{e9} \07 _ - / é K [k] (?i:[k]) \n [\d-] []a] [a\]] [a-] () (^a) (x{2}){2} (?i-s:a) (?)`,
);
const wrong = words(
  String.raw`( ) [ [a [b-a] * a** a{1001} a{2,1} (?P<n>a)(?P<n>b) (?P<1a) (?P<>a) (?z) (?=a) (?<!a) \ \8 \C \pX \p{Nope} \x \xz \x{ \x{110000} a{,2} x{ (?i [[:nope:]] (a{1000}){2} ((a{10}){10}){11} \1 \Z (?i-) (?-) [a-\d] +a a{1}{2} (?:a \pN} \p \QE (?P=n) a+* \xff a(?i)* a|* (* ^* \Q [\Q] [\b] x{100000000} (?--i)`,
);
export const pattern = mostly(
  fc.array(pieces, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
  fc.tuple(words('a (b) x| '), wrong, words('a (b) )  ')).map((parts) => parts.join('')),
  4,
);
const texts = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'ab',
      'aa',
      'db-',
      '/',
      '_',
      '-',
      '.',
      'é',
      'É',
      'k',
      'K',
      '\u212a',
      '\n',
      '1',
      'λ',
      '😀',
      ' ',
    ),
    { maxLength: 6 },
  )
  .map((parts) => bytes(parts.join('')));
export const subject = mostly(
  texts,
  texts.map((text) => `${text}\xffa`),
  4,
);
export const replacement = fc
  .array(words('x $1 ${1} $1_y ${1}_y $$ $ ${n} $n ${ $0 ${x $2 ${01} $é \\1 ${} $99999999999'), { maxLength: 3 })
  .map((parts) => parts.join(''));
