/** Edits of config/applications.ts are held against what TypeScript itself makes of the text, before and after. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { format } from 'prettier';
import ts from 'typescript';
import type { ApplicationDefinition, StoreName } from '../../src/model/configuration.ts';
import { proposeEdits } from '../../src/rollout/plan-edit.ts';
import { undoEdit } from '../../src/rollout/undo-edit.ts';
import { checkout } from '../fixtures/repository.ts';

const stores: readonly StoreName[] = ['vault-secret-store', 'azure-keyvault-store'];
const stock = readFileSync(path.join(checkout, 'config', 'applications.ts'), 'utf8');
const azureConfig: ApplicationDefinition = {
  name: 'ai-platform-engineering',
  namespace: 'ai-platform-engineering',
  chart: { type: 'AiPlatformEngineeringChart', props: { secretStore: 'azure-keyvault-store' } },
};

/** What the text exports. */
function load(text: string): ApplicationDefinition[] {
  const plain = text
    .replace(/^import .*$/gm, '')
    .replace(/export const applications\b/, 'const applications')
    .concat('\nreturn applications;');
  const { outputText } = ts.transpileModule(plain, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- a test's own text
  return new Function('defineApplications', 'defineApplication', 'aiPlatformAzureConfig', outputText)(
    (list: unknown) => list,
    (one: unknown) => one,
    azureConfig,
  ) as ApplicationDefinition[];
}

function withStore(applications: readonly ApplicationDefinition[], name: string, store: StoreName): object[] {
  return applications.map((one) =>
    one.name === name ? { ...one, chart: { ...one.chart, props: { ...one.chart.props, secretStore: store } } } : one,
  );
}

/** The best proposal. */
function edited(text: string, name: string, store: StoreName): string {
  const [first] = proposeEdits(text, load(text), name, store);
  assert.ok(first !== undefined, text);
  return first;
}

const space = fc.constantFrom(' ', '', '\n    ', ' /* a, { comment */ ', '\n    // it\'s "one" with [ brackets\n    ');
const quote = fc.constantFrom("'", '"');
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const otherProps = fc.constantFrom(
  '',
  "image: 'nginx:1'",
  'port: 80',
  "note: `a } ${'{'} b`",
  "agents: ['x', 'y']",
  'match: /[}/"]\\//',
);

const entry = fc
  .record({
    ...{ between: space, q: quote, trailing: fc.boolean(), other: otherProps, quotedKeys: fc.boolean() },
    ...{ store: fc.constantFrom('no props', 'none', 'first', 'last'), value: fc.constantFrom(...stores) },
    form: fc.constantFrom('object', 'call', 'constant'),
  })
  .map((shape) => (of: string): { before: string; element: string } => {
    const { between: s, q, trailing, other, quotedKeys, store, value, form } = shape;
    const key = (text: string): string => (quotedKeys ? `${q}${text}${q}` : text);
    const list = (parts: readonly string[]): string =>
      parts.length === 0 ? '{}' : `{${s}${parts.join(`,${s}`)}${trailing ? ',' : ''}${s}}`;
    const assigned = `${key('secretStore')}:${s}${q}${value}${q}`;
    const rest = other === '' ? [] : [other];
    const props = { 'no props': undefined, none: rest, first: [assigned, ...rest], last: [...rest, assigned] }[store];
    const type = `${key('type')}: ${q}NextJsChart${q}`;
    const chart = list([type, ...(props === undefined ? [] : [`${key('props')}: ${list(props)}`])]);
    const object = list([`${key('name')}: ${q}${of}${q}`, `namespace: 'n'`, `${key('chart')}: ${chart}`]);
    if (form === 'constant')
      return { before: `const c_${of.replaceAll('-', '_')} = ${object};\n`, element: `c_${of.replaceAll('-', '_')}` };
    return { before: '', element: form === 'call' ? `defineApplication(${object})` : object };
  });

const layout = fc
  .record({
    entries: fc.uniqueArray(fc.tuple(name, entry), { minLength: 1, maxLength: 5, selector: ([of]) => of }),
    ...{
      s: space,
      trailing: fc.boolean(),
      list: fc.constantFrom('call', 'bare', 'typed'),
      end: fc.constantFrom(';', '', ' as const;'),
    },
    crlf: fc.boolean(),
  })
  .map(({ entries, s, trailing, list, end, crlf }) => {
    const written = entries.map(([of, render]) => render(of));
    const elements = `[${s}${written.map(({ element }) => element).join(`,${s}`)}${trailing ? ',' : ''}${s}]`;
    const value = list === 'call' ? `defineApplications(${elements})` : elements;
    const typed = list === 'typed' ? ': readonly Application[]' : '';
    const text =
      `import { defineApplications } from '../src/model/define';\n// const applications = [\n` +
      `${written.map(({ before }) => before).join('')}export const applications${typed} = ${value}${end}\n`;
    return { names: entries.map(([of]) => of), text: crlf ? text.replaceAll('\n', '\r\n') : text };
  });

describe('an edit of config/applications.ts', () => {
  it('gives exactly one application another store, however the file is laid out', () => {
    fc.assert(
      fc.property(layout, fc.nat(), fc.constantFrom(...stores), ({ names, text }, at, store) => {
        const of = names[at % names.length] ?? '';
        const after = edited(text, of, store);
        assert.deepEqual(JSON.stringify(sorted(load(after))), JSON.stringify(sorted(withStore(load(text), of, store))));
        assert.equal(edited(after, of, store), after, 'a second time it changes nothing');
        const lines = text.split('\n').filter((line) => !after.includes(line));
        assert.ok(lines.length <= 3, `more than its own lines: ${lines.join('\n')}`);
      }),
      { numRuns: 500 },
    );
  });

  it('of the AI platform is the two edits of the guide, and back', () => {
    const after = edited(stock, 'ai-platform-engineering', 'azure-keyvault-store');
    const entry =
      "{ name: 'ai-platform-engineering', namespace: 'ai-platform-engineering', chart: { type: 'AiPlatformEngineeringChart' } },";
    const byTheGuide = stock.replace('// import { ai', 'import { ai').replace(entry, 'aiPlatformAzureConfig,');
    assert.equal(after, byTheGuide);
    const back = edited(after, 'ai-platform-engineering', 'vault-secret-store');
    assert.match(back, /^\/\/ import \{ aiPlatformAzureConfig \}/m);
    assert.deepEqual(load(back), withStore(load(stock), 'ai-platform-engineering', 'vault-secret-store'));
  });

  it('leaves a file that prettier has nothing against', async () => {
    for (const { name: of } of load(stock))
      for (const store of stores) {
        const after = edited(stock, of, store);
        const options = { parser: 'typescript', singleQuote: true, printWidth: 120 } as const;
        assert.equal(await format(after, options), after, `${of} to ${store}`);
      }
  });

  it('keeps what else the entry of the AI platform says', () => {
    const agents = stock.replace(
      "{ type: 'AiPlatformEngineeringChart' }",
      "{ type: 'AiPlatformEngineeringChart', props: { agents: ['jira'] } }",
    );
    const after = edited(agents, 'ai-platform-engineering', 'azure-keyvault-store');
    assert.match(after, /props: \{ secretStore: 'azure-keyvault-store', agents: \['jira'\] \}/);
    assert.match(after, /^\/\/ import/m);
  });

  it('is not proposed where the file is written in another way', () => {
    const rows = ["name: 'a', namespace: 'a', chart", "name: 'a', namespace: 'a', chart: { type: 'T', props }", '...a'];
    const a = { name: 'a', namespace: 'a', chart: { type: 'NextJsChart' } } as const;
    for (const row of rows)
      assert.deepEqual(proposeEdits(`export const applications = [{ ${row} }];`, [a], 'a', 'vault-secret-store'), []);
    for (const text of [
      'export const applications = names.map(define);',
      "export const applications = [{ name: 'a', chart: { type: 'x' }",
      "export const applications = [{ name: 'b', chart: { type: 'x' } }];",
      "export const applications = `${'",
      'export { applications } from "./others";',
    ])
      assert.deepEqual(proposeEdits(text, [a], 'a', 'vault-secret-store'), [], text);
  });

  it('is taken back where the file has changed elsewhere since', () => {
    const after = edited(stock, 'ai-platform-engineering', 'azure-keyvault-store');
    const edit = { before: stock, after };
    assert.equal(undoEdit(after, edit), stock);
    const elsewhere = (text: string): string => text.replace("name: 'headlamp'", "name: 'headlamp2'");
    assert.equal(undoEdit(elsewhere(after), edit), elsewhere(stock));
    assert.equal(undoEdit(stock, edit), undefined);
    assert.equal(undoEdit(after + after, edit), undefined);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof RegExp) return String(value);
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, of]) => [key, sorted(of)]),
  );
}
