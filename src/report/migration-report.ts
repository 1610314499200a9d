/** What a migration would do, or has done. It holds names and fingerprints, and no value. */
import type { MigratedSecret, MigrationItem } from '../migrate/migration-item.ts';
import { renderTable } from './table.ts';

const states: Readonly<Record<MigratedSecret['action'], string>> = {
  create: '+ create',
  recover: '+ recover',
  update: '~ overwrite',
  unchanged: '= same',
  conflict: '! differs',
  missing: '? missing',
  blocked: '✗ blocked',
};

const outcomes: Readonly<Record<Exclude<MigratedSecret['outcome'], 'planned'>, string>> = {
  written: '✓ written',
  already: '= same',
  'changed meanwhile': '! changed',
  refused: '✗ refused',
  differs: '✗ differs',
  'not reached': '– not reached',
};

function stateOf({ action, outcome }: MigratedSecret): string {
  return outcome === 'planned' ? states[action] : outcomes[outcome];
}

/** For progress: one line. */
export function renderMigrated(secret: MigratedSecret): string {
  return `${stateOf(secret)}: ${secret.name}${secret.because === '' ? '' : `  ${secret.because}`}`;
}

/** @param next the last lines: verdict, and what to do */
export function renderMigration(title: string, item: MigrationItem, next: readonly string[]): string {
  const rows = item.secrets.map((secret) => [
    secret.name,
    named(secret.from, 'v'),
    secret.to.name,
    stateOf(secret),
    secret.because,
  ]);
  const table = renderTable([['secret', 'from', 'to', 'result', ''], ...rows], { indent: 2 });
  const lines = item.secrets.flatMap((secret, index) => [
    table[index + 1] ?? '',
    ...remarksOf(secret).map((line) => `      ${line}`),
  ]);
  return [
    `${title} ${item.environment}: ${item.from} → ${item.to}`,
    '',
    table[0] ?? '',
    ...lines,
    '',
    ...totals(item).map((line) => `  ${line}`),
    ...next,
    '',
  ].join('\n');
}

/** Vault's versions are short numbers; Key Vault's say nothing to people. */
function named({ name, version }: MigratedSecret['from'], mark: string): string {
  return /^\d+$/.test(version) ? `${name} ${mark}${version}` : name;
}

function remarksOf({ differences, findings, left, asText }: MigratedSecret): string[] {
  return [
    ...differences.map(({ field, source, target }) => `${field === '' ? 'all of it' : field}  ${source} / ${target}`),
    ...findings.map((finding) => `! ${finding}`),
    ...left.map((what) => `left behind: ${what}`),
    ...asText.map((field) => `${field} becomes a text, so that applications receive the same bytes`),
  ];
}

function totals({ secrets, undeclared, listed }: MigrationItem): string[] {
  const words = secrets.map((secret) => stateOf(secret).replace(/^\S+ /, ''));
  const counted = [...new Set(words)].map((word) => `${words.filter((one) => one === word).length} ${word}`);
  return [
    `${counted.length === 0 ? 'nothing to move' : counted.join(', ')}.`,
    ...(undeclared.length === 0 ? [] : [`Not declared, not copied: ${undeclared.join(', ')}`]),
    ...(listed ? [] : ['What else is at the source is not known: it may not be listed.']),
  ];
}

export function renderMigrationMarkdown(title: string, item: MigrationItem, next: readonly string[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = item.secrets.map((secret) =>
    [
      secret.name,
      `\`${named(secret.from, 'v')}\``,
      `\`${secret.to.name}\``,
      stateOf(secret),
      [secret.because, ...remarksOf(secret)].filter((text) => text !== '').join('<br>'),
    ].map(cell),
  );
  return [
    `### ${title} ${item.environment}`,
    '',
    totals(item).join(' '),
    '',
    `${item.from} → ${item.to}`,
    '',
    '| Secret | From | To | Result | |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    ...next,
    '',
  ].join('\n');
}
