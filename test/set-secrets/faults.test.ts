import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { EmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { VaultStore } from '../../src/stores/vault/vault-store.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';
import { ask } from '../dev/vault-client.ts';
import { checkout, Repository } from '../fixtures/repository.ts';
import { noTerminal, PseudoTerminal } from './pseudo-terminal.ts';
import { textAt, write } from './set-secrets-fixture.ts';

const canary = 'kJ4-canary-7Qz';
const github = 'ai-platform-engineering/github-secret';
const question = 'GITHUB_PERSONAL_ACCESS_TOKEN: ';

describe('a dialogue with a store that fails', { skip: noTerminal }, () => {
  let repository: Repository;
  let vault: EmbeddedVault;
  let store: VaultStore;
  before(async () => {
    repository = new Repository();
    vault = await createEmbeddedVault();
    store = createVaultStore({ address: vault.url, auth: { kind: 'token', token: new SecretValue(vault.rootToken) } });
  });
  after(async () => {
    await store.close();
    await vault.close();
    repository.remove();
  });

  function start(args: readonly string[], token = vault.rootToken): PseudoTerminal {
    const options = ['--disable-warning=ExperimentalWarning', path.join(checkout, 'src', 'main.js'), 'set-secrets'];
    const variables = { VAULT_ADDR: vault.url, VAULT_TOKEN: token, HOME: repository.root };
    return new PseudoTerminal([process.execPath, ...options, ...args], { folder: repository.root, variables });
  }
  async function forget(name: string): Promise<void> {
    const address = { url: vault.url, rootToken: vault.rootToken };
    await ask(address, { method: 'DELETE', path: `secret/metadata/${name}` });
  }

  it('keeps what was entered until the store is there again', async () => {
    await forget(github);
    await using terminal = start(['--secret', 'github']);
    await terminal.answers(question, canary);
    await terminal.sees('[y/n] ');
    const away = vault.faults.add({ effect: { kind: 'status', status: 503 }, path: 'secret/data/' });
    terminal.types('y\r');
    await terminal.sees('✗ Vault', 60_000);
    await terminal.sees('Try again with the same values? [y/n] ');
    away();
    terminal.types('y\r');
    await terminal.sees('✓ written: github');
    assert.equal(await terminal.exited(), 0);
    assert.equal(await textAt(store, github), `{"GITHUB_PERSONAL_ACCESS_TOKEN":"${canary}"}`);
    assert.ok(!terminal.shown.includes('kJ4'));
  });

  it('tells what was written before, and that the rest was not', async () => {
    await forget(github);
    await using terminal = start(['--application', 'ai-platform-engineering']);
    for (const [field, value] of [
      ['LLM_PROVIDER', 'openai'],
      ['OPENAI_API_KEY', canary],
      ['OPENAI_ENDPOINT', 'https://llm.internal'],
      ['OPENAI_MODEL_NAME', 'm'],
    ] as const)
      await terminal.answers(`${field}: `, value);
    await terminal.answers('[y/n] ', 'y');
    await terminal.sees('✓ written: global');
    for (const [field, value] of [
      ['ARGOCD_TOKEN', canary],
      ['ARGOCD_API_URL', 'https://argocd.internal'],
      ['ARGOCD_VERIFY_SSL', 'true'],
    ] as const)
      await terminal.answers(`${field}: `, value);
    await terminal.sees('[y/n] ');
    const away = vault.faults.add({ effect: { kind: 'refuse' }, path: 'secret/data/' });
    terminal.types('y\r');
    await terminal.sees('Try again with the same values? [y/n] ', 60_000);
    terminal.types('n\r');
    assert.equal(await terminal.exited(), 2);
    away();
    const screen = terminal.shown.replaceAll('\r\n', '\n');
    assert.match(
      screen,
      /\n {2}global .* ✓ written\n[\s\S]*\n {2}argocd .* ✗ failed\n[\s\S]*\n {2}slack .* – not reached\n/,
    );
    assert.match(
      screen,
      /\n✓ 1 secret written and read back\nNext: npm run set-secrets -- --application ai-platform-engineering\n$/,
    );
    assert.ok(!screen.includes('kJ4'));
  });

  it('ends the write in hand at Ctrl-C, and nothing after it', async () => {
    await forget(github);
    await using terminal = start(['--application', 'ai-platform-engineering']);
    for (const field of ['ARGOCD_TOKEN', 'ARGOCD_API_URL', 'ARGOCD_VERIFY_SSL'])
      await terminal.answers(`${field}: `, '');
    await terminal.answers(question, canary);
    await terminal.sees('[y/n] ');
    const slow = vault.faults.add({ effect: { kind: 'latency', latencyMs: 1500 }, path: 'secret/data/', times: 1 });
    terminal.types('y\r');
    await new Promise((resolve) => setTimeout(resolve, 500));
    terminal.types('\u0003');
    await terminal.sees('Ending the write in hand');
    await terminal.sees('✓ written: github');
    assert.equal(await terminal.exited(), 2);
    slow();
    assert.match(terminal.shown, /\nStopped\. ✓ 1 secret written and read back\r\n/);
    assert.notEqual(await textAt(store, github), 'missing');
  });

  it('asks for nothing that may not be written', async () => {
    await forget(github);
    const address = { url: vault.url, rootToken: vault.rootToken };
    const policy = 'path "secret/*" { capabilities = ["read", "list"] }';
    await ask(address, { method: 'PUT', path: 'sys/policies/acl/reads', body: { policy } });
    const made = await ask(address, { method: 'POST', path: 'auth/token/create', body: { policies: ['reads'] } });
    const { auth } = JSON.parse(made.text) as { auth: { client_token: string } };
    await using terminal = start(['--secret', 'github'], auth.client_token);
    assert.equal(await terminal.exited(), 1);
    assert.match(terminal.shown, /✗ refused: github {2}it is not allowed: ask for permission/);
    assert.ok(!terminal.shown.includes(question));
  });

  it('recovers a deleted secret if a person agrees', async () => {
    await forget(github);
    await write(store, github, `{"GITHUB_PERSONAL_ACCESS_TOKEN":"${canary}"}`);
    const found = await store.read(github);
    assert.ok(found.kind === 'present');
    await store.delete(github, { expected: found.version });
    for (const [answer, status, state] of [
      ['n', 1, 'deleted'],
      ['y', 0, `{"GITHUB_PERSONAL_ACCESS_TOKEN":"${canary}"}`],
    ] as const) {
      await using terminal = start(['--secret', 'github']);
      await terminal.sees('github is deleted, and can be recovered with what it held.');
      await terminal.answers('Recover github? [y/n] ', answer);
      assert.equal(await terminal.exited(), status, terminal.shown);
      assert.equal(await textAt(store, github), state);
    }
  });

  it('writes behind a version that is destroyed', async () => {
    await ask(
      { url: vault.url, rootToken: vault.rootToken },
      { method: 'PUT', path: `secret/destroy/${github}`, body: { versions: [1] } },
    );
    await using terminal = start(['--secret', 'github', '--recover']);
    await terminal.answers(question, `${canary}-new`);
    await terminal.answers('[y/n] ', 'y');
    assert.equal(await terminal.exited(), 0, terminal.shown);
    assert.equal(await textAt(store, github), `{"GITHUB_PERSONAL_ACCESS_TOKEN":"${canary}-new"}`);
  });
});
