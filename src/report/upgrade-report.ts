/** What `upgrade-manifests` found and did, for people. */
import type { Problem } from '../model/problem.ts';
import { renderProblems } from './problem-report.ts';
import { renderTable } from './table.ts';
import { plural } from './plural.ts';

export type UpgradeItem = {
  readonly file: string;
  /** refused: it would not say the same. changed: somebody wrote it meanwhile. */
  readonly state: 'unchanged' | 'planned' | 'written' | 'refused' | 'changed';
  readonly upgraded: readonly {
    readonly line: number;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  }[];
  readonly left: readonly { readonly line: number; readonly what: string; readonly because: string }[];
  readonly diff: string;
};

export function renderUpgrade(
  items: readonly UpgradeItem[],
  problems: readonly Problem[],
  next: readonly string[],
  { withDiff }: { readonly withDiff: boolean },
): string {
  const found = renderFound(items, problems);
  return [...(withDiff ? diffs(items) : []), summary(items, problems), ...found, ...next].join('\n') + '\n';
}

export function renderUpgradeMarkdown(
  items: readonly UpgradeItem[],
  problems: readonly Problem[],
  next: readonly string[],
): string {
  const left = renderFound(items, problems).map((line) => `- ${line.trim()}`);
  const diff = diffs(items);
  return (
    [
      summary(items, problems),
      ...(diff.length === 0 ? [] : ['', '```diff', ...diff, '```']),
      ...(left.length === 0 ? [] : ['', ...left]),
      '',
      ...next,
    ].join('\n') + '\n'
  );
}

export function renderDiff(items: readonly UpgradeItem[]): string {
  return diffs(items)
    .map((line) => `${line}\n`)
    .join('');
}

function diffs(items: readonly UpgradeItem[]): string[] {
  return items.flatMap(({ diff }) => (diff === '' ? [] : [diff.trimEnd()]));
}

function summary(items: readonly UpgradeItem[], problems: readonly Problem[]): string {
  const of = (...states: UpgradeItem['state'][]): UpgradeItem[] => items.filter(({ state }) => states.includes(state));
  const objects = (list: readonly UpgradeItem[]): string =>
    plural(
      list.reduce((sum, { upgraded }) => sum + upgraded.length, 0),
      'object',
    );
  const [planned, written] = [of('planned'), of('written')];
  if (written.length > 0)
    return `✓ ${objects(written)} in ${plural(written.length, 'file')} ${written.length === 1 ? 'is' : 'are'} external-secrets.io/v1 now`;
  if (planned.length > 0)
    return `${objects(planned)} in ${plural(planned.length, 'file')} would become external-secrets.io/v1.`;
  return problems.length > 0 || items.some(({ state }) => state !== 'unchanged')
    ? 'Nothing can be upgraded.'
    : '✓ Nothing is external-secrets.io/v1beta1.';
}

function renderFound(items: readonly UpgradeItem[], problems: readonly Problem[]): string[] {
  const rows = items.flatMap(({ file, left }) =>
    left.map(({ line, what, because }) => [`${file}:${line}`, what, because]),
  );
  // What stays as it is has a line of its own already.
  const others = problems.filter(({ code }) => code !== 'M109');
  return [
    ...(rows.length === 0 ? [] : ['Left as they are:', ...renderTable(rows, { indent: 2 })]),
    ...(others.length === 0 ? [] : [renderProblems(others)]),
  ];
}
