/** sprig's regular expressions: package regexp. What cannot be parsed is an error in the `must` forms and a panic in the others. */
import type { SecretValue } from '../../../model/secret-value.ts';
import { GoError } from '../../go-error.ts';
import type { GoString } from '../../go/go-string.ts';
import { asGoString, textOf } from '../../go/go-string.ts';
import { quoteRaw } from '../../go/quote.ts';
import type { GoRegexp } from '../../go/regexp.ts';
import { compileRegexp } from '../../go/regexp.ts';
import { validUtf8 } from '../../go/runes.ts';
import type { GoValue, TemplateFunction } from '../go-value.ts';
import { bool, failed, goFunction, nilSlice, shown, string, strings } from './go-function.ts';

type Compile = (pattern: GoString) => GoRegexp;

/** regexp.Compile. Its errors repeat the pattern, which may be made of a value. */
const compile: Compile = (pattern) => {
  if (validUtf8(pattern) !== pattern) throw failed('error parsing regexp: invalid UTF-8: `', shown(pattern), '`');
  try {
    return compileRegexp(textOf(pattern));
  } catch (error) {
    throw error instanceof GoError ? failed(...marked(error)) : error;
  }
};

const mustCompile: Compile = (pattern) => {
  try {
    return compile(pattern);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw failed('regexp: Compile(', shown(quoteRaw(pattern)), '): ', ...error.text.parts);
  }
};

function marked(error: GoError): (string | SecretValue)[] {
  const text = error.text.reveal();
  const at = text.indexOf(': `');
  return at < 0 ? [text] : [text.slice(0, at + 2), shown(asGoString(text.slice(at + 2)))];
}

function matches(pattern: GoRegexp, value: GoString, most: bigint): GoValue {
  const found = pattern.findAll(value, Number(most)).map(([{ start, end }]) => asGoString(value.slice(start, end)));
  return found.length === 0 ? nilSlice('[]string') : strings(found);
}

function firstMatch(pattern: GoRegexp, value: GoString): GoValue {
  const [span] = pattern.find(value) ?? [];
  return string(asGoString(span === undefined ? '' : value.slice(span.start, span.end)));
}

function parts(pattern: GoRegexp, value: GoString, most: bigint): GoValue {
  return most === 0n ? nilSlice('[]string') : strings(pattern.split(value, Number(most)));
}

function matchesOrFails(pattern: GoString, value: GoString): GoValue {
  try {
    return bool(compile(pattern).test(value));
  } catch (error) {
    if (error instanceof GoError) return bool(false);
    throw error;
  }
}

/** The plain form and the one with `must`. */
function both(name: string, make: (compile: Compile) => TemplateFunction): [string, TemplateFunction][] {
  return [
    [name, make(mustCompile)],
    [`must${name.charAt(0).toUpperCase()}${name.slice(1)}`, make(compile)],
  ];
}

export const regexFunctions: readonly [string, TemplateFunction][] = [
  ['regexMatch', goFunction(['string', 'string'], matchesOrFails)],
  ['mustRegexMatch', goFunction(['string', 'string'], (pattern, value) => bool(compile(pattern).test(value)))],
  ...both('regexFind', (using) =>
    goFunction(['string', 'string'], (pattern, value) => firstMatch(using(pattern), value)),
  ),
  ...both('regexFindAll', (using) =>
    goFunction(['string', 'string', 'int'], (pattern, value, most) => matches(using(pattern), value, most)),
  ),
  ...both('regexReplaceAll', (using) =>
    goFunction(['string', 'string', 'string'], (pattern, value, by) => string(using(pattern).replaceAll(value, by))),
  ),
  ...both('regexReplaceAllLiteral', (using) =>
    goFunction(['string', 'string', 'string'], (pattern, value, by) =>
      string(using(pattern).replaceAllLiteral(value, by)),
    ),
  ),
  ...both('regexSplit', (using) =>
    goFunction(['string', 'string', 'int'], (pattern, value, most) => parts(using(pattern), value, most)),
  ),
  [
    'regexQuoteMeta',
    goFunction(['string'], (value) => string(asGoString(value.replace(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`)))),
  ],
];
