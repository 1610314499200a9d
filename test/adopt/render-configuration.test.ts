import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import vm from 'node:vm';
import fc from 'fast-check';
import { renderConfiguration } from '../../src/adopt/render-configuration.ts';
import type { Configuration } from '../../src/model/configuration.ts';

/** What the file says, as Node would read it. */
function evaluated(text: string, define: string): unknown {
  const literal = new RegExp(`${define}\\((?:\\w+, )?([^]*)\\);\\n$`).exec(text)?.[1] ?? '';
  return JSON.parse(JSON.stringify(vm.runInNewContext(`(${literal})`)));
}

describe('the files of config/', () => {
  it('say any text as it is, whatever quotes, escapes and line breaks it has', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom("it's", 'say "x"', `'"\\`, '\\', '\n', '${a}', '`', '\u2028'),
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          text.filter((key) => key !== '__proto__'),
          text,
        ),
        (labels) => {
          const secrets = { a: { description: 'x', labels } } as unknown as Configuration['secrets'];
          const file =
            renderConfiguration({ applications: [], secrets, environments: {} }, '../x').get('secrets.ts') ?? '';
          assert.deepEqual(evaluated(file, 'defineSecrets'), JSON.parse(JSON.stringify(secrets)));
        },
      ),
    );
  });

  it('are laid out as prettier would, within 120 columns', () => {
    const long = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`FIELD_NUMBER_${index}`, 'text']));
    const secrets = { a: { description: 'x', fields: long } } as unknown as Configuration['secrets'];
    const file = renderConfiguration({ applications: [], secrets, environments: {} }, '../x').get('secrets.ts') ?? '';
    assert.ok(file.split('\n').every((line) => line.length <= 120));
    assert.match(file, /\n {4}fields: \{\n {6}FIELD_NUMBER_0: 'text',\n/);
  });
});
