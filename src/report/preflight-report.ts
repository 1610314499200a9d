/** What preflight found, for people. The JSON is the result itself. */
import type { CheckedExternalSecret, PreflightResult, SecretChanges } from '../preflight/preflight-result.ts';
import { renderCalls } from './preflight-calls.ts';
import { renderTable } from './table.ts';
import { plural } from './plural.ts';

export type PreflightReportOptions = {
  /** Whether ANSI colours may be used; nothing is said by colour alone. */
  readonly colour: boolean;
  /** Whether some of the manifests could not be read, or would be refused: then nothing here is ready to be applied. */
  readonly isIncomplete: boolean;
};

const marks = { syncs: '✓', fails: '✗', refused: '✗', skipped: '?', unpredictable: '?' } as const;
const green = 32;
const red = 31;
const yellow = 33;
const colours = { syncs: green, fails: red, refused: red, skipped: yellow, unpredictable: yellow } as const;
/** What is wider than this stands in its line alone, and the column does not follow it. */
const columnWidth = 60;

export function renderPreflight(result: PreflightResult, { colour, isIncomplete }: PreflightReportOptions): string {
  const { externalSecrets, calls, source, operatorVersion } = result;
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const rows = layOut(externalSecrets.map((one) => [one.name, detailOf(one), one.code ?? readsOf(one)]));
  const groups = new Map<string, string[]>();
  externalSecrets.forEach((one, index) => {
    const lines = groups.get(one.application) ?? [];
    groups.set(one.application, lines);
    const warns = one.outcome === 'syncs' && one.code !== undefined;
    const mark = paint(warns ? yellow : colours[one.outcome], warns ? '!' : marks[one.outcome]);
    lines.push(`    ${mark} ${rows[index] ?? ''}`, ...explanationOf(one).map((line) => `        ${line}`));
  });
  const assumed = assumedLines(result);
  const outcome = isIncomplete ? 'fails' : outcomeOf(result);
  const ofTheRest = isIncomplete && externalSecrets.length > 0 ? ', of what could be read' : '';
  return [
    `${plural(externalSecrets.length, 'ExternalSecret')} ${source}. External Secrets Operator ${operatorVersion}.`,
    ...paragraph(storeLines(result)),
    ...[...groups].flatMap(([application, lines]) => ['', `  ${application}`, ...lines]),
    '',
    ...renderCalls(calls),
    ...(assumed.length === 0 ? [] : ['', 'Taken for granted:', ...assumed]),
    '',
    paint(colours[outcome], `${marks[outcome]} ${totalsOf(result)}${ofTheRest}`),
    `Next: ${isIncomplete ? 'mend the manifests that are named above' : nextStep(result)}`,
    '',
  ].join('\n');
}

function paragraph(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

/** Rows of three cells: a name, a text of any length, and a short one at the end. */
function layOut(rows: readonly (readonly [string, string, string])[]): readonly string[] {
  const width = (column: 0 | 1): number =>
    Math.max(0, ...rows.map((row) => row[column].length).filter((length) => length <= columnWidth));
  const [first, second] = [width(0), width(1)];
  return rows.map(([name, detail, end]) => `${name.padEnd(first)}  ${detail.padEnd(second)}  ${end}`.trimEnd());
}

function detailOf({ outcome, condition, because = '', keys, code }: CheckedExternalSecret): string {
  switch (outcome) {
    case 'syncs':
      return code === undefined || keys !== undefined ? (keys ?? []).join(', ') || 'no keys' : because;
    case 'fails':
      return condition === undefined ? because : `${condition.reason}, "${condition.message}"`;
    case 'refused':
      return 'refused by the API server';
    case 'skipped':
      return `skipped: ${because}`;
    case 'unpredictable':
      return `cannot be predicted: ${because}`;
  }
}

function explanationOf(one: CheckedExternalSecret): readonly string[] {
  const { outcome, because = '', events, fix, changes, keys, code } = one;
  const event = events.at(-1);
  switch (outcome) {
    case 'fails':
      return [
        because,
        ...(event === undefined || event.message === because
          ? []
          : [`event: ${event.reason}, ${quoted(event.message)}`]),
        ...fixOf(fix),
      ];
    case 'refused':
      return [...because.split('\n'), ...fixOf(fix)];
    case 'syncs':
      return [
        ...(code === undefined || keys === undefined ? [] : [because]),
        ...(changes === undefined ? [] : changesOf(changes)),
      ];
    case 'skipped':
      return [];
    case 'unpredictable':
      return fixOf(fix);
  }
}

/** Of a template's error: the operator repeats the template in it, several times. */
function quoted(event: string): string {
  if (event.length <= longestEvent && !event.includes('\n')) return `"${event}"`;
  const head = event.split('\n', 1)[0]?.slice(0, longestEvent / 2) ?? '';
  const tail = event.slice(-longestEvent).split('\n').at(-1) ?? '';
  const cause = /.*?(error calling .*)$/.exec(tail)?.[1] ?? tail.slice(-longestEvent / 2);
  return `"${head} … ${cause}" (whole in --output json)`;
}

const longestEvent = 300;

function fixOf(fix: string | undefined): readonly string[] {
  return fix === undefined || fix === '' ? [] : [`fix: ${fix}`];
}

/** Against the Secret in the cluster. */
export function changesOf({ exists, added, removed, changed, typeBefore }: SecretChanges): readonly string[] {
  if (!exists) return ['new: there is no such Secret in the cluster'];
  const lines = [
    ...added.map((key) => `+ ${key}`),
    ...removed.map((key) => `- ${key}`),
    ...changed.map(
      ({ key, before, after, sameContent }) =>
        `~ ${key}  ${before} → ${after}${sameContent ? '  same content, different bytes' : ''}`,
    ),
    ...(typeBefore === undefined ? [] : [`its type is ${typeBefore} now`]),
  ];
  return lines.length === 0 ? ['= as in the cluster'] : lines;
}

function storeLines({ stores }: PreflightResult): readonly string[] {
  const rows = renderTable(
    stores.map(({ name, namespace, readFrom, reads, notRead }) => [
      namespace === undefined ? name : `${namespace}/${name}`,
      readFrom,
      notRead === undefined ? plural(reads, 'read') : `not read: ${notRead.because}`,
    ]),
    { indent: 2 },
  );
  return stores.flatMap(({ notRead }, index) => [
    rows[index] ?? '',
    ...(notRead === undefined ? [] : [`      ${notRead.hint}`]),
  ]);
}

const assumedAtMost = 5;

function assumedLines({ externalSecrets, cluster }: PreflightResult): readonly string[] {
  const all = [...new Set(externalSecrets.flatMap(({ assumed }) => assumed))].toSorted();
  const more = all.length - assumedAtMost;
  return [
    ...all.slice(0, assumedAtMost).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more: --output json has all of them`] : []),
    ...(cluster || all.length === 0 ? [] : ['  --kubeconfig <file> looks, instead of taking it for granted.']),
  ];
}

function outcomeOf({ externalSecrets }: PreflightResult): 'syncs' | 'fails' | 'unpredictable' {
  if (externalSecrets.some(isWrong)) return 'fails';
  return externalSecrets.every(({ outcome }) => outcome === 'syncs') ? 'syncs' : 'unpredictable';
}

export function isWrong({ outcome }: CheckedExternalSecret): boolean {
  return outcome === 'fails' || outcome === 'refused';
}

export function totalsOf({ externalSecrets }: PreflightResult): string {
  const count = (...outcomes: readonly CheckedExternalSecret['outcome'][]): number =>
    externalSecrets.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const parts = [
    [count('fails', 'refused'), 'will fail'],
    [count('unpredictable'), 'cannot be predicted'],
    [count('skipped'), 'will be skipped'],
    [count('syncs'), 'will sync'],
  ] as const;
  const all = externalSecrets.length;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} of ${all} ${what}`);
  return told.length === 0 ? 'nothing was predicted' : told.join(', ');
}

function nextStep({ externalSecrets, environment, given }: PreflightResult): string {
  const wrong = externalSecrets.find(isWrong) ?? externalSecrets.find(({ code }) => code !== undefined);
  if (wrong?.code !== undefined) return `npm run preflight -- --explain ${wrong.code}`;
  if (given) return 'apply them';
  return environment === undefined || environment === 'dev'
    ? 'npm run synth'
    : `npm run synth -- --environment ${environment}`;
}

function readsOf({ reads }: CheckedExternalSecret): string {
  return plural(reads, 'read');
}
