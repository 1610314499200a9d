import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProviderAnswer, ProviderRequest } from '../../src/eso/provider.ts';
import { PlatformError } from '../../src/model/problem.ts';
import { CarefulReader } from '../../src/preflight/careful-reader.ts';
import { vaultStore } from './resources-fixture.ts';

function request(name: string): ProviderRequest {
  return { kind: 'vault-secret', store: vaultStore, path: `secret/data/${name}`, version: '' };
}

function storeError(because: string): PlatformError {
  return new PlatformError('STORE', `Vault http://localhost: could not read "team/app": ${because}`, 'Start it.');
}

const missing: ProviderAnswer = { kind: 'missing' };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a store that is asked carefully', () => {
  it('is asked one thing at a time until it has answered, and then as fast as anybody asks', async () => {
    const open: ((answer: ProviderAnswer) => void)[] = [];
    const reader = new CarefulReader('Vault', () => new Promise((resolve) => open.push(resolve)));
    const all = ['a', 'b', 'c'].map((name) => reader.read(request(name)));
    await settled();
    assert.equal(open.length, 1);
    open[0]?.(missing);
    await settled();
    const later = [reader.read(request('d')), reader.read(request('e'))];
    await settled();
    // The two that came later do not wait for each other; of the others one was let go.
    assert.ok(open[3] !== undefined);
    for (let answered = 1; answered < 5; answered++) {
      open[answered]?.(missing);
      await settled();
    }
    assert.deepEqual(await Promise.all([...all, ...later]), [missing, missing, missing, missing, missing]);
    assert.equal(reader.notRead, undefined);
  });

  it('is given up when it says the same twice and answered nothing, and the reason is kept', async () => {
    let asked = 0;
    const reader = new CarefulReader('Vault http://localhost', () => {
      asked += 1;
      return Promise.reject(storeError('nothing listens'));
    });
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => reader.read(request(name))));
    assert.equal(asked, 2);
    assert.deepEqual(answers[0], {
      kind: 'unknown',
      because: 'Vault http://localhost: could not read "team/app": nothing listens',
    });
    assert.deepEqual(answers[3], {
      kind: 'unknown',
      because: 'Vault http://localhost was not read: nothing listens',
    });
    assert.deepEqual(reader.notRead, { because: 'nothing listens', hint: 'Start it.', mendable: true });
  });

  it('is asked on where one name fails, and was read where another answered', async () => {
    const reader = new CarefulReader('Vault', ({ kind, ...asked }) =>
      kind === 'vault-secret' && 'path' in asked && asked.path.endsWith('/odd')
        ? Promise.reject(storeError('its version was written without data'))
        : Promise.resolve(missing),
    );
    const kinds = (await Promise.all(['odd', 'a', 'odd', 'odd', 'b'].map((name) => reader.read(request(name))))).map(
      ({ kind }) => kind,
    );
    assert.deepEqual(kinds, ['unknown', 'missing', 'unknown', 'unknown', 'missing']);
    assert.equal(reader.notRead, undefined);
  });

  it('may refuse a listing, which is not missing', async () => {
    const reader = new CarefulReader('Vault', () =>
      Promise.reject(
        new PlatformError('STORE', 'Vault http://localhost: could not list secrets: it is not allowed', ''),
      ),
    );
    assert.deepEqual(await reader.read(request('a')), { kind: 'forbidden-to-us' });
  });

  it('does not hide what no store can do', async () => {
    const reader = new CarefulReader('Vault', () => Promise.reject(new TypeError('a bug')));
    await assert.rejects(reader.read(request('a')), TypeError);
  });
});
