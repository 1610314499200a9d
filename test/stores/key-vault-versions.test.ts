/** Listing versions: their order, which Key Vault does not give, and answers that are not its own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ListedVersion } from '../../src/stores/contract.ts';
import type { KeyVaultStore } from '../../src/stores/key-vault/key-vault-store.ts';
import {
  bundle,
  cut,
  deletedBundle,
  failure,
  newestVersion,
  notFound,
  otherVersion,
  refused,
  scriptKeyVault,
} from './scripted-key-vault.ts';
import type { Answer, ScriptedKeyVault } from './scripted-key-vault.ts';

const list = 'GET /secrets/a/versions';
const newest = 'GET /secrets/a/';
const [v1, v2, v3] = ['1'.repeat(32), '2'.repeat(32), '3'.repeat(32)] as const;

function item(version: string, created: number, enabled = true): object {
  const id = `https://myvault.vault.azure.net/secrets/a/${version}`;
  return { id, attributes: { enabled, created, updated: created + 500 } };
}

function page(items: readonly unknown[], nextLink: string | null = null): Answer {
  return { body: { value: items, nextLink } };
}

/** @param answers to `GET …`, by its line; others are a 404 */
function script(answers: Readonly<Record<string, Answer | Error>>): ScriptedKeyVault {
  return scriptKeyVault(({ line }) => answers[line]);
}

async function present(store: KeyVaultStore): Promise<readonly ListedVersion[]> {
  const outcome = await store.versions('a');
  if (outcome.kind !== 'present') assert.fail(outcome.kind);
  return outcome.versions;
}

const ids = (versions: readonly ListedVersion[]): string[] => versions.map(({ version }) => version);

describe('the order of versions', () => {
  it('is that of their times, however they are listed, and asks for nothing else', async () => {
    const vault = script({ [list]: page([item(v2, 1000, false), item(v3, 999), item(v1, 1001)]) });
    assert.deepEqual(await present(vault.open()), [
      { version: v3, createdAtMs: 999_000, state: 'kept' },
      { version: v2, createdAtMs: 1_000_000, state: 'disabled' },
      { version: v1, createdAtMs: 1_001_000, state: 'kept' },
    ]);
    assert.deepEqual(
      vault.asked.map(({ line, query }) => line + query),
      [`${list}?maxresults=25&api-version=2025-07-01`],
    );
  });

  it('where several are of the last second ends with the newest, which Key Vault alone knows', async () => {
    const times = { attributes: { created: 2000, updated: 2000 } };
    for (const last of [v1, v2, v3]) {
      const listed = page([item(v3, 2000), item(v1, 2000), item(v2, 2000)]);
      const vault = script({ [list]: listed, [newest]: bundle('a', last, times) });
      assert.deepEqual(ids(await present(vault.open())), [...[v1, v2, v3].filter((one) => one !== last), last]);
    }
  });

  it('has the newest as well where the list has it not yet', async () => {
    const vault = script({
      [list]: page([item(v1, 2000), item(v2, 2000)]),
      [newest]: bundle('a', v3, { attributes: { created: 2001, updated: 2001 } }),
    });
    assert.deepEqual((await present(vault.open())).at(-1), { version: v3, createdAtMs: 2_001_000, state: 'kept' });
  });

  it('has the newest last where only one of the second is disabled, as Key Vault says that the newest is', async () => {
    const disabled = refused(403, 'Forbidden', 'SecretDisabled');
    const vault = script({ [list]: page([item(v1, 2000, false), item(v2, 2000)]), [newest]: disabled });
    assert.deepEqual(ids(await present(vault.open())), [v2, v1]);
    const both = script({ [list]: page([item(v2, 2000, false), item(v1, 2000, false)]), [newest]: disabled });
    assert.deepEqual(ids(await present(both.open())), [v1, v2]);
  });

  it('is the same each time where the newest may not be read, or has gone', async () => {
    for (const answer of [refused(403, 'Forbidden', 'ForbiddenByRbac'), notFound()])
      for (const items of [
        [v1, v2],
        [v2, v1],
      ]) {
        const vault = script({ [list]: page(items.map((one) => item(one, 2000))), [newest]: answer });
        assert.deepEqual(ids(await present(vault.open())), [v1, v2]);
      }
  });

  it('and number of versions do not depend on the pages that they come in', async () => {
    const version = fc.array(fc.constantFrom('0', '1', '7', '9', 'a', 'c', 'f'), { minLength: 32, maxLength: 32 });
    const one = fc.record({ version: version.map((all) => all.join('')), created: fc.integer({ min: 1, max: 6 }) });
    const some = fc.uniqueArray(one, { minLength: 1, maxLength: 60, selector: (made) => made.version });
    await fc.assert(
      fc.asyncProperty(some, fc.integer({ min: 1, max: 25 }), fc.nat(), async (made, size, seed) => {
        const latest = Math.max(...made.map(({ created }) => created));
        const candidates = made.filter(({ created }) => created === latest);
        const last = candidates[seed % candidates.length]?.version ?? '';
        const vault = scriptKeyVault(({ line, query }) => {
          if (line === newest) return bundle('a', last, { attributes: { created: latest, updated: latest } });
          if (line !== list) return undefined;
          const start = Number(/skiptoken=(\d+)/.exec(query)?.[1] ?? 0);
          // A page begins with what the one before ended with: a version that moved meanwhile.
          const items = made.slice(Math.max(0, start - 1), start + size);
          const more = start + size < made.length;
          const link = `https://myvault.vault.azure.net:443/secrets/a/versions?$skiptoken=${start + size}`;
          return page(
            items.map(({ version: id, created }) => item(id, created)),
            more ? link : null,
          );
        });
        const versions = await present(vault.open());
        assert.equal(versions.at(-1)?.version, last);
        assert.deepEqual(ids(versions).toSorted(), made.map((each) => each.version).toSorted());
        const times = versions.map(({ createdAtMs }) => createdAtMs);
        assert.deepEqual(
          times,
          times.toSorted((a, b) => a - b),
        );
        const byVersion = new Map(made.map((each) => [each.version, each.created * 1000]));
        for (const listed of versions) assert.equal(listed.createdAtMs, byVersion.get(listed.version));
      }),
      { numRuns: 40 },
    );
  });
});

describe('versions that cannot be listed', () => {
  it('are forbidden on the first page or on a later one', async () => {
    const forbidden = refused(403, 'Forbidden', 'ForbiddenByRbac');
    assert.deepEqual(
      await script({ [list]: forbidden })
        .open()
        .versions('a'),
      { kind: 'forbidden' },
    );
    const later = scriptKeyVault((_asked, count) =>
      count === 0 ? page([item(v1, 1)], 'https://x/secrets/a/versions?$skiptoken=b') : forbidden,
    );
    assert.deepEqual(await later.open().versions('a'), { kind: 'forbidden' });
    const firewall = script({ [list]: refused(403, 'Forbidden', 'ForbiddenByFirewall') });
    assert.match(
      (await failure(firewall.open().versions('a'))).message,
      /could not list the versions of "a": .*network/,
    );
  });

  it('are those of a missing or a deleted secret, with and without permission to see which', async () => {
    const deleted = 'GET /deletedsecrets/a';
    // Whether the service answers with an empty list or a 404 is not documented.
    for (const answer of [page([]), { body: { value: null } }, notFound()]) {
      const of = (more: Answer): ScriptedKeyVault => script({ [list]: answer, [deleted]: more });
      assert.deepEqual(await of(notFound()).open().versions('a'), { kind: 'missing' });
      assert.deepEqual(await of(refused(403, 'Forbidden')).open().versions('a'), { kind: 'missing' });
      assert.deepEqual(await of(deletedBundle('a', newestVersion)).open().versions('a'), {
        kind: 'deleted',
        version: newestVersion,
      });
    }
  });

  it('go on at the vault itself, and nowhere else', async () => {
    const vault = scriptKeyVault(({ line, query }) => {
      if (line !== list) return undefined;
      return query.includes('skiptoken')
        ? page([item(v2, 2)])
        : page([], 'https://elsewhere.example.com:8443//secrets/A/versions?api-version=1.0&$skiptoken=b&maxresults=25');
    });
    assert.deepEqual(ids(await present(vault.open())), [v2]);
    assert.deepEqual(
      vault.asked.map(({ query }) => query),
      ['?maxresults=25&api-version=2025-07-01', '?$skiptoken=b&maxresults=25&api-version=2025-07-01'],
    );
    for (const path of ['secrets', 'secrets/a', 'secrets/b/versions', 'secrets/a/versions/more']) {
      const other = script({ [list]: page([], `https://myvault.vault.azure.net/${path}?$skiptoken=b`) });
      assert.match((await failure(other.open().versions('a'))).message, /goes on somewhere else/);
    }
    const circle = scriptKeyVault((_asked, count) =>
      page([item(v1, 1)], `https://x/secrets/a/versions?$skiptoken=${count % 3}`),
    );
    assert.match((await failure(circle.open().versions('a'))).message, /in a circle/);
    assert.equal(circle.asked.length, 4);
  });

  const odd: readonly (readonly [title: string, items: unknown, message: RegExp])[] = [
    ['no list', {}, /has no items/],
    ['an item that is none', ['a'], /an item that is none/],
    ['an item without an id', [{ attributes: { created: 1 } }], /names no secret/],
    ['a secret', [{ id: 'https://x/secrets/a', attributes: { created: 1 } }], /no version of this secret/],
    [
      'a version of another secret',
      [{ id: `https://x/secrets/b/${v1}`, attributes: { created: 1 } }],
      /no version of this/,
    ],
    [
      'an id that no version has',
      [{ id: 'https://x/secrets/a/versions', attributes: { created: 1 } }],
      /no version of this/,
    ],
    ['no time', [{ id: `https://x/secrets/a/${v1}` }], /without a time/],
    ['a time that is none', [{ id: `https://x/secrets/a/${v1}`, attributes: { created: '1' } }], /without a time/],
  ];
  for (const [title, items, message] of odd)
    it(`are told as nonsense: ${title}`, async () => {
      const error = await failure(
        script({ [list]: { body: { value: items } } })
          .open()
          .versions('a'),
      );
      assert.match(error.message, message);
      assert.equal(error.operation, 'versions');
      assert.equal(error.secretName, 'a');
    });

  it('are asked for again like everything that is read', async () => {
    const vault = scriptKeyVault(({ line }, count) => {
      if (line !== list) return undefined;
      return [cut(), refused(503, 'ServiceUnavailable'), page([item(otherVersion, 1)])][count];
    });
    assert.deepEqual(ids(await present(vault.open())), [otherVersion]);
    const lost = scriptKeyVault(() => cut());
    assert.ok((await failure(lost.open({ retries: 0 }).versions('a'))).retryable);
  });
});
