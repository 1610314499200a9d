/** Writing: what is compared, what is sent, and what is told where nobody answers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SecretValue } from '../../src/model/secret-value.ts';
import type { MetadataChange, Version } from '../../src/stores/contract.ts';
import {
  bundle,
  canary,
  cut,
  deletedBundle,
  failure,
  newestVersion,
  notFound,
  otherVersion,
  refused,
  scriptKeyVault,
} from './scripted-key-vault.ts';
import type { Answer, Script } from './scripted-key-vault.ts';

const value = new SecretValue(canary);
const first = newestVersion as Version;
const second = otherVersion as Version;
const absent = { expected: 'absent' } as const;

describe('what is sent', () => {
  const put: Script = ({ line }) => (line.startsWith('PUT') ? bundle('a', newestVersion) : undefined);

  it('an expiry after 2038 goes out and comes back in whole seconds, and so does 0', async () => {
    for (const [expiresAtMs, exp] of [
      [4_102_444_800_000, 4_102_444_800],
      [32_503_680_000_999, 32_503_680_000],
      [0, 0],
    ] as const) {
      const vault = scriptKeyVault(({ line, body }) =>
        line.startsWith('GET')
          ? bundle('a', newestVersion, { attributes: { exp, created: 1, updated: 1 } })
          : bundle('a', newestVersion, JSON.parse(body) as object),
      );
      const store = vault.open();
      await store.writeMetadata('a', { expiresAtMs }, { expected: first });
      assert.equal(vault.asked[1]?.body, `{"attributes":{"exp":${exp}}}`);
      await store.write('a', value, { expected: first, metadata: { expiresAtMs } });
      assert.equal(vault.asked[3]?.body, `{"value":"${canary}","attributes":{"exp":${exp}}}`);
      const read = await store.read('a');
      assert.ok(read.kind === 'present');
      assert.equal(read.metadata.expiresAtMs, exp * 1000);
    }
  });

  it('what is undefined is unset, and told where Key Vault does not', async () => {
    for (const [left, rejects] of [
      [{}, false],
      [{ exp: 4_102_444_800 }, true],
    ] as const) {
      const vault = scriptKeyVault(() =>
        bundle('a', newestVersion, { attributes: { created: 1, updated: 1, ...left }, contentType: null }),
      );
      const change = vault
        .open()
        .writeMetadata('a', { expiresAtMs: undefined, contentType: undefined }, { expected: first });
      if (rejects) assert.match((await failure(change)).message, /its expiry cannot be unset/);
      else assert.deepEqual(await change, { kind: 'written' });
      assert.equal(vault.asked[1]?.line, `PATCH /secrets/a/${newestVersion}`);
      assert.equal(vault.asked[1].body, '{"contentType":null,"attributes":{"exp":null}}');
    }
  });

  it('25 KB, and not a byte more', async () => {
    const vault = scriptKeyVault(put);
    const store = vault.open();
    const largest = new SecretValue('é'.repeat(12_800));
    assert.equal((await store.write('a', largest, absent)).kind, 'written');
    const asked = vault.asked.length;
    for (const text of ['é'.repeat(12_800) + 'x', 'x'.repeat(25_601)])
      assert.deepEqual(await store.write('a', new SecretValue(text), absent), {
        kind: 'refused',
        because: 'too large',
      });
    assert.equal(vault.asked.length, asked);
  });

  const limits: readonly (readonly [change: MetadataChange, message: RegExp])[] = [
    [{ tags: Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`t${index}`, 'x'])) }, /more than 15 tags/],
    [{ tags: { a: 'x'.repeat(257) } }, /longer than 256/],
    [{ tags: { ['x'.repeat(257)]: 'a' } }, /longer than 256/],
    [{ tags: { '': 'a' } }, /name is empty/],
    [{ contentType: 'x'.repeat(256) }, /content type is longer than 255/],
    [{ expiresAtMs: NaN }, /not a time/],
    [{ expiresAtMs: -1 }, /not a time/],
  ];
  for (const [metadata, message] of limits)
    it(`limits are told before anything is sent: ${String(message)}`, async () => {
      const vault = scriptKeyVault(put);
      const store = vault.open();
      const error = await failure(store.write('a', value, { ...absent, metadata }));
      assert.match(error.message, message);
      assert.match((await failure(store.writeMetadata('a', metadata, { expected: first }))).message, message);
      assert.equal(vault.asked.length, 0);
    });

  it('half a surrogate pair is told, for it would come back as something else', async () => {
    const vault = scriptKeyVault(put);
    const error = await failure(vault.open().write('a', new SecretValue('\ud800'), absent));
    assert.match(error.message, /surrogate/);
    assert.equal(vault.asked.length, 0);
  });
});

describe('a write', () => {
  it('compares, and says what is there instead', async () => {
    const vault = scriptKeyVault(() => bundle('a', newestVersion));
    const store = vault.open();
    assert.deepEqual(await store.write('a', value, { expected: second }), { kind: 'conflict', found: first });
    assert.deepEqual(await store.write('a', value, absent), { kind: 'conflict', found: first });
    assert.ok(!vault.lines().some((line) => line.startsWith('PUT')));
  });

  it('of a name that a deleted secret holds is told, and nothing is recovered unasked', async () => {
    const vault = scriptKeyVault(({ line }) => {
      if (line.startsWith('PUT')) return refused(409, 'Conflict', 'ObjectIsDeletedButRecoverable');
      return line === 'GET /deletedsecrets/a' ? deletedBundle('a', newestVersion) : undefined;
    });
    assert.deepEqual(await vault.open().write('a', value, absent), { kind: 'deleted', version: first });
    assert.deepEqual(await vault.open().write('a', value, { expected: first }), { kind: 'deleted', version: first });
    assert.ok(!vault.lines().some((line) => line.startsWith('POST')));
  });

  it('waits where the name is being deleted or recovered, and compares anew', async () => {
    for (const code of ['ObjectIsBeingDeleted', 'ObjectIsBeingRecovered']) {
      let recovered = false;
      const vault = scriptKeyVault(({ line }, count) => {
        if (line.startsWith('GET')) return recovered ? bundle('a', newestVersion) : undefined;
        recovered = count === 1 && code === 'ObjectIsBeingRecovered';
        return count < 2 ? refused(409, 'Conflict', code) : bundle('a', otherVersion);
      });
      const outcome = await vault.open().write('a', value, absent);
      assert.deepEqual(
        outcome,
        code === 'ObjectIsBeingDeleted' ? { kind: 'written', version: second } : { kind: 'conflict', found: first },
      );
    }
  });

  it('does not wait for ever', async () => {
    const vault = scriptKeyVault(({ line }) =>
      line.startsWith('PUT') ? refused(409, 'Conflict', 'ObjectIsBeingDeleted') : undefined,
    );
    const error = await failure(vault.open({ settleMs: 50 }).write('a', value, absent));
    assert.match(error.message, /being deleted or recovered/);
    assert.ok(error.retryable);
    const signal = AbortSignal.timeout(30);
    await assert.rejects(vault.open({ settleMs: 60_000 }).write('a', value, { ...absent, signal }), {
      name: 'TimeoutError',
    });
  });

  it('of a managed secret is refused, and so is every other change', async () => {
    const vault = scriptKeyVault(({ line }) =>
      line === 'GET /deletedsecrets/b'
        ? deletedBundle('b', newestVersion, { managed: true })
        : bundle('a', newestVersion, { managed: true, kid: 'https://myvault.vault.azure.net/keys/a/1' }),
    );
    const store = vault.open();
    const managed = { kind: 'refused', because: 'managed' };
    const read = await store.read('a');
    assert.ok(read.kind === 'present' && read.metadata.managed);
    assert.deepEqual(await store.write('a', value, { expected: first }), managed);
    assert.deepEqual(await store.writeMetadata('a', {}, { expected: first }), managed);
    assert.deepEqual(await store.delete('a', { expected: first }), managed);
    assert.deepEqual(await store.recover('b'), managed);
    assert.ok(vault.lines().every((line) => line.startsWith('GET')));
  });

  it('over a disabled version compares with the list of versions', async () => {
    const item = (version: string, created: number): object => ({
      id: `https://myvault.vault.azure.net/secrets/a/${version}`,
      attributes: { enabled: false, created, updated: created },
    });
    const script =
      (items: readonly object[]): Script =>
      ({ line }) => {
        if (line === 'GET /secrets/a/versions') return { body: { value: items, nextLink: null } };
        if (line === 'GET /secrets/a/') return refused(403, 'Forbidden', 'SecretDisabled');
        return line.startsWith('PUT') ? bundle('a', otherVersion) : undefined;
      };
    const older = 'a'.repeat(32);
    const vault = scriptKeyVault(script([item(older, 1), item(newestVersion, 2)]));
    assert.deepEqual(await vault.open().read('a'), { kind: 'disabled', version: first });
    assert.equal((await vault.open().write('a', value, { expected: first })).kind, 'written');
    assert.deepEqual(await vault.open().write('a', value, { expected: second }), { kind: 'conflict', found: first });
    const same = scriptKeyVault(script([item(older, 2), item(newestVersion, 2)]));
    assert.deepEqual(await same.open().read('a'), { kind: 'disabled', version: undefined });
    const error = await failure(same.open().write('a', value, { expected: first }));
    assert.match(error.message, /the newest cannot be told/);
    assert.ok(!same.lines().some((line) => line.startsWith('PUT')));
  });
});

describe('a write without a clear answer', () => {
  const ours = bundle('a', otherVersion, { value: canary });
  const cases: readonly (readonly [title: string, after: Answer | Error | undefined, expects: 'written' | RegExp])[] = [
    ['was written', ours, 'written'],
    ['was not written yet', notFound(), /not written when it was looked at afterwards, and may be yet/],
    ['was perhaps written, and overwritten', bundle('a', otherVersion, { value: 'other' }), /not known whether/],
    [
      'was perhaps written, with other tags',
      bundle('a', otherVersion, { value: canary, tags: { a: 'b' } }),
      /not known/,
    ],
    ['cannot be looked at', refused(403, 'Forbidden'), /not known whether it was written/],
    ['cannot be looked at: the network', cut('none'), /not known whether it was written/],
  ];
  for (const [title, after, expects] of cases)
    it(`is never sent again: it ${title}`, async () => {
      const vault = scriptKeyVault(({ line }, count) => {
        if (line.startsWith('PUT')) return cut();
        return count === 0 ? undefined : line.includes('/deleted') ? undefined : after;
      });
      const write = vault.open({ retries: 0 }).write('a', value, absent);
      if (expects === 'written') assert.deepEqual(await write, { kind: 'written', version: second });
      else assert.match((await failure(write)).message, expects);
      assert.equal(vault.lines().filter((line) => line.startsWith('PUT')).length, 1);
    });

  it('is sent again where Key Vault answered that it failed, and it was not written', async () => {
    const vault = scriptKeyVault(({ line }, count) => {
      if (!line.startsWith('PUT')) return undefined;
      return count === 0 ? refused(503, 'ServiceUnavailable') : ours;
    });
    assert.equal((await vault.open().write('a', value, absent)).kind, 'written');
    assert.equal(vault.lines().filter((line) => line.startsWith('PUT')).length, 2);
  });

  it('does not take its own late write for that of somebody else', async () => {
    let gets = 0;
    const vault = scriptKeyVault(({ line }) => {
      if (line.startsWith('PUT')) return refused(500, 'InternalServerError');
      return ++gets < 3 ? undefined : ours;
    });
    assert.deepEqual(await vault.open().write('a', value, absent), { kind: 'written', version: second });
  });

  it('or one that makes no sense, is looked at as well', async () => {
    for (const body of ['{"value":', '', { id: 'nonsense' }]) {
      const vault = scriptKeyVault(({ line }, count) => {
        if (line.startsWith('PUT')) return { body };
        return count === 0 ? undefined : ours;
      });
      assert.deepEqual(await vault.open().write('a', value, absent), { kind: 'written', version: second });
    }
  });

  it('to metadata says so, and sends them again as often as it may', async () => {
    const vault = scriptKeyVault(({ line }) => (line.startsWith('PATCH') ? cut() : bundle('a', newestVersion)));
    const error = await failure(
      vault.open({ retries: 1 }).writeMetadata('a', { tags: { a: 'b' } }, { expected: first }),
    );
    assert.match(error.message, /not known whether it was written/);
    assert.equal(vault.lines().filter((line) => line.startsWith('PATCH')).length, 2);
  });
});
