import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { AccessTokens } from '../../src/dev/azure/access-tokens.ts';
import type { TokenVerdict } from '../../src/dev/key-vault/key-vault-core.ts';
import { Identities } from '../../src/dev/azure/identities.ts';
import { SigningKeys } from '../../src/dev/azure/signing-key.ts';
import type { SigningKey } from '../../src/dev/azure/signing-key.ts';
import { signJsonWebToken } from '../../src/dev/json-web-token.ts';
import { createMemoryStorage } from '../../src/dev/storage.ts';
import { app, ask, askToken, resourceOf, start } from './azure-fixture.ts';

const tenantId = '00000000-0000-4000-8000-00000000cafe';
const iss = `https://sts.windows.net/${tenantId}/`;
const authority = {
  tenantId,
  url: 'https://login.microsoftonline.com',
  host: 'login.microsoftonline.com',
  vaultDomain: 'vault.azure.net',
  resource: 'https://vault.azure.net',
};
const storage = createMemoryStorage();
const keys = new SigningKeys(storage);
let nowMs = Date.now();
const tokens = new AccessTokens(authority, keys, () => nowMs);
const nowS = Math.floor(nowMs / 1000);
const claims = { aud: authority.resource, iss, oid: 'o', appid: 'a', tid: tenantId, nbf: nowS - 300, exp: nowS + 3600 };
const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const shown = (verdict: TokenVerdict): string =>
  verdict.kind === 'valid' ? Object.values(verdict.principal).join(' ') : verdict.code;

/** Claims that differ → the verdict. */
const cases: readonly (readonly [string, object, RegExp])[] = [
  ['for the vaults', {}, /^o a 0/],
  ['for Key Vault’s own id', { aud: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093' }, /^o a 0/],
  ['of v2', { iss: `https://login.microsoftonline.com/${tenantId}/v2.0`, appid: undefined, azp: 'z' }, /^o z 0/],
  ['of a subject only', { oid: undefined, sub: 's' }, /^s a 0/],
  [
    'with a slash at the end',
    { aud: 'https://vault.azure.net/' },
    /^AKV10022: Invalid audience\. Expected https:\/\/vault\.azure\.net or cfa8b339-[\da-f-]+, found: https:\/\/vault\.azure\.net\/\.$/,
  ],
  ['for one vault', { aud: 'https://kv.vault.azure.net' }, /^AKV10022: /],
  ['for another service', { aud: 'https://management.azure.com' }, /^AKV10022: /],
  ['for several', { aud: [authority.resource] }, /^\[InvalidToken\]/],
  [
    'of another tenant',
    { iss: iss.replace('cafe', 'beef') },
    /^AKV10032: Invalid issuer\. Expected one of .+cafe\/, .+, found .+beef\/\.$/,
  ],
  ['expired', { exp: nowS - 1 }, /^\[TokenExpired\] Error validating token: 'S2S12086'\.$/],
  ['without an end', { exp: undefined }, /^\[InvalidToken\]/],
  ['not valid yet', { nbf: nowS + 60 }, /^\[TokenNotYetValid\]/],
  ['of nobody', { oid: undefined }, /^\[InvalidToken\]/],
];

describe('an access token', () => {
  const sign = async (changed: object, how: (key: SigningKey) => Partial<SigningKey> = () => ({})): Promise<string> => {
    const key = await keys.ready();
    const { keyId, privateKey } = { ...key, ...how(key) };
    return signJsonWebToken(keyId, { ...claims, ...changed }, privateKey);
  };
  for (const [name, changed, expected] of cases)
    it(`${name}: ${expected.source.slice(0, 20)}`, async () => {
      assert.match(shown(tokens.verify(await sign(changed))), expected);
    });
  it('of another key, or of none', async () => {
    const [header = '', payload = ''] = (await sign({})).split('.');
    const changed = Buffer.from(JSON.stringify({ ...claims, oid: 'admin' })).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const token of [
      await sign({}, () => ({ privateKey: other })),
      await sign({}, () => ({ keyId: 'other' })),
      `${header}.${payload}.`,
      `${none}.${payload}.`,
      (await sign({})).replace(payload, changed),
    ])
      assert.match(shown(tokens.verify(token)), /^AKV10046: /);
    for (const token of ['', 'x', 'a.b', 'a.b.c', `${none}..`])
      assert.match(shown(tokens.verify(token)), /^\[InvalidToken\]/);
  });
  it('is judged once, and anew when it has expired', async () => {
    const token = await sign({});
    const first = tokens.verify(token);
    assert.equal(tokens.verify(token), first);
    nowMs += 3_600_000;
    assert.match(shown(tokens.verify(token)), /^\[TokenExpired\]/);
    nowMs -= 3_600_000;
  });
  it('is forgotten when there are too many', async () => {
    const token = await sign({});
    const first = tokens.verify(token);
    for (let count = 0; count < 1000; count++) tokens.verify(await sign({ count }));
    assert.notEqual(tokens.verify(token), first);
    assert.deepEqual(tokens.verify(token), first);
  });
  it('is none as long as there is no key', () => {
    const fresh = new AccessTokens(authority, new SigningKeys(createMemoryStorage()), Date.now);
    assert.match(shown(fresh.verify(signJsonWebToken('k', claims, other))), /^AKV10046/);
  });
  it('is dated by the clock that was given', async () => {
    const [identity] = new Identities([app], storage, Date.now).all;
    assert.ok(identity !== undefined);
    const later = new AccessTokens(authority, keys, () => nowMs + 7_200_000);
    const { text } = await later.issue(identity, authority.resource, false);
    assert.match(shown(tokens.verify(text)), /^\[TokenNotYetValid\]/);
  });
});

describe('a vault', () => {
  it('tells which token it wants, in the one form that all clients read', async (test) => {
    const azure = await start(test);
    const { status, headers, json } = await ask(azure, {
      url: `${azure.vaultUrl('kv-one')}/secrets/a?api-version=7.6`,
    });
    const challenge = `Bearer authorization="${azure.authorityUrl}/${azure.tenantId}", resource="https://vault.localhost:${azure.port}"`;
    assert.deepEqual([status, headers['www-authenticate']], [401, challenge]);
    assert.match(JSON.stringify(json), /AKV10000: Request is missing a Bearer or PoP token\./);
  });
  it('refuses tokens by what is wrong with them', async (test) => {
    const azure = await start(test);
    const foreign = await start(test, { tenantId: '11111111-1111-4111-8111-11111111beef', port: 0 });
    const same = await start(test);
    const tokenOf = async (server: typeof azure, resource = resourceOf(server)): Promise<string> =>
      String((await askToken(server, { scope: `${resource}/.default` })).json['access_token']);
    const told = async (token: string): Promise<string> => {
      const headers = { authorization: `Bearer ${token}` };
      const {
        status,
        text,
        headers: given,
      } = await ask(azure, { url: `${azure.vaultUrl('kv-one')}/secrets/a?api-version=7.6`, headers });
      assert.equal(given['www-authenticate'] !== undefined, status === 401);
      assert.ok(token === '' || !text.includes(token));
      return `${status} ${/AKV\d+|\[\w+\]/.exec(text)?.[0] ?? ''}`;
    };
    assert.deepEqual(
      [
        await told(await tokenOf(azure, `${resourceOf(azure)}/`)),
        await told(await tokenOf(azure, 'https://graph.microsoft.com')),
        await told(await tokenOf(foreign)),
        await told(await tokenOf(same)),
        await told('canary.canary.canary'),
      ],
      ['401 AKV10022', '401 AKV10022', '401 AKV10032', '401 AKV10046', '401 [InvalidToken]'],
    );
    assert.doesNotMatch(await told(await tokenOf(azure)), /^401/);
  });
});
