/** What the migration commands are told. */
import type { Command } from 'commander';
import type { PlanOptions } from '../migrate/migration.ts';
import type { Platform, Secret } from '../model/platform.ts';
import { UsageError } from '../model/problem.ts';
import { addPlatformOptions } from './platform-options.ts';
import { unknownName } from './unknown-name.ts';

/** Secrets that are in hand at once; each store keeps to its limits by itself. */
export const CONCURRENCY = 32;

export function addSecretChoice(command: Command): void {
  addPlatformOptions(command, { all: false });
  command.option('-s, --secret <name>', 'only this secret of config/secrets.ts');
}

export function addMigrationOptions(command: Command): void {
  addSecretChoice(command);
  command
    .option('--plan', 'show what would be done, and write nothing')
    .option('--yes', 'do what only adds, without asking')
    .option('--confirm <environment>', 'do also what overwrites, or writes to production')
    .option('--overwrite', 'overwrite what differs at the target; its store keeps the version before')
    .option('--include-undeclared', 'carry fields and secrets along that the catalog does not know')
    .option('--history', 'carry older versions along, in their order')
    .option('--save-plan <file>', 'write the plan into a file, without values, and nothing else')
    .option('--apply <file>', 'do what a saved plan says, while both stores are as they were');
}

/** @throws UsageError where an option names what config/ does not have */
export function chosenSecrets(
  platform: Platform,
  only: ReadonlySet<string> | undefined,
  { secret }: Readonly<Record<string, unknown>>,
): readonly Secret[] {
  const known = platform.secrets.map(({ name }) => name);
  if (typeof secret === 'string' && !known.includes(secret)) throw unknownName('secret', secret, known);
  return platform.secrets.filter(
    ({ name, application }) => (only?.has(application) ?? true) && (typeof secret !== 'string' || name === secret),
  );
}

export function planOptionsOf(options: Readonly<Record<string, unknown>>): PlanOptions {
  return {
    includeUndeclared: options['includeUndeclared'] === true,
    overwrite: options['overwrite'] === true,
    history: options['history'] === true,
  };
}

/** Whether it is about all secrets of the catalog. */
export function isWhole({ secret, application }: Readonly<Record<string, unknown>>): boolean {
  return secret === undefined && application === undefined;
}

/** @throws UsageError for options that exclude each other */
export function checkMigrationOptions(options: Readonly<Record<string, unknown>>, environment: string): void {
  const { plan, savePlan, apply, confirm, overwrite, includeUndeclared, history, secret, application } = options;
  if (confirm !== undefined && confirm !== environment)
    throw new UsageError(`--confirm: the environment is ${environment}`, `To confirm it: --confirm=${environment}`);
  if (apply === undefined) return;
  const others = { plan, savePlan, overwrite, includeUndeclared, history, secret, application };
  const other = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
  if (other !== undefined)
    throw new UsageError(
      `--apply and --${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} exclude each other`,
      'The plan says what is done.',
    );
}

/** The same command again, with `more`: to be pasted. */
export function sameMigration(
  command: string,
  options: Readonly<Record<string, unknown>>,
  ...more: readonly string[]
): string {
  const names = { environment: '--environment', application: '--application', secret: '--secret', apply: '--apply' };
  const flags = { overwrite: '--overwrite', includeUndeclared: '--include-undeclared', history: '--history' };
  const words = [
    ...Object.entries(names).flatMap(([name, option]) => {
      const value = options[name];
      return typeof value === 'string' ? [option, value] : [];
    }),
    ...Object.entries(flags).flatMap(([name, option]) => (options[name] === true ? [option] : [])),
    ...more,
  ];
  return `npm run ${command}${words.length === 0 ? '' : ` -- ${words.join(' ')}`}`;
}
