/** Deleting, recovering and listing, with the time that Key Vault takes for them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Version } from '../../src/stores/contract.ts';
import { collect } from '../contract/store-case.ts';
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
import type { Answer, Script } from './scripted-key-vault.ts';

const version = newestVersion as Version;
const conflicting = otherVersion as Version;

/** A secret `a` that is deleted, and then seen as deleted after some questions. */
function deletes(answer: Answer | Error, after: readonly (Answer | Error)[]): Script {
  return ({ line }, count) => {
    if (line === 'GET /secrets/a/') return bundle('a', newestVersion);
    if (line === 'DELETE /secrets/a') return answer;
    return line === 'GET /deletedsecrets/a' ? (after[Math.min(count, after.length - 1)] ?? notFound()) : undefined;
  };
}

describe('deleting', () => {
  const accepted = deletedBundle('a', newestVersion);

  it('is over when it can be seen, or when that is not allowed', async () => {
    for (const last of [accepted, refused(403, 'Forbidden', 'ForbiddenByRbac')]) {
      const vault = scriptKeyVault(deletes(accepted, [notFound(), notFound(), last]));
      assert.deepEqual(await vault.open().delete('a', { expected: version }), { kind: 'deleted' });
      assert.equal(vault.lines().filter((line) => line === 'GET /deletedsecrets/a').length, 3);
    }
  });

  it('that does not come to an end is told, with what is known', async () => {
    const vault = scriptKeyVault(deletes(accepted, [notFound()]));
    const error = await failure(vault.open({ settleMs: 150 }).delete('a', { expected: version }));
    assert.match(error.message, /has agreed, and after 150 ms it is still not deleted/);
    assert.ok(error.retryable);
  });

  it('can be given up while it waits', async () => {
    const controller = new AbortController();
    const vault = scriptKeyVault(deletes(accepted, [notFound()]));
    const deletion = vault.open({ settleMs: 60_000 }).delete('a', { expected: version, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 30);
    await assert.rejects(deletion, { message: 'enough' });
  });

  it('compares first', async () => {
    const vault = scriptKeyVault(deletes(accepted, [accepted]));
    assert.deepEqual(await vault.open().delete('a', { expected: conflicting }), { kind: 'conflict', found: version });
    assert.ok(!vault.lines().some((line) => line.startsWith('DELETE')));
  });

  it('that could not be undone is refused', async () => {
    const vault = scriptKeyVault(({ line }) =>
      line.startsWith('GET') ? bundle('a', newestVersion, { attributes: { recoveryLevel: 'Purgeable' } }) : undefined,
    );
    assert.match((await failure(vault.open().delete('a', { expected: version }))).message, /no soft delete/);
    assert.ok(!vault.lines().some((line) => line.startsWith('DELETE')));
  });

  it('whose answer was lost is looked after', async () => {
    const script = deletes(notFound(), [notFound(), accepted]);
    const vault = scriptKeyVault((asked, count) =>
      asked.line.startsWith('DELETE') && count === 0 ? cut() : script(asked, count),
    );
    assert.deepEqual(await vault.open().delete('a', { expected: version }), { kind: 'deleted' });
    const lost = scriptKeyVault(deletes(accepted, [cut()]));
    const error = await failure(lost.open({ retries: 0 }).delete('a', { expected: version }));
    assert.match(error.message, /not known whether it was done/);
  });
});

describe('recovering', () => {
  function recovers(posts: readonly (Answer | Error)[], gets: readonly Answer[]): Script {
    return ({ line }, count) => {
      if (line === 'GET /deletedsecrets/a') return deletedBundle('a', newestVersion);
      if (line === 'POST /deletedsecrets/a/recover') return posts[Math.min(count, posts.length - 1)];
      return line === 'GET /secrets/a/' ? gets[Math.min(count, gets.length - 1)] : undefined;
    };
  }
  const accepted = bundle('a', newestVersion, { value: undefined });
  const there = bundle('a', newestVersion);

  it('is over when it is there, may not be read, or is disabled', async () => {
    for (const last of [there, refused(403, 'Forbidden'), refused(403, 'Forbidden', 'SecretDisabled')]) {
      const vault = scriptKeyVault(recovers([accepted], [notFound(), notFound(), last]));
      assert.deepEqual(await vault.open().recover('a'), { kind: 'recovered', version });
      assert.equal(vault.lines().filter((line) => line.startsWith('POST')).length, 1);
    }
  });

  it('waits until a deletion is over, and asks again', async () => {
    const busy = refused(409, 'Conflict', 'ObjectIsBeingDeleted');
    const vault = scriptKeyVault(recovers([busy, busy, accepted], [notFound(), notFound(), there]));
    assert.deepEqual(await vault.open().recover('a'), { kind: 'recovered', version });
    assert.equal(vault.lines().filter((line) => line.startsWith('POST')).length, 3);
  });

  it('of what is purged meanwhile finds nothing', async () => {
    const vault = scriptKeyVault(recovers([notFound()], [notFound()]));
    assert.deepEqual(await vault.open().recover('a'), { kind: 'missing' });
  });

  it('that does not come to an end is told', async () => {
    const vault = scriptKeyVault(recovers([accepted], [notFound()]));
    assert.match((await failure(vault.open({ settleMs: 150 }).recover('a'))).message, /still not recovered/);
  });
});

describe('listing', () => {
  const item = (name: string, more: object = {}): object => ({
    id: `https://myvault.vault.azure.net/secrets/${name}`,
    attributes: { enabled: true, created: 1_700_000_000, updated: 1_700_000_001, exp: 4_102_444_800 },
    ...more,
  });

  it('goes on after empty and null pages, at the vault itself, with 25 at a time', async () => {
    // From behind a port-forward: the vault's own name, which is not how it is reached.
    const next = (token: string): string =>
      `https://myvault.vault.azure.net:443/secrets?api-version=7.6&$skiptoken=${token}&maxresults=25`;
    const vault = scriptKeyVault(({ query }) => {
      const token = /skiptoken=(\w+)/.exec(query)?.[1];
      if (token === undefined) return { body: { value: [item('Example-A', { managed: true })], nextLink: next('b') } };
      if (token === 'b') return { body: { value: [], nextLink: next('c') } };
      if (token === 'c') return { body: { value: null, nextLink: next('d') } };
      return { body: { value: [item('example-b'), item('other')], nextLink: null } };
    });
    const listed = await collect(vault.open().list({ prefix: 'EXAMPLE-' }));
    assert.deepEqual(
      listed.map(({ name, metadata }) => [name, metadata.managed, metadata.expiresAtMs, metadata.updatedAtMs]),
      [
        ['Example-A', true, 4_102_444_800_000, 1_700_000_001_000],
        ['example-b', false, 4_102_444_800_000, 1_700_000_001_000],
      ],
    );
    assert.deepEqual(
      vault.asked.map(({ query }) => query),
      [
        '?maxresults=25&api-version=2025-07-01',
        '?$skiptoken=b&maxresults=25&api-version=2025-07-01',
        '?$skiptoken=c&maxresults=25&api-version=2025-07-01',
        '?$skiptoken=d&maxresults=25&api-version=2025-07-01',
      ],
    );
  });

  it('gives what it has before it asks for more', async () => {
    const vault = scriptKeyVault(() => ({ body: { value: [item('a')], nextLink: 'https://x/secrets?$skiptoken=b' } }));
    for await (const _ of vault.open().list()) break;
    assert.equal(vault.asked.length, 1);
  });

  it('ends a circle, and follows no link to something else', async () => {
    const circle = scriptKeyVault(() => ({ body: { value: [], nextLink: 'https://x/secrets?$skiptoken=b' } }));
    assert.match((await failure(collect(circle.open().list()))).message, /in a circle/);
    for (const nextLink of ['https://x/keys?a=b', 'https://x/secrets/a', 'nonsense']) {
      const vault = scriptKeyVault(() => ({ body: { value: [], nextLink } }));
      assert.match((await failure(collect(vault.open().list()))).message, /goes on somewhere else/);
    }
    const odd = scriptKeyVault(() => ({ body: { value: {} } }));
    assert.match((await failure(collect(odd.open().list()))).message, /has no items/);
  });

  it('of deleted secrets has their time', async () => {
    const vault = scriptKeyVault(({ line }) =>
      line === 'GET /deletedsecrets' ? { body: { value: [item('a', { deletedDate: 1_700_000_100 })] } } : undefined,
    );
    assert.deepEqual(await collect(vault.open().listDeleted()), [{ name: 'a', deletedAtMs: 1_700_000_100_000 }]);
  });
});
