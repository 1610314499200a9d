/** Both ways of moving secrets from one store to the other: the same command, with its sides exchanged. */
import { randomBytes } from 'node:crypto';
import type { Migration, StoreSide } from '../migrate/migrate.ts';
import { applyMigration, planMigration } from '../migrate/migrate.ts';
import { migratedSecret, migrationItem } from '../migrate/migration-item.ts';
import { checkStillHolds, savePlan } from '../migrate/saved-plan.ts';
import { renderMigrated, renderMigration, renderMigrationMarkdown } from '../report/migration-report.ts';
import type { CommandDefinition } from './command.ts';
import { decide } from './migration-decision.ts';
import { openJournal, readPlan, writePlan } from './migration-files.ts';
import { addMigrationOptions, checkMigrationOptions, chosenSecrets, CONCURRENCY } from './migration-options.ts';
import type { MigrationSides } from './migration-sides.ts';
import { openSides } from './migration-sides.ts';
import { loadPlatforms } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';
import { untilStopped } from './until-stopped.ts';

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
      const secrets = chosenSecrets(platform, only, options).filter(
        (one) => saved?.secrets.some((of) => of.name === one.name) ?? true,
      );
      const sides = openSides(platform, context);
      if (sides.kind === 'wrong') return problemsFound(environments, sides.problems, again);
      const [from, to] = sidesOf(sides);
      const told = { environment, from: from.name, to: to.name, fingerprintKey: randomBytes(32) };
      const stopping = new AbortController();
      const migration: Migration = {
        ...{ from, to, concurrency: CONCURRENCY, signal: stopping.signal },
        options: saved?.options ?? {
          includeUndeclared: options['includeUndeclared'] === true,
          overwrite: options['overwrite'] === true,
        },
      };
      const facts = { environment, from: from.name, to: to.name, options: migration.options };
      try {
        context.note(`Reading ${secrets.length} secrets from both stores …`);
        const plan = await planMigration(secrets, platform.secrets, migration);
        if (saved !== undefined) checkStillHolds(saved, plan, facts);
        if (typeof options['savePlan'] === 'string') writePlan(options['savePlan'], savePlan(plan, facts));
        const show = (): void => {
          context.note(renderMigration('Migrate', migrationItem(plan, undefined, told), []));
        };
        const asked = { name, options, show, ask: context.ask };
        const { outcome, applied, next } = await decide(plan, platform.environment, asked, () => {
          const journal = openJournal(context.root, environment, name);
          // From here on Ctrl-C ends the write in hand first; before, it ends the process, which has only read.
          void untilStopped().then(() => {
            stopping.abort();
          });
          return applyMigration(plan, migration, (one) => {
            const secret = migratedSecret(one.planned, one.outcome, told.fingerprintKey);
            journal(secret);
            context.note(renderMigrated(secret));
          });
        });
        const item = migrationItem(plan, applied, told);
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
