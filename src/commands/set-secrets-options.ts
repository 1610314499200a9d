/** What `npm run set-secrets` is told. A value that was put into the command is refused, and not repeated. */
import type { Command, CommanderError } from 'commander';
import type { StoreName } from '../model/configuration.ts';
import { storeNames } from '../model/configuration.ts';
import { suggest } from '../model/names.ts';
import type { Platform, Secret } from '../model/platform.ts';
import { UsageError } from '../model/problem.ts';
import { isGenerated } from '../set-secrets/generate-value.ts';
import { fieldsOf } from '../set-secrets/lacking-fields.ts';
import { addSecretChoice, chosenSecrets } from './migration-options.ts';

type Options = Readonly<Record<string, unknown>>;

export type SetSecretsOptions = {
  /** Each with the store that is meant. */
  readonly secrets: readonly Secret[];
  /** Whether one was named: then it is asked for optional fields too. */
  readonly isNamed: boolean;
  readonly field: string | undefined;
  readonly fromFile: string | undefined;
  readonly values: string | undefined;
  readonly generate: boolean;
  readonly plan: boolean;
  readonly yes: boolean;
  readonly recover: boolean;
  readonly confirmed: boolean;
};

export function addSetSecretsOptions(command: Command): void {
  addSecretChoice(command);
  command
    .option('--field <name>', 'only this field of the secret; what is there is replaced')
    .option('--store <name>', `write to ${storeNames.join(' or ')} (default: the one that the secret is read from)`)
    .option('--from-file <file>', 'the value of one field: the bytes of a file as they are, - for standard input')
    .option('--values <file>', 'a JSON object with fields of one secret, - for standard input')
    .option('--generate', 'make up what is lacking and is to be generated')
    .option('--recover', 'recover a secret that is deleted, with what it held')
    .option('--plan', 'show what is lacking and what would be asked, and write nothing')
    .option('--yes', 'write what only adds, without asking')
    .option('--confirm <environment>', 'write also what replaces something, or to production')
    .exitOverride((error) => {
      throw withoutValue(error);
    });
}

const IN_THE_COMMAND = new UsageError(
  'a value does not belong into a command, and what stood there is not repeated',
  "Leave it out: you are asked for it. Or give --from-file or --values. It is in your shell's history and was in the list of processes: if it was a value, renew it.",
);

/** What commander says quotes what it did not understand. */
function withoutValue(error: CommanderError): Error {
  if (error.code === 'commander.excessArguments') return IN_THE_COMMAND;
  const quoted = /^error: unknown option '([\s\S]*?)'(?:\n|$)/.exec(error.message)?.[1];
  return quoted === undefined || /^--[a-z]+(?:-[a-z]+)*$/.test(quoted) ? error : IN_THE_COMMAND;
}

/** @throws UsageError */
export function parseSetSecretsOptions(
  options: Options,
  platform: Platform,
  only: ReadonlySet<string> | undefined,
): SetSecretsOptions {
  const { field, store, fromFile, values, confirm } = options as Readonly<Record<string, string | undefined>>;
  const name = options['secret'] as string | undefined;
  for (const told of [name, field, store, confirm]) if (told?.includes('=') === true) throw IN_THE_COMMAND;
  const { environment } = platform;
  if (confirm !== undefined && confirm !== environment.name)
    throw new UsageError(
      `--confirm: the environment is ${environment.name}`,
      `To confirm it: --confirm=${environment.name}`,
    );
  if (name !== undefined)
    checkKnown(
      'secret',
      name,
      platform.secrets.map((secret) => secret.name),
    );
  if (store !== undefined) checkKnown('store', store, storeNames);
  const secrets = chosenSecrets(platform, only, options).map((secret) =>
    store === undefined ? secret : { ...secret, store: store as StoreName },
  );
  const generate = options['generate'] === true;
  checkSources(secrets, { name, field, fromFile, values, generate });
  return {
    ...{ secrets, isNamed: name !== undefined, field, fromFile, values, generate },
    plan: options['plan'] === true,
    yes: options['yes'] === true,
    recover: options['recover'] === true,
    confirmed: confirm !== undefined,
  };
}

type Sources = Pick<SetSecretsOptions, 'field' | 'fromFile' | 'values' | 'generate'> & {
  readonly name: string | undefined;
};

function checkSources(secrets: readonly Secret[], { name, field, fromFile, values, generate }: Sources): void {
  const given = { '--field': field, '--from-file': fromFile, '--values': values };
  for (const [option, value] of Object.entries(given))
    if (value !== undefined && name === undefined)
      throw new UsageError(`${option} is about one secret, and none is named`, 'Name it: --secret <name>');
  if (values !== undefined && (fromFile ?? field) !== undefined)
    throw new UsageError(
      `--values and ${fromFile === undefined ? '--field' : '--from-file'} exclude each other`,
      'It names its fields itself.',
    );
  const [secret] = secrets;
  if (secret === undefined || name === undefined) return;
  const fields = fieldsOf(secret);
  if (field !== undefined)
    checkKnown(
      'field',
      field,
      fields.map((one) => one.name),
      ` in ${secret.name}`,
    );
  const chosen = fields.find((one) => one.name === (field ?? (fields.length === 1 ? one.name : undefined)));
  if (fromFile !== undefined && chosen === undefined)
    throw new UsageError(
      `--from-file is the value of one field, and ${secret.name} has several`,
      `Name it: --field ${fields[0]?.name ?? '<name>'}. For several fields there is --values.`,
    );
  if (generate && field !== undefined && chosen !== undefined && !isGenerated(chosen)) {
    const { origin } = chosen;
    throw new UsageError(
      `${field} is not to be generated: ${origin === 'generated' ? 'no generator makes its format' : 'it comes from somebody else'}`,
      chosen.obtainedFrom === undefined ? 'Give it with --from-file.' : `It comes from ${chosen.obtainedFrom}.`,
    );
  }
}

/** What was given instead of a name is not repeated: it may be a value. */
function checkKnown(what: string, name: string, known: readonly string[], where = ''): void {
  if (known.includes(name)) return;
  const nearest = suggest(name, known);
  throw new UsageError(
    `there is no ${what} of that name${where}`,
    `${nearest === undefined ? '' : `Did you mean ${nearest}? `}There are ${known.join(', ')}.`,
  );
}

/** The same command again, with `more`: to be pasted. */
export function sameSetSecrets(options: Options, ...more: readonly string[]): string {
  const names = {
    environment: '--environment',
    application: '--application',
    secret: '--secret',
    field: '--field',
    store: '--store',
    fromFile: '--from-file',
    values: '--values',
  };
  const flags = { generate: '--generate', recover: '--recover' };
  const words = [
    ...Object.entries(names).flatMap(([name, option]) => {
      const value = options[name];
      return typeof value === 'string' ? [option, quoteWord(value)] : [];
    }),
    ...Object.entries(flags).flatMap(([name, option]) => (options[name] === true ? [option] : [])),
    ...more,
  ];
  return `npm run set-secrets${words.length === 0 ? '' : ` -- ${words.join(' ')}`}`;
}

function quoteWord(word: string): string {
  return /^[\w@%+:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
