import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import type { SecretDefinition } from '../../src/model/configuration.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import { renderStart, renderStartMarkdown } from '../../src/report/start-report.ts';
import type { StartOptions, StartResult } from '../../src/start/start.ts';
import { platformOf } from '../fixtures/configuration.ts';
import { azure, configuration, plain, platform, startWith, stores } from './start-fixture.ts';

describe('a value, in npm start', () => {
  const canary = 'example-canary-4b1d';
  const held: readonly (readonly [title: string, vault: string, keyVault: string])[] = [
    ['whole', `{"PROVIDER":"card","CARD_KEY":"${canary}","NOTE":"${canary}"}`, canary],
    ['in an undeclared field', `{"PROVIDER":"card","other":"${canary}"}`, ''],
    ['as a condition', `{"PROVIDER":"${canary}"}`, canary],
    ['nested', `{"PROVIDER":["${canary}"],"CARD_KEY":{"a":"${canary}"}}`, canary],
    ['in text that is no JSON object', `{"a":"${canary}"}`, `${canary}{`],
  ];

  for (const [title, vault, keyVault] of held)
    it(`${title}, is nowhere in the result, its renderings, its inspection or an error`, async () => {
      const of = stores();
      await of.vault.write('shop/payment', new SecretValue(vault), { expected: 'absent' });
      await of.keyVault.write('desk-hook', new SecretValue(keyVault), { expected: 'absent' });
      // The hook as fields, so that text that is no JSON is read as JSON.
      const sound = configuration();
      const hook = {
        ...sound.secrets['payment'],
        application: 'desk',
        vaultPath: 'desk/hook',
        keyVaultName: 'desk-hook',
        targets: [{ name: 'hook' }],
      } as SecretDefinition;
      for (const secrets of [sound.secrets, { ...sound.secrets, hook }]) {
        const result = await startWith(platformOf({ ...sound, secrets }, azure), of);
        assertHides(result, of);
      }
    });

  it('that is seeded is nowhere either', async () => {
    const of = stores();
    const result = await startWith(platform(), of);
    const read = await of.vault.read('shop/payment');
    assert.ok(read.kind === 'present' && read.value.reveal().includes('example-payment-CARD_KEY'));
    for (const text of allTexts(result, of)) assert.doesNotMatch(text, /example-(payment|hook)/);
  });

  it('is in no error', async () => {
    const of = stores();
    const name = `not a name`;
    await assert.rejects(of.keyVault.write(name, new SecretValue(canary), { expected: 'absent' }), (error: unknown) => {
      assert.doesNotMatch(inspect(error, { depth: Infinity, showHidden: true }), /example-canary/);
      return true;
    });
  });

  function assertHides(result: StartResult, of: StartOptions['stores']): void {
    for (const text of allTexts(result, of)) {
      assert.doesNotMatch(text, /canary/);
      assert.ok(!text.includes(Buffer.from(canary).toString('base64')));
    }
  }

  function allTexts(result: StartResult, of: StartOptions['stores']): string[] {
    return [
      JSON.stringify(result),
      inspect(result, { depth: Infinity, showHidden: true }),
      renderStart(result, plain),
      renderStartMarkdown(result),
      inspect(of, { depth: Infinity, showHidden: true }),
    ];
  }
});
