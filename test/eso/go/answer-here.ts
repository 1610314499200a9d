/** The answers of src/eso to the questions that Go was asked (test/eso/oracle/go), in the form that they were recorded in. */
import { GoError, Unpredictable } from '../../../src/eso/go-error.ts';
import { decodeBase64 } from '../../../src/eso/go/base64.ts';
import { formatFloat, formatFloat32 } from '../../../src/eso/go/format-float.ts';
import type { FloatFormat } from '../../../src/eso/go/format-float.ts';
import { asGoString, textOf } from '../../../src/eso/go/go-string.ts';
import type { GoString } from '../../../src/eso/go/go-string.ts';
import { isDigit, isLetter, isNumber, isPrintable } from '../../../src/eso/go/letters.ts';
import { marshal, unmarshal, unmarshalMap, unmarshalRawMap, unmarshalString } from '../../../src/eso/go/json.ts';
import { parseFloat64 } from '../../../src/eso/go/parse-float.ts';
import { quote, quoteRaw, quoteRune } from '../../../src/eso/go/quote.ts';
import { compileRegexp } from '../../../src/eso/go/regexp.ts';
import { runesOf } from '../../../src/eso/go/runes.ts';
import { gjsonGet } from '../../../src/eso/gjson/gjson-get.ts';

export type Answer = string | null | readonly string[] | { readonly error: string };
export type Refusal = { readonly unpredictable: string };

export function answerHere(operation: string, args: readonly string[]): Answer | Refusal {
  try {
    return answer(operation, args.map(asGoString));
  } catch (error) {
    if (error instanceof GoError) return { error: bytes(error.text.reveal()) };
    if (error instanceof Unpredictable) return { unpredictable: error.because };
    throw error;
  }
}

const classes = { letter: isLetter, number: isNumber, digit: isDigit, print: isPrintable };

function rangesOf(name: string): string {
  const isIn = classes[name as keyof typeof classes];
  const ranges: string[] = [];
  let start: number | undefined;
  for (let code = 0; code <= 0x110000; code++) {
    const is = code <= 0x10ffff && isIn(code);
    if (is) start ??= code;
    else if (start !== undefined) {
      ranges.push(`${start.toString(16)}-${(code - 1).toString(16)}`);
      start = undefined;
    }
  }
  return ranges.join(' ');
}

const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

function answer(operation: string, args: readonly GoString[]): Answer {
  const [first = asGoString(''), second = asGoString(''), third = '', fourth = ''] = args;
  switch (operation) {
    case 'gjson':
      return gjsonGet(first, second) ?? null;
    case 'rawMap':
      return [...unmarshalRawMap(first)].toSorted(([a], [b]) => (a < b ? -1 : 1)).flat();
    case 'string':
      return unmarshalString(first) ?? null;
    case 'remarshal':
      return marshal(unmarshal(first, 'float'));
    case 'remarshalRaw':
      return marshal(unmarshal(first, 'float'), { escapeHtml: false });
    case 'useNumber':
      return marshal(unmarshal(first, 'literal'));
    case 'map':
      return marshal({ kind: 'map', type: 'map[string]interface {}', entries: unmarshalMap(first) });
    case 'marshalString':
      return marshal({ kind: 'string', value: first });
    case 'formatFloat': {
      const value = parseFloat64(first) ?? 0;
      return fourth === '32'
        ? formatFloat32(Math.fround(value), second as FloatFormat & GoString, Number(third))
        : formatFloat(value, second as FloatFormat & GoString, Number(third));
    }
    case 'parseFloat': {
      const value = parseFloat64(first);
      return value === undefined ? null : formatFloat(value, 'g', -1);
    }
    case 'quote':
      return [quote(first), quote(first, true), quoteRaw(first), quoteRaw(first, true)].join(' ');
    case 'quoteRune':
      return [quoteRune(Number(first)), quoteRune(Number(first), true)].join(' ');
    case 'base64':
      return decodeBase64(first, 'standard');
    case 'base64url':
      return decodeBase64(first, 'url');
    case 'runes':
      return [...runesOf(first)].map(({ at, code }) => `${String(at)}:${code.toString(16)}`).join(' ');
    case 'replace':
      return compileRegexp(textOf(first)).replaceAll(second, asGoString(third));
    case 'matches': {
      const spans = compileRegexp(textOf(first)).findAll(second);
      return `[${spans.map((match) => `[${match.map((span) => `${String(span?.start ?? -1)} ${String(span?.end ?? -1)}`).join(' ')}]`).join(' ')}]`;
    }
    case 'class':
      return rangesOf(first);
    default:
      throw new Error(`no such operation: ${operation}`);
  }
}
