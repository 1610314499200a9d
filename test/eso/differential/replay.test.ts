/** What the real operator did with cases that `npm run test:preflight` has recorded or found, beside what is predicted now. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compare } from '../../lab/preflight/compare.ts';
import { readFixtures } from '../../lab/preflight/fixtures.ts';
import { knownDisagreement } from '../../lab/preflight/known-disagreements.ts';

describe('recorded cases', () => {
  for (const [file, recorded] of readFixtures())
    describe(file, () => {
      for (const one of recorded)
        it(`${one.id}: ${one.about}`, () => {
          const comparison = compare(one);
          if (comparison.kind === 'disagreed' && knownDisagreement(one, comparison) === undefined)
            assert.fail(comparison.differences.join('\n'));
        });
    });
});
