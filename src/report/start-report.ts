/** What `npm start` found, for people. The JSON is the result itself. */
import type { StartedApplication, StartedSecret, StartResult } from '../start/start.ts';
import { renderTable } from './table.ts';
import { plural } from './plural.ts';

export type StartReportOptions = {
  /** Whether ANSI colours may be used; nothing is said by colour alone. */
  readonly colour: boolean;
  /** `ascii` where a terminal shows no others. */
  readonly symbols: 'unicode' | 'ascii';
};

type Verdict = 'synced' | 'retained' | 'fails' | 'unsure';
type Placed = { readonly application: StartedApplication; readonly secret: StartedSecret };

const symbolsOf = {
  unicode: { synced: '✓', retained: '?', fails: '✗', unsure: '?' },
  ascii: { synced: '+', retained: '?', fails: 'x', unsure: '?' },
} as const;
const green = 32;
const red = 31;
const yellow = 33;
const colourOf: Readonly<Record<Verdict, number>> = { synced: green, retained: yellow, fails: red, unsure: yellow };

/** Azure's list price for secret operations, in US dollars. */
const dollarsPerRead = 0.03 / 10_000;
/** A comment on GitHub has at most 65,536 characters; the rest is left for what surrounds the table. */
const maxMarkdownLength = 55_000;

export function renderStart(result: StartResult, { colour, symbols }: StartReportOptions): string {
  const placed = placedSecrets(result);
  const paint = (verdict: Verdict, text: string): string =>
    colour ? `\u001b[${colourOf[verdict]}m${text}\u001b[0m` : text;
  const mark = (verdict: Verdict): string => `${symbolsOf[symbols][verdict]} ${verdict}`;

  const rows = renderTable(
    placed.map((one) => [mark(verdictOf(one.secret)), nameOf(one), plural(one.secret.reads, 'read'), contentOf(one)]),
    { indent: 4 },
  );
  const lines = new Map<StartedApplication, string[]>(result.applications.map((application) => [application, []]));
  placed.forEach(({ application, secret }, index) => {
    const verdict = verdictOf(secret);
    const row = (rows[index] ?? '').replace(mark(verdict), (text) => paint(verdict, text));
    lines.get(application)?.push(row, ...explanationOf(secret).map((line) => `        ${line}`));
  });
  const without = result.applications.filter(({ secrets }) => secrets.length === 0).map(({ name }) => name);
  const all = overall(placed);
  return [
    `${result.environment}: what each application would receive. All values are made up.`,
    '',
    ...storeLines(result),
    ...[...lines]
      .filter(([, of]) => of.length > 0)
      .flatMap(([{ name, store }, of]) => ['', `  ${name} (${store})`, ...of]),
    ...(without.length === 0 ? [] : ['', `  without secrets: ${without.join(', ')}`]),
    '',
    readsLine(result),
    `Manifests: ${result.output}`,
    paint(all, `${symbolsOf[symbols][all]} ${totalsOf(placed)}`),
    `Next: ${nextStep(placed)}`,
    '',
  ].join('\n');
}

export function renderStartMarkdown(result: StartResult): string {
  const placed = placedSecrets(result);
  const rows = placed.map((one) => {
    const { application, secret } = one;
    const content = [contentOf(one), ...explanationOf(secret)].filter((text) => text !== '').join('; ');
    return `| ${[application.name, nameOf(one), verdictOf(secret), content, String(secret.reads)].map(cell).join(' | ')} |\n`;
  });
  let table = '';
  const shown = rows.findIndex((row) => (table += row).length > maxMarkdownLength);
  if (shown !== -1) table = rows.slice(0, shown).join('');
  return (
    `**${result.environment}**: ${totalsOf(placed)} All values are made up.\n\n${readsLine(result)}\n\n` +
    '| Application | Kubernetes Secret | Result | Keys | Reads |\n|---|---|---|---|---:|\n' +
    `${table}${shown === -1 ? '' : `\n… and ${rows.length - shown} more: npm start -- --output json has all of them.\n`}`
  );
}

function placedSecrets({ applications }: StartResult): Placed[] {
  return applications.flatMap((application) => application.secrets.map((secret) => ({ application, secret })));
}

function verdictOf(secret: StartedSecret): Verdict {
  if (secret.state === 'failed') return 'fails';
  if (secret.state === 'retained') return 'retained';
  return secret.unpredictable.length > 0 ? 'unsure' : 'synced';
}

function nameOf({ application, secret }: Placed): string {
  return secret.namespace === application.namespace ? secret.name : `${secret.namespace}/${secret.name}`;
}

function contentOf({ application, secret }: Placed): string {
  // A secret is read from the store of the application that owns it, whichever application receives it.
  const remarks = [
    ...(secret.type === 'Opaque' ? [] : [secret.type]),
    ...(secret.store === application.store ? [] : [`from ${secret.store}`]),
  ];
  switch (secret.state) {
    case 'synced':
      return secret.keys.join(', ') + (remarks.length === 0 ? '' : ` (${remarks.join(', ')})`);
    case 'retained':
      return '';
    case 'failed':
      return `SecretSyncedError, "${secret.condition}"`;
  }
}

function explanationOf(secret: StartedSecret): string[] {
  switch (secret.state) {
    case 'synced':
      return secret.unpredictable.length === 0
        ? []
        : [`made by a template that is not evaluated here: ${secret.unpredictable.join(', ')}`];
    case 'retained':
      return [`${secret.remote} holds no field: the operator reports success and neither makes nor changes the Secret`];
    case 'failed':
      return [secret.because];
  }
}

function storeLines({ stores }: StartResult): string[] {
  const rows = stores.map(({ store, name, seeded, kept, notSeeded }) => [
    store,
    name,
    [
      `${plural(seeded, 'secret')} seeded`,
      ...(kept === 0 ? [] : [`${kept} left as they were`]),
      ...(notSeeded.length === 0
        ? []
        : [`not seeded: ${notSeeded.map((one) => `${one.name} (${one.because})`).join(', ')}`]),
    ].join(', '),
  ]);
  return renderTable(rows, { indent: 2 });
}

function readsLine({ reads: { perRefresh, perDay, perDayFromKeyVault } }: StartResult): string {
  const perMonth = perDayFromKeyVault * 30 * dollarsPerRead;
  const cost =
    perDayFromKeyVault === 0
      ? ''
      : `; ${perDayFromKeyVault} of them from Key Vault, ${perMonth < 0.01 ? 'under $0.01' : `about $${perMonth.toFixed(2)}`} a month at $0.03 per 10,000`;
  return `${plural(perRefresh, 'read')} per refresh, ${perDay} a day${cost}.`;
}

function totalsOf(placed: readonly Placed[]): string {
  const synced = placed.filter(({ secret }) => verdictOf(secret) === 'synced').length;
  return `${synced} of ${plural(placed.length, 'Kubernetes Secret')} would be synced.`;
}

function overall(placed: readonly Placed[]): Verdict {
  const verdicts = new Set(placed.map(({ secret }) => verdictOf(secret)));
  return (['fails', 'unsure', 'retained'] as const).find((verdict) => verdicts.has(verdict)) ?? 'synced';
}

function nextStep(placed: readonly Placed[]): string {
  return overall(placed) === 'fails'
    ? 'mend config/secrets.ts or what the stores hold, then npm start'
    : 'npm run check';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
