import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { GoError, Unpredictable } from '../../../src/eso/go-error.ts';
import type { GoString } from '../../../src/eso/go/go-string.ts';
import { goString, textOf } from '../../../src/eso/go/go-string.ts';
import type { TemplateFunction, TemplateFunctions } from '../../../src/eso/template/go-value.ts';
import { nil } from '../../../src/eso/template/go-value.ts';
import { renderTemplate } from '../../../src/eso/template/render-template.ts';
import { oracleFunctions } from './oracle-functions.ts';

const anyCharacter = fc.oneof(
  fc.constantFrom('é', '☃', '\u{1f600}', '\0', '\n', '{', '}', ' '),
  fc.string({ minLength: 1, maxLength: 1 }),
);
const secret = 'example-secret-5';

function rendered(text: string, functions: TemplateFunctions = oracleFunctions, name = 'K'): string {
  const data = new Map<GoString, GoString>([[goString('key'), goString(secret)]]);
  return textOf(renderTemplate({ name, text: goString(text), data, functions }));
}

function failure(text: string, name = 'K'): GoError {
  try {
    rendered(text, oracleFunctions, name);
  } catch (error) {
    assert.ok(error instanceof GoError);
    return error;
  }
  return assert.fail('it is executed');
}

function untold(text: string): string {
  try {
    return rendered(text);
  } catch (error) {
    assert.ok(error instanceof Unpredictable);
    assert.equal(error.reason, 'template');
    return error.because;
  }
}

describe('an error of a template', () => {
  const revealing: readonly (readonly [text: string, printed: string])[] = [
    ['{{ range .key }}{{ end }}', "range can't iterate over <redacted>"],
    ['{{ fail .key }}', 'error calling fail: <redacted>'],
    ['{{ eq (list .key) (list .key) }}', 'error calling eq: non-comparable type <redacted>: []interface {}'],
    ['{{ .key | call }}', 'error calling call: non-function <redacted> of type string'],
    ['{{ index .key 99 }}', 'error calling index: index out of range: <redacted>'],
    ['{{ slice .key 3 1 }}', 'error calling slice: invalid slice index: <redacted> > <redacted>'],
  ];
  for (const [text, printed] of revealing)
    it(`marks what comes of a value: ${text}`, () => {
      const { text: said, reason } = failure(text);
      assert.equal(reason, 'template');
      assert.ok(said.toString().endsWith(printed), said.toString());
      assert.doesNotMatch(said.toString(), /example/);
    });

  it('marks all of it where its name is taken for a format', () => {
    const text = '%s %s {{ fail .key }}';
    const { text: said } = failure(text, text);
    assert.match(said.reveal(), /example-secret-5/);
    assert.equal(said.toString(), '<redacted>');
  });

  it('shows what is in the template', () => {
    assert.equal(
      failure('x\n  {{ .missing }}').text.toString(),
      'template: K:2:5: executing "K" at <.missing>: map has no entry for key "missing"',
    );
  });
});

describe('what is not told', () => {
  const cases: readonly (readonly [text: string, because: string])[] = [
    ['{{ 1i }}', 'its template has an imaginary number'],
    ['{{ 1+2i }}', 'its template has a complex number'],
    ['{{ printf "%p" list }}', 'its template prints a slice with %p'],
    ['{{ printf "%b" 1.5 }}', 'its template prints a float with %b'],
    ['{{ slice (list 1) 0 2 }}', 'its template slices beyond the end of a list'],
    ['{{ eq list list }}', 'its template compares an empty slice'],
    ['{{ set nil "x" 1 }}', 'its template uses a nil map[string]interface {}'],
    ['{{ range 1000000000 }}{{ end }}', 'its template takes too many steps'],
    [
      '{{ range 400000 }}a text of fifty characters, or of a few more than that{{ end }}',
      'its template makes a text of more than 16 MiB',
    ],
    ['{{ $x := "aa" }}{{ range 40 }}{{ $x = print $x $x }}{{ end }}', 'its template makes a text of more than 16 MiB'],
    ['{{ $x := dict }}{{ $_ := set $x "x" $x }}{{ $x }}', 'its template prints a value that is nested too deeply'],
    [
      '{{ define "x" }}{{ template "x" (plus . 1) }}{{ end }}{{ template "x" 1 }}',
      'its template executes templates too deeply within each other',
    ],
    [`{{ ${'('.repeat(20_000)}`, 'its template has too many parentheses inside each other'],
    ['{{ if .key }}'.repeat(20_000), 'its template is nested too deeply'],
    ['{{ if .missing }}' + '{{ else if .key }}'.repeat(20_000), 'its template is nested too deeply'],
  ];
  for (const [text, because] of cases)
    it(text.slice(0, 80), () => {
      assert.equal(untold(text), because);
    });

  it('goes as deep as it may, without an end of the stack', () => {
    const nested = (opening: string, times: number, inner: string, closing: string): string =>
      opening.repeat(times) + inner + closing.repeat(times);
    const parentheses = `{{ ${nested('(print ', 199, '1', ')')} }}`;
    assert.equal(rendered(nested('{{ with .key }}{{ with $ }}', 200, parentheses, '{{ end }}{{ end }}')), '1');
    const recursive = `{{ define "x" }}{{ if lt . 280 }}{{ template "x" (plus . 1) }}{{ else }}${parentheses}{{ end }}{{ end }}`;
    assert.equal(rendered(`${recursive}{{ template "x" 0 }}`), '1');
  });
});

describe('renderTemplate', () => {
  it('gives a text without actions back', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        fc.pre(!text.includes('{{'));
        assert.equal(rendered(text), text);
      }),
    );
  });

  it('prints any literal', () => {
    fc.assert(
      fc.property(fc.string(), fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (text, number) => {
        assert.equal(rendered(`{{ ${JSON.stringify(text)} }}{{ ${number} }}`), `${text}${number}`);
      }),
    );
  });

  it('never ends with anything but the outcomes of its contract', () => {
    const word = fc.constantFrom(
      ...' . | ( ) $x := = , {{ }} {{- -}} "a" 1 2.5 nil .key list dict if range end else with printf index'.split(' '),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        try {
          rendered(`{{ ${words.join(' ')} }}`);
        } catch (error) {
          assert.ok(error instanceof GoError || error instanceof Unpredictable, String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the tree of a text that comes again, until a thousand others came', () => {
    let lookups = 0;
    class Counted extends Map<string, TemplateFunction> {
      override has(name: string): boolean {
        lookups++;
        return super.has(name);
      }
    }
    const functions = new Counted(oracleFunctions);
    const text = '{{ upper "x" }}';
    for (let time = 0; time < 5; time++) rendered(text, functions);
    assert.equal(lookups, 2);
    for (let other = 0; other < 1024; other++) rendered(`${text}${other}`, functions);
    assert.equal(lookups, 2 + 1024);
    rendered(text, functions);
    assert.equal(lookups, 2 + 1025);
  });

  it('keeps the parsed templates of different functions apart', () => {
    assert.equal(rendered('{{ upper "x" }}'), 'X');
    assert.throws(() => rendered('{{ upper "x" }}', new Map()), GoError);
    assert.equal(rendered('{{ upper "x" }}', oracleFunctions, 'L'), 'X');
  });

  it('lets functions take the place of those that the language has', () => {
    const functions: TemplateFunctions = new Map([['and', { parameters: ['string'], call: (value = nil) => value }]]);
    assert.equal(rendered('{{ and "only" }}', functions), 'only');
  });
});
