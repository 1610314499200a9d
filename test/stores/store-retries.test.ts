/** What is told of everything that is sent again, so that whoever waits sees why. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FaultEffect } from '../../src/dev/faults.ts';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { SecretStore, StoreRetry, Version } from '../../src/stores/contract.ts';
import { openEmbeddedKeyVault, openEmbeddedVault } from './embedded-stores.ts';
import { bundle, cut, deletedBundle, newestVersion, refused, scriptKeyVault } from './scripted-key-vault.ts';
import type { Script } from './scripted-key-vault.ts';
import { errors, scriptVault } from './scripted-vault.ts';

const value = new SecretValue('{"a":"example-canary"}');
const read = (store: SecretStore): Promise<unknown> => store.read('a');
const write = (store: SecretStore): Promise<unknown> => store.write('a', value, { expected: 'absent' });
const status = (of: number, headers: Readonly<Record<string, string>> = {}): FaultEffect => ({
  kind: 'status',
  status: of,
  headers,
});

type Case = readonly [
  title: string,
  run: (store: SecretStore) => Promise<unknown>,
  effect: FaultEffect,
  times: number,
  because: readonly StoreRetry['because'][],
];

const common: readonly Case[] = [
  ['a read that is refused', read, { kind: 'refuse' }, 2, ['network', 'network']],
  ['a read whose answer is lost', read, { kind: 'half-response' }, 1, ['network']],
  ['a read that fails', read, status(500), 1, ['unavailable']],
  ['a read that does not come to an end', read, status(503), 3, ['unavailable', 'unavailable']],
  ['a read with too many calls', read, status(429, { 'Retry-After': '1' }), 1, ['throttled']],
  ['a write that fails', write, status(500), 1, ['unavailable']],
  ['a write with too many calls', write, status(429, { 'Retry-After': '1' }), 1, ['throttled']],
];

/** A write is disturbed itself, and not what it looks at before and after. */
function disturbed(run: Case[1], ofWrite: 'update' | 'SecretSet', ofRead: 'read' | 'SecretGet'): string {
  return run === write ? ofWrite : ofRead;
}

function checkAll(retries: readonly StoreRetry[], because: Case[4]): void {
  assert.deepEqual(
    retries.map((retry) => retry.because),
    because,
  );
  for (const retry of retries) {
    assert.deepEqual(Object.keys(retry).toSorted(), ['because', 'waitMs']);
    assert.ok(retry.waitMs >= 0 && retry.waitMs <= 2000, String(retry.waitMs));
    if (retry.because === 'throttled') assert.ok(retry.waitMs > 500, String(retry.waitMs));
  }
}

describe('Vault, sent again', () => {
  const ofVault: readonly Case[] = [
    ...common,
    ['a write that is refused, and was not written', write, { kind: 'refuse' }, 1, ['network']],
    ['a write that was written, though nobody said so', write, { kind: 'drop' }, 1, []],
    ['nothing', read, { kind: 'latency', latencyMs: 5 }, 1, []],
  ];
  for (const [title, run, effect, times, because] of ofVault)
    it(`tells of ${title}`, async () => {
      await using wire = await openEmbeddedVault();
      const operation = disturbed(run, 'update', 'read') as 'update' | 'read';
      wire.server.faults.add({ effect, operation, path: 'secret/data/', times });
      await run(wire.store).catch(() => undefined);
      checkAll(wire.retries, because);
    });

  it('tells of a login, and not of a token that has ended', async () => {
    const retries: StoreRetry[] = [];
    await using vault = await scriptVault(({ line }, count) => {
      if (line === 'POST auth/approle/login' && count === 0) return errors(429);
      if (line === 'POST auth/approle/login')
        return { body: { auth: { client_token: `example-token-${count}`, lease_duration: 60 } } };
      return line === 'GET secret/data/a' && count === 0
        ? errors(403, 'permission denied', 'invalid token')
        : undefined;
    });
    const auth = { kind: 'approle', roleId: 'example', secretId: new SecretValue('example') } as const;
    const store = vault.open({ auth, onRetry: (retry) => retries.push(retry) });
    assert.deepEqual(await store.read('a'), { kind: 'missing' });
    assert.deepEqual(
      retries.map(({ because }) => because),
      ['throttled'],
    );
    assert.equal(vault.asked.filter(({ line }) => line === 'GET secret/data/a').length, 2);
  });
});

describe('Key Vault, sent again', () => {
  const ofKeyVault: readonly Case[] = [
    ...common,
    ['a read with too many calls, which must wait for as long as all do', read, status(429), 1, ['throttled']],
    // Never sent again: it may be written yet.
    ['a write that is refused', write, { kind: 'refuse' }, 1, []],
    ['a write that was written, though nobody said so', write, { kind: 'drop' }, 1, []],
    ['nothing', read, { kind: 'latency', latencyMs: 5 }, 1, []],
  ];
  for (const [title, run, effect, times, because] of ofKeyVault)
    it(`tells of ${title}`, async () => {
      await using wire = await openEmbeddedKeyVault();
      const operation = disturbed(run, 'SecretSet', 'SecretGet') as 'SecretSet' | 'SecretGet';
      wire.server.faults.add({ effect, operation, times });
      await run(wire.store).catch(() => undefined);
      checkAll(wire.retries, because);
    });

  function heard(script: Script, getToken?: () => never): { store: SecretStore; retries: StoreRetry[] } {
    const retries: StoreRetry[] = [];
    let tokens = 0;
    const vault = scriptKeyVault(script, {
      getToken: (count) => {
        if (getToken !== undefined && tokens++ === 0) getToken();
        return { token: `example-token-${count}`, expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    });
    return { store: vault.open({ onRetry: (retry) => retries.push(retry) }), retries };
  }
  const busy = refused(409, 'Conflict', 'ObjectIsBeingDeleted');

  it('tells of a write to a name that is being deleted', async () => {
    const { store, retries } = heard(({ line }, count) => {
      if (!line.startsWith('PUT')) return undefined;
      return [busy, refused(503, 'ServiceUnavailable'), busy][count] ?? bundle('a', newestVersion);
    });
    assert.deepEqual(await store.write('a', value, { expected: 'absent' }), {
      kind: 'written',
      version: newestVersion,
    });
    checkAll(retries, ['busy', 'unavailable', 'busy']);
  });

  it('tells of a recovery that is asked for again, and not of waiting for its end', async () => {
    let looks = 0;
    const { store, retries } = heard(({ line }, count) => {
      if (line === 'GET /deletedsecrets/a') return deletedBundle('a', newestVersion);
      if (line.startsWith('POST')) return count === 0 ? busy : bundle('a', newestVersion, { value: undefined });
      return looks++ < 3 ? undefined : bundle('a', newestVersion);
    });
    assert.equal((await store.recover('a')).kind, 'recovered');
    checkAll(retries, ['busy']);
  });

  it('tells of a deletion nothing while it waits for its end', async () => {
    const { store, retries } = heard(({ line }, count) => {
      if (line === 'GET /secrets/a/') return bundle('a', newestVersion);
      if (line.startsWith('DELETE')) return deletedBundle('a', newestVersion);
      return count < 2 ? undefined : deletedBundle('a', newestVersion);
    });
    assert.equal((await store.delete('a', { expected: newestVersion as Version })).kind, 'deleted');
    checkAll(retries, []);
  });

  it('tells of a token that could not be fetched', async () => {
    const { store, retries } = heard(
      () => bundle('a', newestVersion),
      () => {
        throw cut('none');
      },
    );
    assert.equal((await store.read('a')).kind, 'present');
    checkAll(retries, ['network']);
  });
});
