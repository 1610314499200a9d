/** Against what Go's text/template answered: test/eso/oracle/template records it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { GoError, Unpredictable } from '../../../src/eso/go-error.ts';
import { bytesOf, goString, goStringOfBytes } from '../../../src/eso/go/go-string.ts';
import { renderTemplate } from '../../../src/eso/template/render-template.ts';
import { oracleFunctions } from './oracle-functions.ts';

type Recorded = {
  readonly text: string;
  readonly named?: true;
  readonly delimiters?: readonly [string, string];
  readonly lenient?: true;
  readonly output?: string;
  readonly bytes?: string;
  readonly error?: string;
};

const recorded = JSON.parse(readFileSync(new URL('recorded-templates.json', import.meta.url), 'utf8')) as Recorded[];
const data = new Map(
  Object.entries({
    a: 'alpha',
    b: 'beta',
    empty: '',
    number: '42',
    html: `<b>&"'=</b>\\`,
    text: 'h\u00e9\u2028\u00a0\u{1f600} x',
    percent: '100% %d',
    'a-b': 'dashed',
    lines: 'one\ntwo\n',
  }).map(([key, value]) => [goString(key), goString(value)]),
);
data.set(goString('bytes'), goStringOfBytes(Buffer.from('fffe6f6b', 'hex')));

describe('renderTemplate', () => {
  it('does what text/template does', () => {
    const differences: unknown[] = [];
    const untold = new Map<string, number>();
    for (const asked of recorded) {
      const answer = answered(asked);
      if (typeof answer === 'object' && 'because' in answer)
        untold.set(answer.because, (untold.get(answer.because) ?? 0) + 1);
      else if (answer !== wanted(asked)) differences.push({ text: asked.text, wanted: wanted(asked), answer });
    }
    assert.deepEqual(differences, []);
    assert.deepEqual(Object.fromEntries(untold), {
      'its template prints a float with %x': 4,
      'its template prints a float with %X': 2,
      "its template's text, which is the name in the error too, holds a %": 4,
    });
  });
});

function wanted({ output, bytes, error }: Recorded): string {
  if (error !== undefined) return `error: ${error}`;
  return `output: ${Buffer.from(bytes ?? output ?? '', bytes === undefined ? 'utf8' : 'base64').toString('hex')}`;
}

function answered({ text, named, delimiters, lenient }: Recorded): string | { readonly because: string } {
  try {
    const output = renderTemplate({
      name: named === true ? text : 'K',
      text: goString(text),
      data,
      functions: oracleFunctions,
      missingKey: lenient === true ? 'default' : 'error',
      ...(delimiters !== undefined && { delimiters }),
    });
    return `output: ${Buffer.from(bytesOf(output)).toString('hex')}`;
  } catch (error) {
    if (error instanceof GoError) return `error: ${error.text.reveal()}`;
    if (error instanceof Unpredictable) return { because: error.because };
    throw error;
  }
}
