/** What preflight found, as a comment on a pull request: the totals, then what is wrong, then the rest as far as there is room. */
import type { CheckedExternalSecret, PreflightResult } from '../preflight/preflight-result.ts';
import { countsOf, dollars, plain } from './preflight-calls.ts';
import { changesOf, isWrong, totalsOf } from './preflight-report.ts';

/** A comment on GitHub has at most 65,536 characters; the rest is left for what surrounds the table. */
const maxLength = 55_000;

export function renderPreflightMarkdown(result: PreflightResult): string {
  const { externalSecrets, calls, source, operatorVersion, stores } = result;
  const ordered = externalSecrets.toSorted((a, b) => rankOf(a) - rankOf(b));
  const head = [
    `**${totalsOf(result)}**: ExternalSecrets ${source}, External Secrets Operator ${operatorVersion}.`,
    '',
    ...stores
      .filter(({ notRead }) => notRead !== undefined)
      .map(({ name, readFrom, notRead }) => `- \`${name}\` (${readFrom}) was not read: ${notRead?.because ?? ''}`),
    '',
    '| Application | ExternalSecret | | Keys, or why not | What to do |',
    '|---|---|---|---|---|',
    '',
  ].join('\n');
  const isPaid = calls.byStore.some(({ paid }) => paid);
  const tail = [
    '',
    `${plain(calls.readsPerRefresh)} reads per refresh, ${plain(calls.callsPerDay)} calls a day${isPaid ? `, about ${dollars(calls.cost.dollarsPerMonth)} a month` : ''}.`,
    '',
    '| Store | Reads | Calls | An hour | In 10 s, at most |',
    '|---|---:|---:|---:|---:|',
    ...calls.byStore.map((one) => `| ${[one.store, ...countsOf(one)].map(cell).join(' | ')} |`),
    '',
  ].join('\n');
  const rows = ordered.map(rowOf);
  let room = maxLength - head.length - tail.length;
  const shown = rows.findIndex((row) => (room -= row.length) < 0);
  const more = shown === -1 ? '' : `\n… and ${rows.length - shown} more: --output json has all of them.\n`;
  return `${head}${rows.slice(0, shown === -1 ? rows.length : shown).join('')}${more}${tail}`;
}

function rankOf(one: CheckedExternalSecret): number {
  if (isWrong(one)) return 0;
  return one.outcome === 'unpredictable' ? 1 : one.code === undefined ? 3 : 2;
}

function rowOf(one: CheckedExternalSecret): string {
  const { application, name, outcome, code, fix = '' } = one;
  const state = code === undefined ? outcome : `${outcome} ${code}`;
  return `| ${[application, `\`${name}\``, state, contentOf(one), fix].map(cell).join(' | ')} |\n`;
}

function contentOf({ keys = [], because, condition, changes, outcome }: CheckedExternalSecret): string {
  const parts = [
    outcome === 'fails' && condition !== undefined ? `${condition.reason}, "${condition.message}"` : '',
    because ?? '',
    keys.map((key) => `\`${key}\``).join(', '),
    changes === undefined ? '' : changesOf(changes).join(', '),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
