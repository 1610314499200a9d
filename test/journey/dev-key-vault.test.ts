/** The embedded Key Vault of `npm run dev`, found by the variables that it shows and asked by our own client. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { Version } from '../../src/stores/contract.ts';
import { StoreError } from '../../src/stores/store-error.ts';
import { parseKeyVaultSettings } from '../../src/stores/key-vault/key-vault-settings.ts';
import type { KeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import { createKeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import { DevServers } from '../fixtures/dev-servers.ts';
import { Repository } from '../fixtures/repository.ts';

const skip = process.platform === 'win32' && 'has no signals';
const args = ['--only', 'azure', '--state', '.lockstep/dev/state.db'];

function connect(servers: DevServers): KeyVaultStore {
  const { variables, problems } = parseKeyVaultSettings(servers.variables('azure'));
  assert.deepEqual(problems, []);
  assert.ok(variables.vaultUrl !== undefined);
  return createKeyVaultStore({ ...variables, vaultUrl: variables.vaultUrl, retries: 0 });
}

type Written = { readonly text: string; readonly version: Version };

/** Writes secrets of its own, one after the other, until the server is gone. */
async function writeOn(
  store: KeyVaultStore,
  writer: number,
  acknowledged: Map<string, Written>,
  onWrite: () => void,
): Promise<void> {
  for (let count = 0; ; count++) {
    const name = `writer-${writer}-${count % 5}`;
    const text = `example-${count}-${'x'.repeat(count % 900)}`;
    const expected = acknowledged.get(name)?.version ?? 'absent';
    try {
      const outcome = await store.write(name, new SecretValue(text), { expected });
      assert.ok(outcome.kind === 'written', outcome.kind);
      acknowledged.set(name, { text, version: outcome.version });
      onWrite();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return;
    }
  }
}

describe('the embedded Key Vault of npm run dev', { skip }, () => {
  it('holds every write that was acknowledged before kill -9', async (test) => {
    using repository = new Repository();
    let written = 0;
    let [left, reached] = [0, (): void => undefined];
    /** Resolves at the write of that number from now: in the middle of the others. */
    const afterWrites = (count: number): Promise<void> =>
      new Promise((resolve) => {
        [left, reached] = [count, resolve];
      });
    const onWrite = (): void => {
      written += 1;
      left -= 1;
      if (left === 0) reached();
    };
    for (let round = 0; round < 4; round++) {
      const acknowledged = new Map<string, Written>();
      await using servers = await DevServers.start(repository, args);
      const store = connect(servers);
      for await (const { name } of store.list()) {
        const read = await store.read(name);
        assert.ok(read.kind === 'present');
        acknowledged.set(name, { text: read.value.reveal(), version: read.version });
      }
      const enough = afterWrites(60 + round * 37);
      const writers = [0, 1, 2, 3].map((writer) => writeOn(store, writer, acknowledged, onWrite));
      await Promise.race([enough, Promise.all(writers)]);
      await servers.kill();
      await Promise.all(writers);
      await store.close();

      await using again = await DevServers.start(repository, args);
      const after = connect(again);
      for (const [name, { text, version }] of acknowledged) {
        const read = await after.read(name, { version });
        assert.ok(read.kind === 'present' && read.value.reveal() === text, `${name} has lost a version`);
        const newest = await after.read(name);
        assert.ok(newest.kind === 'present' && /^example-\d+-x*$/.test(newest.value.reveal()));
      }
      await after.close();
      await again.stop();
    }
    test.diagnostic(`${written} writes acknowledged`);
  });

  it('shows requests with --log, and never a value, a token or the secret of its identity', async () => {
    using repository = new Repository();
    await using servers = await DevServers.start(repository, [...args, '--log']);
    const store = connect(servers);
    const { kind } = await store.write('app', new SecretValue('canary-value'), { expected: 'absent' });
    assert.equal(kind, 'written');
    await store.close();
    await servers.stop();
    assert.match(servers.shown, /^\d\d:\d\d:\d\d\.\d{3} azure PUT lockstep-dev\/secrets\/app 200 \d+\.\d ms$/m);
    assert.match(servers.shown, /^\S+ azure POST \S+\/oauth2\/v2\.0\/token 200 /m);
    const folder = path.join(repository.root, '.lockstep', 'dev');
    const state = readdirSync(folder).filter((file) => file.startsWith('state.db') && !file.endsWith('.key'));
    const secrets = ['canary', servers.variables('azure')['AZURE_CLIENT_SECRET'] ?? '', 'eyJ'];
    for (const shown of [servers.shown, ...state.map((file) => readFileSync(path.join(folder, file), 'latin1'))])
      for (const secret of secrets) assert.ok(secret !== '' && !shown.includes(secret), `shown: ${secret.slice(0, 6)}`);
  });
});
