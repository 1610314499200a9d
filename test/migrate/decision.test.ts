import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decide, unattended } from '../../src/commands/migration-decision.ts';
import type { Action, Applied, MigrationPlan, PlannedSecret } from '../../src/migrate/migration.ts';
import { isWriting } from '../../src/migrate/migration.ts';
import type { Version } from '../../src/stores/contract.ts';
import { platformOf, soundConfiguration } from '../fixtures/configuration.ts';

const [secret] = platformOf(soundConfiguration()).secrets;
assert.ok(secret);
const version = '1' as Version;
const failure = { because: 'no answer', hint: '' };
const actions = {
  create: { kind: 'create', expected: 'absent' },
  recover: { kind: 'recover', expected: version },
  append: { kind: 'append', expected: version },
  update: { kind: 'update', expected: version, differences: [] },
  same: { kind: 'unchanged' },
  note: { kind: 'unchanged', note: version },
  conflict: { kind: 'conflict', differences: [], copyOf: undefined },
  missing: { kind: 'missing', deleted: false },
  blocked: { kind: 'blocked', because: { side: 'target', reason: 'managed', names: [] } },
  failed: { kind: 'failed', ...failure },
} as const satisfies Record<string, Action>;
type Name = keyof typeof actions;
type Outcome = Applied['outcome'];

const planOf = (names: readonly Name[]): MigrationPlan => ({
  secrets: names.map((name): PlannedSecret => ({
    ...{ secret, action: actions[name], older: [], findings: [], left: [], asText: [] },
    from: { name: 'shop/payment', version },
    to: { name: 'shop-payment', version: 'absent' },
  })),
  undeclared: [],
});
const nameOf = ({ action }: PlannedSecret): string =>
  Object.entries(actions).find(([, one]) => one === action)?.[0] ?? '';

type Given = {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly environment?: string;
  /** At a terminal, what is typed; undefined: there is none. */
  readonly answer?: string | undefined;
  readonly outcome?: Outcome;
};
type Ended = {
  readonly written: readonly string[];
  readonly outcome: string;
  readonly next: readonly string[];
  readonly questions: readonly string[];
};

/** As the command does it, with `production` alone being production. */
async function run(names: readonly Name[], given: Given): Promise<Ended> {
  const { options = {}, environment = 'dev', answer, outcome = { kind: 'written', version } } = given;
  const [plan, production] = [planOf(names), environment === 'production'];
  const [written, questions]: [string[], string[]] = [[], []];
  let shown = 0;
  const ask = (question: string): Promise<string> => {
    assert.equal(shown, 1, 'who is asked has seen the plan');
    questions.push(question);
    return Promise.resolve(answer ?? '');
  };
  const apply = (writing: readonly PlannedSecret[]): readonly Applied[] => {
    written.push(...writing.map(nameOf));
    return writing.map((planned) => ({ planned, outcome }));
  };
  const at = answer === undefined ? undefined : ask;
  const mayWrite = unattended(options, production, at);
  const done = mayWrite && apply(plan.secrets.filter((one) => isWriting(one) && mayWrite(one)));
  const asked = {
    name: 'migrate',
    options,
    show: () => (shown += 1),
    ask: at,
    then: 'npm run verify',
    lacking: 'npm run set-secrets',
  };
  const decided = await decide(
    plan,
    { name: environment, production },
    asked,
    (writing) => Promise.resolve(apply(writing)),
    done,
  );
  return { written, outcome: decided.outcome, next: decided.next, questions };
}

const then = 'Next: npm run verify';
const words: Readonly<Record<string, string>> = {
  nothing: 'Nothing was written.',
  left: '1 secret that would be overwritten was left alone.',
  differs: 'Nothing that differs is overwritten without --overwrite; the store keeps the version before it.',
  saved: 'Saved: p.json. Nothing was written.',
  verify: then,
  lacking: 'Next: npm run set-secrets',
};

/** plan | environment | options | what is typed, where there is a terminal → what is written | outcome | the last lines */
const table = `
create recover append same | dev        |                                   |     → create recover append | clean | verify
create                     | dev        | --yes                             |     → create        | clean    | verify
create update              | dev        | --overwrite                       |     → create        | findings | left, -- --overwrite --confirm=dev
update                     | dev        | --overwrite                       |     →               | findings | nothing, -- --overwrite --confirm=dev
create update              | dev        | --overwrite --confirm=dev         |     → create update | clean    | verify
create                     | production |                                   |     →               | findings | nothing, -- --confirm=production
create                     | production | --yes --environment=production    |     →               | findings | nothing, -- --environment production --confirm=production
create update              | production | --overwrite --confirm=production  |     → create update | clean    | verify
create update              | dev        | --apply=p.json                    |     → create        | findings | left, -- --apply p.json --confirm=dev
create update              | dev        | --apply=p.json --confirm=dev      |     → create update | clean    | verify
create                     | dev        |                                   | Yes → create        | clean    | verify
create                     | dev        |                                   | no  →               | findings | nothing, -- --yes
create                     | dev        |                                   | yess →              | findings | nothing, -- --yes
create                     | dev        | --yes                             | not asked → create  | clean    | verify
create update              | dev        | --overwrite                       | dev → create update | clean    | verify
create update              | dev        | --overwrite --yes                 | yes →               | findings | nothing, -- --overwrite --confirm=dev
create                     | production |                                   | production → create | clean    | verify
create                     | production | --yes                             | yes →               | findings | nothing, -- --confirm=production
create same                | dev        | --plan                            |     →               | findings | nothing, -- --yes
update                     | dev        | --plan --confirm=dev              |     →               | findings | nothing, -- --confirm=dev
create failed              | dev        | --plan                            |     →               | failed   | nothing, -- --yes
same note                  | dev        | --plan                            |     →               | clean    | verify
create update              | dev        | --savePlan=p.json --confirm=dev   | yes →               | clean    | saved, -- --apply p.json
conflict                   | staging    | --savePlan=p.json                 |     →               | findings | -- --environment staging --apply p.json
note same                  | dev        |                                   | not asked → note    | clean    | verify
note                       | production |                                   |     →               | clean    | verify
create conflict            | dev        |                                   |     → create        | findings | differs, verify
create missing             | dev        |                                   |     → create        | findings | lacking
create blocked             | dev        |                                   |     → create        | findings | verify
create failed              | dev        |                                   |     → create        | failed   | verify
`;

function rowOf(line: string): readonly [names: Name[], given: Given, written: string, outcome: string, last: string[]] {
  const cells = line.split(/[|→]/).map((cell) => cell.trim());
  const [plan = '', environment = '', told = '', typed = '', written = '', outcome = '', last = ''] = cells;
  const options = [...told.matchAll(/--(\w+)(?:=(\S+))?/g)].map(
    ([, name = '', value]) => [name, value ?? true] as const,
  );
  return [
    plan.split(' ') as Name[],
    { environment, options: Object.fromEntries(options), answer: typed === '' ? undefined : typed },
    ...([written, outcome] as const),
    last.split(', ').map((word) => words[word] ?? `Next: npm run migrate ${word}`),
  ];
}

describe('what comes of a plan', () => {
  for (const line of table.trim().split('\n'))
    it(line.replace(/ +/g, ' '), async () => {
      const [names, given, written, outcome, last] = rowOf(line);
      const ended = await run(names, given);
      assert.deepEqual([ended.written.join(' '), ended.outcome], [written, outcome]);
      assert.deepEqual(ended.next.slice(-last.length), last);
    });

  it('asks once, by the name where that matters', async () => {
    const question = async (names: readonly Name[], given: Given): Promise<readonly string[]> =>
      (await run(names, given)).questions;
    assert.deepEqual(await question(['create', 'note'], { answer: '' }), ['Write 1 secret? [y/N] ']);
    assert.deepEqual(await question(['create', 'update'], { answer: '' }), ['Type dev to write 2 secrets: ']);
    const production = { environment: 'production', answer: '' };
    assert.deepEqual(await question(['create'], production), ['Type production to write 1 secret: ']);
  });

  it('says what was read back, and what to run where something was not', async () => {
    const ended = async (outcome: Outcome): Promise<string> => {
      const { outcome: kind, next } = await run(['create', 'same'], { outcome });
      return [kind, next[0]?.slice(0, 8), next.at(-1)].join(' | ');
    };
    const again = 'Next: npm run migrate';
    assert.equal(await ended({ kind: 'written', version }), `clean | ✓ 1 of 1 | ${then}`);
    assert.equal(await ended({ kind: 'already' }), `clean | ✓ 1 of 1 | ${then}`);
    assert.equal(await ended({ kind: 'changed meanwhile', side: 'source' }), `findings | ✗ 0 of 1 | ${again}`);
    assert.equal(await ended({ kind: 'refused', because: 'forbidden' }), `findings | ✗ 0 of 1 | ${again}`);
    assert.equal(await ended({ kind: 'failed', ...failure }), `failed | ✗ 0 of 1 | ${again}`);
    assert.equal(await ended({ kind: 'differs' }), `failed | ✗ 0 of 1 | ${again}`);
    assert.equal(await ended({ kind: 'not reached' }), `failed | ✗ 0 of 1 | ${again}`);
  });

  it('whatever is asked for, writes nothing that was not agreed to', async () => {
    const flag = fc.constantFrom(true, undefined);
    const names = fc.array(fc.constantFrom(...(Object.keys(actions) as Name[])), { maxLength: 5 });
    const given = fc.record({
      environment: fc.constantFrom('dev', 'production'),
      answer: fc.constantFrom(undefined, '', 'y', 'dev', 'production'),
      flags: fc.record({ plan: flag, yes: flag, overwrite: flag }),
      file: fc.constantFrom({}, {}, { savePlan: 'p.json' }, { apply: 'p.json' }),
      confirms: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(names, given, async (all, { environment, answer, flags, file, confirms }) => {
        const options = { ...flags, ...file, confirm: confirms ? environment : undefined };
        const { written, outcome, questions } = await run(all, { options, environment, answer });
        const isNamed = confirms || (questions.length === 1 && answer === environment);
        const isAgreed =
          isNamed || (questions.length === 1 ? answer === 'y' : flags.yes === true || answer === undefined);
        if (flags.plan === true || 'savePlan' in file) assert.deepEqual(written, []);
        if (environment === 'production' && !isNamed) assert.deepEqual(written, []);
        if (!isNamed) assert.ok(!written.includes('update'));
        if (!isAgreed) assert.ok(written.every((name) => name === 'note'));
        assert.ok(questions.length <= (confirms || answer === undefined ? 0 : 1));
        if (outcome !== 'clean' || 'savePlan' in file) return;
        const due = all.filter(
          (name) => isWriting({ ...planOf([name]).secrets[0] } as PlannedSecret) && name !== 'note',
        );
        assert.deepEqual(
          written.filter((name) => name !== 'note'),
          due,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what was decided while it was planned', () => {
  const asked = {
    name: 'migrate',
    show: () => undefined,
    ask: undefined,
    then: 'npm run verify',
    lacking: 'npm run set-secrets',
  };
  const dev = { name: 'dev', production: false };
  const none = (): Promise<readonly Applied[]> => Promise.resolve([]);

  it('tells what was held back, interrupted or not', async () => {
    const plan = planOf(['create', 'update', 'failed']);
    const [create, , failed] = plan.secrets;
    assert.ok(create && failed);
    const done: Applied[] = [
      { planned: create, outcome: { kind: 'written', version } },
      { planned: failed, outcome: { kind: 'not reached' } },
    ];
    const { next } = await decide(plan, dev, { ...asked, options: { overwrite: true } }, none, done);
    assert.ok(next.includes('1 secret that would be overwritten was left alone.'));
  });

  it('says how to go on where nothing could be planned', async () => {
    const { next } = await decide(planOf(['failed']), dev, { ...asked, options: {} }, none, []);
    assert.deepEqual(next, ['Next: npm run migrate']);
  });
});

describe('what was the same, and is something else by the time that it is noted', () => {
  const changed: Outcome = { kind: 'changed meanwhile', side: 'target' };
  const again = /^Next: npm run migrate/;

  for (const [where, answer] of [
    ['where nobody can be asked', undefined],
    ['at a terminal', ''],
  ] as const)
    it(`is not told as the same, ${where}`, async () => {
      const { outcome, next } = await run(['note', 'same'], { answer, outcome: changed });
      assert.equal(outcome, 'findings');
      assert.deepEqual(next.slice(0, -1), [
        '✗ 1 of 2 Kubernetes Secrets will be the same, to the byte, from either store (3 keys compared)',
      ]);
      assert.match(next.at(-1) ?? '', again);
    });

  it('is not counted among the same where others were written', async () => {
    const plan = planOf(['create', 'note', 'same']);
    const done = plan.secrets.slice(0, 2).map((planned): Applied => ({
      planned,
      outcome: planned.action.kind === 'create' ? { kind: 'written', version } : changed,
    }));
    const asked = { name: 'migrate', options: {}, show: () => assert.fail(), ask: undefined, then: '', lacking: '' };
    const { outcome, next } = await decide(plan, { name: 'dev', production: false }, asked, () => assert.fail(), done);
    assert.equal(outcome, 'findings');
    assert.match(next[0] ?? '', /^✓ 1 of 1 secret written/);
    assert.match(next[1] ?? '', /^✗ 2 of 3 Kubernetes Secrets/);
    assert.match(next.at(-1) ?? '', again);
  });

  it('is no finding where only the note could not be written', async () => {
    const { outcome, next } = await run(['note', 'same'], { outcome: { kind: 'failed', ...failure } });
    assert.equal(outcome, 'clean');
    assert.match(next[0] ?? '', /^✓ nothing to do/);
  });
});
