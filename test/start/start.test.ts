import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { StartOptions } from '../../src/start/start.ts';
import { start } from '../../src/start/start.ts';
import { platformOf } from '../fixtures/configuration.ts';
import { azure, configuration, platform, secretsOf, startWith, stores } from './start-fixture.ts';

describe('npm start', () => {
  it('seeds both stores with every secret and tells what each application receives', async () => {
    const result = await startWith(platform());
    assert.deepEqual(
      result.stores.map(({ store, seeded, kept, notSeeded }) => [store, seeded, kept, notSeeded]),
      [
        ['vault-secret-store', 2, 0, []],
        ['azure-keyvault-store', 2, 0, []],
      ],
    );
    assert.deepEqual(
      secretsOf(result).map((secret) => [
        secret.namespace,
        secret.name,
        secret.store,
        secret.remote,
        secret.state === 'synced' ? secret.keys : secret.state,
      ]),
      [
        ['shop', 'payment', 'vault-secret-store', 'shop/payment', ['PROVIDER', 'CARD_KEY']],
        ['shop', 'hook', 'azure-keyvault-store', 'desk-hook', ['HOOK', 'kind']],
        ['desk', 'hook', 'azure-keyvault-store', 'desk-hook', ['HOOK']],
      ],
    );
    assert.deepEqual(result.reads, { perRefresh: 3, perDay: 72, perDayFromKeyVault: 48 });
  });

  it('gives what is made from the same secret the same fingerprint, from either store', async () => {
    const key = randomBytes(32);
    const hookOf = async (secretStore: 'vault-secret-store' | 'azure-keyvault-store'): Promise<string | undefined> => {
      const sound = configuration();
      const applications = sound.applications.map((one) => ({
        ...one,
        chart: { ...one.chart, props: { secretStore } },
      }));
      const outcome = await start({
        platform: platformOf({ ...sound, applications }, azure),
        stores: stores(),
        synthesise: () => Promise.resolve({ kind: 'written', output: '' }),
        fingerprintKey: key,
      });
      assert.ok(outcome.kind === 'started');
      const hook = secretsOf(outcome.result).at(-1);
      return hook?.state === 'synced' ? hook.fingerprint : undefined;
    };
    const fromVault = await hookOf('vault-secret-store');
    assert.match(fromVault ?? '', /^[A-Z2-7]{8}$/);
    assert.equal(fromVault, await hookOf('azure-keyvault-store'));
  });

  it('reads each remote secret once', async () => {
    const reads: string[] = [];
    const counted = stores();
    const count = (store: StartOptions['stores']['vault']): StartOptions['stores']['vault'] => ({
      ...store,
      read: (name, options) => {
        reads.push(name);
        return store.read(name, options);
      },
    });
    await startWith(platform(), { vault: count(counted.vault), keyVault: count(counted.keyVault) });
    assert.deepEqual(reads, ['shop/payment', 'desk-hook']);
  });

  it('leaves alone what a store holds already', async () => {
    const of = stores();
    await of.vault.write('shop/payment', new SecretValue('{"PROVIDER":"bank"}'), { expected: 'absent' });
    const result = await startWith(platform(), of);
    assert.deepEqual([result.stores[0]?.seeded, result.stores[0]?.kept], [1, 1]);
    const [payment] = secretsOf(result);
    assert.ok(payment?.state === 'synced');
    assert.deepEqual(payment.keys, ['PROVIDER']);
  });

  it('does not seed where the configuration cannot be synthesised', async () => {
    const of = stores();
    const problems = [
      { code: 'C001', where: 'config/secrets.ts', path: '', message: 'is not known', hint: '' },
    ] as const;
    const outcome = await start({
      platform: platform(),
      stores: of,
      synthesise: () => Promise.resolve({ kind: 'wrong', problems }),
      fingerprintKey: randomBytes(32),
    });
    assert.deepEqual(outcome, { kind: 'wrong', problems });
    assert.deepEqual(await of.vault.read('shop/payment'), { kind: 'missing' });
  });

  it('gives up when the caller does, and writes nothing more', async () => {
    const of = stores();
    await assert.rejects(
      start({
        platform: platform(),
        stores: of,
        synthesise: () => Promise.resolve({ kind: 'written', output: '' }),
        fingerprintKey: randomBytes(32),
        signal: AbortSignal.abort(new Error('enough')),
      }),
      /enough/,
    );
    assert.deepEqual(await of.vault.read('shop/payment'), { kind: 'missing' });
  });
});
