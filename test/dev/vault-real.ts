/** Starts the real Vault of the lab for a comparison. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ask } from './vault-client.ts';
import type { VaultAddress } from './vault-client.ts';

/** The binary of the lab (-listen, -storage, -init-file); the comparisons are skipped without it. */
export const vaultBinary = process.env['LOCKSTEP_VAULT_BINARY'];

export type RealVault = VaultAddress & { readonly unsealKey: string; stop(): Promise<void> };

export async function startRealVault(binary: string): Promise<RealVault> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-vault-'));
  const initFile = join(folder, 'init.json');
  const port = await freePort();
  const vault = spawn(binary, ['-listen', `127.0.0.1:${port}`, '-storage', '', '-init-file', initFile], {
    stdio: 'ignore',
  });
  const exited = new Promise((resolve) => vault.once('exit', resolve));
  const stop = async (): Promise<void> => {
    vault.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 100; attempt++) {
    await wait(100);
    try {
      const init = JSON.parse(await readFile(initFile, 'utf8')) as { root_token: string; unseal_key: string };
      const address = { url, rootToken: init.root_token };
      if ((await ask(address, { method: 'GET', path: 'sys/health' })).status !== 200) continue;
      await mountKv(address, 'secret');
      return { ...address, unsealKey: init.unseal_key, stop };
    } catch {
      // Not up yet.
    }
  }
  await stop();
  throw new Error('the real Vault did not come up within 10 s');
}

/** A new KV v2 mount answers 400 until it has upgraded itself. */
export async function mountKv(vault: VaultAddress, name: string): Promise<void> {
  const body = { type: 'kv', options: { version: '2' } };
  await ask(vault, { method: 'POST', path: `sys/mounts/${name}`, body });
  for (let attempt = 0; attempt < 50; attempt++) {
    if ((await ask(vault, { method: 'GET', path: `${name}/config` })).status === 200) return;
    await wait(50);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
