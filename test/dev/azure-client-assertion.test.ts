import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  app,
  askToken,
  assertionForm,
  claimsOf,
  ecKeys,
  exchangeAudience,
  issuer,
  refusal,
  rsaKey,
  serviceAccountToken,
  start,
  subject,
  workload,
} from './azure-fixture.ts';

describe('a ServiceAccount’s token', () => {
  const nowS = Math.floor(Date.now() / 1000);
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const at = (iat: number, exp: number): Readonly<Record<string, unknown>> => ({ iat, nbf: iat, exp });
  const tokens: readonly (readonly [string, string, number | 'taken'])[] = [
    ['genuine', serviceAccountToken(), 'taken'],
    ['signed by ES256', serviceAccountToken({ header: { alg: 'ES256', kid: 'ec' }, key: ecKeys.privateKey }), 'taken'],
    ['without a key id', serviceAccountToken({ header: { kid: undefined } }), 'taken'],
    ['for one audience as text', serviceAccountToken({ claims: { aud: exchangeAudience } }), 'taken'],
    ['for several audiences', serviceAccountToken({ claims: { aud: ['other', exchangeAudience] } }), 'taken'],
    ['expired just now, by a slow clock', serviceAccountToken({ claims: at(nowS - 600, nowS - 60) }), 'taken'],
    ['for 25 hours', serviceAccountToken({ claims: at(nowS, nowS + 25 * 3600) }), 'taken'],
    ['for longer', serviceAccountToken({ claims: at(nowS, nowS + 25 * 3600 + 1) }), 70023],
    ['expired', serviceAccountToken({ claims: at(nowS - 7200, nowS - 600) }), 700024],
    ['not valid yet', serviceAccountToken({ claims: at(nowS + 600, nowS + 1200) }), 700024],
    ['without an end', serviceAccountToken({ claims: { exp: undefined } }), 50027],
    ['of another issuer', serviceAccountToken({ claims: { iss: 'https://other.example/' } }), 700211],
    ['of an issuer without its last slash', serviceAccountToken({ claims: { iss: issuer.slice(0, -1) } }), 700211],
    ['of another subject', serviceAccountToken({ claims: { sub: 'system:serviceaccount:default:reader' } }), 700213],
    ['of a subject in other case', serviceAccountToken({ claims: { sub: subject.replace('r', 'R') } }), 700213],
    ['for another audience', serviceAccountToken({ claims: { aud: ['https://kubernetes.default.svc'] } }), 700212],
    ['for none', serviceAccountToken({ claims: { aud: undefined } }), 700212],
    ['signed by another key', serviceAccountToken({ key: other }), 50013],
    ['signed by a key that is not known', serviceAccountToken({ header: { kid: 'new' }, key: other }), 7000272],
    ['whose algorithm is not its key’s', serviceAccountToken({ header: { alg: 'ES256' } }), 50013],
    ['whose algorithm its key is not for', serviceAccountToken({ header: { alg: 'RS512' }, hash: 'sha512' }), 50013],
    ['with alg none', serviceAccountToken({ header: { alg: 'none' }, key: 'none' }), 5002738],
    ['without a signature', serviceAccountToken({ key: 'none' }), 50013],
    ['with HS256 by the public key', serviceAccountToken({ header: { alg: 'HS256' }, key: 'hmac' }), 5002738],
    ['with an algorithm of the prototype', serviceAccountToken({ header: { alg: 'constructor' } }), 5002738],
    ['with what must be understood', serviceAccountToken({ header: { crit: ['x'] } }), 50027],
    ['of two parts', serviceAccountToken().split('.').slice(0, 2).join('.'), 50027],
    ['with what is not base64url in it', serviceAccountToken().replace('.', '.!'), 50027],
    ['no token', 'canary', 50027],
  ];
  for (const [name, assertion, expected] of tokens)
    it(`${name}: ${expected}`, async (test) => {
      const azure = await start(test);
      const told = await askToken(azure, assertionForm(assertion));
      if (expected !== 'taken') assert.deepEqual(refusal(told, assertion), [401, 'invalid_client', expected]);
      else assert.deepEqual([told.status, claimsOf(told.json['access_token'])['appidacr']], [200, '2']);
    });

  it('stands for no identity without federated credentials', async (test) => {
    const azure = await start(test);
    const told = await askToken(azure, { ...assertionForm(serviceAccountToken()), client_id: app.clientId });
    assert.deepEqual(refusal(told), [401, 'invalid_client', 70025]);
  });
  it('stands for the one identity that names its subject', async (test) => {
    const credential = { issuer, jwks: workload.federatedCredentials?.[0]?.jwks ?? { keys: [] } };
    const identities = ['a', 'b'].map((name) => ({
      clientId: name,
      federatedCredentials: [
        { ...credential, subject: 'nobody' },
        { ...credential, subject: name, audiences: ['x', 'y'] },
      ],
    }));
    const azure = await start(test, { identities });
    const given = serviceAccountToken({ claims: { sub: 'a', aud: 'y' }, key: rsaKey });
    const ofClient = async (client_id: string): Promise<unknown> => {
      const { json } = await askToken(azure, { ...assertionForm(given), client_id });
      return (json['error_codes'] as number[] | undefined)?.[0] ?? claimsOf(json['access_token'])['appid'];
    };
    assert.deepEqual([await ofClient('a'), await ofClient('b')], ['a', 700213]);
  });
});
