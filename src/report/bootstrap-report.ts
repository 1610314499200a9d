/** What setting Vault up would do, or has done. */
import type { Problem } from '../model/problem.ts';
import { count, renderProblems, renderProblemsMarkdown } from './problem-report.ts';
import { renderTable } from './table.ts';

export type BootstrapThing = {
  readonly thing: string;
  readonly name: string;
  readonly about: string;
  readonly action: 'create' | 'update' | 'unchanged' | 'refused';
  readonly owner: 'lockstep' | 'others';
  readonly differences: readonly string[];
  readonly outcome: 'planned' | 'written' | 'already' | 'failed' | 'not reached' | 'unchanged' | 'refused';
};

export type BootstrapItem = {
  readonly environment: string;
  /** The address that was talked to. */
  readonly vault: string;
  readonly things: readonly BootstrapThing[];
};

const symbols: Readonly<Record<BootstrapThing['outcome'], string>> = {
  planned: '+',
  written: '✓',
  already: '=',
  unchanged: '=',
  refused: '✗',
  failed: '✗',
  'not reached': '–',
};

/** For progress: one line. */
export function renderThing(thing: BootstrapThing): string {
  const [state = '', of = '', name = ''] = rowOf(thing);
  return `${state}: ${of} ${name}`;
}

function rowOf({ thing, name, about, action, owner, outcome }: BootstrapThing): string[] {
  const word = outcome === 'planned' ? action : outcome === 'written' ? done[action] : outcome;
  const symbol = outcome === 'planned' && action === 'update' ? '~' : symbols[outcome];
  const foreign = action === 'unchanged' && owner === 'others' ? "not Lockstep's, but right" : '';
  return [`${symbol} ${word}`, thing, name, [foreign, about].filter((text) => text !== '').join('; ')];
}

const done = { create: 'created', update: 'updated', unchanged: 'unchanged', refused: 'refused' } as const;

export function renderPlan(item: BootstrapItem): string {
  const table = renderTable(item.things.map(rowOf), { indent: 2 });
  const lines = item.things.flatMap(({ differences }, index) => [
    table[index] ?? '',
    ...differences.map((line) => `      ${line}`),
  ]);
  return [`Vault for ${item.environment}: ${item.vault}`, '', ...lines, '', totals(item), ''].join('\n');
}

/** `2 created, 7 unchanged.` */
function totals({ things }: BootstrapItem): string {
  const words = things.map(({ action, outcome }) =>
    outcome === 'planned' ? `to ${action}` : outcome === 'written' ? done[action] : outcome,
  );
  const parts = [...new Set(words)].map((word) => `${words.filter((one) => one === word).length} ${word}`);
  return `${parts.join(', ')}.`;
}

/** @param next the last line: what to do */
export function renderBootstrap(
  item: BootstrapItem | undefined,
  problems: readonly Problem[],
  next: readonly string[],
): string {
  return [
    ...(item === undefined ? [] : [renderPlan(item)]),
    ...(problems.length === 0 ? [] : [renderProblems(problems), '', `✗ ${count(problems.length)}`]),
    ...next,
    '',
  ].join('\n');
}

export function renderBootstrapMarkdown(
  item: BootstrapItem | undefined,
  problems: readonly Problem[],
  next: readonly string[],
): string {
  const rows = item?.things.map((thing) => {
    const [state = '', of = '', name = '', about = ''] = rowOf(thing);
    const more = [about, ...thing.differences.map((line) => `\`${line}\``)].filter((text) => text !== '').join('<br>');
    return `| ${state} | ${of} | \`${name}\` | ${more.replaceAll('|', '\\|')} |\n`;
  });
  return [
    ...(item === undefined || rows === undefined
      ? []
      : [
          `**${item.environment}**: Vault ${item.vault}: ${totals(item)}\n\n| | Thing | Name | |\n|---|---|---|---|\n${rows.join('')}`,
        ]),
    ...(problems.length === 0 ? [] : [renderProblemsMarkdown(problems)]),
    ...next,
    '',
  ].join('\n');
}
