/** What a person at a terminal is asked, and what the answers do. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { command } from '../../src/commands/bootstrap-vault.ts';
import type { CommandResult } from '../../src/commands/command.ts';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { ask } from '../dev/vault-client.ts';
import { checkout } from '../fixtures/repository.ts';

type Asked = { readonly result: CommandResult; readonly questions: string[]; readonly notes: string[] };

async function run(vault: EmbeddedVault, answer: string, options: Record<string, unknown> = {}): Promise<Asked> {
  const [questions, notes]: [string[], string[]] = [[], []];
  const result = await command.run(options, {
    root: checkout,
    program: path.join(checkout),
    environment: { VAULT_ADDR: vault.url, VAULT_TOKEN: vault.rootToken },
    note: (line) => notes.push(line),
    print: () => undefined,
    askHidden: undefined,
    progress: () => undefined,
    ask: (question) => {
      // What is asked about has been shown.
      assert.match(notes.at(-1) ?? '', /^Vault for dev: /);
      questions.push(question);
      return Promise.resolve(answer);
    },
    colour: false,
    stdin: () => Promise.resolve(new Uint8Array()),
  });
  return { result, questions, notes };
}

function writes({ requests }: EmbeddedVault): number {
  return requests.filter(({ method, path: at }) => method !== 'GET' && at !== 'sys/capabilities-self').length;
}

describe('at a terminal', () => {
  it('asks after the plan was shown; only yes is a yes', async () => {
    const vault = await createEmbeddedVault();
    try {
      for (const answer of ['', 'n', 'no', 'yess', 'dev']) {
        const { result, questions } = await run(vault, answer);
        assert.deepEqual([result.outcome, questions, writes(vault)], ['findings', ['Write this to Vault? [y/N] '], 0]);
        assert.match(result.render('text'), /Nothing was written\./);
      }
      const { result, notes } = await run(vault, 'y');
      assert.equal(result.outcome, 'clean');
      assert.equal(notes.length, 1 + 7);
      assert.equal(writes(vault), 7);
      const again = await run(vault, 'y');
      assert.deepEqual([again.result.outcome, again.questions, again.notes], ['clean', [], []]);
    } finally {
      await vault.close();
    }
  });

  it('asks for the environment’s name where something would go; --yes does not replace it', async () => {
    const vault = await createEmbeddedVault();
    try {
      await run(vault, 'y');
      const role = { method: 'POST', path: 'auth/kubernetes/role/external-secrets', body: { token_ttl: '3h' } };
      await ask(vault, role);
      const before = writes(vault);
      for (const answer of ['y', 'yes', 'production', '']) {
        const { result, questions } = await run(vault, answer, { yes: true });
        assert.deepEqual([result.outcome, questions], ['findings', ['Type dev to write this: ']]);
      }
      assert.equal(writes(vault), before);
      assert.equal((await run(vault, 'dev')).result.outcome, 'clean');
      assert.equal(writes(vault), before + 1);
    } finally {
      await vault.close();
    }
  });

  it('does not ask with --plan, nor where it is confirmed already', async () => {
    const vault = await createEmbeddedVault();
    try {
      for (const options of [{ plan: true }, { plan: true, yes: true }]) {
        const { result, questions } = await run(vault, 'y', options);
        assert.deepEqual([result.outcome, questions, writes(vault)], ['findings', [], 0]);
      }
      for (const options of [{ yes: true }, { confirm: 'dev' }])
        assert.deepEqual((await run(vault, 'n', options)).questions, []);
      await assert.rejects(run(vault, 'y', { confirm: 'production' }), { code: 'USAGE' });
    } finally {
      await vault.close();
    }
  });
});
