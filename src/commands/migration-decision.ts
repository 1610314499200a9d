/** What comes of a plan: shown, saved, asked about or carried out; and which exit code and last lines that is. */
import { totalsOf } from '../migrate/add-up.ts';
import type { Applied, MigrationPlan, PlannedSecret, Totals } from '../migrate/migration.ts';
import { isWriting } from '../migrate/migration.ts';
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
  /** The command that goes on where all is the same in both stores. */
  readonly then: string;
  /** The one that writes what the source lacks. */
  readonly lacking: string;
};

/**
 * What a run may write that nobody is asked about. Undefined: there is somebody to ask, or nothing is to be written yet.
 * Where nobody can be asked, what only adds is done.
 */
export function unattended(
  options: Options,
  production: boolean,
  ask: CommandContext['ask'],
): ((planned: PlannedSecret) => boolean) | undefined {
  const { plan, savePlan, apply, confirm, overwrite, yes } = options;
  if (plan === true || savePlan !== undefined || apply !== undefined) return undefined;
  if (confirm !== undefined) return () => true;
  if (production || (ask !== undefined && (yes !== true || overwrite === true))) return undefined;
  return ({ action }) => action.kind !== 'update';
}

/**
 * @param apply writes what it is given of the plan
 * @param done what was written while it was planned
 */
export async function decide(
  plan: MigrationPlan,
  environment: { readonly name: string; readonly production: boolean },
  { name, options, show, ask, then, lacking }: Asked,
  apply: (writing: readonly PlannedSecret[]) => Promise<readonly Applied[]>,
  done?: readonly Applied[],
): Promise<Decided> {
  const { savePlan: file } = options;
  const isLacking = plan.secrets.some(({ action }) => action.kind === 'missing');
  const planned: Decided = { outcome: outcomeOf(plan, []), applied: undefined, next: [] };
  if (typeof file === 'string') {
    const applying = `npm run ${name} -- ${environment.name === 'dev' ? '' : `--environment ${environment.name} `}--apply ${file}`;
    return { ...planned, next: [`Saved: ${file}. Nothing was written.`, `Next: ${applying}`] };
  }
  const writing = plan.secrets.filter(isWriting);
  // A note of where a copy came from is of no consequence to anybody who reads the secret.
  const writes = writing.filter(({ action }) => action.kind !== 'unchanged');
  const overwriting = writes.filter(({ action }) => action.kind === 'update');
  const byName = environment.production || overwriting.length > 0;
  const again = sameMigration(name, options, byName ? `--confirm=${environment.name}` : '--yes');
  const nothing: Decided = {
    outcome: planned.outcome === 'failed' ? 'failed' : 'findings',
    applied: undefined,
    next: [...openLines(plan), 'Nothing was written.', `Next: ${again}`],
  };
  const moved = movedOf(totalsOf(plan));
  if (writes.length + moved === 0) {
    const noted = done ?? (options['plan'] === true || environment.production ? [] : await apply(writing));
    const changed = noted.filter(isChanged);
    if (changed.length > 0)
      return {
        outcome: outcomeOf(plan, changed),
        applied: changed,
        next: [...verdictOn(plan, changed), ...openLines(plan), `Next: ${sameMigration(name, options)}`],
      };
    const same = ['✓ nothing to do: every application receives the same from both stores', `Next: ${then}`];
    const open = [...openLines(plan), `Next: ${isLacking ? lacking : sameMigration(name, options)}`];
    return { ...planned, next: planned.outcome === 'clean' ? same : open };
  }
  if (options['plan'] === true) return nothing;

  const allowed = done?.map(({ planned: one }) => one) ?? (await confirmed());
  if (allowed.length + moved === 0) return nothing;
  const applied = done ?? (await apply(allowed));
  const outcome = outcomeOf(plan, applied);
  const overwritten = new Set(allowed.filter(({ action }) => action.kind === 'update'));
  const held = overwriting.filter((one) => !overwritten.has(one)).length;
  const verdict = verdictOn(plan, applied);
  if (held > 0)
    return {
      outcome: outcome === 'failed' ? outcome : 'findings',
      applied,
      next: [
        ...verdict,
        `${plural(held, 'secret')} that would be overwritten ${held === 1 ? 'was' : 'were'} left alone.`,
        `Next: ${again}`,
      ],
    };
  const isDone = applied.every(({ outcome: { kind } }) => kind === 'written' || kind === 'already');
  return {
    outcome,
    applied,
    next: [
      ...verdict,
      ...openLines(plan),
      `Next: ${isDone ? (isLacking ? lacking : then) : sameMigration(name, options)}`,
    ],
  };

  /** What may be written. Where nobody can be asked, what only adds is done. */
  async function confirmed(): Promise<readonly PlannedSecret[]> {
    if (options['confirm'] !== undefined) return writing;
    const adding = environment.production ? [] : writing.filter(({ action }) => action.kind !== 'update');
    if (ask === undefined || (options['yes'] === true && !byName))
      return adding.some(({ action }) => action.kind !== 'unchanged') ? adding : [];
    show();
    return (await agrees(ask, writes.length, byName ? environment.name : undefined)) ? writing : [];
  }
}

/** Failed: something could not be found out or done. Findings: something is left that a person has to do. */
function outcomeOf({ secrets }: MigrationPlan, applied: readonly Applied[]): CommandResult['outcome'] {
  const outcomes = applied.map(({ outcome }) => outcome.kind);
  if (secrets.some(({ action }) => action.kind === 'failed')) return 'failed';
  if (outcomes.some((kind) => kind === 'failed' || kind === 'differs' || kind === 'not reached')) return 'failed';
  if (outcomes.some((kind) => kind === 'changed meanwhile' || kind === 'refused')) return 'findings';
  return secrets.some(
    ({ action: { kind }, findings }) =>
      kind === 'conflict' ||
      kind === 'blocked' ||
      kind === 'missing' ||
      findings.some((finding) => finding.kind === 'missing' || finding.kind === 'empty'),
  )
    ? 'findings'
    : 'clean';
}

function verdictOn(plan: MigrationPlan, all: readonly Applied[]): string[] {
  const isDone = ({ outcome: { kind } }: Applied): boolean => kind === 'written' || kind === 'already';
  const applied = all.filter(({ planned: { action } }) => action.kind !== 'unchanged');
  const done = applied.filter(isDone);
  const totals = totalsOf(plan);
  const moved = movedOf(totals);
  const changed = new Set(all.filter(isChanged).map(({ planned }) => planned));
  const same = [
    ...plan.secrets.filter((planned) => planned.action.kind === 'unchanged' && !changed.has(planned)),
    ...done.map(({ planned }) => planned),
  ].flatMap(({ secret }) => secret.targets);
  const targets = plan.secrets.flatMap(({ secret }) => secret.targets);
  const keys = same.reduce((sum, target) => sum + target.keys.length, totals.keys);
  const mark = (part: number, whole: number): string => (part === whole ? '✓' : '✗');
  const written =
    applied.length + moved === 0
      ? []
      : [
          `${mark(done.length, applied.length)} ${done.length + moved} of ${plural(applied.length + moved, 'secret')} written and read back`,
        ];
  return [
    ...written,
    `${mark(same.length, targets.length)} ${same.length + totals.targets} of ${plural(targets.length + totals.targets, 'Kubernetes Secret')} will be the same, to the byte, from either store (${plural(keys, 'key')} compared)`,
  ];
}

/** Of what was added up, what is written. */
function movedOf({ written, already }: Totals): number {
  return written + already;
}

/** What was the same and was only to be noted may be something else by now. */
function isChanged({ outcome }: Applied): boolean {
  return outcome.kind === 'changed meanwhile';
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
