import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSkipToken, renderSkipToken } from '../../src/dev/key-vault/skip-token.ts';
import { createTestVault, errorOf } from './key-vault-fixture.ts';
import type { Json, TestVault } from './key-vault-fixture.ts';

const base = 'https://contoso.vault.azure.net';
const secretName = fc.stringMatching(/^[0-9a-zA-Z-]{1,6}$/);
const names = fc.uniqueArray(secretName, { maxLength: 70, selector: (name) => name.toUpperCase() });
const pageSize = fc.option(fc.integer({ min: 1, max: 25 }), { nil: undefined });
const byKey = (a: string, b: string): number => (a.toUpperCase() < b.toUpperCase() ? -1 : 1);

/** Follows the links as a client does: an address of the vault, taken as it is. @param between called after each page but the last */
function readPages({ ask }: TestVault, path: string, size?: number, between: () => void = () => undefined): Json[][] {
  const pages: Json[][] = [];
  let next = `${path}${size === undefined ? '' : `?maxresults=${size}`}`;
  for (;;) {
    const { status, json } = ask({ path: next });
    assert.equal(status, 200);
    pages.push(json.value as Json[]);
    assert.ok((pages.at(-1)?.length ?? 0) <= (size ?? 25));
    if (json.nextLink === null) return pages;
    const link = json.nextLink ?? '';
    assert.ok(link.startsWith(`${base}:443${path}?api-version=2025-07-01&$skiptoken=`), link);
    next = link.slice(`${base}:443`.length);
    between();
  }
}

const idOf = ({ id }: Json): string => id ?? '';

describe('a list', () => {
  it('of secrets, of deleted ones and of versions has each once and in order, at any size of a page', () => {
    const property = fc.property(names, names, pageSize, (live, deleted, size) => {
      const vault = createTestVault();
      const admin = vault.core.admin('contoso');
      const gone = deleted.filter((name) => !live.some((one) => one.toUpperCase() === name.toUpperCase()));
      for (const name of [...live, ...gone]) admin.set(name, { value: 'v' });
      for (const name of gone) vault.ask({ method: 'DELETE', path: `/secrets/${name}` });
      const expected = (some: readonly string[]): string[] =>
        some.toSorted(byKey).map((name) => `${base}/secrets/${name}`);
      assert.deepEqual(readPages(vault, '/secrets', size).flat().map(idOf), expected(live));
      assert.deepEqual(readPages(vault, '/deletedsecrets', size).flat().map(idOf), expected(gone));
      if ([...live, ...gone].some((name) => name.toUpperCase() === 'Z')) return;
      const versions = Array.from({ length: live.length + 1 }, () => admin.set('z', { value: 'v' })).toSorted();
      assert.deepEqual(
        readPages(vault, '/secrets/z/versions', size).flat().map(idOf),
        versions.map((version) => `${base}/secrets/z/${version}`),
      );
    });
    fc.assert(property, { numRuns: 60, examples: [[[], [], undefined]] });
  });
  it('has what stays once, whatever is added and deleted between its pages', () => {
    const property = fc.property(names, names, names, fc.integer({ min: 1, max: 9 }), (stay, go, come, size) => {
      const vault = createTestVault();
      const admin = vault.core.admin('contoso');
      const others = (some: readonly string[], known: readonly string[]): string[] =>
        some.filter((name) => !known.some((one) => one.toUpperCase() === name.toUpperCase()));
      const leaving = others(go, stay);
      const coming = others(come, [...stay, ...leaving]);
      for (const name of [...stay, ...leaving]) admin.set(name, { value: 'v' });
      const pages = readPages(vault, '/secrets', size, () => {
        const [added, deleted] = [coming.pop(), leaving.pop()];
        if (added !== undefined) admin.set(added, { value: 'v' });
        if (deleted !== undefined) vault.ask({ method: 'DELETE', path: `/secrets/${deleted}` });
      });
      const listed = pages.flat().map(idOf);
      assert.equal(new Set(listed).size, listed.length);
      assert.deepEqual(listed, listed.toSorted(byKey));
      for (const name of stay) assert.ok(listed.includes(`${base}/secrets/${name}`), name);
    });
    fc.assert(property, { numRuns: 100 });
  });
  it('has a last page that says so, even where that is full', () => {
    const vault = createTestVault();
    for (let index = 0; index < 50; index++) vault.core.admin('contoso').set(`s${index}`, { value: 'v' });
    assert.deepEqual(
      readPages(vault, '/secrets').map(({ length }) => length),
      [25, 25],
    );
    assert.deepEqual(
      readPages(vault, '/secrets', 20).map(({ length }) => length),
      [20, 20, 10],
    );
  });
  it('has items without a value, and those of secrets without a version', () => {
    const vault = createTestVault();
    const given = { contentType: 'c', tags: { a: '1' }, enabled: false };
    const version = vault.core.admin('contoso').set('a', { value: 'v', ...given });
    const [item] = readPages(vault, '/secrets').flat();
    const attributes = { ...item?.attributes, enabled: false };
    const shown = { contentType: 'c', attributes, tags: { a: '1' } };
    assert.deepEqual(item, { id: `${base}/secrets/a`, ...shown });
    assert.deepEqual(readPages(vault, '/secrets/a/versions').flat(), [
      { id: `${base}/secrets/a/${version}`, ...shown },
    ]);
  });
  it('of the versions of what is not there is empty', () => {
    const { ask } = createTestVault();
    assert.equal(ask({ path: '/secrets/none/versions' }).text, '{"value":[],"nextLink":null}');
  });

  const { ask, core } = createTestVault();
  for (const name of ['a', 'b']) core.admin('contoso').set(name, { value: 'v' });
  for (const size of ['0', '26', '-1', 'x', '', '1.5', '0025'])
    it(`has no page of ${size || 'nothing'}`, () =>
      assert.equal(errorOf(ask({ path: `/secrets?maxresults=${size}` })), '400 BadParameter'));
  it('takes no token but its own', () => {
    const tokens = [
      '',
      'x',
      Buffer.from('{}').toString('base64url'),
      renderSkipToken('A/0'),
      `${renderSkipToken('A')}A`,
    ];
    for (const token of tokens)
      assert.equal(errorOf(ask({ path: `/secrets?$skiptoken=${token}` })), '400 BadParameter', token);
    assert.equal(
      errorOf(ask({ path: `/secrets/a/versions?$skiptoken=${renderSkipToken('B/0')}` })),
      '400 BadParameter',
    );
  });
});

describe('the token of a page', () => {
  it('is the one that the service gives', () => {
    // Recorded with 7.4, of a page whose next secret has this name.
    const recorded =
      'eyJOZXh0TWFya2VyIjoiMiExMzIhTURBd01EVXpJWE5sWTNKbGRDOUJXbFZTUlMxQldsSkJWVlJQVkVWVFZFbE9SeTFRVWtRdFFWcFZVa1V0VTFWQ1UwTlNTVkJVU1U5T0xVbEVJVEF3TURBeU9DRTVPVGs1TFRFeUxUTXhWREl6T2pVNU9qVTVMams1T1RrNU9UbGFJUS0tIiwiVGFyZ2V0TG9jYXRpb24iOjB9';
    assert.equal(renderSkipToken('AZURE-AZRAUTOTESTING-PRD-AZURE-SUBSCRIPTION-ID'), recorded);
    assert.equal(parseSkipToken(recorded), 'AZURE-AZRAUTOTESTING-PRD-AZURE-SUBSCRIPTION-ID');
  });
});
