import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { CommandResult } from '../../src/commands/command.ts';
import { command } from '../../src/commands/upgrade-manifests.ts';

const text = 'apiVersion: external-secrets.io/v1beta1\nkind: ExternalSecret\nmetadata: {name: a}\nspec: {}\n';
const program = path.join(import.meta.dirname, '../..');

/** With a person who answers. @param meanwhile is done while they think */
async function run(
  answer: string,
  meanwhile: (file: string) => void = () => undefined,
): Promise<{ result: CommandResult; printed: string; after: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-confirm-'));
  const file = path.join(folder, 'a.yaml');
  writeFileSync(file, text);
  let printed = '';
  try {
    const result = await command.run(
      { arguments: [file], operatorVersion: '0.20.4', output: 'text' },
      {
        root: folder,
        program,
        environment: {},
        note: () => undefined,
        print: (shown) => (printed += shown),
        stdin: () => Promise.reject(new Error('nothing is piped in')),
        askHidden: undefined,
        progress: () => undefined,
        ask: () => {
          meanwhile(file);
          return Promise.resolve(answer);
        },
        colour: false,
      },
    );
    return { result, printed, after: readFileSync(file, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a person who is asked', () => {
  it('sees the diff first, and their yes writes', async () => {
    const { result, printed, after } = await run('y');
    assert.match(printed, /^-apiVersion: external-secrets\.io\/v1beta1\n\+apiVersion: external-secrets\.io\/v1$/m);
    assert.equal(after, text.replace('v1beta1', 'v1'));
    assert.equal(result.outcome, 'clean');
    assert.doesNotMatch(result.render('text'), /^@@/m);
  });

  it('may say no', async () => {
    for (const answer of ['', 'n', 'yeah']) {
      const { result, after } = await run(answer);
      assert.equal(after, text);
      assert.equal(result.outcome, 'findings');
      assert.match(result.render('text'), /Nothing was written\./);
    }
  });

  it('does not lose what somebody writes while they think', async () => {
    const theirs = `${text}# and more\n`;
    const { result, after } = await run('yes', (file) => writeFileSync(file, theirs));
    assert.equal(after, theirs);
    assert.deepEqual(
      result.problems.map(({ code }) => code),
      ['M111'],
    );
  });
});
