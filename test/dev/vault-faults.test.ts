import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { createEmbeddedVault } from '../../src/dev/vault/embedded-vault.ts';
import type { EmbeddedVault, EmbeddedVaultOptions } from '../../src/dev/vault/embedded-vault.ts';
import type { Fault } from '../../src/dev/faults.ts';
import type { RequestedOperation } from '../../src/dev/vault/request-target.ts';
import { ask, bodyOf } from './vault-client.ts';
import type { Ask } from './vault-client.ts';

async function start(test: TestContext, options?: EmbeddedVaultOptions): Promise<EmbeddedVault> {
  const vault = await createEmbeddedVault(options);
  test.after(() => vault.close());
  return vault;
}

const read: Ask = { method: 'GET', path: 'secret/data/app' };
const write: Ask = { method: 'POST', path: 'secret/data/app', body: { data: { password: 'canary-value' } } };

describe('faults', () => {
  const outcome = async (vault: EmbeddedVault, asked: Ask): Promise<string> =>
    ask(vault, asked).then(
      ({ status }) => String(status),
      (error: unknown) => (error as { code?: string }).code ?? 'error',
    );
  const versions = async (vault: EmbeddedVault): Promise<number> => {
    vault.faults.clear();
    const told = await ask(vault, { method: 'GET', path: 'secret/metadata/app' });
    return told.status === 404 ? 0 : (bodyOf(told)['data'] as { current_version: number }).current_version;
  };

  /** Fault → what the client sees, and how many versions there are afterwards. */
  const cases: readonly (readonly [string, Fault<RequestedOperation>, string, number])[] = [
    ['a status', { effect: { kind: 'status', status: 429, errors: ['slow down'] } }, '429', 0],
    ['a dropped connection, after the write', { effect: { kind: 'drop' } }, 'ECONNRESET', 1],
    ['a refused connection, before the write', { effect: { kind: 'refuse' } }, 'ECONNRESET', 0],
    ['half an answer', { effect: { kind: 'half-response' } }, 'ECONNRESET', 1],
    ['an answer that lacks its end', { effect: { kind: 'garbled' } }, '200', 1],
    ['latency', { effect: { kind: 'latency', latencyMs: 5 } }, '200', 1],
    ['of another operation', { effect: { kind: 'drop' }, operation: 'read' }, '200', 1],
    ['of this operation', { effect: { kind: 'refuse' }, operation: 'update' }, 'ECONNRESET', 0],
    ['of another path', { effect: { kind: 'drop' }, path: 'secret/metadata/' }, '200', 1],
    ['of this path', { effect: { kind: 'refuse' }, path: /^secret\/data\/a/g }, 'ECONNRESET', 0],
    ['never', { effect: { kind: 'refuse' }, rate: 0 }, '200', 1],
    ['no more', { effect: { kind: 'refuse' }, times: 0 }, '200', 1],
  ];
  for (const [name, fault, seen, written] of cases)
    it(`${name}: ${seen}`, async (test) => {
      const vault = await start(test);
      vault.faults.add(fault);
      assert.deepEqual([await outcome(vault, write), await versions(vault)], [seen, written]);
    });

  it('garble an answer so that it is no JSON, and whole for HTTP', async (test) => {
    const vault = await start(test);
    await ask(vault, write);
    vault.faults.add({ effect: { kind: 'garbled' } });
    const { text } = await ask(vault, read);
    assert.match(text, /canary-value/);
    assert.throws(() => JSON.parse(text), SyntaxError);
  });

  it('come by rate and by number, and go when taken away', async (test) => {
    const draws = [0.1, 0.9, 0.4, 0.6, 0.2, 0.3];
    let turn = 0;
    const vault = await start(test, { random: () => draws[turn++ % draws.length] ?? 0 });
    const remove = vault.faults.add({ effect: { kind: 'status', status: 500 }, rate: 0.5, times: 3 });
    const seen = [];
    for (let count = 0; count < 6; count++) seen.push(await outcome(vault, read));
    assert.deepEqual(seen, ['500', '404', '500', '404', '500', '404']);
    remove();
    vault.faults.add({ effect: { kind: 'status', status: 418 } });
    assert.equal(await outcome(vault, read), '418');
  });
  it('take the time that was asked for, and others do not wait', async (test) => {
    const vault = await start(test);
    vault.faults.add({ effect: { kind: 'latency', latencyMs: 80 }, path: 'secret/data/slow' });
    const startMs = performance.now();
    const slow = ask(vault, { method: 'GET', path: 'secret/data/slow' }).then(() => performance.now() - startMs);
    await ask(vault, read);
    const otherMs = performance.now() - startMs;
    assert.ok((await slow) >= 75 && otherMs < (await slow));
    assert.deepEqual(
      vault.requests.map(({ fault }) => fault),
      [undefined, 'latency'],
    );
  });
  it('give half of the answer', async (test) => {
    const vault = await start(test);
    await ask(vault, write);
    vault.faults.add({ effect: { kind: 'half-response' } });
    await assert.rejects(ask(vault, read), { code: 'ECONNRESET' });
    assert.equal(vault.requests.at(-1)?.fault, 'half-response');
  });
});
