/** What `adopt` found and wrote, for people. */
import type { Adoption } from '../adopt/adoption.ts';
import type { Problem } from '../model/problem.ts';
import { renderProblems, renderProblemsMarkdown } from './problem-report.ts';
import { renderTable } from './table.ts';
import { plural } from './plural.ts';

export type AdoptItem = {
  /** The folder that was written; empty where the files are printed. */
  readonly into: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly adopted: readonly {
    readonly externalSecret: string;
    readonly where: string;
    readonly secret: string;
    readonly application: string;
    readonly readsBefore: number;
    readonly readsAfter: number;
  }[];
  readonly left: readonly {
    readonly externalSecret: string;
    readonly where: string;
    readonly because: string;
    readonly hint: string;
  }[];
  readonly remarks: readonly string[];
  readonly readsBefore: number;
  readonly readsAfter: number;
};

export function adoptItem(
  { adopted, left, remarks, reads }: Adoption,
  into: string,
  files: ReadonlyMap<string, string>,
): AdoptItem {
  type From = Adoption['adopted'][number]['given'];
  const named = ({ resource: { metadata }, from }: From): { externalSecret: string; where: string } => ({
    externalSecret: `${metadata.namespace}/${metadata.name}`,
    where: `${from.file}:${from.line}`,
  });
  return {
    into,
    files: [...files].map(([name, text]) => ({ name, text })),
    adopted: adopted.map(({ given, ...of }) => ({ ...named(given), ...of })),
    left: left.map(({ given, because, hint }) => ({ ...named(given), because, hint })),
    remarks,
    readsBefore: reads.before,
    readsAfter: reads.after,
  };
}

export function renderAdopt(item: AdoptItem, unreadable: readonly Problem[], next: readonly string[]): string {
  const { into, files, adopted, left, remarks, readsBefore, readsAfter } = item;
  return (
    [
      ...(into === '' && adopted.length > 0 ? files.flatMap(({ name, text }) => [`// config/${name}`, text]) : []),
      ...(adopted.length === 0 ? [] : ['Adopted, with the same Secrets:']),
      ...renderTable(
        adopted.map((one) => [
          `✓ ${one.externalSecret}`,
          `secret ${one.secret}`,
          reads(one.readsBefore, one.readsAfter),
        ]),
        { indent: 2 },
      ),
      ...(left.length === 0 ? [] : ['Left as they are:']),
      ...left.flatMap(({ externalSecret, where, because, hint }) => [
        `  ! ${externalSecret}  ${because}   M112  (${where})`,
        `      ${hint}`,
      ]),
      ...(unreadable.length === 0 ? [] : [renderProblems(unreadable)]),
      ...(remarks.length === 0 ? [] : ['What will be otherwise:', ...remarks.map((remark) => `  ${remark}`)]),
      `${adopted.length} of ${adopted.length + left.length} ExternalSecrets; ${reads(readsBefore, readsAfter)} per refresh of all.`,
      ...next,
    ].join('\n') + '\n'
  );
}

export function renderAdoptMarkdown(item: AdoptItem, unreadable: readonly Problem[], next: readonly string[]): string {
  const { adopted, left, remarks, readsBefore, readsAfter } = item;
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return (
    [
      `${adopted.length} of ${adopted.length + left.length} ExternalSecrets adopted; ${reads(readsBefore, readsAfter)} per refresh of all.`,
      '',
      '| ExternalSecret | Secret of the catalog | Reads |',
      '|---|---|---|',
      ...adopted.map((one) => `| ${one.externalSecret} | ${one.secret} | ${one.readsBefore} → ${one.readsAfter} |`),
      ...(left.length === 0 ? [] : ['', '| Left as it is | Because | What to do |', '|---|---|---|']),
      ...left.map(({ externalSecret, because, hint }) => `| ${externalSecret} | ${cell(because)} | ${cell(hint)} |`),
      '',
      ...(unreadable.length === 0 ? [] : [renderProblemsMarkdown(unreadable)]),
      ...remarks.map((remark) => `- ${remark}`),
      ...next,
    ].join('\n') + '\n'
  );
}

function reads(before: number, after: number): string {
  return before === after ? plural(before, 'read') : `${before} reads → ${after}`;
}
