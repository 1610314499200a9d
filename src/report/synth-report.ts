import type { GitOpsDefinition } from '../model/configuration.ts';
import type { SynthResult } from '../synth/synth.ts';
import { renderTable } from './table.ts';
import { plural } from './plural.ts';

export type SynthItem = SynthResult & { readonly gitOps: GitOpsDefinition['kind'] };

export function renderSynth(items: readonly SynthItem[]): string {
  return items.map(renderEnvironment).join('\n');
}

function renderEnvironment({ output, applications, gitOps, appOfApps }: SynthItem): string {
  const written = applications.filter(({ state }) => state === 'written').length;
  const secrets = applications.reduce((sum, { externalSecrets }) => sum + externalSecrets, 0);
  const rows = applications.map(({ name, store, externalSecrets, state }) => [
    name,
    externalSecrets === 0 ? '–' : store,
    String(externalSecrets),
    state === 'written' ? '+ written' : '= unchanged',
  ]);
  return [
    `${output}: ${plural(applications.length, 'application')}, ${plural(secrets, 'ExternalSecret')}; ${written} written, ${applications.length - written} unchanged`,
    '',
    ...renderTable([['application', 'store', 'secrets', ''], ...rows], { indent: 2 }),
    '',
    `Next: ${next(output, gitOps, appOfApps)}`,
    '',
  ].join('\n');
}

function next(output: string, gitOps: SynthItem['gitOps'], appOfApps: boolean): string {
  if (gitOps === 'idpbuilder') return `idpbuilder create --package ${output}`;
  return appOfApps
    ? `commit ${output}, then kubectl apply --server-side -f ${output}/app-of-apps.yaml`
    : `commit ${output}`;
}

export function renderSynthMarkdown(items: readonly SynthItem[]): string {
  return items
    .map(
      ({ environment, output, applications }) =>
        `**${environment}**: ${plural(applications.length, 'application')} in \`${output}\`\n\n` +
        '| Application | Store | ExternalSecrets | |\n|---|---|---:|---|\n' +
        applications
          .map(({ name, store, externalSecrets, state }) => `| ${name} | ${store} | ${externalSecrets} | ${state} |\n`)
          .join(''),
    )
    .join('\n');
}

/**
 * One line of what a run wrote.
 * @param before of the run before; empty: none
 */
export function renderChange(before: readonly SynthItem[], now: readonly SynthItem[], ms: number): string {
  const written = now.flatMap(({ applications }) => applications.filter(({ state }) => state === 'written')).length;
  const present = new Set(now.flatMap(namesIn));
  const removed = before.flatMap(namesIn).filter((name) => !present.has(name)).length;
  const what = [
    ...(written === 0 && removed > 0 ? [] : [`${written === 0 ? 'nothing' : plural(written, 'application')} changed`]),
    ...(removed === 0 ? [] : [`${plural(removed, 'application')} removed`]),
  ];
  return `✓ ${what.join(', ')} (${ms.toFixed(0)} ms)\n`;
}

function namesIn({ environment, applications }: SynthItem): string[] {
  return applications.map(({ name }) => `${environment}/${name}`);
}
