/** Both ways of moving secrets from one store to the other: the same command, with its sides exchanged. */
import { randomBytes } from 'node:crypto';
import type { Applied, Migration, MigrationPlan, StoreSide } from '../migrate/migrate.ts';
import { applyMigration, planMigration } from '../migrate/migrate.ts';
import { migratedSecret, migrationItem } from '../migrate/migration-item.ts';
import { checkStillHolds, savePlan } from '../migrate/saved-plan.ts';
import { renderMigrated, renderMigration, renderMigrationMarkdown } from '../report/migration-report.ts';
import type { CommandContext, CommandDefinition, CommandResult } from './command.ts';
import { openJournal, readPlan, writePlan } from './migration-files.ts';
import { addMigrationOptions, checkMigrationOptions, chosenSecrets, sameMigration } from './migration-options.ts';
import type { MigrationSides } from './migration-sides.ts';
import { openSides } from './migration-sides.ts';
import { loadPlatforms } from './platform-options.ts';
import { problemsFound } from './problems-found.ts';
import { untilStopped } from './until-stopped.ts';

/** Secrets that are in hand at once; each store keeps to its limits by itself. */
export const CONCURRENCY = 16;

export type Direction = {
  readonly name: 'migrate-secrets-to-azure' | 'migrate-secrets-to-vault';
  readonly sidesOf: (sides: MigrationSides) => readonly [from: StoreSide, to: StoreSide];
};

type Options = Readonly<Record<string, unknown>>;

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

type Decided = {
  readonly outcome: CommandResult['outcome'];
  readonly applied: readonly Applied[] | undefined;
  /** The last lines. */
  readonly next: readonly string[];
};

type Asked = {
  readonly name: string;
  readonly options: Options;
  /** Of the plan, to who is asked about it. */
  readonly show: () => void;
  readonly ask: CommandContext['ask'];
};

/** @param apply writes what the plan says */
async function decide(
  plan: MigrationPlan,
  { name: environment, production }: { readonly name: string; readonly production: boolean },
  { name, options, show, ask }: Asked,
  apply: () => Promise<readonly Applied[]>,
): Promise<Decided> {
  const outcome = isOpen(plan) ? 'findings' : 'clean';
  const writing = plan.secrets.filter(({ action }) => 'expected' in action);
  const verify = `Next: npm run verify-secrets${environment === 'dev' ? '' : ` -- --environment ${environment}`}`;
  const { savePlan: file, confirm, yes } = options;
  if (typeof file === 'string') {
    const apply = `npm run ${name} -- ${environment === 'dev' ? '' : `--environment ${environment} `}--apply ${file}`;
    return { outcome, applied: undefined, next: [`Saved: ${file}. Nothing was written.`, `Next: ${apply}`] };
  }
  if (writing.length === 0) {
    const same = ['✓ nothing to do: every application receives the same from both stores', verify];
    return { outcome, applied: undefined, next: outcome === 'clean' ? same : openLines(plan) };
  }
  const byName = production || writing.some(({ action }) => action.kind === 'update');
  const again = sameMigration(name, options, byName ? `--confirm=${environment}` : '--yes');
  const nothing: Decided = {
    outcome: 'findings',
    applied: undefined,
    next: [...openLines(plan), 'Nothing was written.', `Next: ${again}`],
  };
  if (options['plan'] === true) return nothing;
  // Where nobody can be asked, what only adds is done.
  const isConfirmed = confirm !== undefined || (!byName && (yes === true || ask === undefined));
  if (!isConfirmed) {
    if (ask === undefined) return nothing;
    show();
    if (!(await agrees(ask, writing.length, byName ? environment : undefined))) return nothing;
  }

  const applied = await apply();
  const done = applied.filter((one) => one.outcome.kind === 'written' || one.outcome.kind === 'already').length;
  const isDone = done === applied.length;
  const verdict = `${isDone ? '✓' : '✗'} ${done} of ${applied.length} written, read back, and received alike by every application`;
  return isDone
    ? { outcome, applied, next: [verdict, ...openLines(plan), verify] }
    : { outcome: 'failed', applied, next: [verdict, `Next: ${sameMigration(name, options)}`] };
}

/** Whether something is left that a person has to do. */
function isOpen({ secrets }: MigrationPlan): boolean {
  return secrets.some(
    ({ action: { kind }, findings }) =>
      ['conflict', 'blocked', 'missing'].includes(kind) ||
      findings.some((finding) => finding.kind === 'missing' || finding.kind === 'empty'),
  );
}

function openLines({ secrets }: MigrationPlan): string[] {
  return secrets.some(({ action }) => action.kind === 'conflict')
    ? ['Nothing that differs is overwritten without --overwrite; the store keeps the version before it.']
    : [];
}

async function agrees(
  ask: NonNullable<CommandContext['ask']>,
  count: number,
  byName: string | undefined,
): Promise<boolean> {
  const what = `${count} secret${count === 1 ? '' : 's'}`;
  const answer = await ask(byName === undefined ? `Write ${what}? [y/N] ` : `Type ${byName} to write ${what}: `);
  return byName === undefined ? /^y(?:es)?$/i.test(answer.trim()) : answer.trim() === byName;
}
