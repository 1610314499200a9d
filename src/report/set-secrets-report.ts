/** What `npm run set-secrets` says: of a field before it is asked for, and of secrets afterwards. Never a value. */
import type { FieldFormat } from '../model/configuration.ts';
import type { Field } from '../model/platform.ts';
import type { LackingField } from '../set-secrets/lacking-fields.ts';
import { wordsOf } from '../set-secrets/lacking-fields.ts';
import type { SetSecretItem } from '../set-secrets/set-secret-item.ts';
import { plural } from './plural.ts';
import { renderTable } from './table.ts';

export type SetSecretsItem = {
  readonly environment: string;
  readonly stores: readonly { readonly store: string; readonly name: string }[];
  /** In the order of config/secrets.ts. */
  readonly secrets: readonly SetSecretItem[];
};

const formats: Readonly<Record<Extract<FieldFormat, string>, string>> = {
  text: 'any text',
  token: 'a token, without spaces and line breaks',
  url: 'a URL that begins with http:// or https://',
  email: 'an e-mail address',
  boolean: 'true or false',
  guid: 'a GUID',
  integer: 'a whole number',
  pem: 'PEM, with its BEGIN and END lines',
  json: 'JSON',
};

export type Explained = {
  readonly lacking: LackingField | undefined;
  /** Whether the store holds something under its name. */
  readonly isThere: boolean;
  readonly canGenerate: boolean;
};

export function explainField(field: Field, { lacking, isThere, canGenerate }: Explained): string {
  const { name, description, format, obtainedFrom, rotateAfterDays } = field;
  const form = typeof format === 'string' ? formats[format] : `one of ${format.oneOf.join(', ')}`;
  const renewal = rotateAfterDays === undefined ? '' : `; to be renewed every ${rotateAfterDays} days`;
  const enter = canGenerate
    ? 'Enter makes one up.'
    : isThere && lacking?.state !== 'empty'
      ? 'Enter keeps what is there.'
      : lacking?.need === 'required'
        ? 'Enter skips it; it is missing then.'
        : 'Enter leaves it out.';
  return [
    `  ${name}  ${description}`,
    `    ${form}; ${lacking?.need === 'required' ? 'required' : wordsOf(field)}${renewal}`,
    ...(obtainedFrom === undefined ? [] : [`    from ${obtainedFrom}`]),
    ...(isThere ? [`    what is there ${lacking?.message ?? 'has the right form, and would be replaced'}`] : []),
    `    ${enter}`,
  ].join('\n');
}

const symbols: Readonly<Record<SetSecretItem['outcome'], string>> = {
  complete: '✓ complete',
  lacking: '? lacking',
  planned: '+ planned',
  written: '✓ written',
  unchanged: '= same',
  refused: '✗ refused',
  'changed meanwhile': '! changed',
  differs: '✗ differs',
  failed: '✗ failed',
  'not reached': '– not reached',
};

/** For progress: one line. */
export function renderSetSecret({ name, outcome, because }: SetSecretItem): string {
  return `${symbols[outcome]}: ${name}${because === '' ? '' : `  ${because}`}`;
}

/** @param next the last lines */
export function renderSetSecrets(item: SetSecretsItem, next: readonly string[]): string {
  const table = renderTable(item.secrets.map(row), { indent: 2 });
  return [
    `Set secrets of ${item.environment}: ${item.stores.map(({ name }) => name).join(', ')}`,
    '',
    ...item.secrets.flatMap((secret, index) => [
      table[index] ?? '',
      ...remarks(secret).map((remark) => `      ${remark}`),
    ]),
    ...(item.secrets.length === 0 ? [] : ['']),
    `  ${totals(item)}`,
    ...next,
    '',
  ].join('\n');
}

function row({ name, remote, version, outcome }: SetSecretItem): string[] {
  return [name, `${remote}${version === '' ? '' : ` v${version}`}`, symbols[outcome]];
}

function remarks({ because, fields, lacking, notes }: SetSecretItem): string[] {
  const given = Map.groupBy(fields, ({ from, replaces }) => `${froms[from]}${replaces ? ', replaced' : ''}`);
  return [
    ...(because === '' ? [] : [because]),
    ...[...given].map(([how, of]) => `${of.map(({ name }) => name).join(', ')}  ${how}`),
    ...lacking
      .filter(isShown)
      .map(({ name, message, way }) => `${name} ${message}${way === 'generate' ? '; can be generated' : ''}`),
    ...notes,
  ];
}

const froms: Readonly<Record<SetSecretItem['fields'][number]['from'], string>> = {
  entered: 'entered',
  generated: 'generated',
  file: 'from a file',
  'standard input': 'from standard input',
};

/** An optional field that is not there is nothing to do. */
function isShown({ need, state }: SetSecretItem['lacking'][number]): boolean {
  return need !== 'optional' || state === 'placeholder' || state === 'malformed';
}

function totals({ secrets }: SetSecretsItem): string {
  const words = secrets.map(({ outcome }) => symbols[outcome].replace(/^\S+ /, ''));
  const counted = [...new Set(words)].map((word) => `${words.filter((one) => one === word).length} ${word}`);
  return secrets.length === 0
    ? 'no secret is declared here.'
    : `${counted.join(', ')} of ${plural(secrets.length, 'secret')}.`;
}

export function renderSetSecretsMarkdown(item: SetSecretsItem, next: readonly string[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  return [
    `### Set secrets of ${item.environment}`,
    '',
    totals(item),
    '',
    '| Secret | In the store | Result | |',
    '| --- | --- | --- | --- |',
    ...item.secrets.map((secret) => {
      const [name = '', remote = '', outcome = ''] = row(secret);
      return `| ${[name, `\`${remote}\``, outcome, remarks(secret).join('<br>')].map(cell).join(' | ')} |`;
    }),
    '',
    ...next,
    '',
  ].join('\n');
}
