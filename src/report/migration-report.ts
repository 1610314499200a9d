/** What a migration would do, or has done. It holds names and fingerprints, and no value. */
import { totalsOf } from '../migrate/add-up.ts';
import type { MigratedSecret, MigrationItem } from '../migrate/migration-item.ts';
import { plural } from './plural.ts';
import { renderTable } from './table.ts';

const states: Readonly<Record<MigratedSecret['action'], string>> = {
  create: '+ create',
  recover: '+ recover',
  append: '+ append',
  update: '~ overwrite',
  unchanged: '= same',
  conflict: '! differs',
  missing: '? missing',
  blocked: '✗ blocked',
  failed: '✗ failed',
};

const outcomes: Readonly<Record<Exclude<MigratedSecret['outcome'], 'planned'>, string>> = {
  written: '✓ written',
  already: '= same',
  'changed meanwhile': '! changed',
  refused: '✗ refused',
  differs: '✗ differs',
  failed: '✗ failed',
  'not reached': '– not reached',
};

function stateOf({ action, outcome }: MigratedSecret): string {
  return outcome === 'planned' ? states[action] : outcomes[outcome];
}

/** For progress: one line. */
export function renderMigrated(secret: MigratedSecret): string {
  return `${stateOf(secret)}: ${secret.name}${secret.because === '' ? '' : `  ${secret.because}`}`;
}

/** More rows than this nobody reads: of what went well, the totals say enough. */
export const MAX_ROWS = 100;
/** A comment of a pull request holds 65,536 characters. */
const MAX_MARKDOWN = 60_000;

/** @param next the last lines: verdict, and what to do */
export function renderMigration(title: string, item: MigrationItem, next: readonly string[]): string {
  const chosen = chooseRows(item);
  const { shown, others } = chosen;
  const rows = shown.map((secret) => [
    secret.name,
    named(secret.from, 'v'),
    secret.to.name,
    stateOf(secret),
    secret.because,
  ]);
  const table = renderTable([['secret', 'from', 'to', 'result', ''], ...rows], { indent: 2 });
  const lines = shown.flatMap((secret, index) => [
    table[index + 1] ?? '',
    ...remarksOf(secret).map((line) => `      ${line}`),
  ]);
  return [
    `${title} ${item.environment}: ${item.from} → ${item.to}`,
    '',
    table[0] ?? '',
    ...lines,
    ...(others === 0 ? [] : [`  … and ${others} others; --output json has all of them`]),
    '',
    ...totals(item, chosen).map((line) => `  ${line}`),
    ...next,
    '',
  ].join('\n');
}

type Chosen = {
  readonly shown: readonly MigratedSecret[];
  readonly others: number;
  /** How many secrets came to what. */
  readonly counts: ReadonlyMap<string, number>;
};

/** All where they are few; otherwise those that a person has to look at. */
function chooseRows(item: MigrationItem): Chosen {
  const { written, already, unchanged } = totalsOf(item);
  let all = written + already + unchanged;
  const [first, open, remarked]: [MigratedSecret[], MigratedSecret[], MigratedSecret[]] = [[], [], []];
  const counts = new Map<string, number>();
  if (written > 0) counts.set('written', written);
  if (already + unchanged > 0) counts.set('same', already + unchanged);
  for (const secret of item.each()) {
    all += 1;
    const word = stateOf(secret).replace(/^\S+ /, '');
    counts.set(word, (counts.get(word) ?? 0) + 1);
    if (all <= MAX_ROWS) first.push(secret);
    const list = isFine(secret) ? remarked : open;
    if (list.length < MAX_ROWS * 10 && (list === open || notesOf(secret).length > 0)) list.push(secret);
  }
  const shown = all <= MAX_ROWS ? first : [...open, ...remarked].slice(0, MAX_ROWS * 10);
  return { shown, others: all - shown.length, counts };
}

function isFine(secret: MigratedSecret): boolean {
  const fine = new Set(['create', 'recover', 'append', 'update', 'unchanged', 'written', 'already']);
  return fine.has(secret.outcome === 'planned' ? secret.action : secret.outcome);
}

/** Vault's versions are short numbers; Key Vault's say nothing to people. */
function named({ name, version }: MigratedSecret['from'], mark: string): string {
  return /^\d+$/.test(version) ? `${name} ${mark}${version}` : name;
}

function remarksOf(secret: MigratedSecret): string[] {
  const { older, from, action } = secret;
  const isNew = action === 'create' || action === 'recover';
  return [
    ...(older > 0 ? [`with ${plural(older, 'older version')}, in their order`] : []),
    ...(older === 0 && isNew && Number(from.version) > 1 ? ['older versions stay behind; --history takes them'] : []),
    ...notesOf(secret),
  ];
}

/** What is to be looked at, though it was done. */
function notesOf({ differences, findings, left, asText }: MigratedSecret): string[] {
  return [
    ...differences.map(({ field, source, target }) => `${field === '' ? 'all of it' : field}  ${source} / ${target}`),
    ...findings.map((finding) => `! ${finding}`),
    ...left.map((what) => `left behind: ${what}`),
    ...asText.map((field) => `${field} becomes a text, so that applications receive the same bytes`),
  ];
}

function totals({ undeclared, listed }: MigrationItem, { counts }: Chosen): string[] {
  const counted = [...counts].map(([word, count]) => `${count} ${word}`);
  return [
    `${counted.length === 0 ? 'nothing to move' : counted.join(', ')}.`,
    ...(undeclared.length === 0 ? [] : [`Not declared, not copied: ${manyNames(undeclared)}`]),
    ...(listed ? [] : ['What else is at the source is not known: it may not be listed.']),
  ];
}

export function renderMigrationMarkdown(title: string, item: MigrationItem, next: readonly string[]): string {
  const chosen = chooseRows(item);
  const { shown, others } = chosen;
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const head = [
    `### ${title} ${item.environment}`,
    '',
    totals(item, chosen).join(' '),
    '',
    `${item.from} → ${item.to}`,
    '',
    '| Secret | From | To | Result | |',
    '| --- | --- | --- | --- | --- |',
  ];
  const rows: string[] = [];
  let room = MAX_MARKDOWN - [...head, ...next].join('\n').length - 200;
  for (const secret of shown) {
    const cells = [
      secret.name,
      `\`${named(secret.from, 'v')}\``,
      `\`${secret.to.name}\``,
      stateOf(secret),
      [secret.because, ...remarksOf(secret)].filter((text) => text !== '').join('<br>'),
    ];
    const row = `| ${cells.map(cell).join(' | ')} |`;
    room -= row.length + 1;
    if (room < 0) break;
    rows.push(row);
  }
  const left = others + shown.length - rows.length;
  return [
    ...head,
    ...rows,
    ...(left === 0 ? [] : ['', `… and ${left} others; \`--output json\` has all of them.`]),
    '',
    ...next,
    '',
  ].join('\n');
}

/** As many as find room in a line that somebody reads. */
function manyNames(names: readonly string[]): string {
  let room = 4000;
  const shown = names.slice(0, MAX_ROWS).filter((name) => (room -= name.length + 2) >= 0);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
