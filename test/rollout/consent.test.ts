import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agreesTo } from '../../src/commands/rollout-consent.ts';
import type { RolloutSession } from '../../src/commands/rollout-session.ts';
import type { RolledOut } from '../../src/rollout/rollout-item.ts';

const moving = { from: 'vault-secret-store', to: 'azure-keyvault-store' } as const;
const dev = { environment: 'dev', production: false, ...moving };
const production = { environment: 'production', production: true, ...moving };
const untouched = { environment: 'other', production: true, from: moving.to, to: moving.to } as const;

/** @param answers of the person; undefined: nobody is there */
async function asked(
  environments: RolledOut['environments'],
  answers: readonly string[] | undefined,
  { yes = false, confirmed = [] as readonly string[] } = {},
): Promise<{ agreed: boolean; questions: string[]; shown: number }> {
  const questions: string[] = [];
  let shown = 0;
  const ask = (question: string): Promise<string> => Promise.resolve(answers?.[questions.push(question) - 1] ?? '');
  const session = {
    context: { ask: answers === undefined ? undefined : ask },
    options: { yes, confirmed: new Set(confirmed) },
  } as unknown as RolloutSession;
  const agreed = await agreesTo(session, { environments } as RolledOut, () => {
    shown++;
  });
  return { agreed, questions, shown };
}

describe('who agrees to a change of config/', () => {
  it('a person who says yes, once it was shown', async () => {
    const question = 'Change config/applications.ts? [y/N] ';
    assert.deepEqual(await asked([dev, untouched], ['y']), { agreed: true, questions: [question], shown: 1 });
    for (const answer of ['', 'n', 'yep']) assert.equal((await asked([dev], [answer])).agreed, false);
  });

  it('--yes or a confirmation, without being asked; nobody does not', async () => {
    assert.deepEqual(await asked([dev], [], { yes: true }), { agreed: true, questions: [], shown: 0 });
    assert.equal((await asked([dev], undefined, { confirmed: ['dev'] })).agreed, true);
    assert.equal((await asked([dev], undefined)).agreed, false);
  });

  it('for production its name, which --yes does not replace', async () => {
    assert.equal((await asked([dev, production], undefined, { yes: true })).agreed, false);
    assert.equal((await asked([dev, production], undefined, { yes: true, confirmed: ['dev'] })).agreed, false);
    assert.equal((await asked([dev, production], undefined, { confirmed: ['production'] })).agreed, true);
    const typed = await asked([dev, production], ['production'], { yes: true });
    assert.deepEqual(typed.questions, ['Type production to change config/applications.ts: ']);
    assert.equal(typed.agreed, true);
    assert.equal((await asked([dev, production], ['y'], { yes: true })).agreed, false);
  });
});
