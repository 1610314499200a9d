/** The contract against a real Vault, where there is one: LOCKSTEP_VAULT_BINARY names the binary of the lab. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { SecretValue } from '../../src/model/secret-value.ts';
import { vaultCapabilities } from '../../src/stores/vault-capabilities.ts';
import { createVaultStore } from '../../src/stores/vault/vault-store.ts';
import type { VaultStore } from '../../src/stores/vault/vault-store.ts';
import { describeStore } from '../contract/store-contract.ts';
import { testRealLogins } from './vault-real-logins.ts';
import { testRealVault } from './vault-real.ts';
import type { RealVault } from './vault-real.ts';

const binary = process.env['LOCKSTEP_VAULT_BINARY'];

describe(
  'a real Vault',
  { skip: binary === undefined ? 'set LOCKSTEP_VAULT_BINARY to the binary of a Vault to run it' : false },
  () => {
    let folder = '';
    let vault: ChildProcess | undefined;
    let address = '';
    let rootToken = '';
    const stores: VaultStore[] = [];

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'lockstep-vault-'));
      const port = await freePort();
      const initFile = join(folder, 'init.json');
      vault = spawn(binary ?? '', ['-listen', `127.0.0.1:${port}`, '-storage', '', '-init-file', initFile], {
        stdio: 'ignore',
      });
      address = `http://127.0.0.1:${port}`;
      rootToken = await untilReady(address, initFile);
      await post(address, rootToken, 'sys/mounts/secret', { type: 'kv', options: { version: '2' } });
      // A mount is upgraded in the background.
      await wait(1000);
    });

    after(async () => {
      await Promise.all(stores.map((store) => store.close()));
      vault?.kill();
      await rm(folder, { recursive: true, force: true });
    });

    const create = (token = rootToken): VaultStore => {
      const store = createVaultStore({ address, auth: { kind: 'token', token: new SecretValue(token) } });
      stores.push(store);
      return store;
    };

    describeStore('Vault', vaultCapabilities, () => Promise.resolve(create()));
    const real: RealVault = {
      address: () => address,
      rootToken: () => rootToken,
      keep: (store) => stores.push(store),
      post: (path, body) => post(address, rootToken, path, body),
    };
    testRealVault(real);
    testRealLogins(real);

    // The last one: nothing works afterwards.
    it('says that it is sealed', async () => {
      const store = create();
      await store.read('a');
      await post(address, rootToken, 'sys/seal', {});
      await assert.rejects(store.read('a'), { name: 'StoreError', message: /Vault is sealed/, retryable: true });
      await assert.rejects(create().read('a'), { message: /Vault is sealed/, hint: /vault operator unseal/ });
    });
  },
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(address: string, initFile: string): Promise<string> {
  for (let count = 0; count < 100; count++) {
    await wait(100);
    try {
      const { root_token: token } = JSON.parse(await readFile(initFile, 'utf8')) as { root_token: string };
      if ((await fetch(`${address}/v1/sys/health`)).status === 200) return token;
    } catch {
      // Not yet.
    }
  }
  throw new Error('Vault did not start');
}

async function post(address: string, token: string, path: string, body: object): Promise<unknown> {
  const answer = await fetch(`${address}/v1/${path}`, {
    method: 'POST',
    headers: { 'X-Vault-Token': token },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
