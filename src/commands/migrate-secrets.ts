/** Both ways of moving secrets from one store to the other: the same command, with its sides exchanged. */
import { randomBytes } from 'node:crypto';
import type { Applied, Migration, PlannedSecret, StoreSide } from '../migrate/migration.ts';
import { migrationItem } from '../migrate/migration-item.ts';
import { checkStillHolds, savePlan } from '../migrate/saved-plan.ts';
import { MAX_ROWS, renderMigration, renderMigrationMarkdown } from '../report/migration-report.ts';
import type { StoreName } from '../model/configuration.ts';
import type { CommandDefinition } from './command.ts';
import { decide, unattended } from './migration-decision.ts';
import { readPlan, writePlan } from './migration-files.ts';
import {
  addMigrationOptions,
  checkMigrationOptions,
  chosenSecrets,
  CONCURRENCY,
  isWhole,
  planOptionsOf,
} from './migration-options.ts';
import { planAndWrite, planOnly, write } from './migration-run.ts';
import type { MigrationSides } from './migration-sides.ts';
import { openSides } from './migration-sides.ts';
import { loadPlatforms } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';

export type Direction = {
  readonly name: 'migrate-secrets-to-azure' | 'migrate-secrets-to-vault';
  readonly sidesOf: (sides: MigrationSides) => readonly [from: StoreSide, to: StoreSide];
};

export function migrateCommand({ name, sidesOf }: Direction): CommandDefinition {
  const again = `Nothing was written. Mend this and run npm run ${name} again.`;
  return {
    examples: [
      `npm run ${name} -- --plan`,
      `npm run ${name} -- --application ai-platform-engineering --yes`,
      `npm run ${name} -- --environment staging --confirm=staging --output markdown`,
    ],
    formats: ['text', 'markdown', 'json'],
    options: addMigrationOptions,

    async run(options, context) {
      const { environments, platforms, only, problems } = await loadPlatforms(options, context);
      const [platform] = platforms;
      if (problems.length > 0 || platform === undefined) return problemsFound(environments, problems, again);
      const environment = platform.environment.name;
      checkMigrationOptions(options, environment);
      const saved = typeof options['apply'] === 'string' ? readPlan(options['apply']) : undefined;
      const savedNames = saved && new Set(saved.secrets.map((one) => one.name));
      const secrets = chosenSecrets(platform, only, options).filter((one) => savedNames?.has(one.name) ?? true);
      const sides = openSides(platform, context);
      if (sides.kind === 'wrong') return problemsFound(environments, sides.problems, again);
      const [from, to] = sidesOf(sides);
      const stopping = new AbortController();
      const planOptions = saved?.options ?? planOptionsOf(options);
      const migration: Migration = {
        ...{ from, to, concurrency: CONCURRENCY, signal: stopping.signal, fingerprintKey: randomBytes(32) },
        options: planOptions,
        undeclaredSecrets: planOptions.includeUndeclared && isWhole(options),
      };
      const facts = { environment, from: from.name, to: to.name, options: migration.options };
      try {
        const tellsEach = options['output'] === 'json' || secrets.length <= MAX_ROWS;
        const run = { environment, name, context, migration, stopping, tellsEach, retries: sides.retries };
        const mayWrite = unattended(options, platform.environment.production, context.ask);
        const { plan, done } =
          mayWrite === undefined
            ? { plan: await planOnly(secrets, platform.secrets, run, savedNames), done: undefined }
            : await planAndWrite(secrets, platform.secrets, run, mayWrite);
        if (saved !== undefined) checkStillHolds(saved, plan, facts);
        if (typeof options['savePlan'] === 'string') writePlan(options['savePlan'], savePlan(plan, facts));
        const show = (): void => {
          context.note(renderMigration('Migrate', migrationItem(plan, undefined, facts), []));
        };
        const then = goesOn(options, environment, to.store);
        const lacking = lackingAt(options, environment, from.store);
        const asked = { name, options, show, ask: context.ask, then, lacking };
        const apply = (writing: readonly PlannedSecret[]): Promise<readonly Applied[]> => write(writing, run);
        const { outcome, applied, next } = await decide(plan, platform.environment, asked, apply, done);
        const item = migrationItem(plan, applied, facts);
        return {
          ...{ outcome, environments, items: [item], problems: [] },
          render: (format) =>
            (format === 'markdown' ? renderMigrationMarkdown : renderMigration)('Migrate', item, next),
        };
      } finally {
        await sides.close();
      }
    },
  };
}

/** What comes after: the roll-out of the application that was asked for, or another look at all of them. */
function goesOn({ application }: Readonly<Record<string, unknown>>, environment: string, to: StoreName): string {
  const where = environment === 'dev' ? '' : `--environment ${environment}`;
  if (typeof application !== 'string') return `npm run verify-secrets${where === '' ? '' : ` -- ${where}`}`;
  return ['npm run rollout --', where, `--application ${application} --to ${to}`]
    .filter((part) => part !== '')
    .join(' ');
}

/** Writes what the source does not have, to the source. */
function lackingAt({ application }: Readonly<Record<string, unknown>>, environment: string, from: StoreName): string {
  const where = environment === 'dev' ? [] : ['--environment', environment];
  const whose = typeof application === 'string' ? ['--application', application] : [];
  return ['npm run set-secrets --', ...where, ...whose, '--store', from].join(' ');
}
