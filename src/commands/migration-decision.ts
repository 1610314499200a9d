/** What comes of a plan: shown, saved, asked about or carried out; and which exit code and last lines that is. */
import type { Applied, MigrationPlan } from '../migrate/migrate.ts';
import { plural } from '../report/plural.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { sameMigration } from './migration-options.ts';

type Options = Readonly<Record<string, unknown>>;

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
export async function decide(
  plan: MigrationPlan,
  { name: environment, production }: { readonly name: string; readonly production: boolean },
  { name, options, show, ask }: Asked,
  apply: () => Promise<readonly Applied[]>,
): Promise<Decided> {
  const outcome = needsAPerson(plan) ? 'findings' : 'clean';
  const writing = plan.secrets.filter(({ action }) => 'expected' in action);
  const verify = `Next: npm run verify-secrets${environment === 'dev' ? '' : ` -- --environment ${environment}`}`;
  const { savePlan: file, confirm, yes } = options;
  if (typeof file === 'string') {
    const applying = `npm run ${name} -- ${environment === 'dev' ? '' : `--environment ${environment} `}--apply ${file}`;
    return { outcome, applied: undefined, next: [`Saved: ${file}. Nothing was written.`, `Next: ${applying}`] };
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
function needsAPerson({ secrets }: MigrationPlan): boolean {
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
  const what = plural(count, 'secret');
  const answer = await ask(byName === undefined ? `Write ${what}? [y/N] ` : `Type ${byName} to write ${what}: `);
  return byName === undefined ? /^y(?:es)?$/i.test(answer.trim()) : answer.trim() === byName;
}
