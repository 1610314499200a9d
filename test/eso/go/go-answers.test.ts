import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Answer } from './answer-here.ts';
import { answerHere } from './answer-here.ts';

type Recorded = readonly [question: readonly [operation: string, ...args: string[]], answer: Answer];

const recorded = readFileSync(new URL('go-answers.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);
const byOperation = Map.groupBy(recorded, ([[operation]]) => operation);

/** Questions that this predictor does not answer, of all that were recorded: at most so many in a hundred. */
const refusedAtMost: Readonly<Record<string, number>> = { gjson: 10, replace: 2, matches: 2 };

describe('what Go answered (test/eso/oracle/go) is answered here', () => {
  for (const [operation, cases] of byOperation) {
    it(`${operation}: ${String(cases.length)} questions`, () => {
      let refused = 0;
      for (const [[, ...args], answer] of cases) {
        const here = answerHere(operation, args);
        if (here !== null && typeof here === 'object' && 'unpredictable' in here) refused += 1;
        else assert.deepEqual(here, answer, `of ${JSON.stringify([operation, ...args])}`);
      }
      assert.ok(refused <= (cases.length * (refusedAtMost[operation] ?? 0)) / 100, `${String(refused)} were refused`);
    });
  }
});
