/** What `npm run dev -- --state` holds after it was killed in the middle of writes, or when there is no room for more. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ask, bodyOf } from '../dev/vault-client.ts';
import type { Ask, VaultAddress } from '../dev/vault-client.ts';
import { DevServers } from '../fixtures/dev-servers.ts';
import { Repository } from '../fixtures/repository.ts';

const stateFile = '.lockstep/dev/state.db';
const state = ['--state', stateFile];
const skip = process.platform === 'win32' && 'needs POSIX signals and limits';

/** The same numbers each time. @returns 0 to below `below` */
function createRandom(seed: number): (below: number) => number {
  let current = seed;
  return (below) => {
    current = (current * 48_271) % 2_147_483_647;
    return current % below;
  };
}

/** What a key may hold: what was acknowledged last, and what was under way when the server was killed. undefined: nothing. */
type Key = { acknowledged: number | undefined; underWay: number | 'none' | undefined };

function dataOf(number: number): { number: number; again: number; long: string } {
  return { number, again: number, long: `canary-${number}-`.repeat(1 + (number % 300)) };
}

/** Writes and deletes keys of its own, one after the other, until the server is gone. */
async function writeOn(
  vault: VaultAddress,
  {
    writer,
    keys,
    random,
    acknowledged,
  }: { writer: number; keys: Map<string, Key>; random: (below: number) => number; acknowledged: () => void },
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (;;) {
      const name = `kill/${writer}/${random(12)}`;
      const key = keys.get(name) ?? { acknowledged: undefined, underWay: 'none' };
      keys.set(name, key);
      const number = random(10) === 0 ? undefined : random(1_000_000);
      key.underWay = number;
      const told = await ask(
        vault,
        number === undefined
          ? { method: 'DELETE', path: `secret/metadata/${name}` }
          : { method: 'POST', path: `secret/data/${name}`, body: { data: dataOf(number) } },
        agent,
      );
      assert.equal(told.status, number === undefined ? 204 : 200);
      [key.acknowledged, key.underWay] = [number, 'none'];
      acknowledged();
    }
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
  } finally {
    agent.destroy();
  }
}

/** @returns the number that the key holds, whole, with every version that its metadata speaks of */
async function readWhole(vault: VaultAddress, name: string, agent: Agent): Promise<number | undefined> {
  const metadata = await ask(vault, { method: 'GET', path: `secret/metadata/${name}` }, agent);
  const latest = await ask(vault, { method: 'GET', path: `secret/data/${name}` }, agent);
  assert.equal(latest.status, metadata.status);
  if (metadata.status === 404) return undefined;
  const { versions } = bodyOf(metadata)['data'] as { versions: Record<string, object> };
  for (const version of Object.keys(versions)) {
    const told = await ask(vault, { method: 'GET', path: `secret/data/${name}?version=${version}` }, agent);
    const { data } = bodyOf(told)['data'] as { data: { number: number } };
    assert.deepEqual(data, dataOf(data.number));
  }
  return (bodyOf(latest)['data'] as { data: { number: number } }).data.number;
}

describe('the state of npm run dev', { skip }, () => {
  it('holds every write that was acknowledged before kill -9, and no half one', async (test) => {
    using repository = new Repository();
    const random = createRandom(20_261_124);
    const keys = new Map<string, Key>();
    let [writes, underWay] = [0, 0];
    for (let round = 0; round < 12; round++) {
      await using servers = await DevServers.start(repository, state);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (const [name, key] of keys) {
        const found = await readWhole(servers.vault, name, agent);
        const possible = key.underWay === 'none' ? [key.acknowledged] : [key.acknowledged, key.underWay];
        assert.ok(possible.includes(found), `${name}: ${String(found)} is none of ${possible.map(String).join()}`);
        [key.acknowledged, key.underWay] = [found, 'none'];
      }
      agent.destroy();
      let left = 100 + random(300);
      const acknowledged = (): void => {
        writes += 1;
        left -= 1;
        if (left === 0) void servers.kill();
      };
      await Promise.all([0, 1, 2, 3].map((writer) => writeOn(servers.vault, { writer, keys, random, acknowledged })));
      underWay += [...keys.values()].filter((key) => key.underWay !== 'none').length;
      const folder = path.join(repository.root, '.lockstep', 'dev');
      for (const file of readdirSync(folder).filter((name) => name !== 'vault-token')) {
        const bytes = readFileSync(path.join(folder, file), 'latin1');
        for (const secret of ['canary', servers.vault.rootToken, 'kill/']) assert.ok(!bytes.includes(secret), file);
      }
    }
    test.diagnostic(`${writes} acknowledged, ${underWay} under way when it was killed`);
    assert.ok(underWay > 12);
  });

  /** Runs it in a shell that has put a limit on it; writes until one is refused. */
  async function fill(
    repository: Repository,
    limit: string,
    file: string,
  ): Promise<{ servers: DevServers; kept: string[]; refused: string }> {
    const line = repository.commandLine(['dev', '--vault-port', '0', '--output', 'json', '--state', file]);
    const script = `${limit}; exec ${line}`;
    const [command, ...args] = limit.includes('mount')
      ? ['unshare', '--mount', 'bash', '-c', script]
      : ['bash', '-c', script];
    const child = spawn(command, args, { cwd: repository.root, stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const servers = await DevServers.ready(repository, child, exited);
    const kept: string[] = [];
    for (let number = 0; number < 1000; number++) {
      const name = `full/${number}`;
      const told = await ask(servers.vault, {
        method: 'POST',
        path: `secret/data/${name}`,
        body: { data: dataOf(1199) },
      });
      if (told.status !== 200) {
        assert.equal(told.status, 500);
        assert.doesNotMatch(told.text, /canary/);
        return { servers, kept, refused: told.text };
      }
      kept.push(name);
    }
    return assert.fail('everything was kept');
  }

  it('a write that cannot be kept is refused with 500, and not there afterwards; what was kept is', async () => {
    using repository = new Repository();
    const { servers, kept, refused } = await fill(repository, 'ulimit -f 700', stateFile);
    await using limited = servers;
    assert.match(refused, /state\.db could not be written"/);
    assert.ok(kept.length > 5);
    // Less than a secret may still fit in.
    const mount = (name: string): Ask => ({
      method: 'POST',
      path: `sys/mounts/${name}`,
      body: { type: 'kv', options: { version: '2' } },
    });
    const mounts: string[] = [];
    while (mounts.length < 50 && (await ask(limited.vault, mount(`more-${mounts.length}`))).status === 204)
      mounts.push(`more-${mounts.length}`);
    const mountsOf = async (vault: VaultAddress): Promise<string[]> => {
      const { data } = bodyOf(await ask(vault, { method: 'GET', path: 'sys/mounts' }));
      return Object.keys(data as object).toSorted();
    };
    const all = ['secret/', 'sys/', ...mounts.map((name) => `${name}/`)].toSorted();
    assert.ok(mounts.length < 50);
    assert.deepEqual(await mountsOf(limited.vault), all);
    const gone = [`secret/data/full/${kept.length}`, `more-${mounts.length}/data/a`];
    for (const file of gone) assert.equal((await ask(limited.vault, { method: 'GET', path: file })).status, 404);
    await limited.kill();
    await using unlimited = await DevServers.start(repository, state);
    for (const file of gone) assert.equal((await ask(unlimited.vault, { method: 'GET', path: file })).status, 404);
    const agent = new Agent({ keepAlive: true });
    for (const name of kept) assert.equal(await readWhole(unlimited.vault, name, agent), 1199);
    agent.destroy();
    assert.deepEqual(await mountsOf(unlimited.vault), all);
    assert.equal((await ask(unlimited.vault, mount('later'))).status, 204);
  });

  const canMount = process.getuid?.() === 0 && existsSync('/usr/bin/unshare');
  it('a full disk is named', { skip: !canMount && 'needs root to mount a small file system' }, async () => {
    using repository = new Repository();
    const limit = 'mkdir -p .lockstep/small && mount -t tmpfs -o size=1m none .lockstep/small';
    const { servers, kept, refused } = await fill(repository, limit, '.lockstep/small/state.db');
    await using limited = servers;
    assert.match(refused, /state\.db could not be written: the disk is full"/);
    assert.equal(await readWhole(limited.vault, kept[0] ?? '', new Agent()), 1199);
    assert.equal(await readWhole(limited.vault, `full/${kept.length}`, new Agent()), undefined);
  });
});
