/** What `npm run list-secrets` shows. */
import type { ListedCatalogSecret } from '../inventory/list-secrets.ts';
import { renderTable } from './table.ts';
import { plural } from './plural.ts';

export type SecretsItem = {
  readonly environment: string;
  readonly stores: readonly { readonly store: string; readonly name: string }[];
  readonly secrets: readonly ListedCatalogSecret[];
  /** Names in the stores that the catalog does not know; undefined where one may not be listed. */
  readonly undeclared: readonly string[] | undefined;
};

const words: Readonly<Record<Exclude<ListedCatalogSecret['state'], 'present'>, string>> = {
  missing: 'missing',
  deleted: 'deleted: it can be recovered',
  disabled: 'disabled: nobody can read it',
  forbidden: 'not yours to see',
};

/** Whether a person has something to do about it. */
export function isOpen({ state, findings, overdue }: ListedCatalogSecret): boolean {
  return state !== 'present' || findings.length > 0 || overdue.length > 0;
}

export function renderSecrets(item: SecretsItem, next: string): string {
  const rows = item.secrets.map((secret) => [
    `${secret.state === 'present' ? (isOpen(secret) ? '!' : '✓') : '✗'} ${secret.name}`,
    `${secret.remote}${secret.version === '' ? '' : ` v${secret.version}`}`,
    secret.state === 'present' ? present(secret) : words[secret.state],
  ]);
  const table = renderTable(rows, { indent: 4 });
  const groups = Map.groupBy(
    item.secrets.map((secret, index) => ({ secret, line: table[index] ?? '' })),
    ({ secret }) => secret.application,
  );
  return [
    `Secrets of ${item.environment}: ${item.stores.map(({ name }) => name).join(', ')}`,
    ...[...groups].flatMap(([application, of]) => [
      '',
      `  ${application}`,
      ...of.flatMap(({ secret, line }) => [line, ...remarks(secret).map((remark) => `        ${remark}`)]),
    ]),
    '',
    ...besides(item).map((line) => (line === '' ? '' : `  ${line}`)),
    totals(item),
    next,
    '',
  ].join('\n');
}

function present({ fields, ageDays }: ListedCatalogSecret): string {
  const age = ageDays === undefined ? '' : ageDays === 0 ? 'written today' : `${plural(ageDays, 'day')} old`;
  return [fields.length === 0 ? 'a text' : plural(fields.length, 'field'), age].join(', ');
}

function remarks({ findings, overdue, undeclared }: ListedCatalogSecret): string[] {
  return [
    ...findings,
    ...overdue,
    ...(undeclared.length === 0 ? [] : [`not in the catalog, and received by nobody: ${undeclared.join(', ')}`]),
  ];
}

function besides({ undeclared }: SecretsItem): string[] {
  if (undeclared === undefined) return ['What else the stores hold is not known: they may not be listed.', ''];
  return undeclared.length === 0 ? [] : [`Not in the catalog: ${undeclared.join(', ')}`, ''];
}

function totals({ secrets }: SecretsItem): string {
  const open = secrets.filter(isOpen).length;
  return open === 0 ? `✓ all ${secrets.length} are there` : `! ${open} of ${secrets.length} need a look`;
}

export function renderSecretsMarkdown(item: SecretsItem, next: string): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = item.secrets.map((secret) =>
    [
      secret.name,
      `\`${secret.remote}\``,
      secret.state === 'present' ? present(secret) : words[secret.state],
      remarks(secret).join('<br>'),
    ].map(cell),
  );
  return [
    `### Secrets of ${item.environment}`,
    '',
    totals(item),
    '',
    '| Secret | In the store | | |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    ...besides(item),
    next,
    '',
  ].join('\n');
}
