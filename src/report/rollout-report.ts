/** What a roll-out would do, or has done. It holds names, and no value. */
import type { JudgedSecret } from '../rollout/judge-secret.ts';
import type { RolledOut, RolloutItem } from '../rollout/rollout-item.ts';
import { renderTable } from './table.ts';

const states: Readonly<Record<RolledOut['state'], string>> = {
  already: '= already there',
  planned: '~ planned',
  refused: '✗ refused',
  written: '✓ written',
  ready: '✓ ready',
  'not ready': '✗ not ready',
  stopped: '– stopped',
};

const marks: Readonly<Record<JudgedSecret['state'], string>> = {
  ready: '✓ ready',
  changed: '✗ changed',
  'not deployed': '? not deployed',
  'not read yet': '? not read yet',
  'not ready': '✗ not ready',
};

const results = { same: '= same', different: '! different', unknown: '? unknown' } as const;

/** @param next the last lines: verdict, and what to do */
export function renderRollout(item: RolloutItem, next: readonly string[]): string {
  const applications = item.applications.flatMap((application) => [...renderRolledOut(application), '']);
  return [`Roll out ${item.environment}`, '', ...applications, ...next, ''].join('\n');
}

/** One application. */
export function renderRolledOut(application: RolledOut): string[] {
  const { secrets, diff, externalSecrets, remarks, deploy, state } = application;
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];
  return [
    `${application.application} → ${application.to}: ${states[state]}`,
    ...section(
      'both stores',
      renderTable(
        secrets.map(({ name, result, because }) => [name, results[result], because]),
        { indent: 0 },
      ),
    ),
    ...section('config/applications.ts', diff),
    ...section('environments', diff.length === 0 ? [] : environmentLines(application)),
    ...(state === 'written' ? section('to deploy', deploy.commands) : []),
    ...(state === 'written' ? section('or, where there is no Argo CD', deploy.kubectl) : []),
    ...section(
      'ExternalSecrets',
      renderTable(
        externalSecrets.map((one) => [marks[one.state], `${one.namespace}/${one.name}`, one.because]),
        { indent: 0 },
      ),
    ),
    ...remarks.map((remark) => `  ${remark}`),
  ];
}

function environmentLines({ environments, to: wanted }: RolledOut): string[] {
  const lineOf = ({ from, to }: RolledOut['environments'][number]): string => {
    if (from === undefined) return 'config/ cannot be resolved for it';
    if (from !== to) return `${from} → ${to ?? 'could not be resolved any more'}`;
    // The entry names another store, and there is none of that kind.
    return `stays on ${from}${to === wanted ? '' : ', for want of a Key Vault'}`;
  };
  const rows = environments.map((one) => [
    one.environment,
    lineOf(one),
    one.from !== one.to && one.production ? 'production' : '',
  ]);
  return renderTable(rows, { indent: 0 });
}

export function renderRolloutMarkdown(item: RolloutItem, next: readonly string[]): string {
  const rows = item.applications.map(({ application, to, state, externalSecrets, secrets }) => {
    const same = secrets.filter(({ result }) => result === 'same').length;
    const ready = externalSecrets.filter((one) => one.state === 'ready').length;
    const count = (of: number, all: readonly unknown[]): string => (all.length === 0 ? '–' : `${of} of ${all.length}`);
    return `| ${application} | ${to} | ${states[state]} | ${count(same, secrets)} | ${count(ready, externalSecrets)} |`;
  });
  const details = item.applications.flatMap((one) => [
    '',
    `#### ${one.application}`,
    ...(one.diff.length === 0 ? [] : ['', '```diff', ...one.diff, '```']),
    ...listed(one.diff.length === 0 ? [] : environmentLines(one)),
    ...listed(one.secrets.filter(({ result }) => result !== 'same').map(({ name, because }) => `${name}: ${because}`)),
    ...listed(one.externalSecrets.filter(({ state }) => state !== 'ready').map(told)),
    ...listed(one.remarks),
  ]);
  return [
    `### Roll out ${item.environment}`,
    '',
    '| Application | Store | | Secrets alike | ExternalSecrets ready |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...details,
    '',
    ...next,
    '',
  ].join('\n');
}

function listed(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines.map((line) => `- ${line.trim().replaceAll('|', '\\|')}`)];
}

function told({ namespace, name, state, because }: JudgedSecret): string {
  return `${namespace}/${name}: ${state}${because === '' ? '' : `, ${because}`}`;
}
