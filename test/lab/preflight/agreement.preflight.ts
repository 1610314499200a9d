/**
 * `npm run test:preflight`: what `predict` says of an ExternalSecret, beside what External Secrets Operator does with it. Whether it syncs, every
 * byte, the type, the labels and annotations of the Secret, the condition and the events are compared. LOCKSTEP_SEED generates the same
 * cases again; a case that disagrees is made smaller and becomes a file in test/eso/differential.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { cacheFolder } from '../build.ts';
import { compare } from './compare.ts';
import type { Comparison } from './compare.ts';
import { writeFixture, writeFixtureLines } from './fixtures.ts';
import { generateCases } from './generated/generate-cases.ts';
import { handCases } from './hand/hand-cases.ts';
import { knownDisagreement } from './known-disagreements.ts';
import type { Recorded } from './observed.ts';
import { startPreflightLab } from './preflight-lab.ts';
import type { PreflightLab } from './preflight-lab.ts';
import { reference } from './reference.ts';
import { runCases } from './run-cases.ts';
import { shrinkAll } from './shrink.ts';

const seed = Number(process.env['LOCKSTEP_SEED'] ?? randomInt(1_000_000_000));
assert.ok(Number.isSafeInteger(seed), 'LOCKSTEP_SEED is a whole number');
const generatedCount = 1600;
const mostUnpredictable = 0.05;
/** Of what disagrees, so many are made smaller: one of each family. */
const mostShrunk = 4;

type Verdict = { readonly recorded: Recorded; readonly comparison: Comparison; readonly known: string | undefined };

describe('the predictor and External Secrets Operator 0.20.4', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'lockstep-preflight-'));
  /** In the order in which it is made; all of it also when `before` fails. */
  const cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rmSync(root, { recursive: true, force: true }));
  const startMs = performance.now();
  const progress = (line: string): void =>
    void process.stderr.write(`${((performance.now() - startMs) / 1000).toFixed(0)} s: ${line}\n`);
  const cases = [...handCases, ...generateCases(seed, generatedCount)];
  let preflight: PreflightLab;
  let verdicts: readonly Verdict[] = [];

  before(async () => {
    progress(`LOCKSTEP_SEED=${seed}`);
    preflight = await startPreflightLab(path.join(root, 'lab'), cleanup, progress);
    const recorded = await runCases(preflight, cases, progress);
    verdicts = recorded.map((one) => {
      const comparison = compare(one);
      return { recorded: one, comparison, known: knownDisagreement(one, comparison) };
    });
    if (process.env['LOCKSTEP_RECORD'] !== undefined) writeFixtureLines('reference', reference(recorded));
    writeAgreement(verdicts);
  });
  after(() => cleanup.disposeAsync());

  const ofKind = (kind: Comparison['kind']): readonly Verdict[] =>
    verdicts.filter(({ comparison }) => comparison.kind === kind);

  it('tried at least 1,500 generated cases', (test) => {
    const untried = ofKind('untried');
    const generated =
      verdicts.length - handCases.length - untried.filter(({ recorded }) => isGenerated(recorded)).length;
    test.diagnostic(`seed ${seed}: ${verdicts.length} cases, ${generated} of them generated`);
    for (const { recorded } of untried)
      test.diagnostic(`not tried: ${recorded.id}: ${recorded.observed.untried ?? ''}`);
    assert.ok(generated >= 1500, `${generated} generated cases were tried`);
  });

  it(`declares at most ${mostUnpredictable * 100} % unpredictable`, (test) => {
    const unpredictable = ofKind('unpredictable');
    const because = Map.groupBy(unpredictable, ({ comparison }) =>
      comparison.kind === 'unpredictable' ? comparison.because : '',
    );
    for (const [reason, of] of because) test.diagnostic(`${of.length}: ${reason}`);
    for (const which of [verdicts, verdicts.filter(({ recorded }) => isGenerated(recorded))]) {
      const share = which.filter(({ comparison }) => comparison.kind === 'unpredictable').length / which.length;
      assert.ok(share <= mostUnpredictable, `${(share * 100).toFixed(1)} % of ${which.length} cases`);
    }
  });

  it('agrees in all others', async (test) => {
    const known = Map.groupBy(
      verdicts.filter((verdict) => verdict.known !== undefined),
      (verdict) => verdict.known,
    );
    for (const [title, of] of known) test.diagnostic(`known: ${of.length} cases: ${title ?? ''}`);
    const disagreed = ofKind('disagreed').filter((verdict) => verdict.known === undefined);
    if (disagreed.length === 0) return;
    for (const { recorded } of disagreed) process.stderr.write(`${tell(recorded)}\n`);
    const chosen = [...Map.groupBy(disagreed, ({ recorded }) => recorded.family).values()]
      .flatMap(([first]) => first ?? [])
      .slice(0, mostShrunk)
      .flatMap(({ recorded }) => {
        const one = cases.find(({ id }) => id === recorded.id);
        return one === undefined ? [] : [{ one, recorded }];
      });
    const shrunk = await shrinkAll(preflight, chosen, progress);
    const files = await Promise.all(shrunk.map((one) => writeFixture(`found-${seed}-${one.family}`, [one])));
    assert.fail(
      `${disagreed.length} cases disagree; some were made smaller, in ${files.join(', ')}\n${shrunk.map(tell).join('\n')}`,
    );
  });
});

function isGenerated({ id }: Recorded): boolean {
  return /^g\d/.test(id);
}

function tell(recorded: Recorded): string {
  const comparison = compare(recorded);
  const differences = comparison.kind === 'disagreed' ? comparison.differences : [];
  const remote = recorded.world.remote.map(({ key, value, tags, state }) => [key, value.slice(0, 500), tags, state]);
  return [
    `${recorded.id}: ${recorded.about}`,
    `  ${JSON.stringify(recorded.externalSecret['spec'])}`,
    `  ${JSON.stringify(remote)}`,
    ...differences.map((text) => `  ${text.slice(0, 3000)}`),
  ].join('\n');
}

/** For the measurements. Cases that could not be tried are none. */
function writeAgreement(verdicts: readonly Verdict[]): void {
  const count = (kind: Comparison['kind']): number =>
    verdicts.filter(({ comparison }) => comparison.kind === kind).length;
  const [agreed, unpredictable, disagreed] = [count('agreed'), count('unpredictable'), count('disagreed')];
  const all = agreed + unpredictable + disagreed;
  const agreement = {
    ...{ seed, cases: all, agreed, unpredictable, disagreed },
    agreement: agreed / (agreed + disagreed),
    unpredictableShare: unpredictable / all,
  };
  const folder = path.dirname(cacheFolder());
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'preflight-agreement.json'), `${JSON.stringify(agreement, undefined, 2)}\n`);
}
